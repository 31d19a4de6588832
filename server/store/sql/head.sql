-- Reads the head of one partition.
-- $1 integer: partition
SELECT partition, head, trimmed FROM partition WHERE partition = $1::integer
