/* Checking descriptors that a request brings: names, sizes, specs. Whether they fit the system is not known
 * here. */
#include "service/items.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "service/check.h"
#include "service/names.h"
#include "service/specs.h"
#include "service/write.h"

enum {
	DESCRIPTORS_MAX = 100,
	SOURCES_MAX = 10000,
	FIELD_SIZE = 64,
};

/* Items being made. */
struct taking {
	struct arena *arena;
	const char *system;
	struct items *items;
};

static char *field_of(char *field, size_t index, const char *member)
{
	snprintf(field, FIELD_SIZE, "descriptors[%zu]%s", index, member);
	return field;
}

/* The name may be left out; it then is "default". */
static bool take_name(const struct taking *taking, size_t index, const Tally__V1__Descriptor *descriptor,
	enum model_kind kind, const char **name, struct fault *fault)
{
	char field[FIELD_SIZE];
	struct model_name taken;
	const struct model_kind_info *info = model_kind_info(kind);
	*name = "default";
	if (!descriptor->name[0])
		return true;
	field_of(field, index, ".name");
	if (!names_take(fault, field, descriptor->name, NAME_DESCRIPTOR, &taken))
		return false;
	if (taking->system[0] && strcmp(taken.system, taking->system) != 0)
		return check_refuse(fault, "PARENT_MISMATCH", field, "is of system %s, but parent is %s",
			taken.system, taking->system);
	if (taken.kind != kind)
		return check_refuse(fault, "KIND_MISMATCH", field, "is in %s, but a %s belongs in %s",
			model_kind_info(taken.kind)->collection, info->title, info->collection);
	*name = arena_text(taking->arena, taken.descriptor);
	return true;
}

static void check_repeat(const struct taking *taking, size_t index, struct fault *fault)
{
	char field[FIELD_SIZE];
	const struct ledger_item *item = &taking->items->list[index];
	for (size_t i = 0; i < index; i++) {
		const struct ledger_item *other = &taking->items->list[i];
		if (!other->name || other->kind != item->kind || strcmp(other->name, item->name) != 0)
			continue;
		check_refuse(fault, "DESCRIPTOR_REPEATED", field_of(field, index, ""),
			"is the same descriptor as descriptors[%zu]: %s/%s", i,
			model_kind_info(item->kind)->collection, item->name);
		return;
	}
}

/* Leaves items[index].name NULL when the descriptor cannot be told. */
static void take_descriptor(const struct taking *taking, size_t index,
	const Tally__V1__Descriptor *descriptor, struct fault *fault)
{
	char field[FIELD_SIZE];
	enum model_kind kind = model_message_kind(descriptor);
	if (kind == KIND_NONE) {
		check_refuse(fault, "SPEC_MISSING", field_of(field, index, ".spec"),
			"a spec is required, for example trained_model");
		return;
	}
	const char *name = NULL;
	check_size(fault, field_of(field, index, ".owner_team"), descriptor->owner_team, WRITE_TEAM_MAX);
	if (descriptor->n_sources > SOURCES_MAX)
		check_refuse(fault, "TOO_MANY_SOURCES", field_of(field, index, ".sources"),
			"has %zu sources, at most %d are kept", descriptor->n_sources, (int)SOURCES_MAX);
	if (!take_name(taking, index, descriptor, kind, &name, fault))
		return;
	specs_check(taking->arena, field_of(field, index, ""), descriptor, name, clock_wall_us(), fault);
	struct ledger_item *item = &taking->items->list[index];
	item->kind = kind;
	item->name = name;
	item->etag = descriptor->etag;
	item->owner_team = descriptor->owner_team;
	check_repeat(taking, index, fault);
}

static void pack(const struct taking *taking, Tally__V1__Descriptor *const *descriptors)
{
	for (size_t i = 0; i < taking->items->count; i++) {
		struct ledger_item *item = &taking->items->list[i];
		item->message = descriptors[i];
		item->body =
			model_descriptor_pack(taking->arena, descriptors[i], &item->body_size, &item->digest);
	}
}

void items_take(struct arena *arena, const char *system, Tally__V1__Descriptor *const *descriptors,
	size_t count, struct items *items, struct fault *fault)
{
	const struct taking taking = {arena, system, items};
	*items = (struct items){0};
	if (count > DESCRIPTORS_MAX) {
		check_refuse(fault, "TOO_MANY_DESCRIPTORS", "descriptors",
			"has %zu descriptors, at most %d go together", count, (int)DESCRIPTORS_MAX);
		return;
	}
	items->list = arena_array(arena, count, sizeof(*items->list));
	items->count = count;
	for (size_t i = 0; i < count; i++)
		take_descriptor(&taking, i, descriptors[i], fault);
	if (!fault->code)
		pack(&taking, descriptors);
}
