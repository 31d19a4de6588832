-- Lets one process migrate at a time.
LOCK TABLE schema_migrations IN SHARE ROW EXCLUSIVE MODE
