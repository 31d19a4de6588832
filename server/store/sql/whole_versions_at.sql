-- Reads the versions that were current at a revision, with the bodies of some kinds; deleted ones are left out.
-- $1 integer: partition
-- $2 text: system
-- $3 bigint: revision
-- $4 integer: kinds whose bodies are read; bits: 1 << kind
SELECT v.kind, v.name, v.version, v.revision, v.created_at, v.owner_team, v.author, v.author_team,
	v.change_note, v.digest, v.deleted, v.body, v.base, v.base_body
FROM descriptor AS d
CROSS JOIN LATERAL (
	SELECT kind, name, version, revision, created_at, owner_team, author, author_team, change_note, digest,
		body IS NULL AS deleted, CASE WHEN ($4::integer >> kind) & 1 = 1 THEN body END AS body, base,
		CASE WHEN ($4::integer >> kind) & 1 = 1 THEN base_body END AS base_body
	FROM based_version
	WHERE partition = $1::integer AND system = $2::text AND kind = d.kind AND name = d.name
		AND revision <= $3::bigint
	ORDER BY revision DESC
	LIMIT 1
) AS v
WHERE d.partition = $1::integer AND d.system = $2::text AND NOT v.deleted
ORDER BY v.kind, v.name
