-- Writes systems that exist. Where one is not at the expected revision it fails, by dividing by zero, which
-- problem_states.h takes for a conflict: the transaction ends there, although COMMIT is on its way.
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
WITH written AS (
	UPDATE system AS s
	SET revision = w.revision, deleted = w.deleted, created_at = w.created_at, updated_at = w.updated_at,
		meta = w.meta, verdict = w.verdict, due_at = w.due_at
	FROM unnest($1::integer[], $2::text[], $3::bigint[], $4::boolean[], $5::timestamptz[], $6::timestamptz[],
		$7::bytea[], $8::bytea[], $9::timestamptz[], $10::bigint[])
		AS w (partition, system, revision, deleted, created_at, updated_at, meta, verdict, due_at, expected)
	WHERE s.partition = w.partition AND s.system = w.system AND s.revision = w.expected
	RETURNING 1
)
SELECT 1 / (count(*) = cardinality($1::integer[]))::integer FROM written
