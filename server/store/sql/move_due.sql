-- Says when a system has to be looked at again, unless it has changed meanwhile.
-- $1 integer: partition
-- $2 text: system
-- $3 bigint: revision
-- $4 timestamptz: when; NULL for never
UPDATE system SET due_at = $4::timestamptz
WHERE partition = $1::integer AND system = $2::text AND revision = $3::bigint
