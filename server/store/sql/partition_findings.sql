-- Reads the open findings of those systems that partition_systems.sql reads.
-- $1 integer: partition
-- $2 text[]: only these systems; NULL for all
-- $3 text: and only later ones than this
-- $4 integer: at most so many systems
SELECT system, finding, since_revision, until_revision, opened_revision, resolved, opened_at, since_at, until_at, body
FROM finding
WHERE partition = $1::integer AND until_revision IS NULL AND system IN (
	SELECT s.system
	FROM system AS s
	WHERE s.partition = $1::integer AND NOT s.deleted AND ($2::text[] IS NULL OR s.system = ANY ($2::text[]))
		AND s.system > $3::text
	ORDER BY s.system
	LIMIT $4::integer
)
ORDER BY system, finding
