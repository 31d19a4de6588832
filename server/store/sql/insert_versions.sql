-- Appends versions. Here as in the other statements of a commit the arrays are taken apart in the list, side by side:
-- behind FROM each would be written to a store of its own first, which takes twice as long.
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
SELECT unnest($1::integer[]), unnest($2::text[]), unnest($3::smallint[]), unnest($4::text[]), unnest($5::integer[]),
	unnest($6::bigint[]), unnest($7::timestamptz[]), unnest($8::text[]), unnest($9::text[]), unnest($10::text[]),
	unnest($11::text[]), unnest($12::bytea[]), unnest($13::bytea[]), unnest($14::integer[])
