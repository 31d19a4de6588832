-- Lists the versions of one descriptor without bodies, newest first.
-- $1 integer: partition
-- $2 text: system
-- $3 smallint: kind
-- $4 text: name
-- $5 integer: only versions before this one; 0 for all
-- $6 integer: at most this many
SELECT kind, name, version, revision, created_at, owner_team, author, author_team, change_note, digest,
	body IS NULL AS deleted
FROM version
WHERE partition = $1::integer AND system = $2::text AND kind = $3::smallint AND name = $4::text
	AND version < CASE $5::integer WHEN 0 THEN 2147483647 ELSE $5::integer END
ORDER BY version DESC
LIMIT $6::integer
