/* Reading systems: a list, which of some have changed, and the state of a partition. */
#include "store/finding_row.h"
#include "store/parts.h"
#include "store/system_row.h"
#include "store/version_row.h"

static const struct column list_parameters[] = {
	COLUMN_TEXT(struct ask, system, "after"),
	COLUMN_INT(struct ask, limit, "limit"),
};
static const struct column some_parameters[] = {
	COLUMN_INT(struct ask, partition, "partition"),
	COLUMN_TEXTS(struct ask, systems, system_count, "systems"),
	COLUMN_TEXT(struct ask, system, "after"),
	COLUMN_INT(struct ask, limit, "limit"),
};
static const struct column system_columns[] = {SYSTEM_COLUMNS(struct store_system, )};

/* A current version of some system. */
struct version_of {
	char system[MODEL_ID_SIZE];
	struct model_version version;
};
static const struct column some_version_columns[] = {
	COLUMN_ID(struct version_of, system, "system"),
	VERSION_COLUMNS(struct version_of, version),
};
static const struct column some_finding_columns[] = {
	COLUMN_ID(struct finding_state, system, "system"),
	FINDING_COLUMNS,
};

const struct statement statement_list_systems = {.file = "list_systems.sql",
	.parameters = COLUMNS(struct ask, list_parameters),
	.result = COLUMNS(struct store_system, system_columns)};
const struct statement statement_partition_systems = {.file = "partition_systems.sql",
	.parameters = COLUMNS(struct ask, some_parameters),
	.result = COLUMNS(struct store_system, system_columns)};
const struct statement statement_partition_versions = {.file = "partition_versions.sql",
	.parameters = COLUMNS(struct ask, some_parameters),
	.result = COLUMNS(struct version_of, some_version_columns)};
const struct statement statement_partition_findings = {.file = "partition_findings.sql",
	.parameters = COLUMNS(struct ask, some_parameters),
	.result = COLUMNS(struct finding_state, some_finding_columns)};

enum fault_code store_list_systems(struct store *store, struct arena *arena, const char *after, int limit,
	struct store_system **systems, size_t *count, struct fault *fault)
{
	struct ask ask = {.system = after, .limit = limit};
	void *rows = NULL;
	enum fault_code code = store_read(store, &statement_list_systems, &ask, arena, &rows, count, fault);
	if (code == FAULT_NONE)
		*systems = rows;
	return code;
}

/* ---- is it still so? ---- */

static const struct column belief_parameters[] = {
	COLUMN_INT(struct store_belief, partition, "partition"),
	COLUMN_ID(struct store_belief, system, "system"),
	COLUMN_LONG(struct store_belief, stamp.revision, "revision"),
	COLUMN_TIME(struct store_belief, stamp.updated_at_us, "updated_at"),
};
static const struct column stale_columns[] = {
	COLUMN_INT(struct store_belief, partition, "partition"),
	COLUMN_ID(struct store_belief, system, "system"),
};

const struct statement statement_stale_systems = {.file = "stale_systems.sql",
	.parameters = COLUMNS(struct store_belief, belief_parameters),
	.result = COLUMNS(struct store_belief, stale_columns),
	.arrays = true};

enum fault_code store_check_beliefs(
	struct store *store, struct store_belief *beliefs, size_t count, struct fault *fault)
{
	struct arena *arena = arena_new();
	struct step step = {&statement_stale_systems, beliefs, count, NULL};
	void *rows = NULL;
	size_t found = 0;
	enum fault_code code = store_read_step(store, &step, arena, &rows, &found, fault);
	const struct store_belief *stale = rows;
	for (size_t i = 0; code == FAULT_NONE && i < count; i++) {
		beliefs[i].stale = false;
		for (size_t j = 0; j < found; j++)
			beliefs[i].stale |= strcmp(beliefs[i].system, stale[j].system) == 0;
	}
	arena_free(arena);
	return code;
}

/* ---- the state of a partition ---- */

enum {
	STATE_BEGIN,
	STATE_SYSTEMS,
	STATE_HEAD,
	STATE_VERSIONS,
	STATE_FINDINGS,
	STATE_PAGE = 32, /* systems at a time; one has up to 1,000 descriptors */
};

static enum fault_code read_head(const struct step *step, int64_t *head, struct fault *fault)
{
	struct store_head row = {0};
	if (step_rows(step) != 1)
		return fault_set(
			fault, FAULT_INTERNAL, "DATABASE_ERROR", "the database has no such partition");
	enum fault_code code = step_read(step, NULL, &row, fault);
	*head = row.head;
	return code;
}

/* Both lists are ordered by system: takes those of this one off the front. */
static void take_versions(struct store_state *state, const struct version_of **rows,
	const struct version_of *end, struct arena *arena)
{
	const struct version_of *first = *rows;
	while (*rows < end && strcmp((*rows)->system, state->system.id) == 0)
		(*rows)++;
	state->version_count = (size_t)(*rows - first);
	state->versions = arena_array(arena, state->version_count, sizeof(*state->versions));
	for (size_t i = 0; i < state->version_count; i++)
		state->versions[i] = first[i].version;
}

