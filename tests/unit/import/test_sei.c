/* SEI documents: blanks, older names, kinds, and that nothing that was given is lost. */
#include "import/sei.h"

#include "cases.h"

#include <dirent.h>

#include "codec/codec.h"
#include "model/kind.h"

struct row {
	const char *name;
	const char *file;
	const char *text;
	const char
		*expected; /* kind, JSON of the spec and, behind "ignored:", paths; or the fault's message */
};

/* Imports a text and writes down what came out. */
static void import(
	struct arena *arena, const char *file, const char *text, enum model_kind kind, struct buffer *got)
{
	struct document document = {0};
	static struct fault fault;
	if (import_sei(arena, file, text, strlen(text), kind, &document, &fault) != FAULT_NONE) {
		assert_int_equal(fault.code, FAULT_INVALID);
		assert_non_null(fault.reason);
		buffer_text(got, fault.message);
		return;
	}
	assert_int_equal(document.descriptor->n_sources, 1);
	assert_string_equal(document.descriptor->sources[0]->file, file);
	assert_string_equal(document.name, "default");
	json_t *json = document_json("", "default", document.descriptor);
	char *spec = json_dumps(json_object_get(json, "spec"), JSON_COMPACT | JSON_REAL_PRECISION(15));
	buffer_print(got, "%s %s", model_kind_info(document.kind)->id, spec);
	for (size_t i = 0; i < document.ignored_count; i++)
		buffer_print(got, "%s%s", i ? " " : " ignored: ", document.ignored[i]);
	free(spec);
	json_decref(json);
}

static void check(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	struct buffer got = {0};
	import(arena, row->file, row->text, KIND_NONE, &got);
	assert_string_equal(buffer_string(&got), row->expected);
	buffer_done(&got);
	arena_free(arena);
}

#define MODEL(text) "trained_model.json", "{\"version\": \"1.2\", " text "}"

