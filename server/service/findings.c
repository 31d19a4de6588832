/* From finding rows to messages. What is open now comes from a view and needs none of this. */
#include "service/findings.h"

#include <stdlib.h>

#include "service/descriptors.h"

bool findings_of_row(struct arena *arena, const struct store_finding *row, struct findings_item *item)
{
	struct model_finding *finding = arena_alloc(arena, sizeof(*finding));
	if (!model_finding_unpack(arena, row->body, row->body_size, finding))
		return false;
	memcpy(finding->id, row->id, sizeof(finding->id));
	*item = (struct findings_item){finding, row->life};
	if (!row->resolved)
		item->life.resolved_revision = item->life.resolved_at_us = 0;
	return true;
}

static int by_rank(const void *a, const void *b)
{
	const struct findings_item *left = a;
	const struct findings_item *right = b;
	return model_finding_compare(left->finding, right->finding);
}

enum fault_code findings_at(struct reading *reading, struct store *store, int64_t revision, bool resolved,
	struct findings_item **items, size_t *count, struct fault *fault)
{
	struct store_finding *rows = NULL;
	size_t rows_count = 0;
	enum fault_code code = store_findings_at(store, reading->arena, reading_partition(reading),
		reading->system, revision, resolved, &rows, &rows_count, fault);
	if (code)
		return code;
	struct findings_item *made = arena_array(reading->arena, rows_count, sizeof(*made));
	for (size_t i = 0; i < rows_count; i++)
		if (!findings_of_row(reading->arena, &rows[i], &made[i]))
			return fault_set(fault, FAULT_INTERNAL, "BODY_NOT_READABLE",
				"a stored finding cannot be read");
	if (rows_count > 0)
		qsort(made, rows_count, sizeof(*made), by_rank);
	*items = made;
	*count = rows_count;
	return FAULT_NONE;
}

static enum fault_code versions_at(
	struct findings_versions *versions, int64_t revision, struct model_versions *out, struct fault *fault)
{
	for (size_t i = 0; i < versions->count; i++) {
		if (versions->known[i].revision == revision) {
			*out = versions->known[i].versions;
			return FAULT_NONE;
		}
	}
	struct reading *reading = versions->reading;
	struct store_version *rows = NULL;
	size_t count = 0;
	enum fault_code code = store_versions_at(versions->store, reading->arena, reading_partition(reading),
		reading->system, revision, &rows, &count, fault);
	if (code)
		return code;
	if (versions->count == versions->capacity) {
		size_t capacity = versions->capacity ? versions->capacity * 2 : 16;
		struct findings_versions_of *grown =
			arena_array(reading->arena, capacity, sizeof(*versions->known));
		if (versions->count > 0)
			memcpy(grown, versions->known, versions->count * sizeof(*grown));
		versions->known = grown;
		versions->capacity = capacity;
	}
	*out = descriptors_versions(reading->arena, rows, count);
	versions->known[versions->count++] = (struct findings_versions_of){revision, *out};
	return FAULT_NONE;
}

enum fault_code findings_message(struct findings_versions *versions, const struct findings_item *item,
	int64_t revision, Tally__V1__Finding **message, struct fault *fault)
{
	struct model_versions current;
	int64_t resolved = item->life.resolved_revision;
	enum fault_code code = versions_at(versions, resolved ? resolved - 1 : revision, &current, fault);
	if (code)
		return code;
	*message = model_finding_message(
		versions->reading->arena, versions->reading->system, item->finding, &item->life, &current);
	return FAULT_NONE;
}

static const struct model_version *version_in(
	const struct model_versions *versions, const Tally__V1__DescriptorRef *place)
{
	for (size_t i = 0; i < versions->count; i++)
		if ((int)versions->items[i]->kind == (int)place->kind &&
			strcmp(versions->items[i]->name, place->name) == 0)
			return versions->items[i];
	return NULL;
}

static bool is_named(const Tally__V1__Finding *message, const struct model_version *version)
{
	for (size_t i = 0; i < message->n_last_passed; i++)
		if ((int)message->last_passed[i]->kind == (int)version->kind &&
			strcmp(message->last_passed[i]->name, version->name) == 0)
			return true;
	return false;
}

void findings_set_last_passed(
	struct arena *arena, Tally__V1__Finding *message, const struct model_versions *earlier)
{
	bool same = true;
	message->n_last_passed = 0;
	message->last_passed = arena_array(arena, message->n_descriptors, sizeof(*message->last_passed));
	for (size_t i = 0; i < message->n_descriptors; i++) {
		const struct model_version *version = version_in(earlier, message->descriptors[i]);
		if (!version) {
			message->n_last_passed = 0;
			return;
		}
		same = same && version->version == message->descriptors[i]->version;
		if (is_named(message, version))
			continue;
		Tally__V1__DescriptorRef *passed = arena_alloc(arena, sizeof(*passed));
		tally__v1__descriptor_ref__init(passed);
		passed->kind = (Tally__V1__Kind)version->kind;
		passed->name = arena_text(arena, version->name);
		passed->version = version->version;
		message->last_passed[message->n_last_passed++] = passed;
	}
	if (same)
		message->n_last_passed = 0;
}