static void take_findings(struct store_state *state, const struct finding_state **rows,
	const struct finding_state *end, struct arena *arena)
{
	const struct finding_state *first = *rows;
	while (*rows < end && strcmp((*rows)->system, state->system.id) == 0)
		(*rows)++;
	state->finding_count = (size_t)(*rows - first);
	state->findings = arena_array(arena, state->finding_count, sizeof(*state->findings));
	for (size_t i = 0; i < state->finding_count; i++)
		finding_of_state(&first[i], INT64_MAX, &state->findings[i]);
}

/* Rows of systems that are not in the list (deleted ones) are passed over. */
static void join(struct store_state *states, size_t count, const struct version_of *versions,
	size_t version_count, const struct finding_state *findings, size_t finding_count, struct arena *arena)
{
	const struct version_of *versions_end = versions + version_count;
	const struct finding_state *findings_end = findings + finding_count;
	for (size_t i = 0; i < count; i++) {
		while (versions < versions_end && strcmp(versions->system, states[i].system.id) < 0)
			versions++;
		while (findings < findings_end && strcmp(findings->system, states[i].system.id) < 0)
			findings++;
		take_versions(&states[i], &versions, versions_end, arena);
		take_findings(&states[i], &findings, findings_end, arena);
	}
}

static enum fault_code read_state(const struct step *steps, struct arena *arena, struct store_state **states,
	size_t *count, struct fault *fault)
{
	void *systems = NULL, *versions = NULL, *findings = NULL;
	size_t system_count = 0, version_count = 0, finding_count = 0;
	enum fault_code code = store_rows(&steps[STATE_SYSTEMS], arena, &systems, &system_count, fault);
	if (code == FAULT_NONE)
		code = store_rows(&steps[STATE_VERSIONS], arena, &versions, &version_count, fault);
	if (code == FAULT_NONE)
		code = store_rows(&steps[STATE_FINDINGS], arena, &findings, &finding_count, fault);
	if (code != FAULT_NONE)
		return code;
	struct store_state *made = arena_array(arena, system_count, sizeof(*made));
	for (size_t i = 0; i < system_count; i++)
		made[i].system = ((const struct store_system *)systems)[i];
	join(made, system_count, versions, version_count, findings, finding_count, arena);
	*states = made;
	*count = system_count;
	return FAULT_NONE;
}

/* How far the reading has come. */
struct state_place {
	char after[MODEL_ID_SIZE];
	size_t count; /* of the last page */
	int64_t head;
};

/* What happens to one page: its rows are read, joined, taken and freed. */
static enum fault_code take_page(const struct step *steps, const struct store_state_ask *ask,
	struct state_place *place, struct fault *fault)
{
	struct arena *arena = arena_new();
	struct store_state *states = NULL;
	enum fault_code code = read_state(steps, arena, &states, &place->count, fault);
	if (code == FAULT_NONE && place->count > 0) {
		snprintf(place->after, sizeof(place->after), "%s", states[place->count - 1].system.id);
		code = ask->take(ask->context, states, place->count, fault);
	}
	arena_free(arena);
	return code;
}

/* Reads the next page, in the transaction that the first one begins. */
static enum fault_code next_page(struct store *store, const struct store_state_ask *asked,
	struct state_place *place, struct fault *fault)
{
	struct ask ask = {.partition = asked->partition,
		.systems = asked->systems,
		.system_count = asked->system_count,
		.system = place->after,
		.limit = STATE_PAGE};
	struct step steps[] = {
		[STATE_BEGIN] = {&statement_begin_read, NULL, 0, NULL},
		[STATE_SYSTEMS] = {&statement_partition_systems, &ask, 1, NULL},
		[STATE_HEAD] = {&statement_head, &ask, 1, NULL},
		[STATE_VERSIONS] = {&statement_partition_versions, &ask, 1, NULL},
		[STATE_FINDINGS] = {&statement_partition_findings, &ask, 1, NULL},
	};
	size_t first = place->after[0] ? STATE_SYSTEMS : STATE_BEGIN;
	enum fault_code code =
		connection_run(store->connection, steps + first, STEP_COUNT(steps) - first, fault);
	if (code == FAULT_NONE)
		code = read_head(&steps[STATE_HEAD], &place->head, fault);
	if (code == FAULT_NONE)
		code = take_page(steps, asked, place, fault);
	steps_done(steps, STEP_COUNT(steps));
	return code;
}

static enum fault_code end_read(struct store *store, struct fault *fault)
{
	struct step step = {&statement_end_read, NULL, 0, NULL};
	enum fault_code code = connection_run(store->connection, &step, 1, fault);
	steps_done(&step, 1);
	return code;
}

enum fault_code store_state(
	struct store *store, const struct store_state_ask *ask, int64_t *head, struct fault *fault)
{
	struct state_place place = {.count = STATE_PAGE};
	enum fault_code code = connection_ready(store->connection, fault);
	while (code == FAULT_NONE && place.count == STATE_PAGE)
		code = next_page(store, ask, &place, fault);
	if (code == FAULT_NONE)
		code = end_read(store, fault);
	else
		connection_rollback(store->connection);
	if (code == FAULT_CONFLICT) /* what was taken cannot be taken back: the caller starts anew */
		code = fault_set(fault, FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE",
			"the database gave way to another writer");
	if (code == FAULT_NONE)
		*head = place.head;
	return code;
}
