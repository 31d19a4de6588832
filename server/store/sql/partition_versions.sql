-- Reads the current versions of those systems that partition_systems.sql reads, without bodies; deleted ones are left
-- out.
-- $1 integer: partition
-- $2 text[]: only these systems; NULL for all
-- $3 text: and only later ones than this
-- $4 integer: at most so many systems
SELECT v.system, v.kind, v.name, v.version, v.revision, v.created_at, v.owner_team, v.author, v.author_team,
	v.change_note, v.digest
FROM descriptor AS d
CROSS JOIN LATERAL (
	SELECT system, kind, name, version, revision, created_at, owner_team, author, author_team, change_note, digest,
		body IS NULL AS deleted
	FROM version
	WHERE partition = $1::integer AND system = d.system AND kind = d.kind AND name = d.name
	ORDER BY version DESC
	LIMIT 1
) AS v
WHERE d.partition = $1::integer AND NOT v.deleted AND d.system IN (
	SELECT s.system
	FROM system AS s
	WHERE s.partition = $1::integer AND NOT s.deleted AND ($2::text[] IS NULL OR s.system = ANY ($2::text[]))
		AND s.system > $3::text
	ORDER BY s.system
	LIMIT $4::integer
)
ORDER BY v.system, v.kind, v.name
