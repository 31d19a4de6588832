-- Reads systems of one partition that are not deleted, by id.
-- $1 integer: partition
-- $2 text[]: only these systems; NULL for all
-- $3 text: and only later ones than this
-- $4 integer: at most so many systems
SELECT partition, system, revision, deleted, created_at, updated_at, meta, verdict
FROM system
WHERE partition = $1::integer AND NOT deleted AND ($2::text[] IS NULL OR system = ANY ($2::text[]))
	AND system > $3::text
ORDER BY system
LIMIT $4::integer
