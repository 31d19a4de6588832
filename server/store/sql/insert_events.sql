-- Appends events to partitions whose heads include them already; fails where there is no such partition.
-- $1 integer[]: partition
-- $2 bigint[]: how many events of this batch follow in its partition
-- $3 text[]: system
-- $4 bigint[]: revision
-- $5 smallint[]: type
-- $6 boolean[]: is it the last one of its revision?
-- $7 integer[]: kinds, as bits
-- $8 smallint[]: class
-- $9 smallint[]: severity
-- $10 integer[]: teams, as bits
-- $11 timestamptz[]: at
-- $12 bytea[]: body
INSERT INTO event (partition, position, system, revision, type, last, kinds, class, severity, teams, at, body)
SELECT w.partition, p.head - w.behind, w.system, w.revision, w.type, w.last, w.kinds, w.class, w.severity, w.teams,
	w.at, w.body
FROM unnest($1::integer[], $2::bigint[], $3::text[], $4::bigint[], $5::smallint[], $6::boolean[], $7::integer[],
	$8::smallint[], $9::smallint[], $10::integer[], $11::timestamptz[], $12::bytea[])
	AS w (partition, behind, system, revision, type, last, kinds, class, severity, teams, at, body)
LEFT JOIN partition AS p ON p.partition = w.partition
