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
-- $11 timestamptz[]: when that was, not looked at
INSERT INTO system (partition, system, revision, deleted, created_at, updated_at, meta, verdict, due_at)
SELECT partition, system, revision, deleted, created_at, updated_at, meta, verdict, due_at
FROM (
	SELECT unnest($1::integer[]) AS partition, unnest($2::text[]) AS system, unnest($3::bigint[]) AS revision,
		unnest($4::boolean[]) AS deleted, unnest($5::timestamptz[]) AS created_at,
		unnest($6::timestamptz[]) AS updated_at, unnest($7::bytea[]) AS meta, unnest($8::bytea[]) AS verdict,
		unnest($9::timestamptz[]) AS due_at, unnest($10::bigint[]) AS expected,
		unnest($11::timestamptz[]) AS expected_at
) AS w
