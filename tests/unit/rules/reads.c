/* Descriptors without what a rule does not declare. */
#include "reads.h"

#include "base/arena.h"
#include "model/message.h"

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

/* What settles findings is no rule's: that stays as it is. */
static struct model_descriptor *pruned(const struct declared *declared, struct model_descriptor *descriptor)
{
	struct model_version version = *model_descriptor_version(descriptor);
	if (version.kind >= KIND_END)
		return model_descriptor_ref(descriptor);
	Tally__V1__Descriptor message = TALLY__V1__DESCRIPTOR__INIT;
	message.spec_case = (Tally__V1__Descriptor__SpecCase)(version.kind + 1);
	message.system_context = model_message_copy(declared->arena, model_descriptor_spec(descriptor));
	prune(declared, version.kind, "", &message.system_context->base);
	size_t size;
	const void *body = model_descriptor_pack(declared->arena, &message, &size, &version.digest);
	struct model_descriptor *made = model_descriptor_new(&version, body, size);
	assert_non_null(made);
	return made;
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
	struct rules_evaluation *other = rules_evaluate(&less.system, NULL, 0);
	assert_finds_the_same(evaluation, other, info->id);
	rules_evaluation_unref(other);
	load_done(&less);
	arena_free(declared.arena);
}
