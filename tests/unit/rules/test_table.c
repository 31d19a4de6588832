/* The table of rules: its order, its texts, and what each rule reads. */
#include "rules/rules.h"

#include <stdbool.h>

#include "cases.h"

#define SC  KIND_BIT(KIND_SYSTEM_CONTEXT)
#define RD  KIND_BIT(KIND_RAW_DATA)
#define DP  KIND_BIT(KIND_DATA_PIPELINE)
#define TD  KIND_BIT(KIND_TRAINING_DATA)
#define TM  KIND_BIT(KIND_TRAINED_MODEL)
#define DE  KIND_BIT(KIND_DEVELOPMENT_ENVIRONMENT)
#define PE  KIND_BIT(KIND_PRODUCTION_ENVIRONMENT)
#define PD  KIND_BIT(KIND_PRODUCTION_DATA)
#define PO  KIND_BIT(KIND_POLICY)
#define ALL (KIND_BIT(KIND_END) - KIND_BIT(KIND_SYSTEM_CONTEXT))

struct row {
	const char *id;
	enum model_severity severity;
	kind_set kinds;
	kind_set needs;
};

static const struct row rows[] = {
	{"purpose.goal-unmeasured", SEVERITY_ERROR, SC | TM, SC | TM},
	{"environment.language-unsupported", SEVERITY_ERROR, TM | DE, TM | DE},
	{"environment.framework-unsupported", SEVERITY_ERROR, TM | DE, TM | DE},
	{"api.output-type", SEVERITY_ERROR, TM | DE, TM | DE},
	{"api.output-unmapped", SEVERITY_WARNING, TM, TM},
	{"api.downstream-input-unfed", SEVERITY_WARNING, TM | DE, TM | DE},
	{"api.input-type", SEVERITY_ERROR, DP | DE, DP | DE},
	{"api.input-unmapped", SEVERITY_WARNING, DP, DP},
	{"api.upstream-output-unused", SEVERITY_NOTE, DP | DE, DP | DE},
	{"resources.development-insufficient", SEVERITY_ERROR, TM | DE, TM | DE},
	{"resources.production-insufficient", SEVERITY_ERROR, TM | PE, TM | PE},
	{"resources.inference-too-slow", SEVERITY_ERROR, TM | PE, TM | PE},
	{"monitoring.business-metric-uncollected", SEVERITY_WARNING, TM | PE, TM | PE},
	{"monitoring.algorithm-metric-uncollected", SEVERITY_ERROR, TM | PE, TM | PE},
	{"monitoring.log-uncollected", SEVERITY_WARNING, TM | PE, TM | PE},
	{"monitoring.feedback-uncollected", SEVERITY_WARNING, TM | PE, TM | PE},
	{"monitoring.overdue", SEVERITY_ERROR, PD | KIND_BIT(KIND_CLOCK), PD},
	{"data.field-type", SEVERITY_ERROR, TD | PD, TD | PD},
	{"data.training-field-unmapped", SEVERITY_ERROR, TD, TD},
	{"data.production-field-unmapped", SEVERITY_WARNING, TD | PD, TD | PD},
	{"data.statistic-differs", SEVERITY_WARNING, TD | PD | PO, TD | PD},
	{"data.label-share-differs", SEVERITY_WARNING, TD | PD | PO, TD | PD},
	{"data.distribution-drift", SEVERITY_WARNING, TD | PD | DP | PE | PO, TD | PD},
	{"data.missing-rate", SEVERITY_WARNING, TD | PD | PO, TD | PD},
	{"data.new-categories", SEVERITY_WARNING, TD | PD | PO, TD | PD},
	{"data.out-of-range", SEVERITY_WARNING, TD | PD | PO, TD | PD},
	{"data.sample-too-small", SEVERITY_NOTE, TD | PD | PO, TD | PD},
	{"data.type-changed", SEVERITY_ERROR, TD | PD | PO, TD | PD},
	{"data.label-leak", SEVERITY_ERROR, TD | PD | DP, TD},
	{"data.stated-values", SEVERITY_WARNING, RD | TD | PD, 0},
	{"data.train-test-overlap", SEVERITY_ERROR, TM | TD | PO, TM | TD},
	{"purpose.metric-goal-unknown", SEVERITY_WARNING, SC | TM, SC | TM},
	{"purpose.risk-unmeasured", SEVERITY_WARNING, SC | TM, SC | TM},
	{"purpose.goal-not-met", SEVERITY_ERROR, SC | TM, SC | TM},
	{"api.mapping-dangling", SEVERITY_ERROR, DP | TM | DE, DE},
	{"api.range", SEVERITY_WARNING, DP | TM | DE, DE},
	{"api.image-shape", SEVERITY_ERROR, DP | TM | DE, DE},
	{"api.unit", SEVERITY_ERROR, DP | TM | DE | TD | PD, 0},
	{"api.signature", SEVERITY_ERROR, TM | DP | TD, TM},
	{"api.signature-missing", SEVERITY_NOTE, TM, TM},
	{"environment.language-version", SEVERITY_WARNING, TM | DE | PE, TM},
	{"environment.framework-version", SEVERITY_WARNING, TM | DE | PE, TM},
	{"environment.dependency-version", SEVERITY_WARNING, TM | DE | PE, TM},
	{"resources.throughput", SEVERITY_WARNING, TM | PE | PD, TM | PE | PD},
	{"resources.unstated", SEVERITY_WARNING, PE, PE},
	{"testing.no-cases", SEVERITY_WARNING, DP, DP},
	{"testing.no-test-data", SEVERITY_WARNING, TM, TM},
	{"testing.no-integration-data", SEVERITY_WARNING, TM, TM},
	{"testing.evaluation-test-gap", SEVERITY_WARNING, TM, TM},
	{"monitoring.metric-breached", SEVERITY_ERROR, TM | PE | TD | DP, TM | PE},
	{"monitoring.alert-metric-not-exported", SEVERITY_ERROR, PE, PE},
	{"monitoring.profile-missing", SEVERITY_WARNING, TD | PD, TD | PD},
	{"provenance.link-dangling", SEVERITY_ERROR, TM | TD | DP | RD, 0},
	{"provenance.version-behind", SEVERITY_WARNING, TM | TD | DP | RD, 0},
	{"provenance.artifact-differs", SEVERITY_ERROR, TM | PE, TM | PE},
	{"completeness.field-missing", SEVERITY_NOTE, ALL, 0},
	{"completeness.descriptor-missing", SEVERITY_WARNING, ALL, 0},
	{"completeness.value-not-understood", SEVERITY_WARNING, ALL, 0},
};

