/*
 * Data: is what arrives in production what the model learned from, as far as
 * the descriptors' own numbers tell? Where both sides have a profile of a
 * column, the rules about profiles speak for it (drift.c, columns.c), and what
 * is derived from the same rows is not compared here: it would be the same
 * difference again, judged without knowing what chance does.
 */
#include <math.h>

#include "model/types.h"
#include "rules/profiles.h"
#include "statistics/difference.h"
#include "statistics/proportion.h"

#define BOTH  (KIND_BIT(KIND_TRAINING_DATA) | KIND_BIT(KIND_PRODUCTION_DATA))
#define TEAMS (TEAM_BIT(TEAM_DATA_SCIENTISTS) | TEAM_BIT(TEAM_OPERATIONS))

/* What counts around a statistic of 0, where a share of it says nothing. */
static const double absolute_tolerance = 1e-9;

/* One training set beside one set of production data. */
struct pair {
	const struct model_descriptor *training;
	const struct model_descriptor *production;
	const struct map *fields; /* of the latter, by name */
};

typedef void pair_fn(struct rule_run *run, const struct pair *pair, const struct map *production);
typedef struct map *index_fn(struct rule_run *run, const struct model_descriptor *production);

/* Compares every training set with every set of production data, which is indexed once. @param index  NULL:
 * by its fields */
static void each_pair(struct rule_run *run, index_fn *index, pair_fn *compare)
{
	size_t training_count;
	size_t production_count;
	struct model_descriptor *const *training =
		model_system_of_kind(run->system, KIND_TRAINING_DATA, &training_count);
	struct model_descriptor *const *production =
		model_system_of_kind(run->system, KIND_PRODUCTION_DATA, &production_count);
	for (size_t i = 0; i < production_count; i++) {
		const struct map *fields = profiles_fields(run, i);
		const struct map *map = index ? index(run, production[i]) : fields;
		for (size_t j = 0; j < training_count; j++)
			compare(run, &(struct pair){training[j], production[i], fields}, map);
	}
}

static bool is_label(const Tally__V1__TrainingDataField *field)
{
	return field->_label_field_case != 0 && field->label_field;
}

/* Do the rules about profiles compare this field with the one that it stands beside? */
static bool profiles_speak(
	struct rule_run *run, const struct pair *pair, const Tally__V1__TrainingDataField *field)
{
	bool mapped = !model_blank(field->mapping_production_data);
	const struct rule_named *theirs =
		rule_look(run, pair->fields, mapped ? field->mapping_production_data : field->field_name);
	return theirs && profiles_both(field, theirs->thing);
}

/* ---- types ---- */

static void draft_type(
	struct rule_run *run, const struct pair *pair, size_t at, const struct rule_named *theirs)
{
	const Tally__V1__TrainingData *training = model_descriptor_spec(pair->training);
	const Tally__V1__TrainingDataField *field = training->schema[at];
	const Tally__V1__ProductionDataField *other = theirs->thing;
	const char *subject = rule_subject(run, field->field_name, "schema[%zu]", at);
	struct rule_draft *draft = rule_draft(run, subject);
	rule_say(draft, "Field %s is %s in %s; field %s, which it is mapped to, is %s in %s.",
		rule_name(run, subject), rule_show(run, field->field_type),
		rule_descriptor(run, pair->training), rule_name(run, other->field_name),
		rule_show(run, other->field_type), rule_descriptor(run, pair->production));
	rule_place(draft, pair->training, field->field_type, "schema[%zu].field_type", at);
	rule_place(draft, pair->production, other->field_type, "schema[%zu].field_type", theirs->inner);
}

static bool is_number(const char *type)
{
	return model_type_of(type) == TYPE_INTEGER || model_type_of(type) == TYPE_FLOAT;
}

/* Types that stand beside profiles were read off samples: whole numbers in one of them are no other type. */
static bool only_widened(
	const Tally__V1__TrainingDataField *field, const Tally__V1__ProductionDataField *other)
{
	return profiles_both(field, other) && is_number(field->field_type) && is_number(other->field_type);
}

/* A type that is not given is a gap, not a mismatch. */
static void compare_types(struct rule_run *run, const struct pair *pair, const struct map *production)
{
	const Tally__V1__TrainingData *training = model_descriptor_spec(pair->training);
	for (size_t i = 0; i < training->n_schema; i++) {
		const Tally__V1__TrainingDataField *field = training->schema[i];
		if (is_label(field) || model_blank(field->field_type))
			continue;
		const struct rule_named *theirs = rule_look(run, production, field->mapping_production_data);
		for (; theirs; theirs = theirs->next) {
			const Tally__V1__ProductionDataField *other = theirs->thing;
			if (!model_blank(other->field_type) &&
				!model_types_equal(field->field_type, other->field_type) &&
				!only_widened(field, other))
				draft_type(run, pair, i, theirs);
		}
	}
}

