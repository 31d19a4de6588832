-- Lists systems that are not deleted, of all partitions, by id.
-- $1 text: only ids after this one
-- $2 integer: at most this many
SELECT partition, system, revision, deleted, created_at, updated_at, meta, verdict
FROM system
WHERE NOT deleted AND system > $1::text
ORDER BY system
LIMIT $2::integer
