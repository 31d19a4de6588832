/* Reading versions of descriptors. */
#include "model/difference.h"
#include "store/parts.h"
#include "store/version_row.h"

static const struct column one_parameters[] = {
	COLUMN_INT(struct ask, partition, "partition"),
	COLUMN_TEXT(struct ask, system, "system"),
	COLUMN_ENUM(struct ask, kind, "kind"),
	COLUMN_TEXT(struct ask, name, "name"),
	COLUMN_INT(struct ask, number, "version"),
};
static const struct column list_parameters[] = {
	COLUMN_INT(struct ask, partition, "partition"),
	COLUMN_TEXT(struct ask, system, "system"),
	COLUMN_ENUM(struct ask, kind, "kind"),
	COLUMN_TEXT(struct ask, name, "name"),
	COLUMN_INT(struct ask, number, "before"),
	COLUMN_INT(struct ask, limit, "limit"),
};
static const struct column at_parameters[] = {
	COLUMN_INT(struct ask, partition, "partition"),
	COLUMN_TEXT(struct ask, system, "system"),
	COLUMN_LONG(struct ask, revision, "revision"),
};
static const struct column whole_at_parameters[] = {
	COLUMN_INT(struct ask, partition, "partition"),
	COLUMN_TEXT(struct ask, system, "system"),
	COLUMN_LONG(struct ask, revision, "revision"),
	COLUMN_BITS(struct ask, kinds, "kinds"),
};
static const struct column between_parameters[] = {
	COLUMN_INT(struct ask, partition, "partition"),
	COLUMN_TEXT(struct ask, system, "system"),
	COLUMN_LONG(struct ask, first, "after"),
	COLUMN_LONG(struct ask, revision, "until"),
	COLUMN_BITS(struct ask, kinds, "kinds"),
	COLUMN_LONG(struct ask, bytes, "bytes"),
};
static const struct column whole_columns[] = {
	VERSION_COLUMNS(struct store_version, version),
	VERSION_DELETED(struct store_version),
	VERSION_BODY(struct store_version),
};
static const struct column bare_columns[] = {
	VERSION_COLUMNS(struct store_version, version),
	VERSION_DELETED(struct store_version),
};

const struct statement statement_version = {.file = "version.sql",
	.parameters = COLUMNS(struct ask, one_parameters),
	.result = COLUMNS(struct store_version, whole_columns)};
const struct statement statement_list_versions = {.file = "list_versions.sql",
	.parameters = COLUMNS(struct ask, list_parameters),
	.result = COLUMNS(struct store_version, bare_columns)};
const struct statement statement_versions_at = {.file = "versions_at.sql",
	.parameters = COLUMNS(struct ask, at_parameters),
	.result = COLUMNS(struct store_version, bare_columns)};

const struct statement statement_whole_versions_at = {.file = "whole_versions_at.sql",
	.parameters = COLUMNS(struct ask, whole_at_parameters),
	.result = COLUMNS(struct store_version, whole_columns)};
const struct statement statement_versions_between = {.file = "versions_between.sql",
	.parameters = COLUMNS(struct ask, between_parameters),
	.result = COLUMNS(struct store_version, whole_columns)};

static enum fault_code read_list(struct store *store, const struct statement *statement,
	const struct ask *ask, struct arena *arena, struct store_version **versions, size_t *count,
	struct fault *fault)
{
	void *rows = NULL;
	enum fault_code code = store_read(store, statement, ask, arena, &rows, count, fault);
	if (code == FAULT_NONE)
		*versions = rows;
	return code;
}

enum fault_code store_make_whole(
	struct arena *arena, struct store_version *versions, size_t count, struct fault *fault)
{
	for (size_t i = 0; i < count; i++) {
		struct store_version *row = &versions[i];
		if (!row->body || row->base == 0)
			continue;
		row->body = model_difference_apply(arena, row->base_body, row->base_body_size, row->body,
			row->body_size, &row->body_size);
		if (!row->body)
			return fault_set(fault, FAULT_INTERNAL, "DATABASE_ERROR",
				"version %d of %s %s is no difference to version %d, as it should be",
				row->version.version, model_kind_info(row->version.kind)->id,
				row->version.name, row->base);
	}
	return FAULT_NONE;
}

static enum fault_code read_whole(struct store *store, const struct statement *statement,
	const struct ask *ask, struct arena *arena, struct store_version **versions, size_t *count,
	struct fault *fault)
{
	enum fault_code code = read_list(store, statement, ask, arena, versions, count, fault);
	return code ? code : store_make_whole(arena, *versions, *count, fault);
}

enum fault_code store_version(struct store *store, struct arena *arena, int partition, const char *system,
	enum model_kind kind, const char *name, int32_t number, struct store_version *version,
	struct fault *fault)
{
	struct ask ask = {
		.partition = partition, .system = system, .kind = kind, .name = name, .number = number};
	struct store_version *rows = NULL;
	size_t found = 0;
	enum fault_code code = read_whole(store, &statement_version, &ask, arena, &rows, &found, fault);
	if (code != FAULT_NONE)
		return code;
	if (found == 0)
		return fault_set(fault, FAULT_NOT_FOUND, "VERSION_NOT_FOUND",
			"system %s has no %s %s version %d", system, model_kind_info(kind)->title, name,
			number);
	*version = rows[0];
	return FAULT_NONE;
}

enum fault_code store_list_versions(struct store *store, struct arena *arena, int partition,
	const char *system, enum model_kind kind, const char *name, int32_t before, int limit,
	struct store_version **versions, size_t *count, struct fault *fault)
{
	struct ask ask = {.partition = partition,
		.system = system,
		.kind = kind,
		.name = name,
		.number = before,
		.limit = limit};
	return read_list(store, &statement_list_versions, &ask, arena, versions, count, fault);
}

enum fault_code store_versions_at(struct store *store, struct arena *arena, int partition, const char *system,
	int64_t revision, struct store_version **versions, size_t *count, struct fault *fault)
{
	struct ask ask = {.partition = partition, .system = system, .revision = revision};
	return read_list(store, &statement_versions_at, &ask, arena, versions, count, fault);
}

enum fault_code store_whole_versions_at(struct store *store, struct arena *arena,
	const struct store_span *span, struct store_version **versions, size_t *count, struct fault *fault)
{
	struct ask ask = {.partition = span->partition,
		.system = span->system,
		.revision = span->first,
		.kinds = span->bodies};
	return read_whole(store, &statement_whole_versions_at, &ask, arena, versions, count, fault);
}

enum fault_code store_versions_between(struct store *store, struct arena *arena,
	const struct store_span *span, struct store_version **versions, size_t *count, struct fault *fault)
{
	struct ask ask = {.partition = span->partition,
		.system = span->system,
		.first = span->first,
		.revision = span->last,
		.kinds = span->bodies,
		.bytes = span->bytes};
	return read_whole(store, &statement_versions_between, &ask, arena, versions, count, fault);
}
