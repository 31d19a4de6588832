-- Reads what was fixed when the database was created.
SELECT id, secret, partitions FROM store
