/* When the rules about profiles fire, when they stay quiet, and what a finding tells. */
#include <math.h>

#include "rule_case.h"
#include "rules/rules.h"

#include "cases.h"

#define TD      KIND_TRAINING_DATA
#define PD      KIND_PRODUCTION_DATA
#define TM      KIND_TRAINED_MODEL
#define DP      KIND_DATA_PIPELINE
#define DRIFT   "data.distribution-drift"
#define UNSEEN  "data.new-categories"
#define MISSING "data.missing-rate"
#define RANGE   "data.out-of-range"
#define TYPE    "data.type-changed"
#define SMALL   "data.sample-too-small"
#define LEAK    "data.label-leak"
#define OVERLAP "data.train-test-overlap"

/* A profile of numbers: all are different points with their weights; more is "", or begins with a comma. */
#define NUMBERS(count, missing, low, high, values, weights, more)                                            \
	"{'count': " count ", 'missing': " missing ", 'inferred_type': 'float', 'min': " low                 \
	", 'max': " high ", 'mean': 1, 'standard_deviation': 1, 'distinct': 1000, "                          \
	"'quantiles': {'values': [" values "], 'weights': [" weights "]" more "}}"
#define TEXTS(count, missing, distinct, categories, more)                                                    \
	"{'count': " count ", 'missing': " missing ", 'inferred_type': 'string', 'distinct': " distinct      \
	", 'categories': [" categories "]" more "}"
#define SOME(text, count) "{'value': '" text "', 'count': " count "}"

#define FIELD(profile) "{'field_name': 'f', 'mapping_production_data': 'g', 'profile': " profile "}"
#define LIVE(profile)  "{'field_name': 'g', 'profile': " profile "}"
#define TRAINED(profile)                                                                                     \
	{                                                                                                    \
		TD, "{'schema': [" FIELD(profile) "]}"                                                       \
	}
#define ARRIVES(profile)                                                                                     \
	{                                                                                                    \
		PD, "{'schema': [" LIVE(profile) "]}"                                                        \
	}
#define BOTH(of) of " @ training_data:schema[0].profile production_data:schema[0].profile"

#define EVEN(count, weight)                                                                                  \
	NUMBERS(count, "0", "1", "4", "1, 2, 3, 4", weight ", " weight ", " weight ", " weight, "")

