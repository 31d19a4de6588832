-- Writes systems that exist; returns those that had the expected revision, which alone were written.
-- $1 integer[]: partition
-- $2 text[]: system
-- $3 bigint[]: revision
-- $4 boolean[]: deleted
-- $5 timestamptz[]: created at
-- $6 timestamptz[]: updated at
-- $7 bytea[]: meta
-- $8 bytea[]: verdict
-- $9 timestamptz[]: due at
-- $10 bigint[]: expected revision
UPDATE system AS s
SET revision = w.revision, deleted = w.deleted, created_at = w.created_at, updated_at = w.updated_at,
	meta = w.meta, verdict = w.verdict, due_at = w.due_at
FROM unnest($1::integer[], $2::text[], $3::bigint[], $4::boolean[], $5::timestamptz[], $6::timestamptz[],
	$7::bytea[], $8::bytea[], $9::timestamptz[], $10::bigint[])
	AS w (partition, system, revision, deleted, created_at, updated_at, meta, verdict, due_at, expected)
WHERE s.partition = w.partition AND s.system = w.system AND s.revision = w.expected
RETURNING s.partition, s.system
