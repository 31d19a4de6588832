/* Applying the versions that were written to the descriptors that there were. What is asked of them is the
 * callers'. */
#include "service/past.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "model/message.h"

enum {
	ROWS_BYTES = 4 << 20, /* of bodies that are read at a time, and one revision's more */
	ROWS_REVISIONS = 256,
};

/* ---- one version ---- */

/* Stands for a spec that nobody looks at. */
static struct model_descriptor *without_spec(const struct model_version *version)
{
	struct arena *arena = arena_new();
	Tally__V1__Descriptor message = TALLY__V1__DESCRIPTOR__INIT;
	const struct model_kind_info *info = model_kind_info(version->kind);
	ProtobufCMessage *spec = arena_alloc(arena, info->spec->sizeof_message);
	protobuf_c_message_init(info->spec, spec);
	/* All specs lie in one union, which a field's offset finds whatever its type. */
	const ProtobufCFieldDescriptor *field =
		protobuf_c_message_descriptor_get_field_by_name(message.base.descriptor, info->id);
	assert(field);
	*(int *)(void *)((char *)&message + field->quantifier_offset) = (int)field->id;
	*(ProtobufCMessage **)(void *)((char *)&message + field->offset) = spec;
	struct model_descriptor *made = model_descriptor_of(version, &message);
	arena_free(arena);
	return made;
}

/* @param[out] made  owned; NULL when it was deleted */
static enum fault_code make(const struct past *past, const struct store_version *row,
	struct model_descriptor **made, struct fault *fault)
{
	*made = NULL;
	if (row->deleted)
		return FAULT_NONE;
	*made = past->span.bodies & KIND_BIT(row->version.kind)
			? model_descriptor_new(&row->version, row->body, row->body_size)
			: without_spec(&row->version);
	if (*made)
		return FAULT_NONE;
	return fault_set(fault, FAULT_INTERNAL, "BODY_NOT_READABLE", "a stored version cannot be read");
}

static int compare(const struct model_descriptor *descriptor, const struct model_version *version)
{
	return model_version_compare(model_descriptor_version(descriptor), version);
}

static void insert(struct past *past, size_t at, struct model_descriptor *taken)
{
	if (past->state.count == past->capacity) {
		past->capacity = 2 * past->capacity + 16;
		past->descriptors =
			realloc(past->descriptors, past->capacity * sizeof(struct model_descriptor *));
		if (!past->descriptors)
			abort();
	}
	memmove(&past->descriptors[at + 1], &past->descriptors[at],
		(past->state.count - at) * sizeof(struct model_descriptor *));
	past->descriptors[at] = taken;
	past->state.count++;
	past->state.descriptors = past->descriptors;
}

/* Replaces, adds or takes away. @param taken NULL: the descriptor was deleted */
static void put(struct past *past, const struct model_version *version, struct model_descriptor *taken)
{
	size_t at = 0;
	while (at < past->state.count && compare(past->descriptors[at], version) < 0)
		at++;
	bool there = at < past->state.count && compare(past->descriptors[at], version) == 0;
	if (there)
		model_descriptor_unref(past->descriptors[at]);
	if (there && taken) {
		past->descriptors[at] = taken;
	} else if (there) {
		past->state.count--;
		memmove(&past->descriptors[at], &past->descriptors[at + 1],
			(past->state.count - at) * sizeof(struct model_descriptor *));
	} else if (taken) {
		insert(past, at, taken);
	}
}

static enum fault_code apply(struct past *past, const struct store_version *row, struct fault *fault)
{
	struct model_descriptor *made;
	enum fault_code code = make(past, row, &made, fault);
	if (!code)
		put(past, &row->version, made);
	return code;
}

/* ---- the walk ---- */

enum fault_code past_start(struct past *past, struct store *store, struct fault *fault)
{
	struct arena *arena = arena_new();
	struct store_version *rows = NULL;
	size_t count = 0;
	enum fault_code code = FAULT_NONE;
	past->state.id = past->span.system;
	past->revision = past->read_until = past->span.first;
	if (past->span.first > 0)
		code = store_whole_versions_at(store, arena, &past->span, &rows, &count, fault);
	for (size_t i = 0; !code && i < count; i++)
		code = apply(past, &rows[i], fault);
	arena_free(arena);
	return code;
}

/* Reads what follows `read_until`: as many whole revisions as there is room for. */
static enum fault_code read_on(struct past *past, struct store *store, struct fault *fault)
{
	struct store_span span = past->span;
	span.first = past->read_until;
	span.bytes = ROWS_BYTES;
	if (span.last > span.first + ROWS_REVISIONS)
		span.last = span.first + ROWS_REVISIONS;
	arena_free(past->arena);
	past->arena = arena_new();
	past->row_count = past->row_at = 0;
	enum fault_code code =
		store_versions_between(store, past->arena, &span, &past->rows, &past->row_count, fault);
	if (code)
		return code;
	size_t bytes = 0;
	for (size_t i = 0; i < past->row_count; i++)
		bytes += past->rows[i].body_size;
	past->read_until = bytes < ROWS_BYTES ? span.last : past->rows[past->row_count - 1].version.revision;
	return FAULT_NONE;
}

enum fault_code past_step(struct past *past, struct store *store, struct fault *fault)
{
	assert(past->revision < past->span.last);
	enum fault_code code = FAULT_NONE;
	if (past->revision == past->read_until)
		code = read_on(past, store, fault);
	past->revision += !code;
	while (!code && past->row_at < past->row_count &&
		past->rows[past->row_at].version.revision == past->revision) {
		const struct store_version *row = &past->rows[past->row_at++];
		past->at_us = row->version.created_at_us;
		code = apply(past, row, fault);
	}
	return code;
}

void past_done(struct past *past)
{
	for (size_t i = 0; i < past->state.count; i++)
		model_descriptor_unref(past->descriptors[i]);
	free(past->descriptors);
	arena_free(past->arena);
	*past = (struct past){0};
}
