-- migrate:up

-- What is fixed when the database is created: one row.
CREATE TABLE store (
	one boolean PRIMARY KEY DEFAULT true CHECK (one),
	id uuid NOT NULL,
	secret bytea NOT NULL CHECK (octet_length(secret) = 32), -- signs tokens
	partitions integer NOT NULL CHECK (partitions > 0)
);

-- Every system belongs to one partition, and every other key starts with it.
-- A row's lock orders the commits of its partition; room is left on the page
-- so that its updates stay there.
CREATE TABLE partition (
	partition integer PRIMARY KEY,
	head bigint NOT NULL DEFAULT 0,    -- position of the last event
	trimmed bigint NOT NULL DEFAULT 0, -- events up to this position are gone
	CHECK (trimmed <= head)
) WITH (fillfactor = 20);

CREATE TABLE system (
	partition integer NOT NULL,
	system text COLLATE "C" NOT NULL,
	revision bigint NOT NULL CHECK (revision > 0),
	deleted boolean NOT NULL,
	created_at timestamptz NOT NULL,
	updated_at timestamptz NOT NULL,
	meta bytea NOT NULL,    -- packed tally.v1.System: what its owner says of it
	verdict bytea NOT NULL, -- packed tally.v1.Verdict at this revision
	PRIMARY KEY (partition, system)
) WITH (fillfactor = 70);

-- Pages of ListSystems.
CREATE INDEX system_by_id ON system (system) WHERE NOT deleted;

-- Which version of a descriptor is current.
CREATE TABLE descriptor (
	partition integer NOT NULL,
	system text COLLATE "C" NOT NULL,
	kind smallint NOT NULL,
	name text COLLATE "C" NOT NULL,
	latest integer NOT NULL,
	deleted boolean NOT NULL,
	PRIMARY KEY (partition, system, kind, name)
) WITH (fillfactor = 70);

-- Immutable. A deletion is a version without a body.
CREATE TABLE version (
	partition integer NOT NULL,
	system text COLLATE "C" NOT NULL,
	kind smallint NOT NULL,
	name text COLLATE "C" NOT NULL,
	version integer NOT NULL CHECK (version > 0),
	revision bigint NOT NULL,
	created_at timestamptz NOT NULL,
	owner_team text NOT NULL,
	author text NOT NULL,
	author_team text NOT NULL,
	change_note text NOT NULL,
	digest bytea NOT NULL,
	body bytea, -- packed tally.v1.Descriptor: spec and sources
	PRIMARY KEY (partition, system, kind, name, version)
);

-- One row for each state of a finding, which held from since_revision until
-- just before until_revision (none: it still holds). A resolved one has no
-- next state unless it opens again.
CREATE TABLE finding (
	partition integer NOT NULL,
	system text COLLATE "C" NOT NULL,
	finding text COLLATE "C" NOT NULL,
	since_revision bigint NOT NULL,
	until_revision bigint,
	opened_revision bigint NOT NULL,
	resolved boolean NOT NULL, -- at until_revision
	opened_at timestamptz NOT NULL,
	since_at timestamptz NOT NULL,
	until_at timestamptz,
	rule text NOT NULL,
	severity smallint NOT NULL,
	subject text NOT NULL,
	digest bytea NOT NULL,
	body bytea NOT NULL,
	PRIMARY KEY (partition, system, finding, since_revision),
	CHECK (opened_revision <= since_revision AND since_revision < until_revision),
	CHECK ((until_revision IS NULL) = (until_at IS NULL) AND NOT (resolved AND until_revision IS NULL))
);

-- The findings that are open now, or were at a revision.
CREATE INDEX finding_by_end ON finding (partition, system, until_revision);

-- Positions of a partition are 1, 2, 3 … in the order of the commits.
CREATE TABLE event (
	partition integer NOT NULL,
	position bigint NOT NULL,
	system text COLLATE "C" NOT NULL,
	revision bigint NOT NULL,
	type smallint NOT NULL,
	last boolean NOT NULL,     -- the last one of its revision
	kinds integer NOT NULL,    -- bits: 1 << kind
	class smallint NOT NULL,
	severity smallint NOT NULL,
	teams integer NOT NULL,    -- bits: 1 << team
	at timestamptz NOT NULL,
	body bytea NOT NULL,       -- packed tally.v1.Event
	PRIMARY KEY (partition, position)
);

-- What repeated request ids are answered.
CREATE TABLE request (
	partition integer NOT NULL,
	system text COLLATE "C" NOT NULL,
	request_id uuid NOT NULL,
	fingerprint bytea NOT NULL, -- of the request's method and content
	answer bytea NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (partition, system, request_id)
);

-- Forgetting the old ones.
CREATE INDEX request_by_age ON request (created_at);

-- migrate:down

DROP TABLE request, event, finding, version, descriptor, system, partition, store;