static const struct rule_case rows[] = {
	{"equal shares are quiet at any size", DRIFT, "", NULL,
		{TRAINED(EVEN("4000", "1000")), ARRIVES(EVEN("400000000", "100000000"))}},
	{"numbers that moved are found, and much of it is an error", DRIFT, BOTH("f"),
		"Field \"f\" of the training data and \"g\" of the production data has values that are distributed "
		"differently: Kolmogorov-Smirnov distance 0.5, stability index",
		{TRAINED(EVEN("4000", "1000")),
			ARRIVES(NUMBERS("4000", "0", "1", "4", "1, 2, 3, 4", "0, 1000, 0, 3000", ""))},
		SEVERITY_ERROR},
	{"a little of it is a warning", DRIFT, BOTH("f"), "Kolmogorov-Smirnov distance 0.12.",
		{TRAINED(EVEN("4000", "1000")),
			ARRIVES(NUMBERS("4000", "0", "1", "4", "1, 2, 3, 4", "760, 760, 1240, 1240", ""))}},
	{"a tiny effect is quiet at any size", DRIFT, "", NULL,
		{TRAINED(EVEN("4000000", "1000000")), ARRIVES(NUMBERS("4000000", "0", "1", "4", "1, 2, 3, 4",
							      "900000, 900000, 1100000, 1100000", ""))}},
	{"an effect of few values may be chance", DRIFT, "", NULL,
		{TRAINED(EVEN("60", "15")),
			ARRIVES(NUMBERS("60", "0", "1", "4", "1, 2, 3, 4", "10, 11, 19, 20", ""))}},
	{"what a sketch's error may have made is quiet", DRIFT, "", NULL,
		{TRAINED(EVEN("4000", "1000")), ARRIVES(NUMBERS("4000", "0", "1", "4", "1, 2, 3, 4",
							"400, 1000, 1000, 1600", ", 'rank_error': 0.15"))}},
	{"a constant that stays is quiet", DRIFT, "", NULL,
		{TRAINED(NUMBERS("500", "0", "7", "7", "7", "500", "")),
			ARRIVES(NUMBERS("900", "0", "7", "7", "7", "900", ""))}},
	{"a constant that moved is found", DRIFT, BOTH("f"), "Kolmogorov-Smirnov distance 1",
		{TRAINED(NUMBERS("500", "0", "7", "7", "7", "500", "")),
			ARRIVES(NUMBERS("900", "0", "8", "8", "8", "900", ""))},
		SEVERITY_ERROR},
	{"a category's share that moved is found", DRIFT, BOTH("f"), "difference of one category's share 0.2",
		{TRAINED(TEXTS("1000", "0", "2", SOME("a", "800") ", " SOME("b", "200"), "")),
			ARRIVES(TEXTS("1000", "0", "2", SOME("a", "600") ", " SOME("b", "400"), ""))}},
	{"categories in another order are the same", DRIFT, "", NULL,
		{TRAINED(TEXTS("1000", "0", "2", SOME("a", "500") ", " SOME("b", "500"), "")),
			ARRIVES(TEXTS("1000", "0", "2", SOME("b", "500") ", " SOME("a", "500"), ""))}},
	{"a category that the other list may only have left out is quiet", DRIFT, "", NULL,
		{TRAINED(TEXTS("1000", "0", "300", SOME("a", "500") ", " SOME("b", "150"),
			 ", 'other_count': 350, 'category_error': 100")),
			ARRIVES(TEXTS("1000", "0", "300", SOME("a", "500") ", " SOME("c", "150"),
				", 'other_count': 350, 'category_error': 100"))}},
	{"texts that identify rows are no distribution", DRIFT, "", NULL,
		{TRAINED(TEXTS("1000", "0", "900", SOME("a", "10"), ", 'other_count': 990")),
			ARRIVES(TEXTS("1000", "0", "2", SOME("a", "1000"), ""))}},
	{"a profile that contradicts itself is compared with nothing", DRIFT, "", NULL,
		{TRAINED(EVEN("4000", "1000")),
			ARRIVES(NUMBERS("4000", "0", "1", "4", "4, 3, 2, 1", "4000, 0, 0, 0", ""))}},
	{"more values than there are rows contradict each other", DRIFT, "", NULL,
		{TRAINED(EVEN("4000", "1000")), ARRIVES(NUMBERS("4000", "0", "4", "4", "4", "400000", ""))}},
	{"too few values are not judged", DRIFT, "", NULL,
		{TRAINED(EVEN("4000", "1000")), ARRIVES(NUMBERS("49", "0", "9", "9", "9", "49", ""))}},
	{"a field that is mapped to nothing stands beside the one of its name", DRIFT,
		"g @ training_data:schema[0].profile production_data:schema[0].profile", NULL,
		{{TD, "{'schema': [" LIVE(EVEN("4000", "1000")) "]}"},
			ARRIVES(NUMBERS("400", "0", "9", "9", "9", "400", ""))},
		SEVERITY_ERROR},
	{"each set of production data is compared", DRIFT,
		"f @ training_data:schema[0].profile production_data/b:schema[0].profile", NULL,
		{TRAINED(EVEN("4000", "1000")), {PD, "{'schema': [" LIVE(EVEN("400", "100")) "]}", "a"},
			{PD, "{'schema': [" LIVE(NUMBERS("400", "0", "9", "9", "9", "400", "")) "]}", "b"}},
		SEVERITY_ERROR},
	{"a column's own threshold holds", DRIFT, "", NULL,
		{TRAINED(EVEN("4000", "1000")),
			ARRIVES(NUMBERS("4000", "0", "1", "4", "1, 2, 3, 4", "760, 760, 1240, 1240", "")),
			{KIND_POLICY, "{'fields': [{'field': 'f', 'data': {'ks': 0.2}}]}"}}},

	{"categories that training knew are quiet", UNSEEN, "", NULL,
		{TRAINED(TEXTS("1000", "0", "2", SOME("a", "999") ", " SOME("b", "1"), "")),
			ARRIVES(TEXTS("1000", "0", "2", SOME("a", "500") ", " SOME("b", "500"), ""))}},
	{"a new category is found with its share", UNSEEN, BOTH("f"),
		"1 category that training never had carries 3 % of production's values; the most frequent is \"c\".",
		{TRAINED(TEXTS("1000", "0", "2", SOME("a", "500") ", " SOME("b", "500"), "")),
			ARRIVES(TEXTS("1000", "0", "3",
				SOME("a", "500") ", " SOME("b", "470") ", " SOME("c", "30"), ""))}},
	{"single values may only have been missed", UNSEEN, "", NULL,
		{TRAINED(TEXTS("100", "0", "2", SOME("a", "98") ", " SOME("b", "2"), "")),
			ARRIVES(TEXTS("100", "0", "3",
				SOME("a", "98") ", " SOME("c", "1") ", " SOME("d", "1"), ""))}},
	{"so may what training's list leaves out", UNSEEN, "", NULL,
		{TRAINED(TEXTS("1000", "0", "2", SOME("a", "500"), ", 'other_count': 500")),
			ARRIVES(TEXTS("1000", "0", "3", SOME("a", "500") ", " SOME("c", "500"), ""))}},
	{"new categories with less of the mass are quiet", UNSEEN, "", NULL,
		{TRAINED(TEXTS("10000", "0", "1", SOME("a", "10000"), "")),
			ARRIVES(TEXTS("10000", "0", "2", SOME("a", "9960") ", " SOME("c", "40"), ""))}},

	{"an equal rate is quiet", MISSING, "", NULL,
		{TRAINED(NUMBERS("500", "100", "7", "7", "7", "400", "")),
			ARRIVES(NUMBERS("1000", "200", "7", "7", "7", "800", ""))}},
	{"a rate that rose is found", MISSING, BOTH("f"), "0 % missing there and 10 % missing here.",
		{TRAINED(NUMBERS("500", "0", "7", "7", "7", "500", "")),
			ARRIVES(NUMBERS("500", "50", "7", "7", "7", "450", ""))}},
	{"a rate that fell is found too", MISSING, BOTH("f"), "10 % missing there and 0 % missing here.",
		{TRAINED(NUMBERS("500", "50", "7", "7", "7", "450", "")),
			ARRIVES(NUMBERS("500", "0", "7", "7", "7", "500", ""))}},
	{"a rate of few rows may be chance", MISSING, "", NULL,
		{TRAINED(NUMBERS("20", "0", "7", "7", "7", "20", "")),
			ARRIVES(NUMBERS("20", "2", "7", "7", "7", "18", ""))}},
	{"a small change of many rows is quiet", MISSING, "", NULL,
		{TRAINED(NUMBERS("500000", "0", "7", "7", "7", "500000", "")),
			ARRIVES(NUMBERS("500000", "20000", "7", "7", "7", "480000", ""))}},
	{"a column without any value left is an error", MISSING, BOTH("f"), "100 % missing here",
		{TRAINED(NUMBERS("500", "0", "7", "7", "7", "500", "")),
			ARRIVES("{'count': 500, 'missing': 500}")},
		SEVERITY_ERROR},
	{"identifiers are compared for it too", MISSING, BOTH("f"), NULL,
		{TRAINED(TEXTS("1000", "0", "900", SOME("a", "10"), ", 'other_count': 990")),
			ARRIVES(TEXTS("1000", "200", "700", SOME("a", "10"), ", 'other_count': 790"))}},
	{"a column that is not there any more is an error", MISSING,
		"f @ training_data:schema[0].profile production_data:schema",
		"Field \"f\" of the training data is mapped to \"g\", which the production data does not have.",
		{TRAINED(EVEN("4000", "1000")),
			{PD, "{'schema': [{'field_name': 'h', 'profile': " EVEN("4000", "1000") "}]}"}},
		SEVERITY_ERROR},
	{"a label need not arrive", MISSING, "", NULL,
		{{TD, "{'schema': [{'field_name': 'f', 'label_field': true, 'mapping_production_data': 'g', "
		      "'profile': " EVEN("4000", "1000") "}]}"},
			{PD, "{'schema': [{'field_name': 'h', 'profile': " EVEN("4000", "1000") "}]}"}}},
	{"without any profile nothing is known of what is there", MISSING, "", NULL,
		{TRAINED(EVEN("4000", "1000")), {PD, "{'schema': [{'field_name': 'h'}]}"}}},

	{"values within the range are quiet", RANGE, "", NULL,
		{TRAINED(EVEN("4000", "1000")),
			ARRIVES(NUMBERS("400", "0", "2", "4", "2, 4", "200, 200", ""))}},
	{"values above the range are found", RANGE, BOTH("f"), "5 % of production's values lie outside of",
		{TRAINED(EVEN("4000", "1000")),
			ARRIVES(NUMBERS("400", "0", "2", "9", "2, 9", "380, 20", ""))}},
	{"infinities are above any range", RANGE, BOTH("f"), "25 % of production's values lie",
		{TRAINED(EVEN("4000", "1000")),
			ARRIVES("{'count': 400, 'not_finite': 100, 'inferred_type': 'float', 'min': 2, 'max': 2, "
				"'quantiles': {'values': [2], 'weights': [300]}}")}},
	{"a small sample's range is exceeded by chance", RANGE, "", NULL,
		{TRAINED(EVEN("60", "15")), ARRIVES(NUMBERS("60", "0", "2", "9", "2, 9", "57, 3", ""))}},

	{"whole numbers and fractions are numbers", TYPE, "", NULL,
		{TRAINED("{'count': 400, 'inferred_type': 'int', 'quantiles': {'values': [2], 'weights': [400]}}"),
			ARRIVES(EVEN("400", "100"))}},
	{"text where numbers were is found", TYPE, BOTH("f"),
		"all values are float there and text or numbers here",
		{TRAINED(EVEN("4000", "1000")),
			ARRIVES(TEXTS("400", "0", "2", SOME("1", "300") ", " SOME("n/a", "100"), ""))}},
	{"one text among many numbers may have been missed", TYPE, "", NULL,
		{TRAINED(EVEN("4000", "1000")),
			ARRIVES(TEXTS("4000", "0", "2", SOME("1", "3999") ", " SOME("n/a", "1"), ""))}},
	{"numbers where text was are found", TYPE, BOTH("f"), NULL,
		{TRAINED(TEXTS("400", "0", "2", SOME("x", "300") ", " SOME("y", "100"), "")),
			ARRIVES(EVEN("4000", "1000"))}},
	{"an empty side has no type", TYPE, "", NULL,
		{TRAINED(EVEN("4000", "1000")),
			ARRIVES("{'count': 400, 'missing': 400, 'inferred_type': 'empty'}")}},

	{"enough values are quiet", SMALL, "", NULL,
		{TRAINED(EVEN("60", "15")), ARRIVES(NUMBERS("50", "0", "7", "7", "7", "50", ""))}},
	{"too few say so", SMALL, BOTH("f"), "with 60 present values there and 49 here, where 50 are needed",
		{TRAINED(EVEN("60", "15")), ARRIVES(NUMBERS("60", "11", "7", "7", "7", "49", ""))}},
	{"a column that is empty on both sides is as it was", SMALL, "", NULL,
		{TRAINED("{'count': 400, 'missing': 400}"), ARRIVES("{'count': 400, 'missing': 400}")}},

	{"a label that nothing feeds is quiet", LEAK, "", NULL,
		{{TD, "{'schema': [{'field_name': 'y', 'label_field': true}, {'field_name': 'x'}]}"},
			{DP, "{'input_spec': [{'item_name': 'x'}]}"},
			{PD, "{'schema': [{'field_name': 'x'}]}"}}},
	{"a label among the pipeline's inputs is found", LEAK,
		"y @ data_pipeline:input_spec[1].item_name training_data:schema[0].field_name",
		"Label \"y\" of the training data is an input of the data pipeline.",
		{{TD, "{'schema': [{'field_name': 'y', 'label_field': true}]}"},
			{DP, "{'input_spec': [{'item_name': 'x'}, {'item_name': ' y'}]}"}}},
	{"a label among production's fields is found", LEAK,
		"y @ production_data:schema[0].field_name training_data:schema[0].field_name", NULL,
		{{TD, "{'schema': [{'field_name': 'y', 'label_field': true}]}"},
			{PD, "{'schema': [{'field_name': 'y'}]}"}}},
	{"so is one under the name that it is mapped to", LEAK,
		"y @ production_data:schema[0].field_name training_data:schema[0].field_name", NULL,
		{{TD, "{'schema': [{'field_name': 'y', 'label_field': true, 'mapping_production_data': 'z'}]}"},
			{PD, "{'schema': [{'field_name': 'z'}]}"}}},

#define SKETCH(digests, size) "'profile': {'row_sketch': {'size': " size ", 'digests': [" digests "]}}"
	{"different rows are quiet", OVERLAP, "", NULL,
		{{TD, "{" SKETCH("1, 3, 5", "10") "}"},
			{TM, "{'test_dataset': {" SKETCH("2, 4", "10") "}}"}}},
	{"rows of both are found", OVERLAP,
		"holdout @ trained_model:test_dataset.profile.row_sketch training_data:profile.row_sketch",
		"50 % of the different rows of test set \"holdout\" are rows of the training data too.",
		{{TD, "{" SKETCH("1, 3, 5", "10") "}"},
			{TM, "{'test_dataset': {'name': 'holdout', " SKETCH("2, 3", "10") "}}"}}},
	{"beyond what a sketch kept nothing is known", OVERLAP, "", NULL,
		{{TD, "{" SKETCH("1, 3, 5", "3") "}"},
			{TM, "{'test_dataset': {" SKETCH("2, 7, 8", "10") "}}"}}},
	{"rows of other columns are not compared", OVERLAP, "", NULL,
		{{TD, "{'profile': {'row_sketch': {'size': 9, 'digests': [1], 'columns': ['a']}}}"},
			{TM, "{'test_dataset': {" SKETCH("1", "10") "}}"}}},
	{"only the training data that the model names is looked at", OVERLAP, "", NULL,
		{{TD, "{'dataset_identifier': 'mine', " SKETCH("9", "10") "}", "a"},
			{TD, "{'dataset_identifier': 'yours', " SKETCH("1", "10") "}", "b"},
			{TM, "{'training_data_identifier': 'mine', 'test_dataset': {" SKETCH(
				     "1", "10") "}}"}}},
};

