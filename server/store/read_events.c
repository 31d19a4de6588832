/* Reading events and how far they go. */
#include <assert.h>

#include "store/parts.h"

/* A row of `event`. */
struct event_row {
	int32_t partition;
	int64_t position;
	char system[MODEL_ID_SIZE];
	int64_t revision;
	enum model_event_type type;
	bool last;
	uint32_t kinds;
	uint8_t class;
	uint8_t severity;
	uint32_t teams;
	int64_t at_us;
	const void *body;
	size_t body_size;
};

static const struct column head_columns[] = {
	COLUMN_INT(struct store_head, partition, "partition"),
	COLUMN_LONG(struct store_head, head, "head"),
	COLUMN_LONG(struct store_head, trimmed, "trimmed"),
};
static const struct column head_parameters[] = {
	COLUMN_INT(struct ask, partition, "partition"),
};
static const struct column event_parameters[] = {
	COLUMN_INT(struct ask, partition, "partition"),
	COLUMN_LONG(struct ask, position, "after"),
	COLUMN_INT(struct ask, limit, "limit"),
	COLUMN_LONG(struct ask, bytes, "bytes"),
};
/* A stretch and its share of the bytes. */
struct stretch_row {
	struct store_stretch stretch;
	int64_t bytes;
};

static const struct column stretch_parameters[] = {
	COLUMN_INT(struct stretch_row, stretch.partition, "partition"),
	COLUMN_LONG(struct stretch_row, stretch.after, "after"),
	COLUMN_LONG(struct stretch_row, stretch.until, "until"),
	COLUMN_LONG(struct stretch_row, bytes, "bytes"),
};
static const struct column event_columns[] = {
	COLUMN_INT(struct event_row, partition, "partition"),
	COLUMN_LONG(struct event_row, position, "position"),
	COLUMN_ID(struct event_row, system, "system"),
	COLUMN_LONG(struct event_row, revision, "revision"),
	COLUMN_ENUM(struct event_row, type, "type"),
	COLUMN_BOOL(struct event_row, last, "last"),
	COLUMN_BITS(struct event_row, kinds, "kinds"),
	COLUMN_BYTE(struct event_row, class, "class"),
	COLUMN_BYTE(struct event_row, severity, "severity"),
	COLUMN_BITS(struct event_row, teams, "teams"),
	COLUMN_TIME(struct event_row, at_us, "at"),
	COLUMN_BYTES(struct event_row, body, body_size, "body"),
};

const struct statement statement_heads = {
	.file = "heads.sql", .result = COLUMNS(struct store_head, head_columns)};
const struct statement statement_head = {.file = "head.sql",
	.parameters = COLUMNS(struct ask, head_parameters),
	.result = COLUMNS(struct store_head, head_columns)};
const struct statement statement_events = {.file = "events.sql",
	.parameters = COLUMNS(struct ask, event_parameters),
	.result = COLUMNS(struct event_row, event_columns)};
const struct statement statement_stretches = {.file = "stretches.sql",
	.parameters = COLUMNS(struct stretch_row, stretch_parameters),
	.result = COLUMNS(struct event_row, event_columns),
	.arrays = true};

enum fault_code store_heads(struct store *store, struct store_head *heads, size_t count, struct fault *fault)
{
	struct arena *arena = arena_new();
	void *rows = NULL;
	size_t found = 0;
	enum fault_code code = store_read(store, &statement_heads, NULL, arena, &rows, &found, fault);
	if (code == FAULT_NONE && found != count)
		code = fault_set(fault, FAULT_INTERNAL, "DATABASE_ERROR",
			"the database has %zu partitions, not %zu", found, count);
	if (code == FAULT_NONE)
		memcpy(heads, rows, count * sizeof(*heads));
	arena_free(arena);
	return code;
}

static struct model_event *make_event(const struct event_row *row)
{
	struct model_event_facts facts = {
		.revision = row->revision,
		.type = row->type,
		.last = row->last,
		.kinds = row->kinds,
		.class = row->class,
		.severity = row->severity,
		.teams = row->teams,
		.at_us = row->at_us,
	};
	memcpy(facts.system, row->system, sizeof(facts.system));
	return model_event_new(&facts, row->partition, row->position, row->body, row->body_size);
}

static size_t make_events(const struct event_row *rows, size_t count, struct model_event **events)
{
	for (size_t i = 0; i < count; i++)
		events[i] = make_event(&rows[i]);
	return count;
}

static enum fault_code check_trimmed(const struct step *head, const struct ask *ask, struct fault *fault)
{
	struct store_head row;
	if (step_rows(head) != 1)
		return fault_set(fault, FAULT_INTERNAL, "DATABASE_ERROR", "the database has no partition %d",
			ask->partition);
	enum fault_code code = step_read(head, NULL, &row, fault);
	if (code != FAULT_NONE || ask->position >= row.trimmed)
		return code;
	fault_set(fault, FAULT_OUT_OF_RANGE, "EVENTS_TRIMMED",
		"events up to position %lld of partition %d are not kept any more", (long long)row.trimmed,
		ask->partition);
	fault_add(fault, "trimmed", "%lld", (long long)row.trimmed);
	return fault->code;
}

enum fault_code store_events(struct store *store, int partition, int64_t after, int limit,
	struct model_event **events, size_t *count, struct fault *fault)
{
	struct ask ask = {
		.partition = partition, .position = after, .limit = limit, .bytes = STORE_EVENTS_BYTES_MAX};
	/* In this order: what was trimmed in between is noticed. */
	struct step steps[] = {{&statement_events, &ask, 1, NULL}, {&statement_head, &ask, 1, NULL}};
	struct arena *arena = arena_new();
	void *rows = NULL;
	size_t found = 0;
	enum fault_code code = store_run(store, steps, STEP_COUNT(steps), fault);
	if (code == FAULT_NONE)
		code = check_trimmed(&steps[1], &ask, fault);
	if (code == FAULT_NONE)
		code = store_rows(&steps[0], arena, &rows, &found, fault);
	if (code == FAULT_NONE)
		*count = make_events(rows, found, events);
	steps_done(steps, STEP_COUNT(steps));
	arena_free(arena);
	return code;
}

enum fault_code store_stretches(struct store *store, const struct store_stretch *stretches,
	size_t stretch_count, struct model_event **events, size_t *count, struct fault *fault)
{
	struct arena *arena = arena_new();
	struct stretch_row *asked = arena_array(arena, stretch_count, sizeof(*asked));
	for (size_t i = 0; i < stretch_count; i++)
		asked[i] =
			(struct stretch_row){stretches[i], STORE_EVENTS_BYTES_MAX / (int64_t)stretch_count};
	struct step step = {&statement_stretches, asked, stretch_count, NULL};
	void *rows = NULL;
	size_t found = 0;
	enum fault_code code = store_read_step(store, &step, arena, &rows, &found, fault);
	if (code == FAULT_NONE)
		*count = make_events(rows, found, events);
	arena_free(arena);
	return code;
}
