-- Notes that a migration has run.
-- $1 text: version
INSERT INTO schema_migrations (version) VALUES ($1::text)
