/* Descriptors without what a rule does not declare. */
#include "reads.h"

#include "base/arena.h"
#include "model/message.h"
#include "same.h"

#include "cases.h"

/* What one rule declares. */
struct declared {
	struct arena *arena;
	const char *const *fields;
	size_t count;
};

/* The closest of what the declared fields are to a path. */
static enum rules_touch touches(const struct declared *declared, enum model_kind kind, const char *path)
{
	enum rules_touch touch = RULES_TOUCH_NONE;
	for (size_t i = 0; i < declared->count; i++) {
		enum rules_touch this = rules_field_touches(declared->fields[i], kind, path);
		if (this == RULES_TOUCH_INSIDE)
			return this;
		if (this == RULES_TOUCH_AROUND)
			touch = this;
	}
	return touch;
}

static void reads_check_finding(struct arena *arena, const struct model_finding *finding)
{
	struct declared declared = {.arena = arena};
	declared.fields = rules_fields(arena, rules_find(finding->rule), &declared.count);
	for (size_t i = 0; i < finding->place_count; i++) {
		const struct model_place *place = &finding->places[i];
		if (touches(&declared, place->kind, place->field) != RULES_TOUCH_NONE)
			continue;
		print_error("%s does not declare %s:%s\n", finding->rule, model_kind_info(place->kind)->id,
			place->field);
		fail();
	}
}

void reads_check_places(const struct rules_evaluation *evaluation)
{
	size_t count;
	const struct model_finding *const *findings = rules_evaluation_findings(evaluation, &count);
	struct arena *arena = arena_new();
	for (size_t i = 0; i < count; i++)
		reads_check_finding(arena, findings[i]);
	arena_free(arena);
}

/* ---- taking out ---- */

static void clear(char *message, const ProtobufCFieldDescriptor *field)
{
	void *value = message + field->offset;
	uint32_t *chosen = (void *)(message + field->quantifier_offset);
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		*(size_t *)(void *)chosen = 0;
	else if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
		*chosen = 0;
	else if (field->type == PROTOBUF_C_TYPE_STRING)
		*(const char **)value = "";
	else if (field->type == PROTOBUF_C_TYPE_MESSAGE)
		*(void **)value = NULL;
	else if (field->type == PROTOBUF_C_TYPE_BYTES)
		*(ProtobufCBinaryData *)value = (ProtobufCBinaryData){0};
	else
		memset(value, 0, field->type == PROTOBUF_C_TYPE_INT32 ? 4 : 8);
}

static void prune(
	const struct declared *declared, enum model_kind kind, const char *around, ProtobufCMessage *message);

static void prune_inside(const struct declared *declared, enum model_kind kind, const char *path,
	char *message, const ProtobufCFieldDescriptor *field)
{
	void *value = message + field->offset;
	const char *inside = arena_print(declared->arena, "%s.", path);
	assert_int_equal(field->type, PROTOBUF_C_TYPE_MESSAGE);
	if (field->label != PROTOBUF_C_LABEL_REPEATED) {
		if (*(void **)value)
			prune(declared, kind, inside, *(void **)value);
		return;
	}
	size_t count = *(size_t *)(void *)(message + field->quantifier_offset);
	for (size_t i = 0; i < count; i++)
		prune(declared, kind, inside, (*(ProtobufCMessage ***)value)[i]);
}

static void prune(
	const struct declared *declared, enum model_kind kind, const char *around, ProtobufCMessage *message)
{
	for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
		const char *path = arena_print(declared->arena, "%s%s", around, field->name);
		enum rules_touch touch = touches(declared, kind, path);
		if (touch == RULES_TOUCH_NONE)
			clear((char *)message, field);
		else if (touch == RULES_TOUCH_AROUND)
			prune_inside(declared, kind, path, (char *)message, field);
	}
}

/* Another version of a descriptor. @param spec its message */
static struct model_descriptor *again(
	struct arena *arena, const struct model_descriptor *descriptor, ProtobufCMessage *spec)
{
	struct model_version version = *model_descriptor_version(descriptor);
	Tally__V1__Descriptor message = TALLY__V1__DESCRIPTOR__INIT;
	message.spec_case = (Tally__V1__Descriptor__SpecCase)(version.kind + 1);
	message.system_context = (void *)spec; /* a union of pointers */
	size_t size;
	const void *body = model_descriptor_pack(arena, &message, &size, &version.digest);
	struct model_descriptor *made = model_descriptor_new(&version, body, size);
	assert_non_null(made);
	return made;
}

