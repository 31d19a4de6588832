/* Counted descriptors, their canonical bytes, and their message. */
#include "model/descriptor.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/message.h"

enum {
	MODEL_FIELD_SIZE = 512 /* of a path; longer ones are looked up by their beginning */
};

struct model_descriptor {
	_Atomic unsigned references;
	struct model_version version;
	struct arena *arena; /* the version's text and the message */
	size_t memory;       /* what is in it */
	const Tally__V1__Descriptor *message;
	struct model_base *base; /* may be NULL */
};

/* The spec's case has the number of its field, which is the kind's plus one. */
enum model_kind model_message_kind(const Tally__V1__Descriptor *message)
{
	int kind = (int)message->spec_case - 1;
	return model_kind_known(kind) ? (enum model_kind)kind : KIND_NONE;
}

static const ProtobufCMessage *spec_of(const Tally__V1__Descriptor *message)
{
	return (const ProtobufCMessage *)message->system_context; /* a union of pointers */
}

struct model_version model_version_copy(struct arena *arena, const struct model_version *version)
{
	struct model_version copy = *version;
	copy.name = arena_text(arena, version->name);
	copy.owner_team = arena_text(arena, version->owner_team);
	copy.author = arena_text(arena, version->author);
	copy.author_team = arena_text(arena, version->author_team);
	copy.change_note = arena_text(arena, version->change_note);
	return copy;
}

/* Takes the arena, in which the message is. */
static struct model_descriptor *descriptor_in(
	struct arena *arena, const struct model_version *version, const Tally__V1__Descriptor *message)
{
	struct model_descriptor *descriptor = arena_alloc(arena, sizeof(*descriptor));
	atomic_init(&descriptor->references, 1);
	descriptor->arena = arena;
	descriptor->version = model_version_copy(arena, version);
	descriptor->message = message;
	descriptor->base = NULL;
	descriptor->memory = arena_size(arena);
	return descriptor;
}

struct model_descriptor *model_descriptor_new(
	const struct model_version *version, const void *body, size_t size)
{
	struct arena *arena = arena_new();
	Tally__V1__Descriptor *message =
		model_message_unpack(arena, &tally__v1__descriptor__descriptor, body, size);
	if (message && model_message_kind(message) == version->kind)
		return descriptor_in(arena, version, message);
	arena_free(arena);
	return NULL;
}

static int compare_sources(const void *a, const void *b)
{
	const Tally__V1__Source *left = *(Tally__V1__Source *const *)a;
	const Tally__V1__Source *right = *(Tally__V1__Source *const *)b;
	int order = strcmp(left->field, right->field);
	if (order == 0)
		order = strcmp(left->file, right->file);
	return order ? order : strcmp(left->path, right->path);
}

/* What is kept of a descriptor, its sources in their order: borrows from the message. */
static Tally__V1__Descriptor content_of(struct arena *arena, const Tally__V1__Descriptor *message)
{
	Tally__V1__Descriptor content = TALLY__V1__DESCRIPTOR__INIT;
	content.spec_case = message->spec_case;
	content.system_context = message->system_context; /* a union of pointers */
	content.n_sources = message->n_sources;
	if (message->n_sources == 0)
		return content;
	content.sources = arena_copy(arena, message->sources, message->n_sources * sizeof(*message->sources));
	qsort(content.sources, content.n_sources, sizeof(*content.sources), compare_sources);
	return content;
}

struct model_descriptor *model_descriptor_of(
	const struct model_version *version, const Tally__V1__Descriptor *message)
{
	struct arena *arena = arena_new();
	Tally__V1__Descriptor content = content_of(arena, message);
	assert(model_message_kind(message) == version->kind);
	return descriptor_in(arena, version, model_message_copy(arena, &content));
}

void model_descriptor_take_base(struct model_descriptor *descriptor, struct model_base *base)
{
	assert(!descriptor->base);
	descriptor->base = base;
}

struct model_base *model_descriptor_base(const struct model_descriptor *descriptor)
{
	return descriptor->base;
}

struct model_descriptor *model_descriptor_ref(struct model_descriptor *descriptor)
{
	atomic_fetch_add_explicit(&descriptor->references, 1, memory_order_relaxed);
	return descriptor;
}

void model_descriptor_unref(struct model_descriptor *descriptor)
{
	if (!descriptor || atomic_fetch_sub_explicit(&descriptor->references, 1, memory_order_acq_rel) > 1)
		return;
	model_base_unref(descriptor->base);
	arena_free(descriptor->arena);
}

const struct model_version *model_descriptor_version(const struct model_descriptor *descriptor)
{
	return &descriptor->version;
}

const Tally__V1__Descriptor *model_descriptor_message(const struct model_descriptor *descriptor)
{
	return descriptor->message;
}

const void *model_descriptor_spec(const struct model_descriptor *descriptor)
{
	return spec_of(descriptor->message);
}

size_t model_descriptor_memory(const struct model_descriptor *descriptor)
{
	return descriptor->memory + model_base_memory(descriptor->base);
}

