/*
 * From facts to documents: names for descriptors, items put together by their
 * keys, conflicts, sources. Decides nothing about which value is right: the
 * first one stands and the conflict is told.
 */
#include <ctype.h>
#include <strings.h>

#include "base/map.h"
#include "codec/codec.h"
#include "codec/number.h"
#include "import/draft_inside.h"
#include "model/name.h"
#include "model/types.h"

enum {
	SOURCES_MAX = 10000, /* of one descriptor, as the server takes them */
};

/* A descriptor that is being put together. */
struct descriptor {
	enum model_kind kind;
	const char *subject; /* NULL: the only one */
	const char *name;
	struct message *spec;
	struct source_list {
		Tally__V1__Source **items;
		size_t count, capacity;
	} sources;
	const char *file; /* of the first fact */
};

/* A message that is being put together. */
struct message {
	struct codec_node *node;
	size_t capacity;
	const char *id;
	const char *path; /* with places in lists: input_spec[0] */
};

/* A value, and who says so. */
struct value {
	struct codec_node *node;
	const char *path; /* output_spec[0].item_type */
	const struct draft_fact *first;
	struct draft_conflict *conflict; /* NULL: all agree */
};

struct building {
	struct draft *draft;
	struct arena *arena;
	struct descriptor *descriptors;
	size_t descriptor_count, descriptor_capacity;
	struct map messages; /* id of the place -> struct message */
	struct map values;   /* id of the place, field, key -> struct value */
	struct map told;     /* id of a message, file -> path in the file of the item itself */
	struct map sources;  /* descriptor, field, file, path */
	struct map strong;   /* descriptor and field of the spec that not only weak facts fill */
	struct draft_conflict **conflicts;
	size_t conflict_count, conflict_capacity;
};

static void *grown(struct arena *arena, void *array, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return array;
	*capacity = *capacity ? *capacity * 2 : 8;
	void *larger = arena_array(arena, *capacity, size);
	if (count)
		memcpy(larger, array, count * size);
	return larger;
}

