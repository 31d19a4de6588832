/*
 * What runs again: one field of one descriptor changes at a time, each field
 * there is in turn. What is shared then must be what a full run gives, to the
 * last byte, or a rule reads what it does not declare. The cases of each rule
 * are held to the same in reads.c.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "load.h"
#include "random.h"
#include "rules/plan.h"
#include "same.h"

#include "cases.h"

enum {
	RULES_MAX = 128,
	FIELDS_MAX = 400, /* that one rule declares */
	DEPTH_MAX = 8,
	NAMES = 2,
	TRIES = 4,
};

static long rounds = 8; /* each with another system */
static bool listing;    /* what made no difference */

static const char *const names[NAMES] = {"default", "other"};

/* A system that changes, and what it was evaluated to. */
static struct {
	json_t *documents[KIND_LIMIT][NAMES]; /* NULL: there is none */
	struct loaded loaded;
	struct rules_evaluation *evaluation;
} trial;

/* What every rule found: the digests of its findings, summed. */
struct said {
	uint64_t sums[RULES_MAX];
};

static size_t index_of(const char *rule)
{
	size_t at = 0;
	while (strcmp(rules_at(at)->id, rule) != 0)
		at++;
	return at;
}

static struct said said_by(const struct rules_evaluation *evaluation)
{
	struct said said = {0};
	size_t count;
	const struct model_finding *const *findings = rules_evaluation_findings(evaluation, &count);
	for (size_t i = 0; i < count; i++) {
		uint64_t start;
		memcpy(&start, &findings[i]->digest, sizeof(start));
		said.sums[index_of(findings[i]->rule)] += start;
	}
	return said;
}

/* ---- what made a difference ---- */

static struct {
	struct arena *arena;
	const char *const *fields[RULES_MAX];
	size_t counts[RULES_MAX];
	bool mattered[RULES_MAX][FIELDS_MAX];
} declared;

static int read_declared(void **state)
{
	(void)state;
	declared.arena = arena_new();
	for (size_t i = 0; i < rules_count(); i++) {
		declared.fields[i] = rules_fields(declared.arena, rules_at(i), &declared.counts[i]);
		assert_true(declared.counts[i] <= FIELDS_MAX);
	}
	return 0;
}

static int forget_declared(void **state)
{
	(void)state;
	arena_free(declared.arena);
	return 0;
}

static void note(const struct said *before, const struct said *after, enum model_kind kind, const char *path)
{
	for (size_t i = 0; i < rules_count(); i++)
		for (size_t j = 0; before->sums[i] != after->sums[i] && j < declared.counts[i]; j++)
			if (rules_field_touches(declared.fields[i][j], kind, path) == RULES_TOUCH_INSIDE)
				declared.mattered[i][j] = true;
}

/* ---- changing one thing ---- */

/* Compares with a full run, which is the next one's earlier evaluation. */
static void evaluate(enum model_kind kind, const char *path)
{
	struct rules_evaluation *next = rules_evaluate(&trial.loaded.system, trial.evaluation);
	struct rules_evaluation *full = rules_evaluate(&trial.loaded.system, NULL);
	same_assert(next, full);
	if (trial.evaluation) {
		struct said before = said_by(trial.evaluation), after = said_by(full);
		note(&before, &after, kind, path);
	}
	rules_evaluation_unref(next);
	rules_evaluation_unref(trial.evaluation);
	trial.evaluation = full;
}

static void load(enum model_kind kind, size_t name)
{
	char *text = json_dumps(trial.documents[kind][name], 0);
	load_put(&trial.loaded, load_descriptor(kind, names[name], text, false));
	free(text);
}

/* A field by the names on the way to it, from the descriptor on. */
struct path {
	const ProtobufCFieldDescriptor *fields[DEPTH_MAX];
	size_t length;
};

/* Goes to the message that the path's last field is of, into any entry of lists. @return NULL: it is not
 * there */
static json_t *around(json_t *document, const struct path *path)
{
	json_t *at = document;
	for (size_t i = 0; at && i + 1 < path->length; i++) {
		at = json_object_get(at, path->fields[i]->name);
		if (at && path->fields[i]->label == PROTOBUF_C_LABEL_REPEATED)
			at = json_array_size(at)
				     ? json_array_get(at, random_roll((unsigned)json_array_size(at)))
				     : NULL;
	}
	return at;
}

