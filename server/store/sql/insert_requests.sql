-- Keeps answers; one that is a day older than its successor gives way. Fails, as update_systems.sql does, where an id
-- is taken.
-- $1 integer[]: partition
-- $2 text[]: system
-- $3 uuid[]: request id
-- $4 bytea[]: fingerprint
-- $5 bytea[]: answer
-- $6 timestamptz[]: created at
WITH kept AS (
	INSERT INTO request AS r (partition, system, request_id, fingerprint, answer, created_at)
	SELECT unnest($1::integer[]), unnest($2::text[]), unnest($3::uuid[]), unnest($4::bytea[]), unnest($5::bytea[]),
		unnest($6::timestamptz[])
	ON CONFLICT (partition, system, request_id) DO UPDATE
	SET fingerprint = excluded.fingerprint, answer = excluded.answer, created_at = excluded.created_at
	WHERE r.created_at < excluded.created_at - interval '24 hours'
	RETURNING 1
)
SELECT 1 / (count(*) = cardinality($1::integer[]))::integer FROM kept
