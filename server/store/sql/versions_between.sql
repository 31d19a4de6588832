-- Reads the versions that a span of revisions wrote, in that order, deletions too, with the bodies of some kinds.
-- $1 integer: partition
-- $2 text: system
-- $3 bigint: only revisions after this one
-- $4 bigint: up to this one
-- $5 integer: kinds whose bodies are read; bits: 1 << kind
-- OFFSET 0 keeps the inner query as it is: it finds each descriptor's rows by the index on revisions.
SELECT v.kind, v.name, v.version, v.revision, v.created_at, v.owner_team, v.author, v.author_team,
	v.change_note, v.digest, v.deleted, v.body
FROM descriptor AS d
CROSS JOIN LATERAL (
	SELECT kind, name, version, revision, created_at, owner_team, author, author_team, change_note, digest,
		body IS NULL AS deleted, CASE WHEN ($5::integer >> kind) & 1 = 1 THEN body END AS body
	FROM version
	WHERE partition = $1::integer AND system = $2::text AND kind = d.kind AND name = d.name
		AND revision > $3::bigint AND revision <= $4::bigint
	OFFSET 0
) AS v
WHERE d.partition = $1::integer AND d.system = $2::text
ORDER BY v.revision, v.kind, v.name
