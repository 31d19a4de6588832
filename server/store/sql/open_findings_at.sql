-- Reads the findings that were open at a revision.
-- $1 integer: partition
-- $2 text: system
-- $3 bigint: revision
SELECT finding, since_revision, until_revision, opened_revision, resolved, opened_at, since_at, until_at, body
FROM finding
WHERE partition = $1::integer AND system = $2::text AND since_revision <= $3::bigint
	AND (until_revision > $3::bigint OR until_revision IS NULL)
ORDER BY finding
