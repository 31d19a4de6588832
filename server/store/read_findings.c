/* Reading findings: at a revision, or one. */
#include "store/finding_row.h"
#include "store/parts.h"

static const struct column at_parameters[] = {
	COLUMN_INT(struct ask, partition, "partition"),
	COLUMN_TEXT(struct ask, system, "system"),
	COLUMN_LONG(struct ask, revision, "revision"),
};
static const struct column between_parameters[] = {
	COLUMN_INT(struct ask, partition, "partition"),
	COLUMN_TEXT(struct ask, system, "system"),
	COLUMN_LONG(struct ask, first, "first"),
	COLUMN_LONG(struct ask, revision, "last"),
};
static const struct column one_parameters[] = {
	COLUMN_INT(struct ask, partition, "partition"),
	COLUMN_TEXT(struct ask, system, "system"),
	COLUMN_TEXT(struct ask, finding, "finding"),
};
static const struct column state_columns[] = {FINDING_COLUMNS};

const struct statement statement_open_findings_at = {.file = "open_findings_at.sql",
	.parameters = COLUMNS(struct ask, at_parameters),
	.result = COLUMNS(struct finding_state, state_columns)};
const struct statement statement_findings_at = {.file = "findings_at.sql",
	.parameters = COLUMNS(struct ask, at_parameters),
	.result = COLUMNS(struct finding_state, state_columns)};
const struct statement statement_finding = {.file = "finding.sql",
	.parameters = COLUMNS(struct ask, one_parameters),
	.result = COLUMNS(struct finding_state, state_columns)};

const struct statement statement_findings_between = {.file = "findings_between.sql",
	.parameters = COLUMNS(struct ask, between_parameters),
	.result = COLUMNS(struct finding_state, state_columns)};

/* What came after the revision was not known then. */
void finding_of_state(const struct finding_state *state, int64_t revision, struct store_finding *finding)
{
	bool ended = state->until_revision && state->until_revision <= revision;
	*finding = (struct store_finding){
		.resolved = ended && state->resolved,
		.life =
			{
				.opened_revision = state->opened_revision,
				.changed_revision = state->since_revision,
				.opened_at_us = state->opened_at_us,
				.changed_at_us = state->since_at_us,
			},
		.body = state->body,
		.body_size = state->body_size,
	};
	memcpy(finding->id, state->id, sizeof(finding->id));
	if (finding->resolved) {
		finding->life.resolved_revision = state->until_revision;
		finding->life.resolved_at_us = state->until_at_us;
	}
}

enum fault_code store_findings_at(struct store *store, struct arena *arena, int partition, const char *system,
	int64_t revision, bool resolved, struct store_finding **list, size_t *count, struct fault *fault)
{
	struct ask ask = {.partition = partition, .system = system, .revision = revision};
	const struct statement *statement = resolved ? &statement_findings_at : &statement_open_findings_at;
	void *rows = NULL;
	size_t found = 0;
	enum fault_code code = store_read(store, statement, &ask, arena, &rows, &found, fault);
	if (code != FAULT_NONE)
		return code;
	const struct finding_state *states = rows;
	struct store_finding *made = arena_array(arena, found, sizeof(*made));
	for (size_t i = 0; i < found; i++)
		finding_of_state(&states[i], revision, &made[i]);
	*list = made;
	*count = found;
	return FAULT_NONE;
}

enum fault_code store_finding(struct store *store, struct arena *arena, int partition, const char *system,
	const char *finding, struct store_finding *out, struct fault *fault)
{
	struct ask ask = {.partition = partition, .system = system, .finding = finding};
	void *rows = NULL;
	size_t found = 0;
	enum fault_code code = store_read(store, &statement_finding, &ask, arena, &rows, &found, fault);
	if (code != FAULT_NONE)
		return code;
	if (found == 0)
		return fault_set(fault, FAULT_NOT_FOUND, "FINDING_NOT_FOUND", "system %s has no finding %s",
			system, finding);
	finding_of_state(rows, INT64_MAX, out);
	return FAULT_NONE;
}

enum fault_code store_findings_between(struct store *store, struct arena *arena,
	const struct store_span *span, struct store_held **list, size_t *count, struct fault *fault)
{
	struct ask ask = {.partition = span->partition,
		.system = span->system,
		.first = span->first,
		.revision = span->last};
	void *rows = NULL;
	size_t found = 0;
	enum fault_code code =
		store_read(store, &statement_findings_between, &ask, arena, &rows, &found, fault);
	if (code != FAULT_NONE)
		return code;
	const struct finding_state *states = rows;
	struct store_held *made = arena_array(arena, found, sizeof(*made));
	for (size_t i = 0; i < found; i++) {
		finding_of_state(&states[i], INT64_MAX, &made[i].finding);
		made[i].since_revision = states[i].since_revision;
		made[i].until_revision = states[i].until_revision ? states[i].until_revision : INT64_MAX;
	}
	*list = made;
	*count = found;
	return FAULT_NONE;
}