/* ---- what a finding tells ---- */

/* The system's first finding of a rule. */
static const struct model_finding *first_of(const struct rules_evaluation *evaluation, const char *rule)
{
	size_t count;
	const struct model_finding *const *findings = rules_evaluation_findings(evaluation, &count);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(findings[i]->rule, rule) == 0)
			return findings[i];
	}
	return NULL;
}

static void put_drift(struct loaded *loaded)
{
	load_text(loaded, TD, "default",
		"{'dataset_version': '2019-01', 'schema': [" FIELD(EVEN("4000", "1000")) "]}");
	load_text(loaded, PD, "default",
		"{'schema': [" LIVE(NUMBERS("2000", "0", "9", "9", "9", "2000", "")) "]}");
}

static void check_remedy(struct loaded *loaded, const char *says)
{
	struct rules_evaluation *evaluation = rules_evaluate(&loaded->system, NULL);
	const struct model_finding *finding = first_of(evaluation, DRIFT);
	assert_non_null(finding);
	assert_non_null(strstr(finding->remedy, rules_find(DRIFT)->remedy));
	if (!strstr(finding->remedy, says))
		print_error("%s\n", finding->remedy);
	assert_non_null(strstr(finding->remedy, says));
	rules_evaluation_unref(evaluation);
}

