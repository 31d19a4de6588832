-- Appends states of findings.
-- $1 integer[]: partition
-- $2 text[]: system
-- $3 text[]: finding
-- $4 bigint[]: since which revision it holds
-- $5 bigint[]: until which; NULL while it holds
-- $6 bigint[]: revision at which the finding opened
-- $7 boolean[]: resolved
-- $8 timestamptz[]: opened at
-- $9 timestamptz[]: since when
-- $10 timestamptz[]: until when
-- $11 text[]: rule
-- $12 smallint[]: severity
-- $13 text[]: subject
-- $14 bytea[]: digest
-- $15 bytea[]: body
INSERT INTO finding (partition, system, finding, since_revision, until_revision, opened_revision, resolved,
	opened_at, since_at, until_at, rule, severity, subject, digest, body)
SELECT *
FROM unnest($1::integer[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::boolean[],
	$8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::text[], $12::smallint[], $13::text[],
	$14::bytea[], $15::bytea[])
