-- Deletes the oldest events of one partition, whole revisions, and says so in its row. The row is locked last: it
-- waits for the deletion, not the writers for it. Positions have no gap, so those to look at are a range of them;
-- where nothing may go, one event is read.
-- $1 integer: partition
-- $2 timestamptz: events older than this go
-- $3 bigint: and those beyond so many of the newest
-- $4 timestamptz: but none that is younger than this
-- $5 integer: looks at so many at the most
WITH range AS MATERIALIZED (
	SELECT trimmed AS after, least(head, trimmed + $5::integer) AS until, head - $3::bigint AS beyond
	FROM partition
	WHERE partition = $1::integer
), staying AS MATERIALIZED (
	SELECT position
	FROM event
	WHERE partition = $1::integer AND position > (SELECT after FROM range) AND position <= (SELECT until FROM range)
		AND (at >= $4::timestamptz OR (at >= $2::timestamptz AND position > (SELECT beyond FROM range)))
	ORDER BY position
	LIMIT 1
), bound AS MATERIALIZED (
	SELECT position
	FROM event
	WHERE partition = $1::integer AND position > (SELECT after FROM range)
		AND position <= coalesce((SELECT position - 1 FROM staying), (SELECT until FROM range)) AND last
	ORDER BY position DESC
	LIMIT 1
), gone AS (
	DELETE FROM event
	WHERE partition = $1::integer AND position > (SELECT after FROM range) AND position <= (SELECT position FROM bound)
	RETURNING position
)
UPDATE partition SET trimmed = greatest(trimmed, (SELECT max(position) FROM gone))
WHERE partition = $1::integer AND EXISTS (SELECT FROM gone)
RETURNING (SELECT count(*) FROM gone) AS removed
