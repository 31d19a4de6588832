/*
 * Where values go: judges what a format's function says and puts it into the
 * draft with its source. Contradictions are for draft_build.c.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "codec/shape.h"
#include "import/import_run.h"
#include "model/types.h"

enum {
	TEXT_SIZE_MAX = 64 * 1024, /* bytes of one value */
};

const struct draft_place *import_descriptor(struct import *import, enum model_kind kind)
{
	return draft_root(import->run->draft, kind, import->subject);
}

const struct draft_place *import_owner(struct import *import, enum model_kind kind)
{
	return import_descriptor(import, import->part != KIND_NONE ? import->part : kind);
}

const struct draft_place *import_descriptor_of(
	struct import *import, enum model_kind kind, const char *subject)
{
	return draft_root(import->run->draft, kind, subject);
}

const struct draft_place *import_part(struct import *import, const struct draft_place *at, const char *field)
{
	return draft_part(import->run->draft, at, field);
}

static void put(struct import *import, struct draft_fact fact, const char *path)
{
	fact.source = (struct draft_source){import->file->path, import_whole_path(import, path)};
	fact.strength = import->strength;
	if (draft_put(import->run->draft, &fact) || import->run->full)
		return;
	import->run->full = true;
	import_leave(import, path, "there are more than %d values; the rest is not taken", DRAFT_FACTS_MAX);
}

/* @return the text without white space at its ends; NULL when nothing is left or it cannot be a value */
static const char *judged_text(struct import *import, const char *text, const char *path)
{
	if (model_blank(text))
		return NULL;
	const size_t size = strlen(text);
	if (size > TEXT_SIZE_MAX) {
		import_leave(import, path, "a text of %zu bytes is too long; at most %d are taken", size,
			TEXT_SIZE_MAX);
		return NULL;
	}
	if (utf8_check(text, size) != size) {
		import_leave(import, path, "this is not UTF-8 text");
		return NULL;
	}
	return text;
}

const struct draft_place *import_item(struct import *import, const struct draft_place *at, const char *list,
	const char *key, const char *path)
{
	const struct draft_place *item = draft_item(import->run->draft, at, list, key);
	put(import, (struct draft_fact){.place = item}, path);
	return item;
}

const struct draft_place *import_named(struct import *import, const struct draft_place *at, const char *list,
	const char *name_field, const char *name, const char *path)
{
	const struct draft_place *item = import_item(import, at, list, name, path);
	import_text(import, item, name_field, name, path);
	return item;
}

void import_text(struct import *import, const struct draft_place *at, const char *field, const char *text,
	const char *path)
{
	text = judged_text(import, text, path);
	if (text)
		put(import, (struct draft_fact){.place = at, .field = field, .value = text}, path);
}

static const ProtobufCFieldDescriptor *field_of(const struct draft_place *at, const char *field)
{
	return protobuf_c_message_descriptor_get_field_by_name(at->type, field);
}

void import_quantity(struct import *import, const struct draft_place *at, const char *field, double value,
	const char *original, const char *path)
{
	const ProtobufCFieldDescriptor *about = field_of(at, field);
	char text[CODEC_NUMBER_SIZE];
	if (!isfinite(value)) {
		import_leave(import, path, "%s is not finite, so it is no value", field);
		return;
	}
	if (about && shape_range(about->type).bits) {
		if (floor(value) < value || fabs(value) > 9e15)
			import_leave(import, path, "%s must be a whole number; %s is none", field,
				codec_number_text(value, text));
		else
			import_integer(import, at, field, (int64_t)value, path);
		return;
	}
	put(import,
		(struct draft_fact){.place = at,
			.field = field,
			.value = codec_number_text(value, text),
			.original = original,
			.bare = true},
		path);
}

void import_number(struct import *import, const struct draft_place *at, const char *field, double value,
	const char *path)
{
	import_quantity(import, at, field, value, NULL, path);
}

/* @return false, and told, when the field has no room for the number */
static bool judged_integer(struct import *import, const struct draft_place *at, const char *field,
	int64_t value, const char *path)
{
	const ProtobufCFieldDescriptor *about = field_of(at, field);
	const struct shape_range range = about ? shape_range(about->type) : (struct shape_range){0};
	if (!range.bits || (value >= range.min && value <= range.max))
		return true;
	import_leave(import, path, "%s takes %" PRId64 " to %" PRId64 "; %" PRId64 " is beyond that", field,
		range.min, range.max, value);
	return false;
}

void import_integer(struct import *import, const struct draft_place *at, const char *field, int64_t value,
	const char *path)
{
	const char *text = import_print(import, "%" PRId64, value);
	if (judged_integer(import, at, field, value, path))
		put(import, (struct draft_fact){.place = at, .field = field, .value = text, .bare = true},
			path);
}

void import_message(struct import *import, const struct draft_place *at, const char *field,
	const struct codec_node *message, const char *path)
{
	put(import,
		(struct draft_fact){.place = at,
			.field = field,
			.value = import_print(import, "(%zu fields)", message->count),
			.message = message},
		path);
}

void import_flag(
	struct import *import, const struct draft_place *at, const char *field, bool value, const char *path)
{
	put(import,
		(struct draft_fact){
			.place = at, .field = field, .value = value ? "true" : "false", .bare = true},
		path);
}

void import_add(struct import *import, const struct draft_place *at, const char *list, const char *text,
	const char *path)
{
	text = judged_text(import, text, path);
	if (text)
		put(import, (struct draft_fact){.place = at, .field = list, .key = text, .value = text},
			path);
}

/* Values that may repeat are told apart by their place in the list, so that a second file's are held against
 * them. */
static const char *next_key(struct import *import, const struct draft_place *at, const char *list)
{
	size_t count, place = 0;
	const struct draft_fact *facts = draft_facts(import->run->draft, &count);
	while (count > 0 && facts[count - 1].place == at && facts[count - 1].field &&
		strcmp(facts[count - 1].field, list) == 0) {
		count--;
		place++;
	}
	return import_print(import, "%zu", place);
}

void import_add_integer(struct import *import, const struct draft_place *at, const char *list, int64_t value,
	const char *path)
{
	const char *text = import_print(import, "%" PRId64, value);
	if (judged_integer(import, at, list, value, path))
		put(import,
			(struct draft_fact){.place = at,
				.field = list,
				.key = next_key(import, at, list),
				.value = text,
				.bare = true},
			path);
}

void import_add_number(
	struct import *import, const struct draft_place *at, const char *list, double value, const char *path)
{
	char text[CODEC_NUMBER_SIZE];
	if (!isfinite(value))
		import_leave(import, path, "%s has a number that is not finite", list);
	else
		put(import,
			(struct draft_fact){.place = at,
				.field = list,
				.key = next_key(import, at, list),
				.value = codec_number_text(value, text),
				.bare = true},
			path);
}

void import_note(struct import *import, const char *path, const char *value)
{
	if (value && utf8_check(value, strlen(value)) == strlen(value))
		put(import, (struct draft_fact){.value = value}, path);
}

void import_note_quantity(struct import *import, const char *path, double value, const char *original)
{
	char text[CODEC_NUMBER_SIZE];
	if (isfinite(value))
		put(import,
			(struct draft_fact){
				.value = codec_number_text(value, text), .original = original, .bare = true},
			path);
}