/* What settles findings is no rule's: that stays as it is. */
static struct model_descriptor *pruned(const struct declared *declared, struct model_descriptor *descriptor)
{
	enum model_kind kind = model_descriptor_version(descriptor)->kind;
	if (kind >= KIND_END)
		return model_descriptor_ref(descriptor);
	ProtobufCMessage *spec = model_message_copy(declared->arena, model_descriptor_spec(descriptor));
	prune(declared, kind, "", spec);
	return again(declared->arena, descriptor, spec);
}

/* ---- comparing ---- */

/* A rule's next finding at or after an index. */
static const struct model_finding *next_of(
	const struct rules_evaluation *evaluation, const char *rule, size_t *at)
{
	size_t count;
	const struct model_finding *const *findings = rules_evaluation_findings(evaluation, &count);
	while (*at < count) {
		const struct model_finding *finding = findings[(*at)++];
		if (strcmp(finding->rule, rule) == 0)
			return finding;
	}
	return NULL;
}

static void assert_finds_the_same(
	const struct rules_evaluation *whole, const struct rules_evaluation *less, const char *rule)
{
	size_t at = 0, other_at = 0;
	const struct model_finding *finding, *other;
	do {
		finding = next_of(whole, rule, &at);
		other = next_of(less, rule, &other_at);
		if (!finding && !other)
			return;
		if (finding && other &&
			memcmp(&finding->digest, &other->digest, sizeof(finding->digest)) == 0)
			continue;
		print_error("%s reads what it does not declare: %s\n  without it: %s\n", rule,
			finding ? finding->message : "nothing", other ? other->message : "nothing");
		fail();
	} while (finding);
}

void reads_check_rule(
	const struct loaded *loaded, const struct rules_evaluation *evaluation, const struct rules_info *info)
{
	struct declared declared = {.arena = arena_new()};
	declared.fields = rules_fields(declared.arena, info, &declared.count);
	struct loaded less = {0};
	for (size_t i = 0; i < loaded->system.count; i++)
		load_put(&less, pruned(&declared, loaded->descriptors[i]));
	struct rules_evaluation *other = rules_evaluate(&less.system, NULL);
	assert_finds_the_same(evaluation, other, info->id);
	rules_evaluation_unref(other);
	load_done(&less);
	arena_free(declared.arena);
}

/* ---- one by one ---- */

static bool clear_nth(struct arena *arena, ProtobufCMessage *message, size_t *left);

static bool clear_nth_inside(
	struct arena *arena, char *message, const ProtobufCFieldDescriptor *field, size_t *left)
{
	void *value = message + field->offset;
	if (field->type != PROTOBUF_C_TYPE_MESSAGE)
		return false;
	if (field->label != PROTOBUF_C_LABEL_REPEATED)
		return clear_nth(arena, *(void **)value, left);
	size_t count = *(size_t *)(void *)(message + field->quantifier_offset);
	for (size_t i = 0; i < count; i++)
		if (clear_nth(arena, (*(ProtobufCMessage ***)value)[i], left))
			return true;
	return false;
}

/* Clears one of the fields that are given, in the message or in one in it. @return false when there are fewer
 */
static bool clear_nth(struct arena *arena, ProtobufCMessage *message, size_t *left)
{
	ProtobufCMessage *empty = arena_alloc(arena, message->descriptor->sizeof_message);
	protobuf_c_message_init(message->descriptor, empty);
	for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
		if (model_message_field_equal(message, empty, field))
			continue;
		if ((*left)-- == 0) {
			clear((char *)message, field);
			return true;
		}
		if (clear_nth_inside(arena, (char *)message, field, left))
			return true;
	}
	return false;
}

static void evaluate_with(
	struct loaded *loaded, const struct rules_evaluation *earlier, struct model_descriptor *descriptor)
{
	load_put(loaded, descriptor);
	struct rules_evaluation *next = rules_evaluate(&loaded->system, earlier);
	struct rules_evaluation *full = rules_evaluate(&loaded->system, NULL);
	same_assert(next, full);
	rules_evaluation_unref(next);
	rules_evaluation_unref(full);
}

void reads_check_changes(const struct loaded *loaded, const struct rules_evaluation *evaluation)
{
	struct loaded less = {0};
	struct arena *arena = arena_new();
	for (size_t i = 0; i < loaded->system.count; i++)
		load_put(&less, model_descriptor_ref(loaded->descriptors[i]));
	for (size_t i = 0; i < loaded->system.count; i++) {
		struct model_descriptor *descriptor = loaded->descriptors[i];
		for (size_t nth = 0;; nth++) {
			ProtobufCMessage *spec = model_message_copy(arena, model_descriptor_spec(descriptor));
			size_t left = nth;
			if (!clear_nth(arena, spec, &left))
				break;
			evaluate_with(&less, evaluation, again(arena, descriptor, spec));
			arena_clear(arena);
		}
		load_put(&less, model_descriptor_ref(descriptor));
	}
	arena_free(arena);
	load_done(&less);
}
