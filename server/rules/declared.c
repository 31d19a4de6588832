/*
 * Statistics that the descriptors state of a field, without the values behind
 * them. Where both sides have a profile of a column, the rules about profiles
 * speak for it (drift.c, columns.c), and what is derived from the same rows is
 * not compared here: it would be the same difference again, judged without
 * knowing what chance does.
 */
#include <math.h>

#include "model/types.h"
#include "rules/data_pairs.h"
#include "statistics/difference.h"

/* What counts around a statistic of 0, where a share of it says nothing. */
static const double absolute_tolerance = 1e-9;

/* Do the rules about profiles compare this field with the one that it stands beside? */
static bool profiles_speak(
	struct rule_run *run, const struct data_pair *pair, const Tally__V1__TrainingDataField *field)
{
	bool mapped = !model_blank(field->mapping_production_data);
	const struct rule_named *theirs =
		rule_look(run, pair->fields, mapped ? field->mapping_production_data : field->field_name);
	return theirs && profiles_both(field, theirs->thing);
}

static struct map *index_statistics(struct rule_run *run, const struct model_descriptor *descriptor)
{
	const Tally__V1__ProductionData *production = model_descriptor_spec(descriptor);
	struct map *map = rule_map(run);
	for (size_t i = 0; i < production->n_statistics; i++) {
		const Tally__V1__FieldStatistic *statistic = production->statistics[i];
		const char *const names[2] = {statistic->field, statistic->property};
		rule_index_pair(
			run, map, names, &(struct rule_named){descriptor, statistic, NULL, 0, i, NULL});
	}
	return map;
}

/* A finite decimal number and nothing else: neither hexadecimal nor "nan". */
static bool read_number(struct rule_run *run, const char *text, double *number)
{
	const char *trimmed = rule_trim(run, text);
	if (!*trimmed || trimmed[strspn(trimmed, "0123456789.eE+-")])
		return false;
	char *end;
	*number = strtod(trimmed, &end);
	return *end == '\0' && end != trimmed && isfinite(*number);
}

/* The two statistics that are compared. */
struct statistics {
	const struct data_pair *pair;
	const Tally__V1__FieldStatistic *training;
	size_t training_at;
	const Tally__V1__FieldStatistic *production;
	size_t production_at;
	double relative; /* how far they may be apart, as a share of the former */
};

/* Starts the finding of two statistics that differ. */
static struct rule_draft *draft_statistic(struct rule_run *run, const struct statistics *both)
{
	const char *subject = arena_print(run->scratch, "%s:%s", rule_trim(run, both->training->field),
		rule_trim(run, both->training->property));
	struct rule_draft *draft = rule_draft(run, subject);
	rule_place(draft, both->pair->training, both->training->value, "statistics[%zu].value",
		both->training_at);
	rule_place(draft, both->pair->production, both->production->value, "statistics[%zu].value",
		both->production_at);
	return draft;
}

static const char *say_sides(struct rule_run *run, const struct statistics *both)
{
	return arena_print(run->scratch, "The %s of field %s is %s in %s and, as %s, %s in %s",
		rule_show(run, both->training->property), rule_name(run, both->training->field),
		rule_show(run, both->training->value), rule_descriptor(run, both->pair->training),
		rule_name(run, both->production->field), rule_show(run, both->production->value),
		rule_descriptor(run, both->pair->production));
}

static void compare_numbers(struct rule_run *run, const struct statistics *both, double a, double b)
{
	if (!statistics_differ(a, b, both->relative, absolute_tolerance))
		return;
	double tolerance = statistics_tolerance(a, both->relative, absolute_tolerance);
	struct rule_draft *draft = draft_statistic(run, both);
	rule_say(draft, "%s: %.4g apart, where %.4g is tolerated.", say_sides(run, both), fabs(b - a),
		tolerance);
	rule_measure(
		draft, &(struct model_evidence){
			       .measure = "difference of the two values",
			       .has_value = true,
			       .value = fabs(b - a),
			       .unit = "",
			       .has_threshold = true,
			       .threshold = tolerance,
			       .method = arena_print(run->scratch,
				       "absolute difference against max(%g %% of the training value, 1e-9)",
				       100 * both->relative),
		       });
}

static void compare_statistic(struct rule_run *run, const struct statistics *both)
{
	const char *training = both->training->value;
	const char *production = both->production->value;
	if (model_blank(training) || model_blank(production))
		return;
	double a;
	double b;
	if (read_number(run, training, &a) && read_number(run, production, &b)) {
		compare_numbers(run, both, a, b);
	} else if (!model_text_equal(training, production)) {
		struct rule_draft *draft = draft_statistic(run, both);
		rule_say(draft, "%s: the texts differ.", say_sides(run, both));
	}
}

