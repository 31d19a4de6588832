-- migrate:up

-- Only lists a system's descriptors, those of deleted ones too. Its last
-- version is the current one, which the key of `version` finds: a push leaves
-- these rows alone.
ALTER TABLE descriptor DROP COLUMN latest, DROP COLUMN deleted;
ALTER TABLE descriptor RESET (fillfactor);

-- migrate:down

ALTER TABLE descriptor ADD COLUMN latest integer, ADD COLUMN deleted boolean;
UPDATE descriptor AS d SET (latest, deleted) = (
	SELECT v.version, v.body IS NULL
	FROM version AS v
	WHERE v.partition = d.partition AND v.system = d.system AND v.kind = d.kind AND v.name = d.name
	ORDER BY v.version DESC
	LIMIT 1
);
ALTER TABLE descriptor ALTER COLUMN latest SET NOT NULL, ALTER COLUMN deleted SET NOT NULL;
ALTER TABLE descriptor SET (fillfactor = 70);
