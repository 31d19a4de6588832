-- Makes the given versions the current ones of new descriptors, each of which is given once.
-- $1 integer[]: partition
-- $2 text[]: system
-- $3 smallint[]: kind
-- $4 text[]: name
-- $5 integer[]: version
-- $6 boolean[]: is it deleted by that version?
INSERT INTO descriptor (partition, system, kind, name, latest, deleted)
SELECT *
FROM unnest($1::integer[], $2::text[], $3::smallint[], $4::text[], $5::integer[], $6::boolean[])