static void field_type(struct rule_run *run)
{
	each_pair(run, NULL, compare_types);
}

/* ---- mappings ---- */

static void check_fields(struct rule_run *run, const struct model_descriptor *descriptor)
{
	const Tally__V1__TrainingData *training = model_descriptor_spec(descriptor);
	for (size_t i = 0; i < training->n_schema; i++) {
		const Tally__V1__TrainingDataField *field = training->schema[i];
		if (is_label(field) || model_blank(field->field_name) ||
			!model_blank(field->mapping_production_data))
			continue;
		struct rule_draft *draft = rule_draft(run, field->field_name);
		rule_say(draft,
			"Field %s of %s is no label and is mapped to no field of the production data.",
			rule_name(run, field->field_name), rule_descriptor(run, descriptor));
		rule_place(draft, descriptor, NULL, "schema[%zu].mapping_production_data", i);
	}
}

static void training_field_unmapped(struct rule_run *run)
{
	size_t count;
	struct model_descriptor *const *found = model_system_of_kind(run->system, KIND_TRAINING_DATA, &count);
	for (size_t i = 0; i < count; i++)
		check_fields(run, found[i]);
}

/* The production fields that any training field is mapped to. */
static struct map *mapped_fields(struct rule_run *run)
{
	struct map *mapped = rule_map(run);
	size_t count;
	struct model_descriptor *const *found = model_system_of_kind(run->system, KIND_TRAINING_DATA, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__TrainingData *training = model_descriptor_spec(found[i]);
		for (size_t at = 0; at < training->n_schema; at++) {
			rule_index(run, mapped, training->schema[at]->mapping_production_data,
				&(struct rule_named){.descriptor = found[i], .inner = at});
		}
	}
	return mapped;
}

static void check_production_fields(
	struct rule_run *run, const struct model_descriptor *descriptor, const struct map *mapped)
{
	const Tally__V1__ProductionData *production = model_descriptor_spec(descriptor);
	for (size_t i = 0; i < production->n_schema; i++) {
		const char *name = production->schema[i]->field_name;
		if (model_blank(name) || rule_look(run, mapped, name))
			continue;
		struct rule_draft *draft = rule_draft(run, name);
		rule_say(draft, "Field %s of %s is mapped from no field of any training data.",
			rule_name(run, name), rule_descriptor(run, descriptor));
		rule_place_each(draft, KIND_TRAINING_DATA, "schema");
		rule_place(draft, descriptor, name, "schema[%zu].field_name", i);
	}
}

static void production_field_unmapped(struct rule_run *run)
{
	struct map *mapped = mapped_fields(run);
	size_t count;
	struct model_descriptor *const *found =
		model_system_of_kind(run->system, KIND_PRODUCTION_DATA, &count);
	for (size_t i = 0; i < count; i++)
		check_production_fields(run, found[i], mapped);
}

/* ---- statistics ---- */

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
	const struct pair *pair;
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

static void compare_statistics(struct rule_run *run, const struct pair *pair, const struct map *production)
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
	each_pair(run, index_statistics, compare_statistics);
}

/* ---- shares of labels ---- */

static struct map *index_labels(struct rule_run *run, const struct model_descriptor *descriptor)
{
	const Tally__V1__ProductionData *production = model_descriptor_spec(descriptor);
	struct map *map = rule_map(run);
	for (size_t i = 0; i < production->n_distribution; i++) {
		const Tally__V1__ObservedLabelShare *share = production->distribution[i];
		rule_index(run, map, share->label, &(struct rule_named){descriptor, share, NULL, 0, i, NULL});
	}
	return map;
}

static const char *percent(struct rule_run *run, double share)
{
	return arena_print(run->scratch, "%s %%", rule_number(run, share));
}

/* How far shares may be apart, and of how many instances each side's are; 0: not known. */
struct share_limits {
	double points;
	double p;
	double training_count;
	double production_count;
};

