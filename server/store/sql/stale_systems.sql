-- Says which systems are no longer at a revision.
-- $1 integer[]: partition
-- $2 text[]: system
-- $3 bigint[]: revision
SELECT w.partition, w.system
FROM unnest($1::integer[], $2::text[], $3::bigint[]) AS w (partition, system, revision)
LEFT JOIN system AS s ON s.partition = w.partition AND s.system = w.system
WHERE s.revision IS DISTINCT FROM w.revision
