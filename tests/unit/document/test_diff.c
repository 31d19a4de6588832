/* Two versions, field by field. */
#include "document/document.h"

#include "cases.h"

#include "codec/codec.h"

struct row {
	const char *name;
	const char *before;
	const char *after;
	const char *expected; /* one line each: field: before -> after, with - for absent */
};

static ProtobufCMessage *model(struct arena *arena, const char *text)
{
	struct codec_node **documents;
	size_t count;
	static struct fault fault;
	assert_int_equal(codec_parse(arena, "f", text, strlen(text), &documents, &count, &fault), FAULT_NONE);
	ProtobufCMessage *message =
		codec_message(arena, "f", "", documents[0], &tally__v1__trained_model__descriptor, &fault);
	if (!message)
		fail_msg("%s", fault.message);
	return message;
}

static void check(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	size_t count;
	const struct document_difference *found =
		document_diff(arena, model(arena, row->before), model(arena, row->after), &count);
	struct buffer got = {0};
	for (size_t i = 0; i < count; i++)
		buffer_print(&got, "%s: %s -> %s\n", found[i].field, found[i].before ? found[i].before : "-",
			found[i].after ? found[i].after : "-");
	assert_string_equal(buffer_string(&got), row->expected);
	buffer_done(&got);
	arena_free(arena);
}

static const struct row rows[] = {
	{"equal specs differ in nothing", "{model_name: a, ensemble: false, output_spec: [{item_name: x}]}",
		"{output_spec: [{item_name: x}], ensemble: false, model_name: a}", ""},
	{"changed, new and gone fields are told in the fields' order",
		"{training_date: d, model_name: a, model_version: '1'}",
		"{ensemble: false, model_version: '2', model_name: a}",
		"model_version: 1 -> 2\ntraining_date: d -> -\nensemble: - -> false\n"},
	{"numbers are told the shortest way", "{inference_time: {time: 0.1}}", "{inference_time: {time: 20}}",
		"inference_time.time: 0.1 -> 20\n"},
	{"false and absent differ", "{ensemble: false}", "{}", "ensemble: false -> -\n"},
	{"items are told by their name", "{output_spec: [{item_name: a, item_type: Float}, {item_name: b}]}",
		"{output_spec: [{item_name: b}, {item_name: c}, {item_name: a, item_type: String}]}",
		"output_spec[a].item_type: Float -> String\noutput_spec[c].item_name: - -> c\n"
		"output_spec: a, b -> b, a\n"},
	{"items without unique names are told by their place",
		"{output_spec: [{item_name: a}, {item_name: a}]}",
		"{output_spec: [{item_name: a}, {item_name: a, item_type: T}]}",
		"output_spec[1].item_type: - -> T\n"},
	{"a new list is told leaf by leaf", "{}",
		"{output_spec: [{item_name: a, component_mapping: {component: c}}], ml_frameworks: [K]}",
		"ml_frameworks[0]: - -> K\noutput_spec[a].item_name: - -> a\n"
		"output_spec[a].component_mapping.component: - -> c\n"},
	{"texts in a list are told by their place", "{ml_frameworks: [a, b]}", "{ml_frameworks: [a, c, d]}",
		"ml_frameworks[1]: b -> c\nml_frameworks[2]: - -> d\n"},
	{"an empty message is told", "{}", "{test_dataset: {}}", "test_dataset: - -> {}\n"},
	{"an empty message that is filled is told by what fills it", "{test_dataset: {}}",
		"{test_dataset: {name: n}}", "test_dataset.name: - -> n\n"},
	{"metrics are told by their metric", "{algorithm_metrics: [{metric: m, threshold: 1}]}",
		"{algorithm_metrics: [{metric: n}, {metric: m, threshold: 2}]}",
		"algorithm_metrics[m].threshold: 1 -> 2\nalgorithm_metrics[n].metric: - -> n\n"},
};

int main(void)
{
	return CASES_RUN(rows, check);
}
