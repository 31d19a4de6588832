/*
 * PushDescriptors: new versions of one or several descriptors, all or none.
 *
 *   read -> (evaluate and commit) -> answer
 */
#include <stdarg.h>

#include "base/clock.h"
#include "model/message.h"
#include "service/check.h"
#include "service/methods.h"
#include "service/names.h"
#include "service/specs.h"
#include "service/unpack.h"
#include "service/write.h"
#include "tally/v1/descriptor_service.pb-c.h"

enum {
	DESCRIPTORS_MAX = 100,
	SOURCES_MAX = 10000,
	FIELD_SIZE = 64,
};

static const char path[] = "/tally.v1.DescriptorService/PushDescriptors";

struct push {
	struct write write;
	struct model_name parent;
	struct ledger_item *items; /* arena */
	size_t count;
};

static char *field_of(char *field, size_t index, const char *member)
{
	snprintf(field, FIELD_SIZE, "descriptors[%zu]%s", index, member);
	return field;
}

/* The name may be left out; it then is "default". */
static bool take_name(const struct push *push, size_t index, const Tally__V1__Descriptor *descriptor,
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
	if (push->parent.system[0] && strcmp(taken.system, push->parent.system) != 0)
		return check_refuse(fault, "PARENT_MISMATCH", field, "is of system %s, but parent is %s",
			taken.system, push->parent.system);
	if (taken.kind != kind)
		return check_refuse(fault, "KIND_MISMATCH", field, "is in %s, but a %s belongs in %s",
			model_kind_info(taken.kind)->collection, info->title, info->collection);
	*name = arena_text(push->write.change.arena, taken.descriptor);
	return true;
}

static void check_repeat(const struct push *push, size_t index, struct fault *fault)
{
	char field[FIELD_SIZE];
	const struct ledger_item *item = &push->items[index];
	for (size_t i = 0; i < index; i++) {
		const struct ledger_item *other = &push->items[i];
		if (!other->name || other->kind != item->kind || strcmp(other->name, item->name) != 0)
			continue;
		check_refuse(fault, "DESCRIPTOR_REPEATED", field_of(field, index, ""),
			"is the same descriptor as descriptors[%zu]: %s/%s", i,
			model_kind_info(item->kind)->collection, item->name);
		return;
	}
}

/* Leaves items[index].name NULL when the descriptor cannot be told. */
static void take_descriptor(
	struct push *push, size_t index, const Tally__V1__Descriptor *descriptor, struct fault *fault)
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
	if (!take_name(push, index, descriptor, kind, &name, fault))
		return;
	specs_check(push->write.change.arena, field_of(field, index, ""), descriptor, name, clock_wall_us(),
		fault);
	struct ledger_item *item = &push->items[index];
	item->kind = kind;
	item->name = name;
	item->etag = descriptor->etag;
	item->owner_team = descriptor->owner_team;
	check_repeat(push, index, fault);
}

static void take_descriptors(
	struct push *push, const Tally__V1__PushDescriptorsRequest *request, struct fault *fault)
{
	size_t count = request->n_descriptors;
	if (count == 0)
		check_refuse(fault, "DESCRIPTORS_MISSING", "descriptors", "at least one is required");
	if (count > DESCRIPTORS_MAX) {
		check_refuse(fault, "TOO_MANY_DESCRIPTORS", "descriptors",
			"has %zu descriptors, at most %d go together", count, (int)DESCRIPTORS_MAX);
		return;
	}
	push->items = arena_array(push->write.change.arena, count, sizeof(*push->items));
	push->count = count;
	for (size_t i = 0; i < count; i++)
		take_descriptor(push, i, request->descriptors[i], fault);
}

static void pack(struct push *push, const Tally__V1__PushDescriptorsRequest *request)
{
	for (size_t i = 0; i < push->count; i++) {
		struct ledger_item *item = &push->items[i];
		item->message = request->descriptors[i];
		item->body = model_descriptor_pack(
			push->write.change.arena, request->descriptors[i], &item->body_size, &item->digest);
	}
}

/* On the lane. */
static void *encode(const struct ledger_change *change, const struct ledger_outcome *outcome,
	struct arena *arena, size_t *size)
{
	Tally__V1__PushDescriptorsResponse answer = TALLY__V1__PUSH_DESCRIPTORS_RESPONSE__INIT;
	answer.revision = outcome->revision;
	answer.unchanged = outcome->unchanged;
	answer.descriptors = arena_array(arena, change->item_count, sizeof(*answer.descriptors));
	for (size_t i = 0; i < change->item_count; i++)
		answer.descriptors[answer.n_descriptors++] =
			model_descriptor_message_of(arena, change->system, outcome->versions[i], NULL);
	const struct write_answer *findings =
		write_answer_of(change, outcome, arena, protobuf_c_message_get_packed_size(&answer.base));
	answer.verdict = findings->verdict;
	answer.opened = findings->opened.items;
	answer.n_opened = findings->opened.count;
	answer.changed = findings->changed.items;
	answer.n_changed = findings->changed.count;
	answer.resolved = findings->resolved.items;
	answer.n_resolved = findings->resolved.count;
	answer.omitted_findings = findings->omitted;
	return model_message_pack(arena, &answer, size);
}

static enum rpc_next read(struct rpc_call *call)
{
	struct push *push = rpc_state(call);
	struct ledger_change *change = &write_start(call)->change;
	struct fault fault = {0};
	const Tally__V1__PushDescriptorsRequest *request =
		service_unpack(call, &tally__v1__push_descriptors_request__descriptor, &fault);
	if (!request)
		return rpc_fail(call, &fault);
	names_take(&fault, "parent", request->parent, NAME_SYSTEM, &push->parent);
	take_descriptors(push, request, &fault);
	check_size(&fault, "change_note", request->change_note, WRITE_NOTE_MAX);
	check_request_id(&fault, request->request_id);
	if (fault.code)
		return rpc_fail(call, &fault);
	pack(push, request);
	change->request_id = request->request_id;
	change->action = LEDGER_PUSH;
	change->system = push->parent.system;
	change->items = push->items;
	change->item_count = push->count;
	change->change_note = request->change_note;
	change->validate_only = request->validate_only != 0;
	change->encode = encode;
	return write_submit(call, path, request);
}

const struct rpc_method push_descriptors_methods[] = {
	{.path = path, .first = read, .state_size = sizeof(struct push)},
	{0},
};
