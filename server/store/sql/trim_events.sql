-- Deletes the oldest events of one partition, whole revisions, and says so in its row. The row is locked last: it
-- waits for the deletion, not the writers for it.
-- $1 integer: partition
-- $2 timestamptz: events older than this go
-- $3 bigint: and those beyond so many of the newest
-- $4 timestamptz: but none that is younger than this
-- $5 integer: looks at so many at the most
WITH oldest AS (
	SELECT e.position, e.last, e.at, p.head
	FROM partition AS p
	JOIN event AS e ON e.partition = p.partition AND e.position > p.trimmed
	WHERE p.partition = $1::integer
	ORDER BY e.position
	LIMIT $5::integer
), staying AS (
	SELECT min(position) AS position
	FROM oldest
	WHERE at >= $4::timestamptz OR (at >= $2::timestamptz AND position > head - $3::bigint)
), bound AS (
	SELECT max(o.position) AS position
	FROM oldest AS o, staying AS s
	WHERE o.last AND (s.position IS NULL OR o.position < s.position)
), gone AS (
	DELETE FROM event AS e
	USING bound AS b
	WHERE e.partition = $1::integer AND e.position <= b.position
	RETURNING e.position
)
UPDATE partition SET trimmed = greatest(trimmed, (SELECT max(position) FROM gone))
WHERE partition = $1::integer AND EXISTS (SELECT FROM gone)
RETURNING (SELECT count(*) FROM gone) AS removed
