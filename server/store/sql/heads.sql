-- Reads the heads of all partitions.
SELECT partition, head, trimmed FROM partition ORDER BY partition