static void check_row(void **state)
{
	const struct row *row = *state;
	const struct rules_info *info = rules_find(row->id);
	assert_non_null(info);
	assert_string_equal(info->id, row->id);
	assert_int_equal(info->severity, row->severity);
	assert_int_equal(info->kinds, row->kinds);
	assert_int_equal(info->needs, row->needs);
}

static void every_rule_is_known_here(void **state)
{
	(void)state;
	assert_int_equal(rules_count(), CASES_COUNT(rows));
}

static void rules_are_ordered(void **state)
{
	(void)state;
	for (size_t i = 1; i < rules_count(); i++)
		assert_true(strcmp(rules_at(i - 1)->id, rules_at(i)->id) < 0);
}

static void ids_begin_with_the_class(void **state)
{
	(void)state;
	for (size_t i = 0; i < rules_count(); i++) {
		const char *class = model_class_id(rules_at(i)->class);
		assert_int_equal(strncmp(rules_at(i)->id, class, strlen(class)), 0);
		assert_int_equal(rules_at(i)->id[strlen(class)], '.');
	}
}

/* A title is a sentence without its full stop, the others are sentences. */
static void every_rule_explains_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i < rules_count(); i++) {
		const struct rules_info *info = rules_at(i);
		assert_true(strlen(info->title) > 20 && info->title[strlen(info->title) - 1] != '.');
		assert_true(
			strlen(info->rationale) > 60 && info->rationale[strlen(info->rationale) - 1] == '.');
		assert_true(strlen(info->remedy) > 60 && info->remedy[strlen(info->remedy) - 1] == '.');
		assert_true(info->teams != 0 && info->teams < TEAM_BIT(TEAM_COUNT));
		assert_int_equal(info->needs & ~info->kinds, 0);
	}
}

/* A rule that says nothing is of the first set, which never grows. */
static void later_rules_name_the_set_that_brought_them(void **state)
{
	(void)state;
	size_t first = 0;
	for (size_t i = 0; i < rules_count(); i++) {
		int since = rules_at(i)->since;
		assert_true(since >= 0 && since <= RULES_SET);
		first += since < 2;
	}
	assert_int_equal(first, 23);
}

