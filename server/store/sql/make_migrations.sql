-- Makes the table of migrations as dbmate does.
CREATE TABLE IF NOT EXISTS schema_migrations (version varchar(128) PRIMARY KEY)
