-- Reads the systems of one partition that are not deleted, by id.
-- $1 integer: partition
-- $2 text[]: only these systems; NULL for all
SELECT partition, system, revision, deleted, created_at, updated_at, meta, verdict
FROM system
WHERE partition = $1::integer AND NOT deleted AND ($2::text[] IS NULL OR system = ANY ($2::text[]))
ORDER BY system