static struct share_limits share_limits(struct rule_run *run, const struct pair *pair)
{
	const struct policy *policy = policy_of(run);
	const Tally__V1__TrainingData *training = model_descriptor_spec(pair->training);
	const Tally__V1__ProductionData *production = model_descriptor_spec(pair->production);
	return (struct share_limits){
		.points = policy_threshold(policy, POLICY_LABEL_SHARE),
		.p = policy_threshold(policy, POLICY_LABEL_SHARE_P),
		.training_count =
			training->_number_of_instances_case ? (double)training->number_of_instances : 0,
		.production_count =
			production->_number_of_instances_case ? (double)production->number_of_instances : 0,
	};
}

/* Of two shares in percent that chance may explain; without counts nothing is known of chance. */
static double share_p(const struct share_limits *limits, double was, double is)
{
	double n = limits->training_count;
	double m = limits->production_count;
	if (!(n > 0) || !(m > 0))
		return 0;
	return statistics_proportions_p(was / 100 * n, n, is / 100 * m, m);
}

static const char *share_method(
	struct rule_run *run, const struct share_limits *limits, double was, double is)
{
	if (!(limits->training_count > 0) || !(limits->production_count > 0))
		return "absolute difference; without the numbers of instances chance is not known";
	return arena_print(run->scratch, "absolute difference; two-proportion z: p %.3g, below %g counts",
		share_p(limits, was, is), limits->p);
}

static void draft_share(struct rule_run *run, const struct pair *pair, const struct share_limits *limits,
	size_t at, const struct rule_named *theirs)
{
	const Tally__V1__TrainingData *training = model_descriptor_spec(pair->training);
	const Tally__V1__MappedLabelShare *share = training->distribution[at];
	const Tally__V1__ObservedLabelShare *other = theirs->thing;
	const char *subject = rule_subject(run, share->label, "distribution[%zu]", at);
	double difference = fabs(other->percentage - share->percentage);
	struct rule_draft *draft = rule_draft(run, subject);
	rule_say(draft,
		"Label %s has %s of %s and, as %s, %s of %s: %.4g percentage points apart, where %g are "
		"tolerated.",
		rule_name(run, subject), percent(run, share->percentage),
		rule_descriptor(run, pair->training), rule_name(run, other->label),
		percent(run, other->percentage), rule_descriptor(run, pair->production), difference,
		limits->points);
	rule_place(
		draft, pair->training, percent(run, share->percentage), "distribution[%zu].percentage", at);
	rule_place(draft, pair->production, percent(run, other->percentage), "distribution[%zu].percentage",
		theirs->inner);
	rule_measure(draft, &(struct model_evidence){
				    .measure = "difference of the label's two shares",
				    .has_value = true,
				    .value = difference,
				    .unit = "percentage points",
				    .has_threshold = true,
				    .threshold = limits->points,
				    .method = share_method(run, limits, share->percentage, other->percentage),
				    .reference_count = (int64_t)limits->training_count,
				    .current_count = (int64_t)limits->production_count,
			    });
}

static bool shares_differ(const struct share_limits *limits, double was, double is)
{
	return statistics_shares_differ(was, is, limits->points) && share_p(limits, was, is) < limits->p;
}

/*
 * A share that is not given is a gap, not a mismatch. Where the profiles of a
 * label's column are as far apart as drift begins, that finding has the shares
 * already; below it this rule goes on, with a smaller difference of its own.
 * Whose shares they are they do not say: those of all labels are meant.
 */
static void compare_shares(struct rule_run *run, const struct pair *pair, const struct map *production)
{
	const Tally__V1__TrainingData *training = model_descriptor_spec(pair->training);
	struct share_limits limits = share_limits(run, pair);
	bool asked = false; /* whether a label has drifted; it has not */
	for (size_t i = 0; i < training->n_distribution; i++) {
		const Tally__V1__MappedLabelShare *share = training->distribution[i];
		if (share->_percentage_case == 0)
			continue;
		const struct rule_named *theirs = rule_look(run, production, share->mapping_production_data);
		for (; theirs; theirs = theirs->next) {
			const Tally__V1__ObservedLabelShare *other = theirs->thing;
			if (other->_percentage_case == 0 ||
				!shares_differ(&limits, share->percentage, other->percentage))
				continue;
			if (!asked && drift_of_label(run, pair->training, pair->production))
				return;
			asked = true;
			draft_share(run, pair, &limits, i, theirs);
		}
	}
}

static void label_share_differs(struct rule_run *run)
{
	each_pair(run, index_labels, compare_shares);
}

/* ---- the rules ---- */