static const struct row rows[] = {
	{"empty text, lists and objects are absent",
		MODEL("\"model_name\": \"\", \"ml_frameworks\": [], \"evaluation_dataset\": {}, "
		      "\"test_dataset\": {\"name\": \"\", "
		      "\"file\": \"\"}"),
		"trained_model {}"},
	{"false is kept where it says something", MODEL("\"ensemble\": false, \"post_processing\": false"),
		"trained_model {\"ensemble\":false,\"post_processing\":false}"},
	{"a resource group of zeros is absent",
		MODEL("\"computing_resource_reqs\": {\"gpu\": 0, \"cpu\": 0, \"memory\": 0.0, \"storage\": "
		      "0}"),
		"trained_model {}"},
	{"a GPU alone does not make a resource group, and that is told",
		MODEL("\"computing_resource_reqs\": {\"gpu\": 2, \"cpu\": 0, \"memory\": 0, \"storage\": 0}"),
		"trained_model {} ignored: computing_resource_reqs.gpu"},
	{"a zero beside a given resource is a value",
		MODEL("\"computing_resource_reqs\": {\"gpu\": 0, \"cpu\": 4, \"memory\": 0, \"storage\": 0}"),
		"trained_model "
		"{\"computing_resource_reqs\":{\"gpu\":0,\"cpu\":4.0,\"memory\":0.0,\"storage\":0.0}}"},
	{"a specification of zeros is absent",
		MODEL("\"output_spec\": [{\"item_name\": \"a\", \"item_specification\": {\"min_value\": 0, "
		      "\"max_value\": 0.0, "
		      "\"min_length\": 0, \"max_length\": 0, \"resolution_x\": 0, \"resolution_y\": 0, "
		      "\"channels\": 0, "
		      "\"empty\": false, \"numeric\": false, \"image_format\": \"\"}, "
		      "\"component_mapping\": {\"component\": \"\", \"data_item\": \"\"}}]"),
		"trained_model {\"output_spec\":[{\"item_name\":\"a\"}]}"},
	{"a zero beside a range's other end is a value",
		MODEL("\"output_spec\": [{\"item_specification\": {\"min_value\": 0, \"max_value\": 1, "
		      "\"min_length\": -0.0, "
		      "\"max_length\": 5, \"numeric\": true}}]"),
		"trained_model "
		"{\"output_spec\":[{\"item_specification\":{\"min_value\":0.0,\"max_value\":1.0,\"min_"
		"length\":0,"
		"\"max_length\":5,\"numeric\":true}}]}"},
	{"zero thresholds, results, seeds and times are absent",
		MODEL("\"algorithm_metrics\": [{\"metric\": \"m\", \"threshold\": 0}], \"test_metrics\": "
		      "[{\"metric\": \"n\", "
		      "\"result\": 0.0}], \"evaluation_dataset\": {\"seed\": 0, \"holdout_percentage\": 0}, "
		      "\"inference_time\": {\"time\": 0, \"unit\": \"Seconds\"}"),
		"trained_model "
		"{\"test_metrics\":[{\"metric\":\"n\"}],\"algorithm_metrics\":[{\"metric\":\"m\"}],"
		"\"inference_time\":{\"unit\":\"Seconds\"}}"},
	{"error code 0 is a value only when a code is returned", "data_pipeline.json",
		"{\"input_spec\": [{\"error_handling\": {\"error_type\": \"Return error code\", "
		"\"error_code_value\": 0}}, "
		"{\"error_handling\": {\"error_type\": \"Log to file\", \"error_code_value\": 0}}]}",
		"data_pipeline {\"input_spec\":[{\"error_handling\":{\"error_type\":\"Return error code\","
		"\"error_code_value\":0}},{\"error_handling\":{\"error_type\":\"Log to file\"}}]}"},
	{"zero counts and percentages are absent", "raw_data.json",
		"{\"number_of_instances\": 0, \"labels_distribution\": [{\"label\": \"x\", \"percentage\": "
		"0.0}]}",
		"raw_data {\"labels_distribution\":[{\"label\":\"x\"}]}"},
	{"the 0 % of a label that training never has is a value", "training_data.json",
		"{\"distribution\": [{\"label\": \"x\", \"percentage\": 0, \"mapping_production_data\": \"\"}]}",
		"training_data {\"distribution\":[{\"label\":\"x\",\"percentage\":0.0}]}"},
	{"the 0 % of a label that production never has is a value", "production_data.json",
		"{\"data_rates\": \"\", \"distribution\": [{\"label\": \"x\", \"percentage\": 0.0}]}",
		"production_data {\"distribution\":[{\"label\":\"x\",\"percentage\":0.0}]}"},
	{"label_field and ml_component false are kept", "training_data.json",
		"{\"schema\": [{\"field_name\": \"f\", \"label_field\": false}]}",
		"training_data {\"schema\":[{\"field_name\":\"f\",\"label_field\":false}]}"},
	{"blank items of lists stay",
		MODEL("\"decisions_assumptions\": [\"\"], \"algorithm_metrics\": [{\"metric\": \"\", "
		      "\"threshold\": 0}]"),
		"trained_model {\"algorithm_metrics\":[{}],\"decisions_assumptions\":[\"\"]}"},
	{"fields that do not exist are told, unless they are blank",
		MODEL("\"colour\": \"red\", \"size\": 0, \"output_spec\": [{\"weight\": 5}]"),
		"trained_model {\"output_spec\":[{}]} ignored: colour output_spec[0].weight"},

	{"v1.0 goals get their names and ids", "system_context.json",
		"{\"version\": \"1.0\", \"task\": \"t\", \"business_goals\": [{\"id\": \"B1\", \"goal\": "
		"\"g\"}, {\"id\": \"x\"}], "
		"\"success_criteria\": [\"s\"]}",
		"system_context {\"task\":\"t\",\"goals\":[{\"id\":\"1\",\"goal\":\"g\"},{\"id\":\"x\"}]} "
		"ignored: "
		"success_criteria"},
	{"v1.0 metrics name the goal without its letter", "trained_model.json",
		"{\"version\": \"1.0\", \"business_metrics\": [{\"metric\": \"m\", "
		"\"business_goal_mapping\": \"B12\"}]}",
		"trained_model {\"business_metrics\":[{\"metric\":\"m\",\"goal_mapping\":\"12\"}]}"},
	{"v1.2 ids keep their letter", "system_context.json",
		"{\"version\": \"1.2\", \"goals\": [{\"id\": \"B1\"}]}",
		"system_context {\"goals\":[{\"id\":\"B1\"}]}"},
	{"v1.1 items get their specification", "trained_model.json",
		"{\"version\": \"1.1\", \"output_spec\": [{\"item_name\": \"a\", \"expected_values\": \"0 to "
		"1\"}], "
		"\"final_output_spec\": [{\"expected_values\": \"\"}]}",
		"trained_model "
		"{\"output_spec\":[{\"item_name\":\"a\",\"item_specification\":{\"other_value\":\"0 to "
		"1\"}}],"
		"\"final_output_spec\":[{}]}"},
	{"a component's items keep their expected values", "development_environment.json",
		"{\"upstream_components\": [{\"output_spec\": [{\"item_name\": \"a\", \"expected_values\": "
		"\"0 to 1\"}]}]}",
		"development_environment "
		"{\"upstream_components\":[{\"output_spec\":[{\"item_name\":\"a\",\"expected_values\":"
		"\"0 to 1\"}]}]}"},

	{"the kind is in the file's name", "/tmp/x.y/My-TrainedModel (2).JSON", "{\"model_name\": \"m\"}",
		"trained_model {\"model_name\":\"m\"}"},
	{"the folder's name says nothing", "/tmp/raw_data/d.json", "{\"task\": \"m\"}",
		"system_context {\"task\":\"m\"}"},
	{"two kinds in a name leave it to the fields", "production_data_pipeline.json",
		"{\"data_rates\": \"x\", \"schema\": [], \"data_sources\": \"\"}",
		"production_data {\"data_rates\":\"x\"}"},
	{"v1.0 fields tell the kind too", "x.json", "{\"business_goals\": [{\"id\": \"B1\"}]}",
		"system_context {\"goals\":[{\"id\":\"1\"}]}"},
	{"fields of several kinds need --kind", "x.json", "{\"version\": \"1.2\", \"documentation\": []}",
		"x.json:1:1: neither the file's name nor its fields tell which kind of descriptor this is; "
		"give --kind"},
	{"a kind without any of its fields is refused", "raw_data.json", "{\"model_name\": \"m\"}",
		"raw_data.json:1:1: this does not look like a raw_data: none of its fields is there; give "
		"--kind"},
	{"fields that every kind has leave it to the file's name", "raw_data.json",
		"{\"version\": \"1.2\", \"documentation\": [{\"description\": \"d\", \"location\": \"l\"}]}",
		"raw_data {\"documentation\":[{\"description\":\"d\",\"location\":\"l\"}]}"},
	{"an unknown version is refused", "raw_data.json", "{\"version\": \"2.0\"}",
		"raw_data.json:1:13: version: only 1.0, 1.1 and 1.2 are understood"},
	{"a wrong type is refused with its place", "raw_data.json", "{\n  \"number_of_instances\": \"many\"}",
		"raw_data.json:2:26: number_of_instances: \"many\" is text, because of its quotes; a whole "
		"number stands without "
		"them"},
	{"a list for an object is refused", "trained_model.json", "{\"inference_time\": [1]}",
		"trained_model.json:1:20: inference_time: this is a list; a mapping is expected"},
	{"a list as document is refused", "raw_data.json", "[]",
		"raw_data.json:1:1: an SEI document is one JSON object"},
	{"an empty file is refused", "raw_data.json", "", "raw_data.json:1:1: there is no document in it"},
	{"broken JSON is refused with its place", "raw_data.json", "{\"dataset_name\": \"x\"\n\n",
		"raw_data.json:3:1: missing comma in flow mapping"},
	{"our own document is told what to do", "raw_data.json", "{\"apiVersion\": \"tally/v1\"}",
		"raw_data.json:1:1: this is a document of ours, not the SEI's; `tally push` takes it as it "
		"is"},
};

