-- Reads the open findings of one partition's systems.
-- $1 integer: partition
-- $2 text[]: only these systems; NULL for all
SELECT system, finding, since_revision, until_revision, opened_revision, resolved, opened_at, since_at, until_at, body
FROM finding
WHERE partition = $1::integer AND until_revision IS NULL AND ($2::text[] IS NULL OR system = ANY ($2::text[]))
ORDER BY system, finding
