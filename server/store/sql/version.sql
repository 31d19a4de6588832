-- Reads one version with its body.
-- $1 integer: partition
-- $2 text: system
-- $3 smallint: kind
-- $4 text: name
-- $5 integer: version
-- The order keeps it off the index on revisions, which would read all versions of the descriptor.
SELECT kind, name, version, revision, created_at, owner_team, author, author_team, change_note, digest,
	body IS NULL AS deleted, body, base, base_body
FROM based_version
WHERE partition = $1::integer AND system = $2::text AND kind = $3::smallint AND name = $4::text
	AND version >= $5::integer AND version <= $5::integer
ORDER BY version
LIMIT 1
