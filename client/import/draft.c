/* Keeps facts and remarks in the order in which they were said. What they amount to is for draft_build.c. */
#include "import/draft.h"

#include <assert.h>

#include "codec/shape.h"
#include "import/draft_inside.h"

struct draft *draft_new(struct arena *arena)
{
	struct draft *draft = arena_alloc(arena, sizeof(*draft));
	draft->arena = arena;
	return draft;
}

const struct draft_place *draft_root(struct draft *draft, enum model_kind kind, const char *subject)
{
	struct draft_place *place = arena_alloc(draft->arena, sizeof(*place));
	*place = (struct draft_place){
		.kind = kind,
		.subject = subject ? arena_text(draft->arena, subject) : NULL,
		.type = model_kind_info(kind)->spec,
		.path = "",
	};
	return place;
}

/* The field's description; a name that the message does not have is our own mistake. */
static const ProtobufCFieldDescriptor *field_of(const struct draft_place *at, const char *name)
{
	const ProtobufCFieldDescriptor *field =
		protobuf_c_message_descriptor_get_field_by_name(at->type, name);
	if (!field) {
		fprintf(stderr, "import: %s has no field %s\n", at->type->name, name);
		abort();
	}
	return field;
}

static const char *inner_path(struct draft *draft, const struct draft_place *at, const char *field)
{
	return arena_print(draft->arena, "%s%s%s", at->path, *at->path ? "." : "", field);
}

static struct draft_place *inner(struct draft *draft, const struct draft_place *at, const char *name,
	const ProtobufCFieldDescriptor *field)
{
	assert(field->type == PROTOBUF_C_TYPE_MESSAGE);
	struct draft_place *place = arena_alloc(draft->arena, sizeof(*place));
	*place = (struct draft_place){
		.kind = at->kind,
		.subject = at->subject,
		.type = field->descriptor,
		.parent = at,
		.field = arena_text(draft->arena, name),
	};
	return place;
}

const struct draft_place *draft_part(struct draft *draft, const struct draft_place *at, const char *name)
{
	const ProtobufCFieldDescriptor *field = field_of(at, name);
	assert(field->label != PROTOBUF_C_LABEL_REPEATED);
	struct draft_place *place = inner(draft, at, name, field);
	place->path = inner_path(draft, at, name);
	return place;
}

const struct draft_place *draft_item(
	struct draft *draft, const struct draft_place *at, const char *list, const char *key)
{
	const ProtobufCFieldDescriptor *field = field_of(at, list);
	assert(field->label == PROTOBUF_C_LABEL_REPEATED);
	struct draft_place *place = inner(draft, at, list, field);
	place->key = arena_text(draft->arena, key);
	place->path = arena_print(draft->arena, "%s[%s]", inner_path(draft, at, list), key);
	return place;
}

/* Room for one more in an array of the arena that doubles. */
static void *grown(struct arena *arena, void *array, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return array;
	*capacity = *capacity ? *capacity * 2 : 64;
	void *larger = arena_array(arena, *capacity, size);
	if (count)
		memcpy(larger, array, count * size);
	return larger;
}

static const char *kept_text(struct draft *draft, const char *text)
{
	return text ? arena_text(draft->arena, text) : NULL;
}

bool draft_put(struct draft *draft, const struct draft_fact *fact)
{
	if (draft->fact_count == DRAFT_FACTS_MAX)
		return false;
	if (fact->place && fact->field) {
		const ProtobufCFieldDescriptor *field = field_of(fact->place, fact->field);
		assert((field->label == PROTOBUF_C_LABEL_REPEATED) == (fact->key != NULL));
		assert(fact->message || field->type != PROTOBUF_C_TYPE_MESSAGE ||
			shape_known(field->descriptor) != SHAPE_ORDINARY);
		(void)field;
	}
	draft->facts = grown(
		draft->arena, draft->facts, draft->fact_count, &draft->fact_capacity, sizeof(*draft->facts));
	struct draft_fact *kept = &draft->facts[draft->fact_count++];
	*kept = *fact;
	kept->field = kept_text(draft, fact->field);
	kept->key = kept_text(draft, fact->key);
	kept->value = kept_text(draft, fact->value);
	kept->original = kept_text(draft, fact->original);
	kept->source.file = kept_text(draft, fact->source.file);
	kept->source.path = kept_text(draft, fact->source.path);
	return true;
}

void draft_remark(struct draft *draft, const struct draft_remark *remark)
{
	if (draft->remark_count == DRAFT_REMARKS_MAX)
		return;
	draft->remarks = grown(draft->arena, draft->remarks, draft->remark_count, &draft->remark_capacity,
		sizeof(*draft->remarks));
	struct draft_remark *kept = &draft->remarks[draft->remark_count++];
	*kept = *remark;
	kept->source.file = kept_text(draft, remark->source.file);
	kept->source.path = kept_text(draft, remark->source.path);
	kept->text = kept_text(draft, remark->text);
}

const struct draft_fact *draft_facts(const struct draft *draft, size_t *count)
{
	*count = draft->fact_count;
	return draft->facts;
}

const struct draft_remark *draft_remarks(const struct draft *draft, size_t *count)
{
	*count = draft->remark_count;
	return draft->remarks;
}

struct draft_mark draft_mark(const struct draft *draft)
{
	return (struct draft_mark){draft->fact_count, draft->remark_count};
}

void draft_rewind(struct draft *draft, struct draft_mark mark)
{
	draft->fact_count = mark.facts;
	draft->remark_count = mark.remarks;
}
