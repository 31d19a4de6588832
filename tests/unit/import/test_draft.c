/* Drafts: what becomes of facts of several files. */
#include "import/draft.h"

#include "cases.h"

#include <string.h>

#include <jansson.h>

/* One fact, its place written as kind, subject, list and key. */
struct saying {
	enum model_kind kind;
	const char *subject;
	const char *list, *key; /* NULL: the spec itself */
	const char *field, *value;
	enum draft_strength strength;
	const char *file;
};

enum {
	SAYINGS_MAX = 4,
};

struct row {
	const char *name;
	struct saying sayings[SAYINGS_MAX];
	const char *expected;
};

static void say(struct draft *draft, const struct saying *saying)
{
	const struct draft_place *place = draft_root(draft, saying->kind, saying->subject);
	if (saying->list)
		place = draft_item(draft, place, saying->list, saying->key);
	const struct draft_fact fact = {.place = place,
		.field = saying->field,
		.value = saying->value,
		.strength = saying->strength,
		.source = {saying->file, "x"}};
	assert_true(draft_put(draft, &fact));
}

static void write_result(struct buffer *out, const struct draft_result *result)
{
	for (size_t i = 0; i < result->count; i++) {
		const struct document *document = &result->documents[i];
		json_t *json = document_json("", document->name, document->descriptor);
		char *spec = json_dumps(json_object_get(json, "spec"), JSON_COMPACT);
		buffer_print(out, "%s %s\n", document->name, spec);
		for (size_t k = 0; k < document->descriptor->n_sources; k++)
			buffer_print(out, "  %s: %s\n", document->descriptor->sources[k]->field,
				document->descriptor->sources[k]->file);
		free(spec);
		json_decref(json);
	}
	for (size_t i = 0; i < result->conflict_count; i++) {
		const struct draft_conflict *conflict = &result->conflicts[i];
		buffer_print(out, "conflict %s:", conflict->field);
		for (size_t k = 0; k < conflict->count; k++)
			buffer_print(
				out, " %s (%s)", conflict->claims[k].value, conflict->claims[k].source.file);
		buffer_text(out, "\n");
	}
}

static void check(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	struct draft *draft = draft_new(arena);
	for (size_t i = 0; i < SAYINGS_MAX && row->sayings[i].file; i++)
		say(draft, &row->sayings[i]);
	struct draft_result result;
	struct fault fault;
	struct buffer got = {0};
	assert_int_equal(draft_build(draft, NULL, &result, &fault), FAULT_NONE);
	write_result(&got, &result);
	assert_string_equal(buffer_string(&got), row->expected);
	buffer_done(&got);
	arena_free(arena);
}

#define MODEL(subject, field, value, file)                                                                   \
	{                                                                                                    \
		KIND_TRAINED_MODEL, subject, NULL, NULL, field, value, DRAFT_FIRM, file                      \
	}
#define PLACE(subject, value, strength, file)                                                                \
	{                                                                                                    \
		KIND_PRODUCTION_ENVIRONMENT, subject, NULL, NULL, "image", value, strength, file             \
	}
#define INPUT(value, file)                                                                                   \
	{                                                                                                    \
		KIND_DATA_PIPELINE, NULL, "input_spec", "a", "item_type", value, DRAFT_FIRM, file            \
	}

