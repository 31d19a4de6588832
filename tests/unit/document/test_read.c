/* Documents: the envelope, and that what is written reads back. */
#include "document/document.h"

#include "cases.h"

#include "codec/codec.h"

struct row {
	const char *name;
	const char *text;
	const char *expected; /* "file:line Kind system/name team" of each document, or the fault's message */
};

static void check(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	struct document *documents;
	size_t count = 0;
	static struct fault fault;
	struct buffer got = {0};
	if (document_read(arena, "f", row->text, strlen(row->text), &documents, &count, &fault) !=
		FAULT_NONE) {
		assert_int_equal(fault.code, FAULT_INVALID);
		buffer_text(&got, fault.message);
		count = 0;
	}
	for (size_t i = 0; i < count; i++)
		buffer_print(&got, "%s:%d %s %s/%s %s\n", documents[i].file, documents[i].line,
			model_kind_info(documents[i].kind)->document, documents[i].system, documents[i].name,
			documents[i].descriptor->owner_team);
	assert_string_equal(buffer_string(&got), row->expected);
	buffer_done(&got);
	arena_free(arena);
}

#define HEAD "apiVersion: tally/v1\nkind: RawData\n"

static const struct row rows[] = {
	{"a document is read", HEAD "metadata: {system: s, name: n, ownerTeam: Data Owners}\nspec: {}\n",
		"f:1 RawData s/n Data Owners\n"},
	{"metadata may be left out", HEAD "spec: {}\n", "f:1 RawData /default \n"},
	{"what the server knows of a version is left out", HEAD "spec: {}\nstatus: {version: 3, digest: x}\n",
		"f:1 RawData /default \n"},
	{"several are read, empty ones are skipped",
		"---\n---\n" HEAD
		"spec: {}\n---\nkind: SystemContext\napiVersion: tally/v1\nspec: {task: t}\n---\n",
		"f:3 RawData /default \nf:7 SystemContext /default \n"},
	{"JSON is read", "{\"apiVersion\": \"tally/v1\", \"kind\": \"TrainedModel\", \"spec\": {}}",
		"f:1 TrainedModel /default \n"},
	{"an empty file is refused", "", "f:1:1: there is no document in it"},
	{"a file of comments is refused", "# nothing\n---\n", "f:1:1: there is no document in it"},
	{"a missing apiVersion is refused", "kind: RawData\nspec: {}\n",
		"f:1:1: apiVersion is missing; a document starts with apiVersion: tally/v1"},
	{"an SEI document is told what to do", "{\"version\": \"1.2\", \"task\": \"x\"}",
		"f:1:1: apiVersion is missing; an SEI document is read by `tally import sei`"},
	{"another apiVersion is refused", "apiVersion: v1\nkind: RawData\nspec: {}\n",
		"f:1:13: apiVersion: \"v1\" is not understood; tally/v1 is"},
	{"a missing kind is refused", "apiVersion: tally/v1\nspec: {}\n",
		"f:1:1: kind is missing, e.g. kind: TrainedModel"},
	{"a kind's slip gets the nearest", "apiVersion: tally/v1\nkind: TrainedModle\nspec: {}\n",
		"f:2:7: kind: there is no kind \"TrainedModle\"; did you mean TrainedModel?"},
	{"a missing spec is refused", HEAD, "f:1:1: spec is missing or empty"},
	{"an empty spec is refused", HEAD "spec:\n", "f:3:1: spec is missing or empty"},
	{"a list as spec is refused", HEAD "spec: []\n",
		"f:3:7: spec: this is a list; a mapping is expected"},
	{"an unknown key is refused", HEAD "sepc: {}\n",
		"f:3:1: sepc: there is no field \"sepc\"; did you mean spec?"},
	{"an unknown metadata key is refused", HEAD "metadata: {owner_team: x}\nspec: {}\n",
		"f:3:12: metadata.owner_team: there is no field \"owner_team\"; did you mean ownerTeam?"},
	{"a bad name is refused", HEAD "metadata: {name: EU_West}\nspec: {}\n",
		"f:3:18: metadata.name: \"EU_West\" is no id: 1 to 63 lower-case letters, digits and "
		"hyphens, a letter first "
		"and no hyphen last"},
	{"a bad system is refused", HEAD "metadata: {system: ''}\nspec: {}\n",
		"f:3:20: metadata.system: \"\" is no id: 1 to 63 lower-case letters, digits and hyphens, a "
		"letter first "
		"and no hyphen last"},
	{"a list as name is refused", HEAD "metadata: {name: [x]}\nspec: {}\n",
		"f:3:18: metadata.name: text is expected here"},
	{"text as metadata is refused", HEAD "metadata: x\nspec: {}\n",
		"f:3:11: metadata: a mapping is expected here: system, name and ownerTeam"},
	{"a bad source is refused", HEAD "metadata: {sources: [{fiel: x}]}\nspec: {}\n",
		"f:3:23: metadata.sources[0].fiel: there is no field \"fiel\"; did you mean field?"},
	{"a slip deep in the spec has its place", HEAD "spec:\n  schema:\n    - field_nam: x\n",
		"f:5:7: spec.schema[0].field_nam: there is no field \"field_nam\"; did you mean field_name?"},
	{"a slip in the second document refuses both", HEAD "spec: {}\n---\n" HEAD "spec: {task: x}\n",
		"f:7:8: spec.task: there is no field \"task\"; known are dataset_identifier, "
		"dataset_version, dataset_name, "
		"dataset_description, data_sources, instance_type, number_of_instances, labels_distribution, "
		"schema, metadata, "
		"restrictions, data_rights, data_policies, anonymization, proxy_data, documentation, profile"},
	{"a list as document is refused", "- a\n",
		"f:1:1: a document is a mapping of apiVersion, kind, metadata and spec"},
	{"a syntax error has its place", HEAD "spec: {a: [}\n", "f:3:12: mismatched flow mapping end"},
};

