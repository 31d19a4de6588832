-- Reads which of the given migrations have not run, in order.
-- $1 text[]: versions
SELECT w.version
FROM unnest($1::text[]) AS w (version)
WHERE NOT EXISTS (SELECT FROM schema_migrations AS m WHERE m.version = w.version)
ORDER BY w.version COLLATE "C"
