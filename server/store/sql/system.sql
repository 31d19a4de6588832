-- Reads one system, deleted or not.
-- $1 integer: partition
-- $2 text: system
SELECT partition, system, revision, deleted, created_at, updated_at, meta, verdict
FROM system
WHERE partition = $1::integer AND system = $2::text
