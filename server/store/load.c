/* Loading systems with all that is current, several in one round trip. */
#include "store/parts.h"
#include "store/system_row.h"
#include "store/version_row.h"

enum {
	TOGETHER = 16, /* systems in one round trip: each has up to 1,000 descriptors */
};

/* The steps of one system. */
enum {
	LOAD_SYSTEM,
	LOAD_VERSIONS,
	LOAD_FINDINGS,
	LOAD_STEPS
};

static const struct column system_parameters[] = {
	COLUMN_INT(struct ask, partition, "partition"),
	COLUMN_TEXT(struct ask, system, "system"),
};
static const struct column version_parameters[] = {
	COLUMN_INT(struct ask, partition, "partition"),
	COLUMN_TEXT(struct ask, system, "system"),
	COLUMN_LONG(struct ask, revision, "known"),
};
static const struct column system_columns[] = {SYSTEM_COLUMNS(struct store_system, )};
static const struct column version_columns[] = {
	VERSION_COLUMNS(struct store_version, version),
	VERSION_DELETED(struct store_version),
	VERSION_BODY(struct store_version),
};
static const struct column finding_columns[] = {
	COLUMN_ID(struct store_open_finding, id, "finding"),
	COLUMN_LONG(struct store_open_finding, since_revision, "since_revision"),
	COLUMN_LONG(struct store_open_finding, life.opened_revision, "opened_revision"),
	COLUMN_TIME(struct store_open_finding, life.opened_at_us, "opened_at"),
	COLUMN_TIME(struct store_open_finding, life.changed_at_us, "since_at"),
	COLUMN_DIGEST(struct store_open_finding, digest, "digest"),
};

const struct statement statement_system = {.file = "system.sql",
	.parameters = COLUMNS(struct ask, system_parameters),
	.result = COLUMNS(struct store_system, system_columns)};
const struct statement statement_current_versions = {.file = "current_versions.sql",
	.parameters = COLUMNS(struct ask, version_parameters),
	.result = COLUMNS(struct store_version, version_columns)};
const struct statement statement_open_findings = {.file = "open_findings.sql",
	.parameters = COLUMNS(struct ask, system_parameters),
	.result = COLUMNS(struct store_open_finding, finding_columns)};

/* ---- descriptors ---- */

/* Versions up to this revision are known; 0: none is. */
static int64_t last_revision(const struct model_system *known)
{
	int64_t last = 0;
	for (size_t i = 0; known && i < known->count; i++) {
		int64_t revision = model_descriptor_version(known->descriptors[i])->revision;
		last = revision > last ? revision : last;
	}
	return last;
}

/*
 * Finds the descriptor that is known as just this version. A database that was
 * put back may give its number to another one, but not its time.
 *
 * @return a reference, or NULL
 */
static struct model_descriptor *find_known(
	const struct model_system *known, const struct model_version *version)
{
	struct model_descriptor *found =
		known ? model_system_find(known, version->kind, version->name) : NULL;
	const struct model_version *has = found ? model_descriptor_version(found) : NULL;
	bool same = has && has->version == version->version && has->revision == version->revision &&
		    has->created_at_us == version->created_at_us;
	return same ? model_descriptor_ref(found) : NULL;
}

/* What the descriptor's next version may be the difference to. */
static struct model_base *base_of(const struct store_version *row)
{
	return row->base ? model_base_new(row->base, row->base_body, row->base_body_size)
			 : model_base_new(row->version.version, row->body, row->body_size);
}

static struct model_descriptor *read_descriptor(const struct store_version *row)
{
	struct model_descriptor *made = model_descriptor_new(&row->version, row->body, row->body_size);
	if (made)
		model_descriptor_take_base(made, base_of(row));
	return made;
}

static void forget_descriptors(struct store_snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->descriptor_count; i++)
		model_descriptor_unref(snapshot->descriptors[i]);
	snapshot->descriptor_count = 0;
}

