-- Reads the states of findings that held at any revision of a span.
-- $1 integer: partition
-- $2 text: system
-- $3 bigint: the first revision
-- $4 bigint: the last one
SELECT finding, since_revision, until_revision, opened_revision, resolved, opened_at, since_at, until_at, body
FROM finding
WHERE partition = $1::integer AND system = $2::text AND since_revision <= $4::bigint
	AND (until_revision > $3::bigint OR until_revision IS NULL)
ORDER BY finding, since_revision