/* @return false when it comes out as it was */
static bool change(json_t *object, const ProtobufCFieldDescriptor *field)
{
	json_t *was = json_incref(json_object_get(object, field->name));
	if (was && random_roll(4) == 0)
		json_object_del(object, field->name);
	else
		json_object_set_new(object, field->name, random_field(field));
	const json_t *now = json_object_get(object, field->name);
	bool same = was && now && json_equal(was, now);
	json_decref(was);
	return !same;
}

static void change_field(enum model_kind kind, const struct path *path)
{
	char text[200] = "";
	for (size_t i = 0; i < path->length; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i ? "." : "",
			path->fields[i]->name);
	for (size_t name = 0; name < NAMES; name++) {
		json_t *object = around(trial.documents[kind][name], path);
		bool changed = false;
		for (size_t i = 0; object && !changed && i < TRIES; i++)
			changed = change(object, path->fields[path->length - 1]);
		if (!changed)
			continue;
		load(kind, name);
		evaluate(kind, text);
	}
}

static void change_fields(enum model_kind kind, struct path *path, const ProtobufCMessageDescriptor *type)
{
	assert_true(path->length < DEPTH_MAX);
	for (unsigned i = 0; i < type->n_fields; i++) {
		path->fields[path->length++] = &type->fields[i];
		change_field(kind, path);
		if (type->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
			change_fields(kind, path, type->fields[i].descriptor);
		path->length--;
	}
}

/* Takes a descriptor out and puts it back, or the other way round. */
static void come_and_go(enum model_kind kind, size_t name)
{
	if (trial.documents[kind][name]) {
		load_drop(&trial.loaded, kind, names[name]);
		evaluate(kind, "");
		load(kind, name);
	} else {
		load_put(&trial.loaded, load_descriptor(kind, names[name], "{}", false));
		evaluate(kind, "");
		load_drop(&trial.loaded, kind, names[name]);
	}
	evaluate(kind, "");
}

/* ---- systems ---- */

static void start(uint64_t seed)
{
	random_seed(seed);
	for (unsigned kind = KIND_NONE + 1; kind < KIND_LIMIT; kind++) {
		for (size_t name = 0; model_kind_known((int)kind) && name < NAMES; name++) {
			if (name > 0 && random_roll(2))
				continue;
			trial.documents[kind][name] =
				random_message(model_kind_info((enum model_kind)kind)->spec);
			load((enum model_kind)kind, name);
		}
	}
	evaluate(KIND_NONE, "");
}

static void finish(void)
{
	for (unsigned kind = KIND_NONE + 1; kind < KIND_LIMIT; kind++)
		for (size_t name = 0; name < NAMES; name++) {
			json_decref(trial.documents[kind][name]);
			trial.documents[kind][name] = NULL;
		}
	rules_evaluation_unref(trial.evaluation);
	trial.evaluation = NULL;
	load_done(&trial.loaded);
}

static void each_changed_field_is_seen(void **state)
{
	(void)state;
	for (uint64_t round = 1; round <= (uint64_t)rounds; round++) {
		start(round * 0x9e3779b97f4a7c15);
		for (unsigned kind = KIND_NONE + 1; kind < KIND_LIMIT; kind++) {
			if (!model_kind_known((int)kind))
				continue;
			struct path path = {.length = 0};
			change_fields(
				(enum model_kind)kind, &path, model_kind_info((enum model_kind)kind)->spec);
			for (size_t name = 0; name < NAMES; name++)
				come_and_go((enum model_kind)kind, name);
		}
		finish();
	}
}

/* The others need more than one change, or a chance that these systems do not give: the cases of each rule
 * are for them. */
static void most_declared_fields_made_a_difference(void **state)
{
	(void)state;
	size_t mattered = 0, all = 0;
	for (size_t i = 0; i < rules_count(); i++)
		for (size_t j = 0; j < declared.counts[i]; j++, all++) {
			mattered += declared.mattered[i][j];
			if (listing && !declared.mattered[i][j])
				print_message("%s: %s\n", rules_at(i)->id, declared.fields[i][j]);
		}
	assert_true(mattered * 2 > all);
}

/* ---- what is no field ---- */

static void put_pushed_at(struct loaded *loaded, int64_t seconds)
{
	const struct model_descriptor *was =
		model_system_find(&loaded->system, KIND_PRODUCTION_DATA, "default");
	struct model_version version = *model_descriptor_version(was);
	version.created_at_us = seconds * 1000000;
	load_put(loaded, model_descriptor_of(&version, model_descriptor_message(was)));
}

static void a_rule_that_looks_at_dates_minds_a_new_version(void **state)
{
	(void)state;
	struct loaded loaded = {0};
	load_text(&loaded, KIND_CLOCK, "default", "{'time': {'seconds': 1000}}");
	load_text(&loaded, KIND_PRODUCTION_DATA, "default", "{'refresh_interval': {'seconds': 60}}");
	put_pushed_at(&loaded, 900);
	struct rules_evaluation *late = rules_evaluate(&loaded.system, NULL);
	put_pushed_at(&loaded, 990);
	struct rules_evaluation *next = rules_evaluate(&loaded.system, late);
	struct rules_evaluation *full = rules_evaluate(&loaded.system, NULL);
	same_assert(next, full);
	size_t late_count, count;
	rules_evaluation_findings(late, &late_count);
	rules_evaluation_findings(next, &count);
	assert_int_equal(count, late_count - 1);
	rules_evaluation_unref(late);
	rules_evaluation_unref(next);
	rules_evaluation_unref(full);
	load_done(&loaded);
}

static void only_the_rules_that_read_a_field_run_again(void **state)
{
	(void)state;
	struct loaded loaded = {0};
	load_text(&loaded, KIND_TRAINED_MODEL, "default",
		"{'output_spec': [{'item_name': 'a'}, {'item_name': 'b'}]}");
	const struct model_system system = loaded.system;
	struct model_descriptor *before[] = {model_descriptor_ref(loaded.descriptors[0])};
	load_text(&loaded, KIND_TRAINED_MODEL, "default",
		"{'output_spec': [{'item_name': 'a', 'item_type': 'int'}, {'item_name': 'b'}]}");
	const struct model_system old = {"", before, system.count};
	struct plan_set differing = plan_differing(&old, &loaded.system);
	for (size_t i = 0; i < plan_count(); i++) {
		const struct plan_run *run = plan_at(i);
		const char *id = run->rule->info.id;
		bool reads =
			strcmp(id, "api.output-type") == 0 || strcmp(id, "api.signature") == 0 ||
			(strcmp(id, "completeness.field-missing") == 0 && run->kind == KIND_TRAINED_MODEL);
		if (plan_has(&differing, i) != reads)
			print_error("%s\n", id);
		assert_int_equal(plan_has(&differing, i), reads);
	}
	model_descriptor_unref(before[0]);
	load_done(&loaded);
}

static void what_nobody_reads_leaves_the_findings_as_they_are(void **state)
{
	(void)state;
	struct loaded loaded = {0};
	load_text(&loaded, KIND_RAW_DATA, "default", "{'documentation': [{'description': 'a'}]}");
	struct rules_evaluation *first = rules_evaluate(&loaded.system, NULL);
	load_text(&loaded, KIND_RAW_DATA, "default", "{'documentation': [{'description': 'b'}]}");
	struct rules_evaluation *second = rules_evaluate(&loaded.system, first);
	load_text(&loaded, KIND_WAIVER, "default", "{'rule': 'api.*', 'expire_time': {'seconds': 9}}");
	struct rules_evaluation *third = rules_evaluate(&loaded.system, second);
	size_t counts[3];
	const void *before = rules_evaluation_findings(first, &counts[0]);
	rules_evaluation_unref(first);
	assert_ptr_equal(rules_evaluation_findings(second, &counts[1]), before);
	assert_ptr_not_equal(rules_evaluation_findings(third, &counts[2]), before);
	assert_true(counts[0] > 0 && counts[1] == counts[0] && counts[2] == counts[0]);
	rules_evaluation_unref(second);
	rules_evaluation_unref(third);
	load_done(&loaded);
}

/* With a number of rounds it takes so many, and lists what no change made a difference to. */
int main(int count, char **arguments)
{
	listing = count > 1;
	if (listing)
		rounds = strtol(arguments[1], NULL, 10);
	const struct CMUnitTest tests[] = {
		{"a changed field is seen by every rule that reads it", each_changed_field_is_seen, NULL,
			NULL, NULL},
		{"most fields that are declared made a difference", most_declared_fields_made_a_difference,
			NULL, NULL, NULL},
		{"a rule that looks at dates minds a version of another date",
			a_rule_that_looks_at_dates_minds_a_new_version, NULL, NULL, NULL},
		{"what nobody reads leaves the findings as they are",
			what_nobody_reads_leaves_the_findings_as_they_are, NULL, NULL, NULL},
		{"only the rules that read a field run again", only_the_rules_that_read_a_field_run_again,
			NULL, NULL, NULL},
	};
	return _cmocka_run_group_tests(__FILE__, tests, CASES_COUNT(tests), read_declared, forget_declared);
}