static void remedy_tells_what_is_lacking(void **state)
{
	(void)state;
	struct loaded loaded = {0};
	put_drift(&loaded);
	check_remedy(&loaded, "To train again there are training data version 2019-01; the descriptors lack "
			      "preparation code, pipeline version, logs, feedback.");
	load_text(&loaded, TD, "default", "{'schema': [" FIELD(EVEN("4000", "1000")) "]}");
	check_remedy(&loaded, "To train again the descriptors give nothing; they lack training data version");
	load_done(&loaded);
}

static void remedy_tells_what_there_is(void **state)
{
	(void)state;
	struct loaded loaded = {0};
	put_drift(&loaded);
	load_text(&loaded, TD, "default",
		"{'dataset_version': '2019-01', 'preparation_code': 'git/prepare', 'schema': [" FIELD(
			EVEN("4000", "1000")) "]}");
	load_text(&loaded, DP, "default", "{'pipeline_version': '7'}");
	load_text(&loaded, KIND_PRODUCTION_ENVIRONMENT, "default",
		"{'model_logs': [{'log': 'inputs'}], 'user_system_feedback': [{'feedback': 'thumbs'}]}");
	check_remedy(&loaded, "To train again there are training data version 2019-01, preparation code "
			      "git/prepare, pipeline version \"7\", logs \"inputs\", feedback \"thumbs\".");
	load_done(&loaded);
}

