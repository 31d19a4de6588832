-- Lists new descriptors.
-- $1 integer[]: partition
-- $2 text[]: system
-- $3 smallint[]: kind
-- $4 text[]: name
INSERT INTO descriptor (partition, system, kind, name)
SELECT unnest($1::integer[]), unnest($2::text[]), unnest($3::smallint[]), unnest($4::text[])
