-- Makes the given versions the current ones of descriptors, each of which is given once; fails, as end_findings.sql
-- does, where one has no row.
-- $1 integer[]: partition
-- $2 text[]: system
-- $3 smallint[]: kind
-- $4 text[]: name
-- $5 integer[]: version
-- $6 boolean[]: is it deleted by that version?
WITH pointed AS (
	UPDATE descriptor AS d SET latest = w.version, deleted = w.deleted
	FROM unnest($1::integer[], $2::text[], $3::smallint[], $4::text[], $5::integer[], $6::boolean[])
		AS w (partition, system, kind, name, version, deleted)
	WHERE d.partition = w.partition AND d.system = w.system AND d.kind = w.kind AND d.name = w.name
	RETURNING 1
)
SELECT (CASE WHEN count(*) = cardinality($1::integer[]) THEN '0' ELSE 'a descriptor that should be there has no row' END)::integer
FROM pointed
