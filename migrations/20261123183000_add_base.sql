-- migrate:up

-- A version may be stored as the difference to an earlier one of the same
-- descriptor that is stored whole: `body` is a zstd frame then, with that one's
-- body as what has gone before.
ALTER TABLE version ADD COLUMN base integer NOT NULL DEFAULT 0; -- 0: body is whole

-- How bodies are read. The bounds make the whole key a condition of the index
-- and the order keeps it off the one on revisions, which would read all
-- versions of the descriptor.
CREATE VIEW based_version AS
SELECT *, CASE WHEN base > 0 THEN (
	SELECT b.body
	FROM version AS b
	WHERE b.partition = v.partition AND b.system = v.system AND b.kind = v.kind AND b.name = v.name
		AND b.version >= v.base AND b.version <= v.base
	ORDER BY b.version
	LIMIT 1
) END AS base_body
FROM version AS v;

-- migrate:down

-- What is stored as a difference could not be read any more.
ALTER TABLE version ADD CONSTRAINT all_whole CHECK (base = 0);
DROP VIEW based_version;
ALTER TABLE version DROP COLUMN base;
