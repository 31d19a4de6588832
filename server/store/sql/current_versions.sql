-- Reads the latest version of each descriptor of a system, those of deleted ones too, which have no body.
-- $1 integer: partition
-- $2 text: system
SELECT v.kind, v.name, v.version, v.revision, v.created_at, v.owner_team, v.author, v.author_team,
	v.change_note, v.digest, v.body IS NULL AS deleted, v.body
FROM descriptor AS d
JOIN version AS v ON v.partition = d.partition AND v.system = d.system AND v.kind = d.kind AND v.name = d.name
	AND v.version = d.latest
WHERE d.partition = $1::integer AND d.system = $2::text
ORDER BY v.kind, v.name