/* The first of the sources whose field is not before the one that is looked for. */
static const Tally__V1__Source *find_source(const Tally__V1__Descriptor *message, const char *field)
{
	size_t low = 0;
	size_t high = message->n_sources;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(message->sources[middle]->field, field) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	const bool found = low < message->n_sources && strcmp(message->sources[low]->field, field) == 0;
	return found ? message->sources[low] : NULL;
}

const Tally__V1__Source *model_descriptor_source(const struct model_descriptor *descriptor, const char *field)
{
	char path[MODEL_FIELD_SIZE];
	snprintf(path, sizeof(path), "%s", field);
	for (size_t size = strlen(path); size > 0; size--) {
		if (path[size] != '\0' && path[size] != '.' && path[size] != '[')
			continue;
		path[size] = '\0';
		const Tally__V1__Source *source = find_source(descriptor->message, path);
		if (source)
			return source;
	}
	return NULL;
}

/* A spec of the eight is the first field of a packed body: a tag of one byte, its size, its bytes. */
static struct model_digest_part packed_spec(
	struct arena *arena, const Tally__V1__Descriptor *message, const uint8_t *body)
{
	if (model_message_kind(message) > KIND_END) {
		struct model_digest_part part = {0};
		part.bytes = model_message_pack(arena, spec_of(message), &part.size);
		return part;
	}
	const uint8_t *at = body + 1;
	size_t size = 0;
	for (unsigned shift = 0;; shift += 7) {
		size |= (size_t)(*at & 0x7f) << shift;
		if (*at++ < 0x80)
			return (struct model_digest_part){at, size};
	}
}

void *model_descriptor_pack(
	struct arena *arena, const Tally__V1__Descriptor *message, size_t *size, struct model_digest *digest)
{
	enum model_kind kind = model_message_kind(message);
	assert(kind != KIND_NONE);
	Tally__V1__Descriptor content = content_of(arena, message);
	void *body = model_message_pack(arena, &content, size);
	uint8_t kind_byte = (uint8_t)kind;
	*digest = model_digest_of((struct model_digest_part[]){{&kind_byte, 1},
					  {message->owner_team, strlen(message->owner_team)},
					  packed_spec(arena, message, body)},
		3);
	return body;
}

struct model_descriptor *const *model_system_of_kind(
	const struct model_system *system, enum model_kind kind, size_t *count)
{
	size_t first = 0;
	while (first < system->count && system->descriptors[first]->version.kind < kind)
		first++;
	size_t end = first;
	while (end < system->count && system->descriptors[end]->version.kind == kind)
		end++;
	*count = end - first;
	return system->descriptors + first;
}

int model_version_compare(const struct model_version *a, const struct model_version *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return strcmp(a->name, b->name);
}

int model_descriptor_compare(const void *a, const void *b)
{
	return model_version_compare(&(*(struct model_descriptor *const *)a)->version,
		&(*(struct model_descriptor *const *)b)->version);
}

struct model_descriptor *model_system_find(
	const struct model_system *system, enum model_kind kind, const char *name)
{
	size_t count;
	struct model_descriptor *const *of_kind = model_system_of_kind(system, kind, &count);
	for (size_t i = 0; i < count; i++)
		if (strcmp(of_kind[i]->version.name, name) == 0)
			return of_kind[i];
	return NULL;
}

struct model_versions model_system_versions(struct arena *arena, const struct model_system *system)
{
	const struct model_version **items =
		arena_array(arena, system->count, sizeof(const struct model_version *));
	for (size_t i = 0; i < system->count; i++)
		items[i] = &system->descriptors[i]->version;
	return (struct model_versions){items, system->count, system->descriptors};
}

static char *descriptor_name(struct arena *arena, const char *system, const struct model_version *version)
{
	return arena_print(
		arena, "systems/%s/%s/%s", system, model_kind_info(version->kind)->collection, version->name);
}

Tally__V1__Descriptor *model_descriptor_message_of(struct arena *arena, const char *system,
	const struct model_version *version, const Tally__V1__Descriptor *content)
{
	Tally__V1__Descriptor *message = arena_alloc(arena, sizeof(*message));
	tally__v1__descriptor__init(message);
	if (content) {
		message->spec_case = content->spec_case;
		message->system_context = content->system_context;
		message->sources = content->sources;
		message->n_sources = content->n_sources;
	}
	message->name = descriptor_name(arena, system, version);
	message->version = version->version;
	message->revision = version->revision;
	message->digest = model_digest_text(&version->digest, arena_alloc(arena, MODEL_DIGEST_TEXT_SIZE));
	message->etag = model_version_etag(version, arena_alloc(arena, MODEL_ETAG_SIZE));
	message->owner_team = arena_text(arena, version->owner_team);
	message->author = arena_text(arena, version->author);
	message->author_team = arena_text(arena, version->author_team);
	message->change_note = arena_text(arena, version->change_note);
	message->create_time = model_timestamp(arena, version->created_at_us);
	return message;
}

char *model_version_etag(const struct model_version *version, char *etag)
{
	char start[17];
	model_digest_hex(&version->digest, 8, start);
	snprintf(etag, MODEL_ETAG_SIZE, "\"%d-%s\"", version->version, start);
	return etag;
}
