-- Says whether the database has its identity and its partitions.
SELECT EXISTS (SELECT FROM store WHERE partitions = (SELECT count(*) FROM partition)) AS settled