static const char whole[] = "---\n"
			    "apiVersion: tally/v1\n"
			    "kind: ProductionEnvironment\n"
			    "metadata:\n"
			    "  system: parcels\n"
			    "  name: eu-west\n"
			    "  ownerTeam: \"Operations: EU\"\n"
			    "  sources:\n"
			    "    - field: computing_resources.cpu\n"
			    "      file: deployment.yaml\n"
			    "spec:\n"
			    "  required_inference_time:\n"
			    "    time: 0.5\n"
			    "    unit: Seconds\n"
			    "  computing_resources:\n"
			    "    gpu: 0\n"
			    "    cpu: 4\n"
			    "  deployment_platform: \"3.10\"\n";

static void what_is_written_reads_back(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct document *documents;
	size_t count;
	static struct fault fault;
	assert_int_equal(
		document_read(arena, "f", whole, strlen(whole), &documents, &count, &fault), FAULT_NONE);
	struct buffer out = {0};
	document_print_yaml(&out, documents[0].system, documents[0].name, documents[0].descriptor);
	assert_string_equal(buffer_string(&out), whole);
	buffer_clear(&out);
	json_t *json = document_json("", "default", documents[0].descriptor);
	codec_print_json(json, &out);
	json_decref(json);
	assert_int_equal(
		document_read(arena, "g", out.bytes, out.size, &documents, &count, &fault), FAULT_NONE);
	assert_string_equal(documents[0].system, "");
	assert_int_equal(documents[0].kind, KIND_PRODUCTION_ENVIRONMENT);
	assert_string_equal(documents[0].descriptor->sources[0]->file, "deployment.yaml");
	buffer_done(&out);
	arena_free(arena);
}

static const char lined[] =
	"# ours\napiVersion: tally/v1\nkind: Policy\n"
	"metadata:\n  ownerTeam: ops\n  name: default\n"
	"spec:\n  rules:\n    - rule: a\n    - {rule: b,\n       severity: c}\n  data:\n    psi: 7\n";

static const struct line_row {
	const char *name;
	const char *field;
	int line;
} line_rows[] = {
	{"a field stands where its key does", "policy.data.psi", 13},
	{"a field of a listed item is found by its index", "policy.rules[0].rule", 9},
	{"a field of another item in braces, too", "policy.rules[1].severity", 11},
	{"an item stands where it begins", "policy.rules[1]", 10},
	{"what is missing in an item is told with the item", "policy.rules[0].severity", 9},
	{"what is missing in the spec is told with the spec", "policy.new_rule_grace", 7},
	{"an index beyond the list is told with the list", "policy.rules[7].rule", 8},
	{"the spec itself stands where it does", "policy", 7},
	{"the name stands in the metadata", "name", 6},
	{"the team stands in the metadata under its other name", "owner_team", 5},
	{"sources that are missing are told with the metadata", "sources[3].path", 4},
	{"what no document has is told with its first line", "etag", 2},
	{"another kind's field is told with its first line", "waiver.reason", 2},
	{"a path that is none is told with what it begins with", "policy.data[x.psi", 12},
};

static void check_line(void **state)
{
	const struct line_row *row = *state;
	struct arena *arena = arena_new();
	struct document *documents;
	size_t count;
	static struct fault fault;
	assert_int_equal(
		document_read(arena, "f", lined, strlen(lined), &documents, &count, &fault), FAULT_NONE);
	assert_int_equal(document_line(&documents[0], row->field), row->line);
	arena_free(arena);
}

static void what_was_made_elsewhere_has_no_line(void **state)
{
	(void)state;
	const struct document document = {.kind = KIND_POLICY};
	assert_int_equal(document_line(&document, "policy.rules[0].rule"), 0);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + CASES_COUNT(line_rows) + 2];
	size_t count = CASES_ADD(tests, 0, rows, check);
	count = CASES_ADD(tests, count, line_rows, check_line);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(what_was_made_elsewhere_has_no_line);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(what_is_written_reads_back);
	return CASES_RUN_ALL(tests, count);
}
