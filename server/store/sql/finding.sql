-- Reads the latest state of one finding.
-- $1 integer: partition
-- $2 text: system
-- $3 text: finding
SELECT finding, since_revision, until_revision, opened_revision, resolved, opened_at, since_at, until_at, body
FROM finding
WHERE partition = $1::integer AND system = $2::text AND finding = $3::text
ORDER BY since_revision DESC
LIMIT 1