static void a_given_kind_wins_over_the_name(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct buffer got = {0};
	import(arena, "raw_data.json", "{\"task\": \"t\"}", KIND_SYSTEM_CONTEXT, &got);
	assert_string_equal(buffer_string(&got), "system_context {\"task\":\"t\"}");
	buffer_done(&got);
	arena_free(arena);
}

static void a_given_kind_that_does_not_fit_is_refused(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct buffer got = {0};
	import(arena, "x.json", "{\"task\": \"t\"}", KIND_RAW_DATA, &got);
	assert_string_equal(buffer_string(&got),
		"x.json:1:1: this does not look like a raw_data: none of its fields is there");
	buffer_done(&got);
	arena_free(arena);
}

/* What stands for "not given", as the SEI's schema writes it. */
static bool is_blank(const json_t *value)
{
	return json_is_null(value) || json_is_false(value) ||
	       (json_is_number(value) && json_number_value(value) == 0) ||
	       (json_is_string(value) && !json_string_length(value));
}

/* Every leaf of the original that is not blank is in the imported spec, at the same place, with the same
 * value. */
static void nothing_is_lost(const char *where, const json_t *original, const json_t *imported)
{
	const char *key;
	json_t *value;
	if (json_is_object(original)) {
		json_object_foreach((json_t *)(uintptr_t)original, key, value)
		{
			char inner[500];
			snprintf(inner, sizeof(inner), "%s.%s", where, key);
			nothing_is_lost(inner, value, json_object_get(imported, key));
		}
		return;
	}
	for (size_t i = 0; json_is_array(original) && i < json_array_size(original); i++)
		nothing_is_lost(where, json_array_get(original, i), json_array_get(imported, i));
	if (json_is_array(original) || is_blank(original))
		return;
	const bool same = json_is_number(original)
				  ? imported && json_number_value(original) == json_number_value(imported)
				  : json_equal(original, imported);
	if (!same)
		fail_msg("%s is lost or changed", where);
}

