/* When the rules about data fire, and when they stay quiet. */
#include "rule_case.h"

#include "cases.h"

#define TD         KIND_TRAINING_DATA
#define PD         KIND_PRODUCTION_DATA
#define TYPE       "data.field-type"
#define TRAINING   "data.training-field-unmapped"
#define PRODUCTION "data.production-field-unmapped"
#define STATISTIC  "data.statistic-differs"
#define SHARE      "data.label-share-differs"

#define FIELD(name, type, to)                                                                                \
	"{'field_name': '" name "', 'field_type': '" type "', 'mapping_production_data': '" to "'}"
#define LABEL(name, type, to)                                                                                \
	"{'field_name': '" name "', 'label_field': true, 'field_type': '" type                               \
	"', 'mapping_production_data': '" to "'}"
#define LIVE(name, type) "{'field_name': '" name "', 'field_type': '" type "'}"
#define TRAINED(fields)                                                                                      \
	{                                                                                                    \
		TD, "{'schema': [" fields "]}"                                                               \
	}
#define ARRIVES(fields)                                                                                      \
	{                                                                                                    \
		PD, "{'schema': [" fields "]}"                                                               \
	}

#define PROFILED(rest, type)                                                                                 \
	"{'field_name': 'a', " rest "'profile': {'count': 10, 'inferred_type': '" type "'}}"

#define FIGURE(property, field, value)                                                                       \
	"{'property': '" property "', 'field': '" field "', 'value': '" value "'}"
#define MEAN_WAS(value)                                                                                      \
	{                                                                                                    \
		TD, "{'schema': [" FIELD("age", "Float", "age_live") "], 'statistics': [" FIGURE(            \
			    "Mean", "age", value) "]}"                                                       \
	}
#define MEAN_IS(value)                                                                                       \
	{                                                                                                    \
		PD, "{'statistics': [" FIGURE("Mean", "age_live", value) "]}"                                \
	}
#define MEAN_FOUND "age:Mean @ training_data:statistics[0].value production_data:statistics[0].value"

#define SHARES(shares)                                                                                       \
	{                                                                                                    \
		TD, "{'distribution': [" shares "]}"                                                         \
	}
#define LIVE_SHARES(shares)                                                                                  \
	{                                                                                                    \
		PD, "{'distribution': [" shares "]}"                                                         \
	}

