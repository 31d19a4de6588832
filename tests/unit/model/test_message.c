/* Comparing messages: a copy is equal, and each kind of difference is seen. */
#include "model/message.h"

#include <string.h>

#include "tally/v1/descriptor.pb-c.h"

#include "cases.h"

/* A list of messages, a message, a choice, a list of texts, and what is not known. */
struct sample {
	Tally__V1__TrainedModel model;
	Tally__V1__Item items[2], *list[2];
	Tally__V1__ItemSpecification specification;
	char *allowed[2];
	ProtobufCMessageUnknownField unknown;
	uint8_t unknown_bytes[2];
};

static char a_text[] = "a", b_text[] = "b";

static void fill(struct sample *sample)
{
	tally__v1__trained_model__init(&sample->model);
	tally__v1__item_specification__init(&sample->specification);
	for (size_t i = 0; i < 2; i++) {
		tally__v1__item__init(&sample->items[i]);
		sample->items[i].item_name = i ? b_text : a_text;
		sample->list[i] = &sample->items[i];
		sample->allowed[i] = i ? b_text : a_text;
	}
	sample->specification._min_value_case = TALLY__V1__ITEM_SPECIFICATION___MIN_VALUE_MIN_VALUE;
	sample->specification._optional_value_case =
		TALLY__V1__ITEM_SPECIFICATION___OPTIONAL_VALUE_OPTIONAL_VALUE;
	sample->specification.allowed_values = sample->allowed;
	sample->specification.n_allowed_values = 2;
	sample->items[0].item_specification = &sample->specification;
	sample->model.output_spec = sample->list;
	sample->model.n_output_spec = 2;
	memcpy(sample->unknown_bytes, "\1x", 2);
	sample->unknown = (ProtobufCMessageUnknownField){
		.tag = 1000, .wire_type = PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED, .len = 2};
	sample->unknown.data = sample->unknown_bytes;
	sample->model.base.unknown_fields = &sample->unknown;
	sample->model.base.n_unknown_fields = 1;
}

static void nothing(struct sample *sample)
{
	(void)sample;
}

static void another_text(struct sample *sample)
{
	sample->model.model_name = a_text;
}

static void a_text_in_a_list(struct sample *sample)
{
	sample->allowed[1] = a_text;
}

static void a_text_in_an_entry(struct sample *sample)
{
	sample->items[1].item_type = a_text;
}

static void fewer_entries(struct sample *sample)
{
	sample->model.n_output_spec = 1;
}

static void another_order(struct sample *sample)
{
	sample->list[0] = &sample->items[1];
	sample->list[1] = &sample->items[0];
}

static void no_message(struct sample *sample)
{
	sample->items[0].item_specification = NULL;
}

static void an_empty_message(struct sample *sample)
{
	static Tally__V1__ItemSpecification empty;
	tally__v1__item_specification__init(&empty);
	sample->items[1].item_specification = &empty;
}

static void a_zero_that_is_not_given(struct sample *sample)
{
	sample->specification._min_value_case = TALLY__V1__ITEM_SPECIFICATION___MIN_VALUE__NOT_SET;
}

static void another_number(struct sample *sample)
{
	sample->specification.min_value = 1;
}

static void a_value_left_behind_a_choice(struct sample *sample)
{
	sample->specification.max_value = 1;
}

static void another_boolean(struct sample *sample)
{
	sample->specification.optional_value = true;
}

static void other_unknown_bytes(struct sample *sample)
{
	sample->unknown_bytes[1] = 'y';
}

static void nothing_unknown(struct sample *sample)
{
	sample->model.base.n_unknown_fields = 0;
}

static const struct row {
	const char *name;
	void (*change)(struct sample *sample);
	bool equal;
} rows[] = {
	{"a message is equal to its copy", nothing, true},
	{"what stands in a field that is not chosen does not count", a_value_left_behind_a_choice, true},
	{"a text differs", another_text, false},
	{"a text in a list differs", a_text_in_a_list, false},
	{"a text in an entry differs", a_text_in_an_entry, false},
	{"a shorter list differs", fewer_entries, false},
	{"another order differs", another_order, false},
	{"a message that is gone differs", no_message, false},
	{"an empty message differs from none", an_empty_message, false},
	{"a zero differs from no number", a_zero_that_is_not_given, false},
	{"a number differs", another_number, false},
	{"a boolean differs", another_boolean, false},
	{"what is not known differs", other_unknown_bytes, false},
	{"nothing unknown differs from something", nothing_unknown, false},
};

static void check(void **state)
{
	const struct row *row = *state;
	struct sample sample;
	fill(&sample);
	struct arena *arena = arena_new();
	const void *copy = model_message_copy(arena, &sample.model);
	row->change(&sample);
	assert_int_equal(model_message_equal(&sample.model, copy), row->equal);
	assert_int_equal(model_message_equal(copy, &sample.model), row->equal);
	assert_false(model_message_equal(copy, NULL));
	arena_free(arena);
}

int main(void)
{
	return CASES_RUN(rows, check);
}
