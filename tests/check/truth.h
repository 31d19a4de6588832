/* What the database holds, of one moment. */
#ifndef CHECK_TRUTH_H
#define CHECK_TRUTH_H

#include "base/arena.h"
#include "base/map.h"
#include "check.h"
#include "wish.h"

/* A row of `event`, and what its bytes say. */
struct truth_event {
	int partition;
	int64_t position;
	int64_t revision;
	bool last;
	struct wish_facts facts;
	const Tally__V1__Event *message;
	char digest[WISH_DIGEST_SIZE];
	int64_t asked_us; /* when the write that made it was asked for, as a writer's journal says; 0: unknown
			   */
};

struct truth_version {
	enum model_kind kind;
	const char *name;
	int32_t version;
	int64_t revision;
	const char *note;
	struct model_digest digest;
	const void *body; /* NULL: it records a deletion */
	size_t body_size;
};

/* One state of a finding. */
struct truth_finding {
	const char *id;
	int64_t since, until, opened; /* revisions; until 0: open */
	bool resolved;
	bool has_end_time;
	const void *body;
	size_t body_size;
	struct model_digest digest;
};

struct truth_descriptor {
	enum model_kind kind;
	const char *name;
};

/* Everything of one system; arrays are ordered as the comment says. */
struct truth_system {
	const char *id;
	int partition;
	int64_t revision;
	bool deleted;
	const Tally__V1__Verdict *verdict;
	struct truth_event **events; /* by position */
	size_t event_count;
	struct truth_version *versions; /* by kind, name, version */
	size_t version_count;
	struct truth_finding *findings; /* by id, since */
	size_t finding_count;
	struct truth_descriptor *descriptors; /* by kind, name */
	size_t descriptor_count;
};

struct truth_partition {
	int64_t head;
	int64_t trimmed;
};

struct truth {
	struct arena *arena;
	struct truth_partition *partitions;
	size_t partition_count;
	struct truth_event *events; /* by partition, position */
	size_t event_count;
	struct truth_system *systems; /* by id */
	size_t system_count;
};

/** Loads all of a database in one snapshot. @return owned: truth_free() */
struct truth *truth_load(const char *database);
void truth_free(struct truth *truth);

/** @return the system, or NULL */
struct truth_system *truth_find(const struct truth *truth, const char *id);

/** Returns whether events of the system may have been trimmed. */
bool truth_trimmed(const struct truth *truth, const struct truth_system *system);

/** Returns the index of the first event of this revision or a later one; event_count when there is none. */
size_t truth_event_at(const struct truth_system *system, int64_t revision);

/** @return the version, or NULL */
const struct truth_version *truth_version_of(
	const struct truth_system *system, enum model_kind kind, const char *name, int32_t version);

/** @return the state in which a finding was open at a revision, or NULL */
const struct truth_finding *truth_open_at(
	const struct truth_system *system, const char *finding, int64_t revision);

/** Writes what an event is, for evidence. @return arena */
const char *truth_event_text(struct arena *arena, const struct truth_event *event);

#endif