static const struct rule_case rows[] = {
	{"whole numbers in one profile are no other type", TYPE, "", NULL,
		{TRAINED(PROFILED("'mapping_production_data': 'a', 'field_type': 'Integer', ", "int")),
			ARRIVES(PROFILED("'field_type': 'Float', ", "float"))}},
	{"text in one profile is another type", TYPE,
		"a @ training_data:schema[0].field_type production_data:schema[0].field_type", NULL,
		{TRAINED(PROFILED("'mapping_production_data': 'a', 'field_type': 'Integer', ", "int")),
			ARRIVES(PROFILED("'field_type': 'String', ", "string"))}},
	{"a field of the same type is quiet", TYPE, "", NULL,
		{TRAINED(FIELD("age", "int64", "age_live")), ARRIVES(LIVE("age_live ", "Integer"))}},
	{"a field of another type is found", TYPE,
		"age @ training_data:schema[0].field_type production_data:schema[1].field_type",
		"Field \"age\" is Integer in the training data; field \"age_live\", which it is mapped to, is Float "
		"in the "
		"production data.",
		{TRAINED(FIELD("age", "Integer", "age_live")),
			ARRIVES(LIVE("x", "Integer") ", " LIVE("age_live", "Float"))}},
	{"a label may have another type", TYPE, "", NULL,
		{TRAINED(LABEL("age", "Integer", "age_live")), ARRIVES(LIVE("age_live", "Float"))}},
	{"a type that is not given is a gap", TYPE, "", NULL,
		{TRAINED(FIELD("a", "", "x") ", " FIELD("b", "Float", "y")),
			ARRIVES(LIVE("x", "Float") ", " LIVE("y", " "))}},
	{"a field mapped to nothing that exists has no other type", TYPE, "", NULL,
		{TRAINED(FIELD("age", "Integer", "else")), ARRIVES(LIVE("age", "Float"))}},
	{"each set of production data is compared", TYPE,
		"age @ training_data:schema[0].field_type production_data/b:schema[0].field_type", NULL,
		{TRAINED(FIELD("age", "Integer", "x")), {PD, "{'schema': [" LIVE("x", "int") "]}", "a"},
			{PD, "{'schema': [" LIVE("x", "Float") "]}", "b"}}},

	{"a mapped field is quiet", TRAINING, "", NULL, {TRAINED(FIELD("age", "Integer", "x"))}},
	{"a field without a mapping is found", TRAINING,
		"novel @ training_data:schema[1].mapping_production_data",
		"Field \"novel\" of the training data",
		{TRAINED(FIELD("age", "Integer", "x") ", " FIELD(" novel ", "Float", " "))}},
	{"a label needs no mapping", TRAINING, "", NULL, {TRAINED(LABEL("target", "Float", ""))}},
	{"a field that says it is no label needs one", TRAINING,
		"f @ training_data:schema[0].mapping_production_data", NULL,
		{TRAINED("{'field_name': 'f', 'label_field': false}")}},
	{"a field without a name is a matter of completeness", TRAINING, "", NULL,
		{TRAINED(FIELD("", "Float", ""))}},

	{"a production field that is mapped is quiet", PRODUCTION, "", NULL,
		{TRAINED(FIELD("age", "", " x")), ARRIVES(LIVE("x", "Float"))}},
	{"a label's mapping counts too", PRODUCTION, "", NULL,
		{TRAINED(LABEL("target", "", "x")), ARRIVES(LIVE("x", "Float"))}},
	{"a production field that nothing is mapped to is found", PRODUCTION,
		"stray @ training_data:schema production_data:schema[1].field_name", "Field \"stray\"",
		{TRAINED(FIELD("stray", "", "x")),
			ARRIVES(LIVE("x", "") ", " LIVE("stray", "") ", " LIVE("", ""))}},
	{"any of several training sets may be mapped to it", PRODUCTION, "", NULL,
		{{TD, "{}", "a"}, {TD, "{'schema': [" FIELD("age", "", "x") "]}", "b"},
			ARRIVES(LIVE("x", ""))}},

	{"the same statistic is quiet", STATISTIC, "", NULL, {MEAN_WAS("64.3"), MEAN_IS(" 64.30")}},
	{"five percent more is quiet", STATISTIC, "", NULL, {MEAN_WAS("100"), MEAN_IS("105")}},
	{"more than five percent is found", STATISTIC, MEAN_FOUND, "5.1 apart, where 5 is tolerated",
		{MEAN_WAS("100"), MEAN_IS("105.1")}},
	{"a number in another notation is the same number", STATISTIC, "", NULL,
		{MEAN_WAS("1e3"), MEAN_IS("1000.0")}},
	{"a difference beside zero is found", STATISTIC, MEAN_FOUND, NULL, {MEAN_WAS("0"), MEAN_IS("0.001")}},
	{"a text that differs is found", STATISTIC, MEAN_FOUND, "the texts differ",
		{MEAN_WAS("about 5"), MEAN_IS("about 6")}},
	{"the same text is quiet", STATISTIC, "", NULL, {MEAN_WAS("about 5"), MEAN_IS("about 5 ")}},
	{"a number beside a text is a text", STATISTIC, MEAN_FOUND, "the texts differ",
		{MEAN_WAS("5"), MEAN_IS("5 m")}},
	{"nan is a text", STATISTIC, "", NULL, {MEAN_WAS("nan"), MEAN_IS("nan")}},
	{"hexadecimal is a text", STATISTIC, MEAN_FOUND, "the texts differ",
		{MEAN_WAS("0x10"), MEAN_IS("16")}},
	{"a number too large to be one is a text", STATISTIC, MEAN_FOUND, "the texts differ",
		{MEAN_WAS("1e999"), MEAN_IS("1e998")}},
	{"a value that is not given is a gap", STATISTIC, "", NULL, {MEAN_WAS("5"), MEAN_IS(" ")}},
	{"another property is not compared", STATISTIC, "", NULL,
		{MEAN_WAS("5"), {PD, "{'statistics': [" FIGURE("Median", "age_live", "50") "]}"}}},
	{"a field of the same name that it is not mapped to is not compared", STATISTIC, "", NULL,
		{MEAN_WAS("5"), {PD, "{'statistics': [" FIGURE("Mean", "age", "50") "]}"}}},
	{"a field that is not in the schema is not mapped", STATISTIC, "", NULL,
		{{TD, "{'statistics': [" FIGURE("Mean", "age", "5") "]}"}, MEAN_IS("50")}},
	{"every field's statistic is compared, not only the first", STATISTIC,
		"b:Mean @ training_data:statistics[1].value production_data:statistics[0].value", NULL,
		{{TD, "{'schema': [" FIELD("a", "", "x") ", " FIELD("b", "", "y") "], 'statistics': [" FIGURE(
			      "Mean", "a", "1") ", " FIGURE("Mean", "b", "2") "]}"},
			{PD, "{'statistics': [" FIGURE("Mean", "y", "9") ", " FIGURE(
				     "Mean", "x", "1") "]}"}}},

	{"a share within five points is quiet", SHARE, "", NULL,
		{SHARES("{'label': 'yes', 'percentage': 50, 'mapping_production_data': 'y'}"),
			LIVE_SHARES("{'label': 'y', 'percentage': 55}")}},
	{"a share more than five points away is found", SHARE,
		"yes @ training_data:distribution[1].percentage production_data:distribution[0].percentage",
		"Label \"yes\" has 20 % of the training data and, as \"y\", 50 % of the production data: 30 "
		"percentage points",
		{SHARES("{'label': 'no', 'percentage': 80}, "
			"{'label': 'yes', 'percentage': 20, 'mapping_production_data': 'y'}"),
			LIVE_SHARES("{'label': ' y', 'percentage': 50}, {'label': 'no', 'percentage': 1}")}},
	{"a share of 0 is a value", SHARE,
		"yes @ training_data:distribution[0].percentage production_data:distribution[0].percentage",
		NULL,
		{SHARES("{'label': 'yes', 'percentage': 0, 'mapping_production_data': 'y'}"),
			LIVE_SHARES("{'label': 'y', 'percentage': 50}")}},
	{"a share that is not given is a gap", SHARE, "", NULL,
		{SHARES("{'label': 'yes', 'mapping_production_data': 'y'}, "
			"{'label': 'no', 'percentage': 90, 'mapping_production_data': 'n'}"),
			LIVE_SHARES("{'label': 'y', 'percentage': 50}, {'label': 'n'}")}},
	{"a label that is mapped to nothing is not compared", SHARE, "", NULL,
		{SHARES("{'label': 'y', 'percentage': 90}"),
			LIVE_SHARES("{'label': 'y', 'percentage': 50}")}},
};

int main(void)
{
	return CASES_RUN(rows, rule_case_check);
}
