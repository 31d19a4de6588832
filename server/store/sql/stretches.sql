-- Reads events of several partitions in order, of each from one position to another. Positions have no gaps, so the
-- bounds also say how many there are.
-- $1 integer[]: partition, each once
-- $2 bigint[]: only positions after this one
-- $3 bigint[]: only positions up to this one
-- $4 bigint[]: and so many that their bodies have at most so many bytes; but the first one in any case
SELECT e.partition, e.position, e.system, e.revision, e.type, e.last, e.kinds, e.class, e.severity, e.teams, e.at,
	e.body
FROM (
	SELECT event.*, w.after, w.bytes AS bytes_max,
		sum(octet_length(event.body)) OVER (PARTITION BY event.partition ORDER BY event.position) AS bytes
	FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::bigint[]) AS w (partition, after, until, bytes)
	JOIN event ON event.partition = w.partition AND event.position > w.after AND event.position <= w.until
) AS e
WHERE e.position = e.after + 1 OR e.bytes <= e.bytes_max
ORDER BY e.partition, e.position
