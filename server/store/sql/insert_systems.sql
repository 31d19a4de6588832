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
INSERT INTO system (partition, system, revision, deleted, created_at, updated_at, meta, verdict, due_at)
SELECT unnest($1::integer[]), unnest($2::text[]), unnest($3::bigint[]), unnest($4::boolean[]),
	unnest($5::timestamptz[]), unnest($6::timestamptz[]), unnest($7::bytea[]), unnest($8::bytea[]),
	unnest($9::timestamptz[])
