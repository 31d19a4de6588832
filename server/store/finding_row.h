/* A state of a finding as it is read, and the columns beside it. */
#ifndef STORE_FINDING_ROW_H
#define STORE_FINDING_ROW_H

#include "store/column.h"
#include "store/store.h"

struct finding_state {
	char system[MODEL_ID_SIZE]; /* only where several systems are read */
	char id[MODEL_FINDING_ID_SIZE];
	int64_t since_revision;
	int64_t until_revision; /* 0: it still holds */
	int64_t opened_revision;
	bool resolved;
	int64_t opened_at_us;
	int64_t since_at_us;
	int64_t until_at_us;
	const void *body;
	size_t body_size;
};

#define FINDING_COLUMNS                                                                                      \
	COLUMN_ID(struct finding_state, id, "finding"),                                                      \
		COLUMN_LONG(struct finding_state, since_revision, "since_revision"),                         \
		COLUMN_LONG0(struct finding_state, until_revision, "until_revision"),                        \
		COLUMN_LONG(struct finding_state, opened_revision, "opened_revision"),                       \
		COLUMN_BOOL(struct finding_state, resolved, "resolved"),                                     \
		COLUMN_TIME(struct finding_state, opened_at_us, "opened_at"),                                \
		COLUMN_TIME(struct finding_state, since_at_us, "since_at"),                                  \
		COLUMN_TIME(struct finding_state, until_at_us, "until_at"),                                  \
		COLUMN_BYTES(struct finding_state, body, body_size, "body")

/** Makes what is shown of a state, as it was known at a revision. */
void finding_of_state(const struct finding_state *state, int64_t revision, struct store_finding *finding);

#endif
