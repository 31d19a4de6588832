/* Puts what was measured of a table into drafts. Measures nothing. */
#include "import/dataset.h"

#include <string.h>

#include "import/columns.h"
#include "import/tree.h"
#include "profile/describe.h"
#include "profile/member.h"

enum model_kind dataset_kind(struct import *import, const char *name)
{
	const enum model_kind told = columns_kind(name);
	if (told != KIND_NONE)
		return told;
	import_warn(import, "the file",
		"the name does not tell what data this is; taken as training data (tally profile --kind says it)");
	return KIND_TRAINING_DATA;
}

static void put_messages(
	struct import *import, const struct draft_place *at, const char *list, const json_t *items);

/* One field; profiles go in whole, because nobody merges two of them number by number. */
static void put_field(struct import *import, const struct draft_place *at, const char *field,
	const json_t *value, const char *path)
{
	if (json_is_object(value))
		import_message(import, at, field, tree_of_json(import, value), path);
	else if (json_is_string(value))
		import_text(import, at, field, json_string_value(value), path);
	else if (json_is_boolean(value))
		import_flag(import, at, field, json_is_true(value), path);
	else if (json_is_integer(value))
		import_integer(import, at, field, json_integer_value(value), path);
	else if (json_is_real(value))
		import_number(import, at, field, json_real_value(value), path);
	else if (json_is_object(json_array_get(value, 0)))
		put_messages(import, at, field, value);
	else
		for (size_t i = 0; i < json_array_size(value); i++)
			import_add(import, at, field, json_string_value(json_array_get(value, i)), path);
}

static void put_fields(
	struct import *import, const struct draft_place *at, const json_t *message, const char *path)
{
	const char *field;
	json_t *value;
	json_object_foreach((json_t *)(uintptr_t)message, field, value)
		put_field(import, at, field, value, path);
}

static const char *text_in(const json_t *item, const char *name)
{
	const char *text = json_string_value(json_object_get(item, name));
	return text ? text : "";
}

/* Columns, statistics of columns, labels. */
static void put_messages(
	struct import *import, const struct draft_place *at, const char *list, const json_t *items)
{
	for (size_t i = 0; i < json_array_size(items); i++) {
		const json_t *item = json_array_get(items, i);
		const char *column = text_in(item, "field_name"), *field = text_in(item, "field");
		const char *path = *column || *field
					   ? import_print(import, "column %s", *column ? column : field)
					   : import_print(import, "label %s", text_in(item, "label"));
		const char *key =
			import_print(import, "%s%s%s", path, *field ? " " : "", text_in(item, "property"));
		put_fields(import, import_item(import, at, list, key, path), item, path);
	}
}

void dataset_put_test(struct import *import, const struct profile_data *data)
{
	const struct draft_place *model = import_descriptor(import, KIND_TRAINED_MODEL);
	const struct draft_place *set = import_part(import, model, "test_dataset");
	json_t *profile = codec_json(&data->dataset->base);
	import_text(import, set, "name", import->file->name, "the file");
	import_text(import, set, "file", import->file->path, "the file");
	import_message(import, set, "profile", tree_of_json(import, profile), "the file");
	json_decref(profile);
}

void dataset_put(struct import *import, enum model_kind kind, const struct profile_data *data)
{
	const struct describe_settings as_usual = {0};
	ProtobufCMessage *spec = member_new(import->arena, model_kind_info(kind)->spec);
	describe_fill(import->arena, spec, data, &as_usual);
	json_t *json = codec_json(spec);
	put_fields(import, columns_set(import, kind), json, "the file");
	json_decref(json);
}
