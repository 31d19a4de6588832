-- Reads events of one partition in order. Positions have no gaps, so they count too.
-- $1 integer: partition
-- $2 bigint: only positions after this one
-- $3 integer: at most this many
-- $4 bigint: and so many that, were each as large as the largest, their bodies had so many bytes; but one in any case
SELECT position, system, revision, type, last, kinds, class, severity, teams, at, body
FROM event
WHERE partition = $1::integer AND position > $2::bigint AND position <= $2::bigint + $3::integer
	AND position <= $2::bigint + (
		SELECT greatest(1, $4::bigint / greatest(1, max(octet_length(body))))
		FROM event
		WHERE partition = $1::integer AND position > $2::bigint AND position <= $2::bigint + $3::integer
	)
ORDER BY position
