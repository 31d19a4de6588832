-- Ends states of findings that held until now; fails, by reading a sentence as a number, where one did not.
-- $1 integer[]: partition
-- $2 text[]: system
-- $3 text[]: finding
-- $4 bigint[]: since which revision the state held
-- $5 bigint[]: until which
-- $6 timestamptz[]: until when
-- $7 boolean[]: is the finding resolved? else another state of it follows
WITH ended AS (
	UPDATE finding AS f
	SET until_revision = w.until_revision, until_at = w.until_at, resolved = w.resolved
	FROM (
		SELECT unnest($1::integer[]) AS partition, unnest($2::text[]) AS system, unnest($3::text[]) AS finding,
			unnest($4::bigint[]) AS since_revision, unnest($5::bigint[]) AS until_revision,
			unnest($6::timestamptz[]) AS until_at, unnest($7::boolean[]) AS resolved
	) AS w
	WHERE f.partition = w.partition AND f.system = w.system AND f.finding = w.finding
		AND f.since_revision = w.since_revision AND f.until_revision IS NULL
	RETURNING 1
)
SELECT (CASE WHEN count(*) = cardinality($1::integer[]) THEN '0' ELSE 'a finding that should end was not open' END)::integer
FROM ended
