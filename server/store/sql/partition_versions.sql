-- Reads the current versions of one partition's systems, without bodies.
-- $1 integer: partition
-- $2 text[]: only these systems; NULL for all
SELECT v.system, v.kind, v.name, v.version, v.revision, v.created_at, v.owner_team, v.author, v.author_team,
	v.change_note, v.digest
FROM descriptor AS d
JOIN version AS v ON v.partition = d.partition AND v.system = d.system AND v.kind = d.kind AND v.name = d.name
	AND v.version = d.latest
WHERE d.partition = $1::integer AND NOT d.deleted AND ($2::text[] IS NULL OR d.system = ANY ($2::text[]))
ORDER BY v.system, v.kind, v.name
