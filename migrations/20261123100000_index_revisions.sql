-- migrate:up

-- What a span of revisions wrote, and which version was current at a revision,
-- however long ago.
CREATE INDEX version_by_revision ON version (partition, system, kind, name, revision);

-- migrate:down

DROP INDEX version_by_revision;