static void evidence_is_complete(void **state)
{
	(void)state;
	static const char *const measures[] = {"Kolmogorov-Smirnov distance", "population stability index",
		"Jensen-Shannon distance", "Wasserstein distance"};
	struct loaded loaded = {0};
	put_drift(&loaded);
	struct rules_evaluation *evaluation = rules_evaluate(&loaded.system, NULL);
	const struct model_finding *finding = first_of(evaluation, DRIFT);
	assert_non_null(finding);
	assert_int_equal(finding->evidence_count, CASES_COUNT(measures));
	for (size_t i = 0; i < CASES_COUNT(measures); i++) {
		assert_string_equal(finding->evidence[i].measure, measures[i]);
		assert_true(finding->evidence[i].has_value && finding->evidence[i].value > 0);
		assert_true(*finding->evidence[i].unit && *finding->evidence[i].method);
		assert_int_equal(finding->evidence[i].reference_count, 4000);
		assert_int_equal(finding->evidence[i].current_count, 2000);
		assert_int_equal(finding->evidence[i].has_threshold, i < 2);
	}
	assert_int_equal(finding->evidence[1].bins, 6);
	assert_non_null(strstr(finding->evidence[0].method, "so many values resolve 0.0534"));
	rules_evaluation_unref(evaluation);
	load_done(&loaded);
}