static bool same_subject(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static struct descriptor *find(const struct building *building, enum model_kind kind, const char *subject)
{
	for (size_t i = 0; i < building->descriptor_count; i++) {
		struct descriptor *known = &building->descriptors[i];
		if (known->kind == kind && same_subject(known->subject, subject))
			return known;
	}
	return NULL;
}

static void note_descriptor(struct building *building, const struct draft_fact *fact, const char *subject)
{
	if (find(building, fact->place->kind, subject))
		return;
	building->descriptors = grown(building->arena, building->descriptors, building->descriptor_count,
		&building->descriptor_capacity, sizeof(*building->descriptors));
	building->descriptors[building->descriptor_count++] =
		(struct descriptor){.kind = fact->place->kind, .subject = subject, .file = fact->source.file};
}

/* How many subjects a kind has. @param[out] only  the last of them */
static size_t subjects(struct building *building, enum model_kind kind, struct descriptor **only)
{
	size_t count = 0;
	for (size_t i = 0; i < building->descriptor_count; i++) {
		struct descriptor *one = &building->descriptors[i];
		if (one->kind != kind || !one->subject)
			continue;
		*only = one;
		count++;
	}
	return count;
}

/* Makes an id of a subject: its last part, or all of it. */
static const char *id_of(struct building *building, const char *subject, bool whole)
{
	const char *slash = strrchr(subject, '/');
	const char *from = slash && !whole ? slash + 1 : subject;
	char id[64];
	size_t size = 0;
	for (; *from && size < 60; from++) {
		bool plain = isalnum((unsigned char)*from) && (unsigned char)*from < 0x80;
		if (plain && size == 0 && !isalpha((unsigned char)*from))
			id[size++] = 'n';
		if (plain)
			id[size++] = (char)tolower((unsigned char)*from);
		else if (size > 0 && id[size - 1] != '-')
			id[size++] = '-';
	}
	while (size > 0 && id[size - 1] == '-')
		size--;
	id[size] = '\0';
	return size ? arena_copy(building->arena, id, size) : "unnamed";
}

static bool name_taken(const struct building *building, const struct descriptor *by)
{
	for (size_t i = 0; i < building->descriptor_count; i++) {
		const struct descriptor *one = &building->descriptors[i];
		if (one != by && one->kind == by->kind && one->name && strcmp(one->name, by->name) == 0)
			return true;
	}
	return false;
}

static void name_one(struct building *building, struct descriptor *one, const char *given)
{
	struct descriptor *only = NULL;
	if (given || !one->subject || subjects(building, one->kind, &only) == 1) {
		one->name = given ? given : "default";
		return;
	}
	one->name = id_of(building, one->subject, false);
	if (name_taken(building, one))
		one->name = id_of(building, one->subject, true);
	const char *base = one->name;
	for (int number = 2; name_taken(building, one); number++)
		one->name = arena_print(building->arena, "%.58s-%d", base, number);
}

static bool name_all(struct building *building, const char *given, struct fault *fault)
{
	for (size_t i = 0; i < building->descriptor_count; i++) {
		struct descriptor *one = &building->descriptors[i], *only = NULL;
		size_t count = subjects(building, one->kind, &only);
		/* Nothing goes there: each_descriptor(). */
		if (!one->subject && (count == 1 || (count && one->kind == KIND_PRODUCTION_ENVIRONMENT)))
			continue;
		if (given && count > 1) {
			fault_set(fault, FAULT_INVALID, "SEVERAL",
				"there are %zu descriptors of the kind %s (of them %s): one name cannot be "
				"given to all",
				count, model_kind_info(one->kind)->title, only->subject);
			return false;
		}
		name_one(building, one, given);
	}
	return true;
}

static const char *id_of_place(
	struct building *building, const struct descriptor *descriptor, const struct draft_place *place)
{
	if (!place->parent)
		return arena_print(building->arena, "%d\x1f%s", (int)descriptor->kind, descriptor->name);
	const char *outer = id_of_place(building, descriptor, place->parent);
	if (!place->key)
		return arena_print(building->arena, "%s\x1f%s", outer, place->field);
	return arena_print(building->arena, "%s\x1f%s\x1e%s", outer, place->field, place->key);
}

static struct codec_node *new_node(struct arena *arena, enum codec_node_type type)
{
	struct codec_node *node = arena_alloc(arena, sizeof(*node));
	node->type = type;
	node->text = "";
	node->line = node->column = 1;
	return node;
}

static struct codec_node *text_node(struct arena *arena, const char *text, bool quoted)
{
	struct codec_node *node = new_node(arena, CODEC_SCALAR);
	node->text = text;
	node->text_size = strlen(text);
	node->quoted = quoted;
	return node;
}

/* Room for one more that doubles; the capacity follows from the count. */
static struct codec_node **more_nodes(struct arena *arena, struct codec_node **nodes, size_t count)
{
	if (count & (count - 1) || count == 1)
		return nodes;
	struct codec_node **larger = arena_array(arena, count ? count * 2 : 2, sizeof(*larger));
	if (count)
		memcpy(larger, nodes, count * sizeof(*larger));
	return larger;
}

static void append(
	struct building *building, struct codec_node *node, const char *key, struct codec_node *item)
{
	if (key) {
		node->keys = more_nodes(building->arena, node->keys, node->count);
		node->keys[node->count] = text_node(building->arena, key, true);
	}
	node->items = more_nodes(building->arena, node->items, node->count);
	node->items[node->count++] = item;
}

/* The list in a field, made when it is not there. */
static struct codec_node *list_in(struct building *building, struct codec_node *node, const char *field)
{
	for (size_t i = 0; i < node->count; i++)
		if (strcmp(node->keys[i]->text, field) == 0)
			return node->items[i];
	struct codec_node *list = new_node(building->arena, CODEC_SEQUENCE);
	append(building, node, field, list);
	return list;
}

/* Finds or makes the message of a place. */
static struct message *message_of(
	struct building *building, struct descriptor *descriptor, const struct draft_place *place)
{
	const char *id = id_of_place(building, descriptor, place);
	struct message *message = map_get(&building->messages, id);
	if (message)
		return message;
	struct message *outer = place->parent ? message_of(building, descriptor, place->parent) : NULL;
	message = arena_alloc(building->arena, sizeof(*message));
	message->node = new_node(building->arena, CODEC_MAPPING);
	message->path = "";
	message->id = id;
	if (!outer) {
		descriptor->spec = message;
	} else if (place->key) {
		struct codec_node *list = list_in(building, outer->node, place->field);
		message->path = arena_print(building->arena, "%s%s%s[%zu]", outer->path,
			*outer->path ? "." : "", place->field, list->count);
		append(building, list, NULL, message->node);
	} else {
		message->path = arena_print(
			building->arena, "%s%s%s", outer->path, *outer->path ? "." : "", place->field);
		append(building, outer->node, place->field, message->node);
	}
	map_put(&building->messages, id, message);
	return message;
}

static void add_source(struct building *building, struct descriptor *descriptor, const char *field,
	const struct draft_source *source)
{
	struct source_list *list = &descriptor->sources;
	const char *id = arena_print(building->arena, "%d\x1f%s\x1f%s\x1f%s\x1f%s", (int)descriptor->kind,
		descriptor->name, field, source->file, source->path);
	if (list->count == SOURCES_MAX || map_put(&building->sources, id, list))
		return;
	list->items = grown(building->arena, list->items, list->count, &list->capacity, sizeof(*list->items));
	Tally__V1__Source *one = arena_alloc(building->arena, sizeof(*one));
	tally__v1__source__init(one);
	one->field = arena_text(building->arena, field);
	one->file = arena_text(building->arena, source->file);
	one->path = arena_text(building->arena, source->path);
	list->items[list->count++] = one;
}

static bool same_numbers(const char *a, const char *b)
{
	double left, right;
	return number_double(a, &left) == NUMBER_OK && number_double(b, &right) == NUMBER_OK &&
	       left <= right && left >= right;
}

/* Depth is bounded where nodes are made. */
static bool same_nodes(const struct codec_node *a, const struct codec_node *b)
{
	if (a->type != b->type || a->count != b->count || strcmp(a->text, b->text) != 0)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!same_nodes(a->items[i], b->items[i]) ||
			(a->type == CODEC_MAPPING && strcmp(a->keys[i]->text, b->keys[i]->text) != 0))
			return false;
	return true;
}

