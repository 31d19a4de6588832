-- Forgets request ids.
-- $1 timestamptz: those made before this time
DELETE FROM request WHERE created_at < $1::timestamptz
