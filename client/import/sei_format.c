/* The SEI's documents as a format like any other, so that `import auto` puts them together with what files
 * say. */
#include <string.h>

#include "base/map.h"
#include "codec/shape.h"
#include "import/formats.h"
#include "import/sei.h"
#include "import/tree.h"

bool sei_looks(const char *head, size_t size)
{
	return memmem(head, size, "\"version\"", 9) != NULL;
}

static void put_message(
	struct import *import, const struct draft_place *at, const json_t *json, const char *path);

/* What people tell items apart by; the same as where documents are compared. */
static const char *name_of(const json_t *item)
{
	static const char *const names[] = {"id", "item_name", "field_name", "component_name",
		"test_case_name", "parameter_name", "short_name", "label", "metric", "log", "feedback",
		"milestone", "location"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *name = json_string_value(json_object_get(item, names[i]));
		if (name)
			return name;
	}
	return NULL;
}

/* Has every item a name of its own? Else their places tell them apart. */
static bool are_named(const json_t *list)
{
	struct map seen = {0};
	bool well = true;
	for (size_t i = 0; i < json_array_size(list) && well; i++) {
		const char *name = name_of(json_array_get(list, i));
		well = name && !map_put(&seen, name, (void *)(uintptr_t)list);
	}
	map_done(&seen);
	return well;
}

static void put_value(struct import *import, const struct draft_place *at, const char *field,
	const json_t *value, const char *path)
{
	if (json_is_string(value))
		import_text(import, at, field, json_string_value(value), path);
	else if (json_is_boolean(value))
		import_flag(import, at, field, json_is_true(value), path);
	else if (json_is_integer(value))
		import_integer(import, at, field, json_integer_value(value), path);
	else
		import_number(import, at, field, json_number_value(value), path);
}

static void put_list(struct import *import, const struct draft_place *at, const char *field,
	const json_t *list, const char *path)
{
	const bool named = are_named(list);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		const char *place = import_print(import, "[%zu]", i),
			   *here = import_print(import, "%s%s", path, place);
		if (json_is_object(item))
			put_message(import,
				import_item(import, at, field, named ? name_of(item) : place, here), item,
				here);
		else if (json_is_string(item))
			import_add(import, at, field, json_string_value(item), here);
		else if (json_is_integer(item))
			import_add_integer(import, at, field, json_integer_value(item), here);
		else
			import_add_number(import, at, field, json_number_value(item), here);
	}
}

static void put_message(
	struct import *import, const struct draft_place *at, const json_t *json, const char *path)
{
	const char *field;
	json_t *value;
	json_object_foreach((json_t *)(uintptr_t)json, field, value)
	{
		const char *here = import_print(import, "%s%s%s", path, *path ? "." : "", field);
		if (json_is_array(value))
			put_list(import, at, field, value, here);
		else if (json_is_object(value))
			put_message(import, import_part(import, at, field), value, here);
		else
			put_value(import, at, field, value, here);
	}
}

bool sei_read(struct import *import)
{
	struct document document = {0};
	if (import_sei(import->arena, import->file->path, import->file->bytes ? import->file->bytes : "",
		    import->file->size, KIND_NONE, &document, import->fault) != FAULT_NONE)
		return false;
	json_t *json = document_json("", document.name, document.descriptor);
	put_message(import, import_descriptor(import, document.kind), json_object_get(json, "spec"), "");
	json_decref(json);
	for (size_t i = 0; i < document.ignored_count; i++)
		import_leave(import, document.ignored[i], "there is no place for it");
	return true;
}
