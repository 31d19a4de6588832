-- Reads events of one partition in order.
-- $1 integer: partition
-- $2 bigint: only positions after this one
-- $3 integer: at most this many
SELECT position, system, revision, type, last, kinds, class, severity, teams, at, body
FROM event
WHERE partition = $1::integer AND position > $2::bigint
ORDER BY position
LIMIT $3::integer
