/* A batch as the rows that its statements write. */
#ifndef STORE_COMMIT_ROWS_H
#define STORE_COMMIT_ROWS_H

#include "store/column.h"
#include "store/store.h"

/* A state of a finding; one that ended within the batch has its end already. */
struct finding_row {
	int32_t partition;
	const char *system;
	const char *id;
	int64_t since_revision;
	int64_t until_revision; /* 0: it holds */
	int64_t opened_revision;
	bool resolved;
	int64_t opened_at_us;
	int64_t since_at_us;
	int64_t until_at_us;
	const char *rule;
	enum model_severity severity;
	const char *subject;
	struct model_digest digest;
	const void *body;
	size_t body_size;
};

struct event_write_row {
	struct store_event_write write;
	int64_t behind; /* how many events of the batch follow in its partition */
};

/* What a partition gets. */
struct head_row {
	int32_t partition;
	int64_t count;    /* of events */
	int64_t position; /* of the last one, when they are written */
};

/* Where an event was written: what the statement returns. */
struct place_row {
	int32_t partition;
	int64_t position;
};

struct commit_rows {
	struct store_system_write *inserts,
		*updates; /* ordered by partition and id, so that two batches meet in order */
	size_t insert_count, update_count;
	struct store_version_write *firsts; /* those of new descriptors */
	size_t first_count;
	struct store_finding_end *ends; /* of rows that the database has */
	size_t end_count;
	struct finding_row *findings;
	struct event_write_row *events;
	struct head_row *heads;
	size_t head_count;
};

/** Makes the rows of a batch. @return arena; borrows from the batch */
struct commit_rows *commit_rows_of(struct arena *arena, const struct store_batch *batch);

/** Sets the positions of a batch's events. @param places of all of them, in any order; borrowed */
void commit_rows_place(
	struct commit_rows *rows, const struct place_row *places, size_t count, struct store_batch *batch);

#endif