/* Properties that a profile has, or that are read off it: small letters and digits of their names. */
static const char *const derived[] = {"mean", "average", "avg", "median", "std", "stddev", "stdev",
	"standarddeviation", "variance", "var", "min", "minimum", "max", "maximum", "range", "count",
	"missing", "missingrate", "missingvalues", "missingcount", "distinct", "distinctvalues",
	"distinctcount", "unique", "uniquevalues", "mode", "top", "zeros", "iqr"};

/* Puts small letters and digits of a name together; what is longer than any that we know is cut. */
static void plain_name(const char *name, char *plain, size_t size)
{
	size_t at = 0;
	for (; *name && at + 1 < size; name++) {
		if ((*name >= 'a' && *name <= 'z') || (*name >= '0' && *name <= '9'))
			plain[at++] = *name;
		else if (*name >= 'A' && *name <= 'Z')
			plain[at++] = (char)(*name - 'A' + 'a');
	}
	plain[at] = '\0';
}

/* Is it a quantile, such as p95, q0.5, 25% or quantile_75? */
static bool is_quantile(const char *plain)
{
	static const char *const starts[] = {"quantile", "percentile", "quartile", "decile", "p", "q", ""};
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		size_t size = strlen(starts[i]);
		const char *digits = plain + size;
		if (strncmp(plain, starts[i], size) == 0 && *digits && !digits[strspn(digits, "0123456789")])
			return true;
	}
	return false;
}

static bool is_derived(const char *property)
{
	char plain[32];
	plain_name(property, plain, sizeof(plain));
	for (size_t i = 0; i < sizeof(derived) / sizeof(derived[0]); i++) {
		if (strcmp(plain, derived[i]) == 0)
			return true;
	}
	return is_quantile(plain);
}

/* The training fields by name, for looking up what each is mapped to. */
static struct map *index_training(struct rule_run *run, const Tally__V1__TrainingData *training)
{
	struct map *map = rule_map(run);
	for (size_t i = 0; i < training->n_schema; i++)
		rule_index(run, map, training->schema[i]->field_name,
			&(struct rule_named){.thing = training->schema[i], .inner = i});
	return map;
}

/* Compares one training statistic with those of the field that a field of its name is mapped to. */
static void compare_mapped(struct rule_run *run, struct statistics *both,
	const Tally__V1__TrainingDataField *field, const struct map *production)
{
	const char *const names[2] = {field->mapping_production_data, both->training->property};
	if (is_derived(both->training->property) && profiles_speak(run, both->pair, field))
		return;
	const struct rule_named *theirs = rule_look_pair(run, production, names);
	for (; theirs; theirs = theirs->next) {
		both->production = theirs->thing;
		both->production_at = theirs->inner;
		compare_statistic(run, both);
	}
}

static void compare_statistics(
	struct rule_run *run, const struct data_pair *pair, const struct map *production)
{
	const Tally__V1__TrainingData *training = model_descriptor_spec(pair->training);
	struct map *fields = index_training(run, training);
	const struct policy *policy = policy_of(run);
	for (size_t i = 0; i < training->n_statistics; i++) {
		const Tally__V1__FieldStatistic *statistic = training->statistics[i];
		struct statistics both = {.pair = pair, .training = statistic, .training_at = i};
		const struct rule_named *named = rule_look(run, fields, statistic->field);
		for (; named; named = named->next) {
			const Tally__V1__TrainingDataField *field = named->thing;
			both.relative =
				policy_column(policy, field->field_name, field->mapping_production_data)
					.values[POLICY_STATISTIC];
			compare_mapped(run, &both, field, production);
		}
	}
}

static void statistic_differs(struct rule_run *run)
{
	data_each_pair(run, index_statistics, compare_statistics);
}
const struct rule rule_statistic_differs = {
	.info =
		{
			.id = "data.statistic-differs",
			.class = CLASS_DATA,
			.severity = SEVERITY_WARNING,
			.kinds = DATA_BOTH | KIND_BIT(KIND_POLICY),
			.needs = DATA_BOTH,
			.fields =
				RULE_FIELDS("training_data:statistics[]", "training_data:schema[].field_name",
					"training_data:schema[].mapping_production_data",
					"training_data:schema[].profile", "production_data:statistics[]",
					"production_data:schema[].field_name",
					"production_data:schema[].profile", "policy:data", "policy:fields"),
			.teams = DATA_TEAMS,
			.title = "A field's statistic differs between training and production",
			.rationale = "A model is only known to be good on data like that which it was "
				     "evaluated on; a field that moved makes its measured quality say "
				     "little about today.",
			.remedy = "Check that both sides measure the same thing in the same unit; if the "
				  "world has changed, evaluate on fresh production data and train again.",
		},
	.run = statistic_differs,
};
