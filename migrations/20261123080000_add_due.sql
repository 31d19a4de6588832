-- migrate:up

-- When the same descriptors may be judged differently, because a waiver ends
-- or a promise is broken; NULL: never. Every system is looked at once.
ALTER TABLE system ADD COLUMN due_at timestamptz;
UPDATE system SET due_at = updated_at WHERE NOT deleted;
CREATE INDEX system_by_due ON system (due_at) WHERE due_at IS NOT NULL;

-- migrate:down

DROP INDEX system_by_due;
ALTER TABLE system DROP COLUMN due_at;
