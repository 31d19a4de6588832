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
SELECT unnest($1::integer[]), unnest($2::text[]), unnest($3::text[]), unnest($4::bigint[]), unnest($5::bigint[]),
	unnest($6::bigint[]), unnest($7::boolean[]), unnest($8::timestamptz[]), unnest($9::timestamptz[]),
	unnest($10::timestamptz[]), unnest($11::text[]), unnest($12::smallint[]), unnest($13::text[]),
	unnest($14::bytea[]), unnest($15::bytea[])