static const struct row rows[] = {
	{"nothing said makes no document", {{0}}, ""},
	{"the same value of two files has both sources",
		{MODEL(NULL, "model_name", "m", "a"), MODEL(NULL, "model_name", "m", "b")},
		"default {\"model_name\":\"m\"}\n  model_name: a\n  model_name: b\n"},
	{"two values for one field are a conflict and the first one stands",
		{MODEL(NULL, "model_name", "m", "a"), MODEL(NULL, "model_name", "n", "b")},
		"default {\"model_name\":\"m\"}\n  model_name: a\nconflict model_name: m (a) n (b)\n"},
	{"two spellings of one type are no conflict", {INPUT("double", "a"), INPUT("float64", "b")},
		"default {\"input_spec\":[{\"item_type\":\"double\"}]}\n  input_spec[0].item_type: a\n  "
		"input_spec[0].item_type: b\n"},
	{"two types are a conflict", {INPUT("double", "a"), INPUT("string", "b")},
		"default {\"input_spec\":[{\"item_type\":\"double\"}]}\n  input_spec[0].item_type: a\n"
		"conflict input_spec[a].item_type: double (a) string (b)\n"},
	{"the only subject is called default, and takes what has none",
		{MODEL("models/churn", "model_name", "m", "a"), MODEL(NULL, "model_version", "1", "b")},
		"default {\"model_name\":\"m\",\"model_version\":\"1\"}\n  model_name: a\n  model_version: b\n"},
	{"several subjects are called after their last parts",
		{MODEL("models/Churn_2", "model_name", "m", "a"),
			MODEL("models/fraud", "model_name", "n", "b")},
		"churn-2 {\"model_name\":\"m\"}\n  model_name: a\nfraud {\"model_name\":\"n\"}\n  model_name: b\n"},
	{"the same last part is told apart by the whole",
		{MODEL("a/model", "model_name", "m", "a"), MODEL("b/model", "model_name", "n", "b")},
		"model {\"model_name\":\"m\"}\n  model_name: a\nb-model {\"model_name\":\"n\"}\n  model_name: b\n"},
	{"a weak value goes when another file speaks of the field",
		{{KIND_DATA_PIPELINE, NULL, "input_spec", "w", "item_name", "w", DRAFT_WEAK, "a"},
			INPUT("int", "b")},
		"default {\"input_spec\":[{\"item_type\":\"int\"}]}\n  input_spec[0].item_type: b\n"},
	{"a weak value stands when nobody else speaks",
		{{KIND_DATA_PIPELINE, NULL, "input_spec", "w", "item_name", "w", DRAFT_WEAK, "a"}},
		"default {\"input_spec\":[{\"item_name\":\"w\"}]}\n  input_spec[0].item_name: a\n"},
	{"a spare value goes when a descriptor has a subject",
		{PLACE(NULL, "web", DRAFT_SPARE, "a"), PLACE("m", "model", DRAFT_FIRM, "b")},
		"default {\"image\":\"model\"}\n  image: b\n"},
	{"what is said of production without a subject is said of each",
		{PLACE("m", "x", DRAFT_FIRM, "a"), PLACE("n", "y", DRAFT_FIRM, "b"),
			{KIND_PRODUCTION_ENVIRONMENT, NULL, NULL, NULL, "deployment_platform", "p",
				DRAFT_FIRM, "c"}},
		"m {\"deployment_platform\":\"p\",\"image\":\"x\"}\n  image: a\n  deployment_platform: c\n"
		"n {\"deployment_platform\":\"p\",\"image\":\"y\"}\n  image: b\n  deployment_platform: c\n"},
	{"what is attached to a subject that is not there goes to the only one",
		{PLACE("hpa", "y", DRAFT_ATTACHED, "b"),
			{KIND_PRODUCTION_ENVIRONMENT, NULL, NULL, NULL, "deployment_platform", "p",
				DRAFT_FIRM, "c"}},
		"default {\"deployment_platform\":\"p\",\"image\":\"y\"}\n  image: b\n  deployment_platform: c\n"},
};

static void check_rewind(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct draft *draft = draft_new(arena);
	const struct saying first = MODEL(NULL, "model_name", "m", "a");
	const struct saying second = MODEL(NULL, "model_version", "1", "b");
	say(draft, &first);
	const struct draft_mark mark = draft_mark(draft);
	say(draft, &second);
	draft_rewind(draft, mark);
	size_t count;
	assert_string_equal(draft_facts(draft, &count)[0].value, "m");
	assert_int_equal(count, 1);
	arena_free(arena);
}

static void check_names(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct draft *draft = draft_new(arena);
	const struct saying first = MODEL("a", "model_name", "m", "a"),
			    second = MODEL("b", "model_name", "n", "b");
	struct draft_result result;
	struct fault fault;
	say(draft, &first);
	assert_int_equal(draft_build(draft, "given", &result, &fault), FAULT_NONE);
	assert_string_equal(result.documents[0].name, "given");
	say(draft, &second);
	assert_int_equal(draft_build(draft, "given", &result, &fault), FAULT_INVALID);
	assert_string_equal(fault.reason, "SEVERAL");
	arena_free(arena);
}

int main(void)
{
	static const struct row rewinds[] = {{"what a file that fails said is forgotten", {{0}}, NULL}};
	static const struct row names[] = {{"a name is given to one descriptor of a kind only", {{0}}, NULL}};
	struct CMUnitTest tests[CASES_COUNT(rows) + 2];
	size_t at = CASES_ADD(tests, 0, rows, check);
	at = CASES_ADD(tests, at, rewinds, check_rewind);
	at = CASES_ADD(tests, at, names, check_names);
	return CASES_RUN_ALL(tests, at);
}
