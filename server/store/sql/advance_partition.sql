-- Gives out the next positions of a partition; its lock is held until the commit.
-- $1 integer: partition
-- $2 bigint: how many
UPDATE partition SET head = head + $2::bigint WHERE partition = $1::integer RETURNING partition, head
