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
-- $11 timestamptz[]: when that was
WITH written AS (
	UPDATE system AS s
	SET revision = w.revision, deleted = w.deleted, created_at = w.created_at, updated_at = w.updated_at,
		meta = w.meta, verdict = w.verdict, due_at = w.due_at
	FROM (
		SELECT unnest($1::integer[]) AS partition, unnest($2::text[]) AS system, unnest($3::bigint[]) AS revision,
			unnest($4::boolean[]) AS deleted, unnest($5::timestamptz[]) AS created_at,
			unnest($6::timestamptz[]) AS updated_at, unnest($7::bytea[]) AS meta, unnest($8::bytea[]) AS verdict,
			unnest($9::timestamptz[]) AS due_at, unnest($10::bigint[]) AS expected,
			unnest($11::timestamptz[]) AS expected_at
	) AS w
	WHERE s.partition = w.partition AND s.system = w.system AND s.revision = w.expected
		AND s.updated_at = w.expected_at
	RETURNING 1
)
SELECT 1 / (count(*) = cardinality($1::integer[]))::integer FROM written
