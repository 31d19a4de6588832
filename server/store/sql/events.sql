-- Reads events of one partition in order.
-- $1 integer: partition
-- $2 bigint: only positions after this one
-- $3 integer: at most this many
-- $4 bigint: and so many bytes of bodies, but the first one in any case
SELECT position, system, revision, type, last, kinds, class, severity, teams, at, body
FROM (
	SELECT *, sum(octet_length(body)) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) AS bytes
	FROM (
		SELECT position, system, revision, type, last, kinds, class, severity, teams, at, body
		FROM event
		WHERE partition = $1::integer AND position > $2::bigint
		ORDER BY position
		LIMIT $3::integer
	) AS next
) AS counted
WHERE bytes <= $4::bigint OR position = $2::bigint + 1
ORDER BY position
