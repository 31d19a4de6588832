-- Writes new systems; fails where one exists.
-- $1 integer[]: partition
-- $2 text[]: system
-- $3 bigint[]: revision
-- $4 boolean[]: deleted
-- $5 timestamptz[]: created at
-- $6 timestamptz[]: updated at
-- $7 bytea[]: meta
-- $8 bytea[]: verdict
-- $9 timestamptz[]: due at
-- $10 bigint[]: expected revision, not looked at
INSERT INTO system (partition, system, revision, deleted, created_at, updated_at, meta, verdict, due_at)
SELECT partition, system, revision, deleted, created_at, updated_at, meta, verdict, due_at
FROM unnest($1::integer[], $2::text[], $3::bigint[], $4::boolean[], $5::timestamptz[], $6::timestamptz[],
	$7::bytea[], $8::bytea[], $9::timestamptz[], $10::bigint[])
	AS w (partition, system, revision, deleted, created_at, updated_at, meta, verdict, due_at, expected)
