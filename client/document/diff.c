/* Two specs, field by field. Works on their JSON, in the order of the message's fields. */
#include "document/document.h"

#include "base/map.h"
#include "codec/codec.h"

struct comparing {
	struct arena *arena;
	struct document_difference *found;
	size_t count, capacity;
};

static void compare(struct comparing *comparing, const char *path, const ProtobufCMessageDescriptor *type,
	const json_t *before, const json_t *after);

static const char *text_of(struct comparing *comparing, const json_t *value)
{
	if (!value || json_is_string(value))
		return value ? arena_text(comparing->arena, json_string_value(value)) : NULL;
	struct buffer text = {0};
	codec_print_json(value, &text);
	const char *kept = arena_copy(comparing->arena, text.bytes, text.size - 1);
	buffer_done(&text);
	return kept;
}

static void note(struct comparing *comparing, const char *path, const char *before, const char *after)
{
	if (comparing->count == comparing->capacity) {
		comparing->capacity = comparing->capacity ? comparing->capacity * 2 : 16;
		struct document_difference *larger =
			arena_array(comparing->arena, comparing->capacity, sizeof(*larger));
		if (comparing->count)
			memcpy(larger, comparing->found, comparing->count * sizeof(*larger));
		comparing->found = larger;
	}
	comparing->found[comparing->count++] = (struct document_difference){path, before, after};
}

/* The fields that people tell items apart by; the first one that an item's type has counts. */
static const char *naming_field(const ProtobufCMessageDescriptor *type)
{
	static const char *const names[] = {"id", "item_name", "field_name", "component_name",
		"test_case_name", "parameter_name", "short_name", "label", "metric", "log", "feedback",
		"milestone", "location"};
	for (size_t i = 0; type && i < sizeof(names) / sizeof(names[0]); i++)
		if (protobuf_c_message_descriptor_get_field_by_name(type, names[i]))
			return names[i];
	return NULL;
}

/* Puts the items into a map by their names. @return false when one has no name or two have the same */
static bool by_name(const json_t *list, const char *naming, struct map *items)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *item = json_array_get(list, i);
		const char *name = json_string_value(json_object_get(item, naming));
		if (!name || map_put(items, name, item))
			return false;
	}
	return true;
}

/* The names that both sides have, in the order of one side. */
static const char *common_order(
	struct comparing *comparing, const json_t *list, const char *naming, const struct map *other)
{
	struct buffer order = {0};
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = json_string_value(json_object_get(json_array_get(list, i), naming));
		if (map_get(other, name))
			buffer_print(&order, "%s%s", order.size ? ", " : "", name);
	}
	const char *kept = arena_text(comparing->arena, buffer_string(&order));
	buffer_done(&order);
	return kept;
}

struct sides {
	const json_t *before, *after;
	struct map before_items, after_items;
};

static void compare_named(struct comparing *comparing, const char *path,
	const ProtobufCMessageDescriptor *type, const struct sides *sides)
{
	const char *naming = naming_field(type);
	for (int side = 0; side < 2; side++) {
		const json_t *list = side ? sides->after : sides->before;
		for (size_t i = 0; i < json_array_size(list); i++) {
			const json_t *item = json_array_get(list, i);
			const char *name = json_string_value(json_object_get(item, naming));
			const json_t *old = map_get(&sides->before_items, name);
			if (side && old)
				continue;
			compare(comparing, arena_print(comparing->arena, "%s[%s]", path, name), type, old,
				side ? item : map_get(&sides->after_items, name));
		}
	}
	const char *old_order = common_order(comparing, sides->before, naming, &sides->after_items);
	const char *new_order = common_order(comparing, sides->after, naming, &sides->before_items);
	if (strcmp(old_order, new_order) != 0)
		note(comparing, path, old_order, new_order);
}

static void compare_placed(struct comparing *comparing, const char *path,
	const ProtobufCMessageDescriptor *type, const struct sides *sides)
{
	const size_t before = json_array_size(sides->before), after = json_array_size(sides->after);
	for (size_t i = 0; i < before || i < after; i++)
		compare(comparing, arena_print(comparing->arena, "%s[%zu]", path, i), type,
			json_array_get(sides->before, i), json_array_get(sides->after, i));
}

static void compare_lists(struct comparing *comparing, const char *path,
	const ProtobufCMessageDescriptor *type, const json_t *before, const json_t *after)
{
	struct sides sides = {.before = before, .after = after};
	const char *naming = naming_field(type);
	if (naming && by_name(before, naming, &sides.before_items) &&
		by_name(after, naming, &sides.after_items))
		compare_named(comparing, path, type, &sides);
	else
		compare_placed(comparing, path, type, &sides);
	map_done(&sides.before_items);
	map_done(&sides.after_items);
}

static void compare_fields(struct comparing *comparing, const char *path,
	const ProtobufCMessageDescriptor *type, const json_t *before, const json_t *after)
{
	for (unsigned i = 0; i < type->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &type->fields[i];
		const char *inner =
			*path ? arena_print(comparing->arena, "%s.%s", path, field->name) : field->name;
		compare(comparing, inner, field->type == PROTOBUF_C_TYPE_MESSAGE ? field->descriptor : NULL,
			json_object_get(before, field->name), json_object_get(after, field->name));
	}
}

static bool is_leaf(const json_t *value)
{
	return !value || !(json_is_object(value) || json_is_array(value)) ||
	       (json_is_object(value) && json_object_size(value) == 0);
}

/* Either side may be NULL: not there. What is there on one side only is told leaf by leaf. */
static void compare(struct comparing *comparing, const char *path, const ProtobufCMessageDescriptor *type,
	const json_t *before, const json_t *after)
{
	if ((!before && !after) || (before && after && json_equal(before, after)))
		return;
	const json_t *any = before && !is_leaf(before) ? before : after;
	if (json_is_array(any))
		compare_lists(comparing, path, type, before, after);
	else if (type && json_object_size(any) > 0)
		compare_fields(comparing, path, type, before, after);
	else
		note(comparing, path, text_of(comparing, before), text_of(comparing, after));
}

struct document_difference *document_diff(
	struct arena *arena, const ProtobufCMessage *before, const ProtobufCMessage *after, size_t *count)
{
	struct comparing comparing = {.arena = arena};
	json_t *old_json = codec_json(before);
	json_t *new_json = codec_json(after);
	compare_fields(&comparing, "", before->descriptor, old_json, new_json);
	json_decref(old_json);
	json_decref(new_json);
	*count = comparing.count;
	return comparing.found ? comparing.found : arena_array(arena, 0, sizeof(*comparing.found));
}
