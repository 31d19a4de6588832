-- Reads the last version of each descriptor of a system, those of deleted ones too, which have no body.
-- $1 integer: partition
-- $2 text: system
-- $3 bigint: revision; the bodies of versions up to it are known already and come as NULL
-- The order keeps it off the index on revisions, which would read all versions of the descriptor.
SELECT v.kind, v.name, v.version, v.revision, v.created_at, v.owner_team, v.author, v.author_team,
	v.change_note, v.digest, v.deleted, v.body, v.base, v.base_body
FROM descriptor AS d
CROSS JOIN LATERAL (
	SELECT kind, name, version, revision, created_at, owner_team, author, author_team, change_note, digest,
		body IS NULL AS deleted, CASE WHEN revision > $3::bigint THEN body END AS body, base,
		CASE WHEN revision > $3::bigint THEN base_body END AS base_body
	FROM based_version
	WHERE partition = $1::integer AND system = $2::text AND kind = d.kind AND name = d.name
	ORDER BY version DESC
	LIMIT 1
) AS v
WHERE d.partition = $1::integer AND d.system = $2::text
ORDER BY v.kind, v.name
