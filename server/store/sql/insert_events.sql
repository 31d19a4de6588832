-- Gives out the next positions of partitions and appends events there; fails where there is no such partition. The
-- partitions' locks are held until the commit. They are taken in ascending order by everybody, because a nested loop
-- finds the rows.
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
WITH advanced AS (
	UPDATE partition AS p SET head = p.head + c.count
	FROM (
		SELECT partition, count(*) AS count
		FROM unnest($1::integer[]) AS w (partition)
		GROUP BY partition
		ORDER BY partition
	) AS c
	WHERE p.partition = c.partition
	RETURNING p.partition, p.head
)
INSERT INTO event (partition, position, system, revision, type, last, kinds, class, severity, teams, at, body)
SELECT w.partition, a.head - w.behind, w.system, w.revision, w.type, w.last, w.kinds, w.class, w.severity, w.teams,
	w.at, w.body
FROM unnest($1::integer[], $2::bigint[], $3::text[], $4::bigint[], $5::smallint[], $6::boolean[], $7::integer[],
	$8::smallint[], $9::smallint[], $10::integer[], $11::timestamptz[], $12::bytea[])
	AS w (partition, behind, system, revision, type, last, kinds, class, severity, teams, at, body)
LEFT JOIN advanced AS a ON a.partition = w.partition
RETURNING partition, position
