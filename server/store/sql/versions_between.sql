-- Reads the versions that a span of revisions wrote, in that order, deletions too, with the bodies of some kinds.
-- $1 integer: partition
-- $2 text: system
-- $3 bigint: only revisions after this one
-- $4 bigint: up to this one
-- $5 integer: kinds whose bodies are read; bits: 1 << kind
-- $6 bigint: no revision that comes behind so many bytes of bodies
-- OFFSET 0 keeps the inner query as it is: it finds each descriptor's rows by the index on revisions.
SELECT kind, name, version, revision, created_at, owner_team, author, author_team, change_note, digest, deleted, body,
	base, base_body
FROM (
	SELECT v.*, sum(b.bytes) OVER (ORDER BY v.revision) AS so_far, sum(b.bytes) OVER (PARTITION BY v.revision) AS own
	FROM descriptor AS d
	CROSS JOIN LATERAL (
		SELECT kind, name, version, revision, created_at, owner_team, author, author_team, change_note, digest,
			body IS NULL AS deleted, CASE WHEN ($5::integer >> kind) & 1 = 1 THEN body END AS body, base,
			CASE WHEN ($5::integer >> kind) & 1 = 1 THEN base_body END AS base_body
		FROM based_version
		WHERE partition = $1::integer AND system = $2::text AND kind = d.kind AND name = d.name
			AND revision > $3::bigint AND revision <= $4::bigint
		OFFSET 0
	) AS v
	CROSS JOIN LATERAL (SELECT octet_length(v.body) + coalesce(octet_length(v.base_body), 0) AS bytes) AS b
	WHERE d.partition = $1::integer AND d.system = $2::text
) AS w
WHERE coalesce(so_far, 0) - coalesce(own, 0) < $6::bigint
ORDER BY revision, kind, name