/* Follows a declared field through the messages. @return the kind whose field it is */
static enum model_kind kind_of_field(const char *field)
{
	const char *colon = strchr(field, ':');
	assert_non_null(colon);
	char id[40];
	snprintf(id, sizeof(id), "%.*s", (int)(colon - field), field);
	enum model_kind kind = model_kind_by_id(id);
	assert_true(model_kind_known((int)kind));
	const ProtobufCMessageDescriptor *type = model_kind_info(kind)->spec;
	for (const char *at = colon + 1; *at;) {
		char name[60];
		size_t size = strcspn(at, ".[");
		snprintf(name, sizeof(name), "%.*s", (int)size, at);
		const ProtobufCFieldDescriptor *found =
			type ? protobuf_c_message_descriptor_get_field_by_name(type, name) : NULL;
		if (!found)
			print_error("there is no %s\n", field);
		assert_non_null(found);
		at += size;
		if (strncmp(at, "[]", 2) == 0) {
			assert_int_equal(found->label, PROTOBUF_C_LABEL_REPEATED);
			at += 2;
		} else if (*at) {
			assert_int_not_equal(found->label, PROTOBUF_C_LABEL_REPEATED);
		}
		type = found->type == PROTOBUF_C_TYPE_MESSAGE ? found->descriptor : NULL;
		at += *at == '.';
	}
	return kind;
}

/* What a rule declares exists, is declared once, and is of the kinds that it reads, all of them. */
static void every_rule_declares_its_fields(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < rules_count(); i++) {
		size_t count;
		const char *const *fields = rules_fields(arena, rules_at(i), &count);
		kind_set kinds = 0;
		for (size_t j = 0; j < count; j++) {
			kinds |= KIND_BIT(kind_of_field(fields[j]));
			for (size_t k = 0; k < j; k++)
				assert_string_not_equal(fields[k], fields[j]);
		}
		if (kinds != rules_at(i)->kinds)
			print_error("%s\n", rules_at(i)->id);
		assert_int_equal(kinds, rules_at(i)->kinds);
	}
	arena_free(arena);
}

static void a_field_touches_what_it_is_in_and_what_is_in_it(void **state)
{
	(void)state;
	static const struct {
		const char *field;
		const char *path;
		enum rules_touch touch;
	} pairs[] = {
		{"raw_data:schema[].unit", "schema[3].unit", RULES_TOUCH_INSIDE},
		{"raw_data:schema[].unit", "schema.unit", RULES_TOUCH_INSIDE},
		{"raw_data:schema[].profile", "schema[0].profile.quantiles", RULES_TOUCH_INSIDE},
		{"raw_data:schema[].unit", "schema", RULES_TOUCH_AROUND},
		{"raw_data:schema[].unit", "schema[1]", RULES_TOUCH_AROUND},
		{"raw_data:schema[].unit", "", RULES_TOUCH_AROUND},
		{"raw_data:schema[].unit", "schema[0].unit_of", RULES_TOUCH_NONE},
		{"raw_data:schema[].unit", "schema[0].uni", RULES_TOUCH_NONE},
		{"raw_data:schema[].unit", "schema[0].field_type", RULES_TOUCH_NONE},
		{"raw_data:", "", RULES_TOUCH_INSIDE},
		{"raw_data:", "schema", RULES_TOUCH_NONE},
		{"raw_data_x:schema", "schema", RULES_TOUCH_NONE},
		{"training_data:schema", "schema", RULES_TOUCH_NONE},
	};
	for (size_t i = 0; i < CASES_COUNT(pairs); i++)
		assert_int_equal(
			rules_field_touches(pairs[i].field, KIND_RAW_DATA, pairs[i].path), pairs[i].touch);
}

static void unknown_rules_are_not_found(void **state)
{
	(void)state;
	assert_null(rules_find(""));
	assert_null(rules_find("api"));
	assert_null(rules_find("api.output-typ"));
	assert_null(rules_find("api.output-types"));
	assert_null(rules_find("zzz"));
}

static const struct CMUnitTest single[] = {
	{"every rule has its row here", every_rule_is_known_here, NULL, NULL, NULL},
	{"rules are ordered by id", rules_are_ordered, NULL, NULL, NULL},
	{"ids begin with the class", ids_begin_with_the_class, NULL, NULL, NULL},
	{"every rule has a title, a rationale, a remedy and a team", every_rule_explains_itself, NULL, NULL,
		NULL},
	{"a rule that came later names the set that brought it", later_rules_name_the_set_that_brought_them,
		NULL, NULL, NULL},
	{"every rule declares the fields that it reads", every_rule_declares_its_fields, NULL, NULL, NULL},
	{"a field touches what it is in and what is in it", a_field_touches_what_it_is_in_and_what_is_in_it,
		NULL, NULL, NULL},
	{"unknown rules are not found", unknown_rules_are_not_found, NULL, NULL, NULL},
};

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + CASES_COUNT(single)];
	size_t count = CASES_ADD(tests, 0, rows, check_row);
	for (size_t i = 0; i < CASES_COUNT(single); i++)
		tests[count++] = single[i];
	return CASES_RUN_ALL(tests, count);
}