/* One finding of each rule about profiles, and what its first figure says of the counts. */
static const struct telling {
	const char *name;
	const char *rule;
	const char *training, *production;
	double value;
	const char *says;
} tellings[] = {
	{"a range tells what so many values resolve", RANGE, FIELD(EVEN("4000", "1000")),
		LIVE(NUMBERS("2000", "0", "0", "9", "1, 9", "1900, 100", "")), 0.05,
		"so many values resolve 0.004 on"},
	{"new categories tell what so many values resolve", UNSEEN,
		FIELD(TEXTS("4000", "0", "2", SOME("a", "2000") ", " SOME("b", "2000"), "")),
		LIVE(TEXTS(
			"2000", "0", "3", SOME("a", "1000") ", " SOME("b", "900") ", " SOME("c", "100"), "")),
		0.05, "so many values resolve one new category of 0.0035"},
	{"missing values tell what so many rows resolve", MISSING,
		FIELD(TEXTS("4000", "0", "1", SOME("a", "4000"), "")),
		LIVE(TEXTS("2000", "1000", "1", SOME("a", "1000"), "")), 0.5, "so many rows resolve 0.045"},
	{"a small sample tells what so few values resolve", SMALL,
		FIELD(TEXTS("4000", "0", "1", SOME("a", "4000"), "")),
		LIVE(TEXTS("40", "0", "1", SOME("a", "40"), "")), 40,
		"so few resolve a Kolmogorov-Smirnov distance of 0.31 at best, or a difference of 0.261 between"},
};

static void check_telling(void **state)
{
	const struct telling *row = *state;
	struct loaded loaded = {0};
	struct arena *arena = arena_new();
	load_text(&loaded, TD, "default", arena_print(arena, "{'schema': [%s]}", row->training));
	load_text(&loaded, PD, "default", arena_print(arena, "{'schema': [%s]}", row->production));
	struct rules_evaluation *evaluation = rules_evaluate(&loaded.system, NULL);
	const struct model_finding *finding = first_of(evaluation, row->rule);
	assert_non_null(finding);
	assert_true(fabs(finding->evidence[0].value - row->value) < 1e-9);
	assert_true(finding->evidence[0].has_threshold && *finding->evidence[0].unit);
	assert_true(finding->evidence[0].reference_count == 4000 && finding->evidence[0].current_count > 0);
	if (!strstr(finding->evidence[0].method, row->says))
		print_error("%s\n", finding->evidence[0].method);
	assert_non_null(strstr(finding->evidence[0].method, row->says));
	rules_evaluation_unref(evaluation);
	arena_free(arena);
	load_done(&loaded);
}

#define MEAN(value, field)                                                                                   \
	"'statistics': [{'field': '" field "', 'property': 'Mean', 'value': '" value "'}, "                  \
	"{'field': '" field "', 'property': 'entropy', 'value': '" value "'}]"

static void profiles_speak_for_statistics(void **state)
{
	(void)state;
	struct loaded loaded = {0};
	load_text(
		&loaded, TD, "default", "{" MEAN("1", "f") ", 'schema': [" FIELD(EVEN("4000", "1000")) "]}");
	load_text(&loaded, PD, "default", "{" MEAN("2", "g") ", 'schema': [" LIVE(EVEN("4000", "1000")) "]}");
	struct rules_evaluation *evaluation = rules_evaluate(&loaded.system, NULL);
	const struct model_finding *finding = first_of(evaluation, "data.statistic-differs");
	assert_non_null(finding);
	assert_string_equal(finding->subject, "f:entropy");
	rules_evaluation_unref(evaluation);
	load_text(&loaded, PD, "default", "{" MEAN("2", "g") ", 'schema': [{'field_name': 'g'}]}");
	evaluation = rules_evaluate(&loaded.system, NULL);
	finding = first_of(evaluation, "data.statistic-differs");
	assert_non_null(finding);
	assert_string_equal(finding->subject, "f:Mean");
	rules_evaluation_unref(evaluation);
	load_done(&loaded);
}

