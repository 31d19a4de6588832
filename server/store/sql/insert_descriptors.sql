-- Lists new descriptors.
-- $1 integer[]: partition
-- $2 text[]: system
-- $3 smallint[]: kind
-- $4 text[]: name
INSERT INTO descriptor (partition, system, kind, name)
SELECT *
FROM unnest($1::integer[], $2::text[], $3::smallint[], $4::text[])