/* Puts each current version where it belongs: a descriptor, or the last number of one that is deleted. */
static enum fault_code place_versions(struct store_load *load, struct arena *arena,
	struct store_snapshot *snapshot, const struct store_version *versions, size_t count)
{
	snapshot->descriptors = arena_array(arena, count, sizeof(*snapshot->descriptors));
	snapshot->deleted = arena_array(arena, count, sizeof(*snapshot->deleted));
	for (size_t i = 0; i < count; i++) {
		const struct store_version *row = &versions[i];
		if (row->deleted || snapshot->system.deleted) {
			snapshot->deleted[snapshot->deleted_count++] = row->version;
			continue;
		}
		struct model_descriptor *made =
			row->body ? read_descriptor(row) : find_known(load->known, &row->version);
		if (!made)
			return fault_set(&load->fault,
				row->body || !load->known ? FAULT_INTERNAL : FAULT_CONFLICT, "DATABASE_ERROR",
				"version %d of %s %s of system %s cannot be read", row->version.version,
				model_kind_info(row->version.kind)->id, row->version.name, load->system);
		snapshot->descriptors[snapshot->descriptor_count++] = made;
	}
	return FAULT_NONE;
}

/* @return FAULT_CONFLICT when the database has another history than what is known */
static enum fault_code read_versions(const struct step *step, struct arena *arena, struct store_load *load,
	struct store_snapshot *snapshot)
{
	void *rows = NULL;
	size_t count = 0;
	enum fault_code code = store_rows(step, arena, &rows, &count, &load->fault);
	if (code == FAULT_NONE)
		code = store_make_whole(arena, rows, count, &load->fault);
	return code ? code : place_versions(load, arena, snapshot, rows, count);
}

/* ---- systems ---- */

static enum fault_code read_findings(const struct step *step, struct arena *arena, struct store_load *load,
	struct store_snapshot *snapshot)
{
	void *rows = NULL;
	enum fault_code code = store_rows(step, arena, &rows, &snapshot->finding_count, &load->fault);
	if (code != FAULT_NONE)
		return code;
	snapshot->findings = rows;
	for (size_t i = 0; i < snapshot->finding_count; i++)
		snapshot->findings[i].life.changed_revision = snapshot->findings[i].since_revision;
	return FAULT_NONE;
}

static void read_system(const struct step *steps, struct arena *arena, struct store_load *load)
{
	struct store_snapshot made = {0};
	enum fault_code code = FAULT_NONE;
	if (step_rows(&steps[LOAD_SYSTEM]) == 0)
		code = fault_set(&load->fault, FAULT_NOT_FOUND, "SYSTEM_NOT_FOUND", "there is no system %s",
			load->system);
	if (code == FAULT_NONE)
		code = step_read(&steps[LOAD_SYSTEM], arena, &made.system, &load->fault);
	if (code == FAULT_NONE)
		code = read_versions(&steps[LOAD_VERSIONS], arena, load, &made);
	if (code == FAULT_NONE)
		code = read_findings(&steps[LOAD_FINDINGS], arena, load, &made);
	if (code == FAULT_NONE)
		load->snapshot = made;
	else
		forget_descriptors(&made);
}

/* Up to TOGETHER systems, in one transaction. */
static void load_together(struct store *store, struct arena *arena, struct store_load *loads, size_t count)
{
	struct ask asks[TOGETHER];
	struct step steps[2 + TOGETHER * LOAD_STEPS] = {{&statement_begin_read, NULL, 0, NULL}};
	size_t used = 1 + count * LOAD_STEPS + 1;
	for (size_t i = 0; i < count; i++) {
		struct step *own = &steps[1 + i * LOAD_STEPS];
		asks[i] = (struct ask){.partition = loads[i].partition,
			.system = loads[i].system,
			.revision = last_revision(loads[i].known)};
		own[LOAD_SYSTEM] = (struct step){&statement_system, &asks[i], 1, NULL};
		own[LOAD_VERSIONS] = (struct step){&statement_current_versions, &asks[i], 1, NULL};
		own[LOAD_FINDINGS] = (struct step){&statement_open_findings, &asks[i], 1, NULL};
	}
	steps[used - 1] = (struct step){&statement_end_read, NULL, 0, NULL};
	struct fault fault = {0};
	enum fault_code code = store_run(store, steps, used, &fault);
	for (size_t i = 0; i < count; i++) {
		loads[i].fault = fault;
		if (code == FAULT_NONE)
			read_system(&steps[1 + i * LOAD_STEPS], arena, &loads[i]);
	}
	steps_done(steps, used);
}

void store_load(struct store *store, struct arena *arena, struct store_load *loads, size_t count)
{
	for (size_t first = 0; first < count; first += TOGETHER)
		load_together(
			store, arena, loads + first, count - first < TOGETHER ? count - first : TOGETHER);
	for (size_t i = 0; i < count; i++) {
		if (loads[i].fault.code != FAULT_CONFLICT)
			continue;
		loads[i].known = NULL;
		load_together(store, arena, &loads[i], 1);
	}
}