/* A column of two labels, so many hundreds of rows with each. */
#define LABELS                                                                                               \
	"'profile': {'count': 100000, 'inferred_type': 'string', 'distinct': 2, 'categories': "              \
	"[{'value': 'yes', 'count': %d00}, {'value': 'no', 'count': %d00}]}"
#define SHARE "'number_of_instances': 100000, 'distribution': [{'label': 'yes', 'percentage': %d"

/* @param was, is  percent */
static void load_labels(struct loaded *loaded, struct arena *arena, int was, int is)
{
	load_text(loaded, TD, "default",
		arena_print(arena,
			"{" SHARE ", 'mapping_production_data': 'yes'}], "
			"'schema': [{'field_name': 'y', 'label_field': true, " LABELS "}]}",
			was, was * 10, 1000 - was * 10));
	load_text(loaded, PD, "default",
		arena_print(arena, "{" SHARE "}], 'schema': [{'field_name': 'y', " LABELS "}]}", is, is * 10,
			1000 - is * 10));
}

static void one_rule_speaks_for_shares(void **state)
{
	(void)state;
	static const struct {
		int is;
		bool share, drift;
	} shares[] = {{20, false, false}, {24, false, false}, {27, true, false}, {35, false, true}};
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		struct loaded loaded = {0};
		struct arena *arena = arena_new();
		load_labels(&loaded, arena, 20, shares[i].is);
		struct rules_evaluation *evaluation = rules_evaluate(&loaded.system, NULL);
		assert_int_equal(first_of(evaluation, "data.label-share-differs") != NULL, shares[i].share);
		assert_int_equal(first_of(evaluation, DRIFT) != NULL, shares[i].drift);
		rules_evaluation_unref(evaluation);
		arena_free(arena);
		load_done(&loaded);
	}
}

static void share_needs_significance(void **state)
{
	(void)state;
	static const char *const counts[] = {"100", "100000"};
	for (size_t i = 0; i < 2; i++) {
		struct loaded loaded = {0};
		struct arena *arena = arena_new();
		load_text(&loaded, TD, "default",
			arena_print(arena,
				"{'number_of_instances': %s, 'distribution': [{'label': 'y', "
				"'percentage': 20, 'mapping_production_data': 'y'}]}",
				counts[i]));
		load_text(&loaded, PD, "default",
			arena_print(arena,
				"{'number_of_instances': %s, 'distribution': [{'label': 'y', "
				"'percentage': 30}]}",
				counts[i]));
		struct rules_evaluation *evaluation = rules_evaluate(&loaded.system, NULL);
		assert_int_equal(first_of(evaluation, "data.label-share-differs") != NULL, i == 1);
		rules_evaluation_unref(evaluation);
		arena_free(arena);
		load_done(&loaded);
	}
}

static const struct CMUnitTest single[] = {
	{"the remedy tells what is lacking for training again", remedy_tells_what_is_lacking, NULL, NULL,
		NULL},
	{"the remedy tells what there is for training again", remedy_tells_what_there_is, NULL, NULL, NULL},
	{"every measure comes with unit, method and counts", evidence_is_complete, NULL, NULL, NULL},
	{"profiles speak for the statistics derived from them", profiles_speak_for_statistics, NULL, NULL,
		NULL},
	{"of a label's shares either their own rule or drift speaks", one_rule_speaks_for_shares, NULL, NULL,
		NULL},
	{"a label's share of few instances may be chance", share_needs_significance, NULL, NULL, NULL},
};

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + CASES_COUNT(tellings) + CASES_COUNT(single)];
	size_t count = CASES_ADD(tests, 0, rows, rule_case_check);
	count = CASES_ADD(tests, count, tellings, check_telling);
	for (size_t i = 0; i < CASES_COUNT(single); i++)
		tests[count++] = single[i];
	return CASES_RUN_ALL(tests, count);
}
