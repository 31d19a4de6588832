-- Makes the partitions that the identity counts.
INSERT INTO partition (partition)
SELECT generate_series(0, partitions - 1) FROM store
ON CONFLICT DO NOTHING