/* "md5:…" of one tool and "sha256:…" of another say nothing of each other. */
static bool incomparable_digests(const struct draft_fact *a, const struct draft_fact *b)
{
	const size_t left = strcspn(a->value, ":"), right = strcspn(b->value, ":");
	if (strcmp(a->field, "dataset_version") != 0 || !a->value[left] || !b->value[right])
		return false;
	return left != right || strncmp(a->value, b->value, left) != 0;
}

/* Do two files mean the same? Types have many spellings, numbers a few. */
static bool same_value(const struct draft_fact *a, const struct draft_fact *b)
{
	if (a->message && b->message)
		return same_nodes(a->message, b->message);
	if (model_text_equal(a->value, b->value) || incomparable_digests(a, b))
		return true;
	if (a->bare && b->bare)
		return same_numbers(a->value, b->value);
	const char *type = strstr(a->field, "_type");
	return type && !type[5] &&
	       (model_types_equal(a->value, b->value) || model_json_number_fits(a->value, b->value) ||
		       model_json_number_fits(b->value, a->value));
}

static void claim(struct building *building, struct draft_conflict *conflict, const struct draft_fact *fact)
{
	struct draft_claim *larger = arena_array(building->arena, conflict->count + 1, sizeof(*larger));
	if (conflict->count)
		memcpy(larger, conflict->claims, conflict->count * sizeof(*larger));
	larger[conflict->count++] =
		(struct draft_claim){fact->original ? fact->original : fact->value, fact->source};
	conflict->claims = larger;
}

