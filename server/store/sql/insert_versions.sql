-- Appends versions.
-- $1 integer[]: partition
-- $2 text[]: system
-- $3 smallint[]: kind
-- $4 text[]: name
-- $5 integer[]: version
-- $6 bigint[]: revision
-- $7 timestamptz[]: created at
-- $8 text[]: owner's team
-- $9 text[]: author
-- $10 text[]: author's team
-- $11 text[]: change note
-- $12 bytea[]: digest
-- $13 bytea[]: body; NULL where the descriptor is deleted
-- $14 integer[]: version that the body is the difference to; 0: it is whole
INSERT INTO version (partition, system, kind, name, version, revision, created_at, owner_team, author, author_team,
	change_note, digest, body, base)
SELECT *
FROM unnest($1::integer[], $2::text[], $3::smallint[], $4::text[], $5::integer[], $6::bigint[], $7::timestamptz[],
	$8::text[], $9::text[], $10::text[], $11::text[], $12::bytea[], $13::bytea[], $14::integer[])