static const char *shared_folder(void)
{
	const char *folder = getenv("TALLY_SHARED");
	return folder ? folder : TALLY_SOURCE_DIR "/../shared";
}

static void import_file(const char *folder, const char *name)
{
	char path[1400];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	json_t *original = json_load_file(path, 0, NULL);
	assert_non_null(original);
	json_object_del(original, "version");
	struct arena *arena = arena_new();
	struct document document;
	static struct fault fault;
	char *text = json_dumps(original, JSON_INDENT(1));
	if (import_sei(arena, path, text, strlen(text), KIND_NONE, &document, &fault) != FAULT_NONE)
		fail_msg("%s", fault.message);
	assert_int_equal(document.ignored_count, 0);
	assert_memory_equal(name, model_kind_info(document.kind)->id, strlen(name) - strlen(".json"));
	json_t *imported = document_json("", "default", document.descriptor);
	nothing_is_lost(path, original, json_object_get(imported, "spec"));
	json_decref(imported);
	json_decref(original);
	free(text);
	arena_free(arena);
}

static int import_set(const char *folder)
{
	DIR *files = opendir(folder);
	assert_non_null(files);
	int count = 0;
	for (struct dirent *entry = readdir(files); entry; entry = readdir(files)) {
		if (entry->d_name[0] == '.' || strcmp(entry->d_name, "expected.json") == 0)
			continue;
		import_file(folder, entry->d_name);
		count++;
	}
	closedir(files);
	return count;
}

static void reference_sets_are_imported_without_loss(void **state)
{
	(void)state;
	char folder[800];
	snprintf(folder, sizeof(folder), "%s/reference/sei-cases", shared_folder());
	DIR *sets = opendir(folder);
	if (!sets) {
		print_message("skipped: the reference sets are not at %s\n", folder);
		skip();
		return; /* skip() does not return, but does not say so */
	}
	int count = 0;
	for (struct dirent *entry = readdir(sets); entry; entry = readdir(sets)) {
		char set[1100];
		if (entry->d_name[0] == '.')
			continue;
		snprintf(set, sizeof(set), "%s/%s", folder, entry->d_name);
		count += import_set(set);
	}
	closedir(sets);
	assert_true(count > 100);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + 3];
	size_t count = CASES_ADD(tests, 0, rows, check);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(a_given_kind_wins_over_the_name);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(a_given_kind_that_does_not_fit_is_refused);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(reference_sets_are_imported_without_loss);
	return CASES_RUN_ALL(tests, count);
}