static void disagree(struct building *building, const struct descriptor *descriptor, struct value *value,
	const struct draft_fact *fact)
{
	if (!value->conflict) {
		value->conflict = arena_alloc(building->arena, sizeof(*value->conflict));
		*value->conflict = (struct draft_conflict){
			.kind = descriptor->kind,
			.name = descriptor->name,
			.field = arena_print(building->arena, "%s%s%s", fact->place->path,
				*fact->place->path ? "." : "", fact->field),
		};
		claim(building, value->conflict, value->first);
		building->conflicts = grown(building->arena, building->conflicts, building->conflict_count,
			&building->conflict_capacity, sizeof(*building->conflicts));
		building->conflicts[building->conflict_count++] = value->conflict;
	}
	if (value->conflict->count < 16)
		claim(building, value->conflict, fact);
}

/* A leaf's source needs no word of its own where the same file says it at, or inside, its item's place. */
static bool covered(
	struct building *building, const struct message *message, const struct draft_source *source)
{
	const char *path =
		map_get(&building->told, arena_print(building->arena, "%s\x1f%s", message->id, source->file));
	return path && strncmp(path, source->path, strlen(path)) == 0;
}

static struct value *new_value(
	struct building *building, struct message *message, const char *path, const struct draft_fact *fact)
{
	struct value *value = arena_alloc(building->arena, sizeof(*value));
	struct codec_node *node = fact->message ? (struct codec_node *)(uintptr_t)fact->message
						: text_node(building->arena, fact->value, !fact->bare);
	*value = (struct value){node, path, fact, NULL};
	if (!fact->key) {
		append(building, message->node, fact->field, value->node);
		return value;
	}
	struct codec_node *list = list_in(building, message->node, fact->field);
	value->path = arena_print(building->arena, "%s[%zu]", path, list->count);
	append(building, list, NULL, value->node);
	return value;
}

static void put_value(struct building *building, struct descriptor *descriptor, struct message *message,
	const struct draft_fact *fact)
{
	const char *id = arena_print(
		building->arena, "%s\x1f%s\x1e%s", message->id, fact->field, fact->key ? fact->key : "");
	struct value *value = map_get(&building->values, id);
	if (value && fact->strength == DRAFT_SUMMARY)
		return;
	if (value && !same_value(value->first, fact)) {
		disagree(building, descriptor, value, fact);
		return;
	}
	if (!value) {
		const char *path = arena_print(
			building->arena, "%s%s%s", message->path, *message->path ? "." : "", fact->field);
		value = new_value(building, message, path, fact);
		map_put(&building->values, id, value);
	}
	if (!covered(building, message, &fact->source))
		add_source(building, descriptor, value->path, &fact->source);
}

/* The field of the spec that a fact is in, with its descriptor. */
static const char *top_field(
	struct building *building, const struct descriptor *descriptor, const struct draft_fact *fact)
{
	const char *field = fact->field;
	for (const struct draft_place *at = fact->place; at->parent; at = at->parent)
		field = at->field;
	return arena_print(building->arena, "%d\x1f%s\x1f%s", (int)descriptor->kind, descriptor->name, field);
}

static void put_fact(struct building *building, struct descriptor *descriptor, const struct draft_fact *fact)
{
	if (fact->strength == DRAFT_WEAK && map_get(&building->strong, top_field(building, descriptor, fact)))
		return;
	struct message *message = message_of(building, descriptor, fact->place);
	if (fact->field) {
		put_value(building, descriptor, message, fact);
		return;
	}
	const char *id = arena_print(building->arena, "%s\x1f%s", message->id, fact->source.file);
	if (map_get(&building->told, id))
		return;
	map_put(&building->told, id, (void *)(uintptr_t)fact->source.path);
	add_source(building, descriptor, message->path, &fact->source);
}

/* What is attached brings no descriptor of its own as long as there is another one. */
static void note_all(struct building *building)
{
	for (size_t i = 0; i < building->draft->fact_count; i++) {
		const struct draft_fact *fact = &building->draft->facts[i];
		if (fact->place && fact->strength != DRAFT_ATTACHED)
			note_descriptor(building, fact, fact->place->subject);
	}
	for (size_t i = 0; i < building->draft->fact_count; i++) {
		const struct draft_fact *fact = &building->draft->facts[i];
		if (fact->place && fact->strength == DRAFT_ATTACHED &&
			!find(building, fact->place->kind, fact->place->subject))
			note_descriptor(building, fact, NULL);
	}
}

