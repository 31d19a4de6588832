-- Lists systems that have to be looked at again, the longest due first.
-- $1 timestamptz: now
-- $2 integer: at most this many
SELECT partition, system
FROM system
WHERE due_at <= $1::timestamptz
ORDER BY due_at, system
LIMIT $2::integer