const struct rule rule_field_type = {
	.info =
		{
			.id = "data.field-type",
			.class = CLASS_DATA,
			.severity = SEVERITY_ERROR,
			.kinds = BOTH,
			.needs = BOTH,
			.fields = RULE_FIELDS("training_data:schema[].field_name",
				"training_data:schema[].label_field", "training_data:schema[].field_type",
				"training_data:schema[].mapping_production_data",
				"training_data:schema[].profile", "production_data:schema[].field_name",
				"production_data:schema[].field_type", "production_data:schema[].profile"),
			.teams = TEAMS,
			.title = "A field has another type in production than in training",
			.rationale = "The model learned from values of one type and is fed another: numbers "
				     "read as text, or cut to integers, change every answer without any "
				     "error.",
			.remedy = "Find out which side is right; convert the field in the pipeline or "
				  "correct the schema that is wrong, and train again when the training data "
				  "was.",
		},
	.run = field_type,
};

const struct rule rule_training_field_unmapped = {
	.info =
		{
			.id = "data.training-field-unmapped",
			.class = CLASS_DATA,
			.severity = SEVERITY_ERROR,
			.kinds = KIND_BIT(KIND_TRAINING_DATA),
			.needs = KIND_BIT(KIND_TRAINING_DATA),
			.fields = RULE_FIELDS("training_data:schema[].field_name",
				"training_data:schema[].label_field",
				"training_data:schema[].mapping_production_data"),
			.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS),
			.title = "A field that the model learned from is mapped to no production field",
			.rationale = "What the model learned from has to be there when it runs; a field "
				     "without a counterpart in production will be empty or made up.",
			.remedy = "Write the production field into mapping_production_data, mark the field "
				  "as label_field when it is what is predicted, or train without it.",
		},
	.run = training_field_unmapped,
};

const struct rule rule_production_field_unmapped = {
	.info =
		{
			.id = "data.production-field-unmapped",
			.class = CLASS_DATA,
			.severity = SEVERITY_WARNING,
			.kinds = BOTH,
			.needs = BOTH,
			.fields = RULE_FIELDS("training_data:schema[].mapping_production_data",
				"production_data:schema[].field_name"),
			.teams = TEAMS,
			.title = "A field of the production data is mapped from no training field",
			.rationale = "Production carries information that the model never saw: it is "
				     "ignored, or it takes the place of a field that was meant.",
			.remedy = "Map the training field that carries the same quantity to it, or agree "
				  "that the field is not used and take it out of the production data's "
				  "schema.",
		},
	.run = production_field_unmapped,
};

const struct rule rule_statistic_differs = {
	.info =
		{
			.id = "data.statistic-differs",
			.class = CLASS_DATA,
			.severity = SEVERITY_WARNING,
			.kinds = BOTH | KIND_BIT(KIND_POLICY),
			.needs = BOTH,
			.fields =
				RULE_FIELDS("training_data:statistics[]", "training_data:schema[].field_name",
					"training_data:schema[].mapping_production_data",
					"training_data:schema[].profile", "production_data:statistics[]",
					"production_data:schema[].field_name",
					"production_data:schema[].profile", "policy:data", "policy:fields"),
			.teams = TEAMS,
			.title = "A field's statistic differs between training and production",
			.rationale = "A model is only known to be good on data like that which it was "
				     "evaluated on; a field that moved makes its measured quality say "
				     "little about today.",
			.remedy = "Check that both sides measure the same thing in the same unit; if the "
				  "world has changed, evaluate on fresh production data and train again.",
		},
	.run = statistic_differs,
};

const struct rule rule_label_share_differs = {
	.info =
		{
			.id = "data.label-share-differs",
			.class = CLASS_DATA,
			.severity = SEVERITY_WARNING,
			.kinds = BOTH | KIND_BIT(KIND_POLICY),
			.needs = BOTH,
			.fields = RULE_FIELDS("training_data:distribution[]",
				"training_data:number_of_instances", "training_data:schema[].field_name",
				"training_data:schema[].label_field",
				"training_data:schema[].mapping_production_data",
				"training_data:schema[].profile", "production_data:distribution[]",
				"production_data:number_of_instances", "production_data:schema[].field_name",
				"production_data:schema[].profile", "policy:data"),
			.teams = TEAMS,
			.title = "A label is more or less frequent in production than in training",
			.rationale = "Thresholds, class weights and expected error counts rest on how "
				     "frequent each label is; with other shares the same model is wrong "
				     "more often than promised.",
			.remedy = "Check how production labels were counted; then recalibrate the "
				  "thresholds or train again with the shares that production has.",
		},
	.run = label_share_differs,
};
