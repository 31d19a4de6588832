-- Fixes the identity of a new database; does nothing in one that has it.
-- $1 uuid: id
-- $2 bytea: secret
-- $3 integer: partitions
INSERT INTO store (id, secret, partitions) VALUES ($1::uuid, $2::bytea, $3::integer) ON CONFLICT DO NOTHING
