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
FROM (
	SELECT unnest($1::integer[]) AS partition, unnest($2::bigint[]) AS behind, unnest($3::text[]) AS system,
		unnest($4::bigint[]) AS revision, unnest($5::smallint[]) AS type, unnest($6::boolean[]) AS last,
		unnest($7::integer[]) AS kinds, unnest($8::smallint[]) AS class, unnest($9::smallint[]) AS severity,
		unnest($10::integer[]) AS teams, unnest($11::timestamptz[]) AS at, unnest($12::bytea[]) AS body
) AS w
LEFT JOIN advanced AS a ON a.partition = w.partition
RETURNING partition, position
