-- Makes the last of the given versions of each descriptor the current one.
-- $1 integer[]: partition
-- $2 text[]: system
-- $3 smallint[]: kind
-- $4 text[]: name
-- $5 integer[]: version
-- $6 boolean[]: is it deleted by that version?
INSERT INTO descriptor (partition, system, kind, name, latest, deleted)
SELECT DISTINCT ON (partition, system, kind, name) partition, system, kind, name, version, deleted
FROM unnest($1::integer[], $2::text[], $3::smallint[], $4::text[], $5::integer[], $6::boolean[])
	AS w (partition, system, kind, name, version, deleted)
ORDER BY partition, system, kind, name, version DESC
ON CONFLICT (partition, system, kind, name) DO UPDATE SET latest = excluded.latest, deleted = excluded.deleted
