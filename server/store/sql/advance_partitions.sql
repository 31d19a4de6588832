-- Gives out the next positions of partitions; their locks are held until the commit. They are taken in the order of
-- the arrays, which is ascending for everybody, because a nested loop finds the rows.
-- $1 integer[]: partition
-- $2 bigint[]: how many
UPDATE partition AS p SET head = p.head + w.count
FROM unnest($1::integer[], $2::bigint[]) AS w (partition, count)
WHERE p.partition = w.partition
RETURNING p.partition, p.head
