/* Puts columns, their bounds and what is known of all their values into the three kinds of data. */
#include "import/columns.h"

#include <string.h>
#include <strings.h>

#include "codec/number.h"
#include "import/tree.h"

enum {
	SAID_MAX = 20, /* values that are said in words */
};

/* The first one that is in a name counts. */
static const struct {
	const char *word;
	enum model_kind kind;
} words[] = {
	{"train", KIND_TRAINING_DATA},
	{"test", KIND_TRAINED_MODEL},
	{"eval", KIND_TRAINED_MODEL},
	{"holdout", KIND_TRAINED_MODEL},
	{"valid", KIND_TRAINED_MODEL},
	{"production", KIND_PRODUCTION_DATA},
	{"serving", KIND_PRODUCTION_DATA},
	{"inference", KIND_PRODUCTION_DATA},
	{"request", KIND_PRODUCTION_DATA},
	{"raw", KIND_RAW_DATA},
};

enum model_kind columns_kind(const char *name)
{
	for (size_t i = 0; name && i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasestr(name, words[i].word))
			return words[i].kind;
	return KIND_NONE;
}

const struct draft_place *columns_set(struct import *import, enum model_kind kind)
{
	const char *slash = strrchr(import->file->path, '/');
	const char *folder = slash && !import->prefix ? arena_copy(import->arena, import->file->path,
								(size_t)(slash - import->file->path))
						      : NULL;
	return import_descriptor_of(import, kind, import->subject ? import->subject : folder);
}

static bool has_field(const struct draft_place *at, const char *field)
{
	return protobuf_c_message_descriptor_get_field_by_name(at->type, field) != NULL;
}

void columns_say(struct import *import, const struct draft_place *at, const char *field, const char *text,
	const char *path)
{
	if (has_field(at, field))
		import_text(import, at, field, text, path);
	else
		import_note(import, path, text);
}

/* What words say may differ without a contradiction. */
static void summarise(struct import *import, const struct draft_place *column, const char *field,
	const char *text, const char *path)
{
	const enum draft_strength strength = import->strength;
	import->strength = DRAFT_SUMMARY;
	columns_say(import, column, field, text, path);
	import->strength = strength;
}

const struct draft_place *columns_put(
	struct import *import, const struct draft_place *set, const char *name, const char *path)
{
	/* The key that csv.c gives. */
	const struct draft_place *column =
		import_item(import, set, "schema", import_print(import, "column %s", name), path);
	import_text(import, column, "field_name", name, path);
	/* As profiles have it: production calls it the same, unless somebody says otherwise. */
	if (set->kind == KIND_TRAINING_DATA)
		summarise(import, column, "mapping_production_data", name, path);
	return column;
}

void columns_expect(
	struct import *import, const struct draft_place *column, const char *text, const char *path)
{
	summarise(import, column, "expected_values", text, path);
}

void columns_missing(struct import *import, const struct draft_place *column, double share, const char *path)
{
	summarise(import, column, "missing_values",
		share <= 0 ? "none" : import_print(import, "at most %.3g %% of rows", 100 * share), path);
}

void columns_statistic(struct import *import, const struct draft_place *set, const char *column,
	const char *property, double value, const char *path)
{
	if (!has_field(set, "statistics")) {
		import_note_quantity(import, path, value, NULL);
		return;
	}
	const struct draft_place *statistic = import_item(
		import, set, "statistics", import_print(import, "column %s %s", column, property), path);
	import_text(import, statistic, "property", property, path);
	import_text(import, statistic, "field", column, path);
	import_text(import, statistic, "value", import_print(import, "%.12g", value), path);
}

void columns_allow(struct import *import, const struct draft_place *column, const struct codec_node *values,
	const char *path)
{
	const char *said = "";
	for (size_t i = 0; i < tree_count(values); i++) {
		const char *here = import_print(import, "%s[%zu]", path, i),
			   *text = tree_text(values->items[i]);
		if (text)
			import_add(import, column, "allowed_values", text, here);
		else if (values->items[i]->type != CODEC_NULL)
			import_leave(import, here, "a text or a number is expected here");
		/* A few of them are enough for people. */
		if (text && i < SAID_MAX)
			said = import_print(import, "%s%s%s", said, *said ? ", " : "", text);
	}
	if (*said)
		columns_expect(import, column,
			tree_count(values) > SAID_MAX ? import_print(import, "%s, …", said) : said, path);
}

/* @return the bound as it is written; NULL when there is none */
static const char *put_bound(struct import *import, const struct draft_place *column, const char *field,
	const struct codec_node *value, const char *path)
{
	double number;
	const char *text = tree_text(value);
	if (!value)
		return NULL;
	if (!text || number_double(text, &number) != NUMBER_OK) {
		import_leave(import, path, "only a bound that is a number is taken");
		return NULL;
	}
	import_number(import, column, field, number, path);
	return text;
}

void columns_range(struct import *import, const struct draft_place *column, const struct codec_node *min,
	const struct codec_node *max, const char *const paths[2])
{
	const char *low = put_bound(import, column, "min_value", min, paths[0]);
	const char *high = put_bound(import, column, "max_value", max, paths[1]);
	if (low && high)
		columns_expect(import, column, import_print(import, "%s to %s", low, high), paths[0]);
	else if (low || high)
		columns_expect(import, column,
			import_print(import, "%s %s", low ? "at least" : "at most", low ? low : high),
			low ? paths[0] : paths[1]);
}
