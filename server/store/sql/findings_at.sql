-- Reads the last state at a revision of every finding that had opened by then, resolved ones too.
-- $1 integer: partition
-- $2 text: system
-- $3 bigint: revision
SELECT DISTINCT ON (finding)
	finding, since_revision, until_revision, opened_revision, resolved, opened_at, since_at, until_at, body
FROM finding
WHERE partition = $1::integer AND system = $2::text AND since_revision <= $3::bigint
ORDER BY finding, since_revision DESC
