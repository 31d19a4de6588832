-- Says which systems are no longer at a revision.
-- $1 integer[]: partition
-- $2 text[]: system
-- $3 bigint[]: revision; 0: it is not there
-- $4 timestamptz[]: when that was; NULL: it is not there
SELECT w.partition, w.system
FROM unnest($1::integer[], $2::text[], $3::bigint[], $4::timestamptz[]) AS w (partition, system, revision, updated_at)
LEFT JOIN system AS s ON s.partition = w.partition AND s.system = w.system
WHERE coalesce(s.revision, 0) <> w.revision OR s.updated_at IS DISTINCT FROM w.updated_at
