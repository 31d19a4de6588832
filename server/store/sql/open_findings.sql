-- Reads the open findings of a system, as needed to go on with them.
-- $1 integer: partition
-- $2 text: system
SELECT finding, since_revision, opened_revision, opened_at, since_at, digest
FROM finding
WHERE partition = $1::integer AND system = $2::text AND until_revision IS NULL
ORDER BY finding