/* Calls back with each descriptor that a fact goes into. */
static void each_descriptor(struct building *building, const struct draft_fact *fact,
	void (*put)(struct building *, struct descriptor *, const struct draft_fact *))
{
	const enum model_kind kind = fact->place->kind;
	const char *subject = fact->place->subject;
	struct descriptor *own = find(building, kind, subject), *only = NULL;
	const size_t several = subjects(building, kind, &only);
	if (subject && own) {
		put(building, own, fact);
		return;
	}
	if (fact->strength == DRAFT_SPARE && several)
		return;
	if (several == 1)
		put(building, only, fact);
	else if (several && kind == KIND_PRODUCTION_ENVIRONMENT) {
		for (size_t i = 0; i < building->descriptor_count; i++)
			if (building->descriptors[i].kind == kind && building->descriptors[i].subject)
				put(building, &building->descriptors[i], fact);
	} else
		put(building, find(building, kind, NULL), fact);
}

static void note_strong(
	struct building *building, struct descriptor *descriptor, const struct draft_fact *fact)
{
	map_put(&building->strong, top_field(building, descriptor, fact), (void *)(uintptr_t)fact);
}

static void put_all(struct building *building)
{
	const struct draft_fact *facts = building->draft->facts;
	for (size_t i = 0; i < building->draft->fact_count; i++)
		if (facts[i].place && facts[i].strength != DRAFT_WEAK)
			each_descriptor(building, &facts[i], note_strong);
	for (size_t i = 0; i < building->draft->fact_count; i++)
		if (facts[i].place && facts[i].strength != DRAFT_SUMMARY)
			each_descriptor(building, &facts[i], put_fact);
	for (size_t i = 0; i < building->draft->fact_count; i++)
		if (facts[i].place && facts[i].strength == DRAFT_SUMMARY)
			each_descriptor(building, &facts[i], put_fact);
}

static bool finish_one(struct building *building, const struct descriptor *one, struct document *document,
	struct fault *fault)
{
	const ProtobufCMessageDescriptor *type = model_kind_info(one->kind)->spec;
	ProtobufCMessage *spec =
		codec_message(building->arena, one->file, "spec", one->spec->node, type, fault);
	if (!spec)
		return false;
	*document = (struct document){
		.file = one->file,
		.line = 1,
		.kind = one->kind,
		.system = "",
		.name = one->name,
		.descriptor = document_descriptor(building->arena, one->kind, spec),
	};
	document->descriptor->sources = one->sources.items;
	document->descriptor->n_sources = one->sources.count;
	return true;
}

/* In the order of the kinds, and there in that of their first facts. */
static bool finish(struct building *building, struct draft_result *result, struct fault *fault)
{
	result->documents =
		arena_array(building->arena, building->descriptor_count + 1, sizeof(*result->documents));
	for (unsigned kind = KIND_NONE + 1; kind < KIND_END; kind++) {
		for (size_t i = 0; i < building->descriptor_count; i++) {
			const struct descriptor *one = &building->descriptors[i];
			if (one->kind != kind || !one->spec)
				continue;
			if (!finish_one(building, one, &result->documents[result->count], fault))
				return false;
			result->count++;
		}
	}
	return true;
}

static void gather_conflicts(const struct building *building, struct draft_result *result)
{
	result->conflicts =
		arena_array(building->arena, building->conflict_count + 1, sizeof(*result->conflicts));
	for (size_t i = 0; i < building->conflict_count; i++)
		result->conflicts[result->conflict_count++] = *building->conflicts[i];
}

enum fault_code draft_build(
	struct draft *draft, const char *name, struct draft_result *result, struct fault *fault)
{
	struct building building = {.draft = draft, .arena = draft->arena};
	struct draft_result made = {0};
	note_all(&building);
	bool well = name_all(&building, name, fault);
	if (well) {
		put_all(&building);
		gather_conflicts(&building, &made);
		well = finish(&building, &made, fault);
	}
	map_done(&building.messages);
	map_done(&building.values);
	map_done(&building.told);
	map_done(&building.sources);
	map_done(&building.strong);
	if (well)
		*result = made;
	return well ? FAULT_NONE : FAULT_INVALID;
}
