/* Columns beside each other, but for their distribution: types, missing values, ranges, new categories, and
 * whether there are values enough to say anything. */
#include <math.h>

#include "model/types.h"
#include "rules/profiles.h"
#include "statistics/kolmogorov.h"
#include "statistics/proportion.h"
#include "statistics/unseen.h"

/* ---- types ---- */

/* Is it a decimal number as a profile takes it for one? */
static bool is_number(const char *text)
{
	char *end;
	if (!*text || text[strspn(text, "0123456789.eE+-")])
		return false;
	strtod(text, &end);
	return *end == '\0';
}

/* How many of a text column's values are no numbers: those that are listed, and all that are not. */
static double texts_in(const struct column_side *side)
{
	struct column_list list;
	if (!rule_column_list(side, &list))
		return 0;
	double count = list.other;
	for (size_t i = 0; i < side->profile->n_categories; i++) {
		if (!is_number(side->profile->categories[i]->value))
			count += (double)side->profile->categories[i]->count;
	}
	return fmin(count, side->present);
}

/* Numbers beside text: would chance put so many texts on one side and none on the other? */
static double type_p(const struct column_side *reference, const struct column_side *current)
{
	if (reference->type == COLUMN_NUMBER && current->type == COLUMN_TEXT)
		return statistics_exceed_p(texts_in(current), reference->present, current->present);
	if (reference->type == COLUMN_TEXT && current->type == COLUMN_NUMBER)
		return statistics_exceed_p(texts_in(reference), current->present, reference->present);
	return 0;
}

static bool type_changed(const struct profiles_column *column)
{
	const struct column_side *reference = &column->reference;
	const struct column_side *current = &column->current;
	if (!column->production || reference->type == COLUMN_EMPTY || current->type == COLUMN_EMPTY)
		return false;
	if (reference->type == current->type)
		return reference->type == COLUMN_UNKNOWN &&
		       !model_types_equal(reference->profile->inferred_type, current->profile->inferred_type);
	return type_p(reference, current) < PROFILES_P;
}

static void draft_type(
	struct rule_run *run, const struct profiles *profiles, const struct profiles_column *column)
{
	const char *was = rule_show(run, column->reference.profile->inferred_type);
	const char *is = rule_show(run, column->current.profile->inferred_type);
	struct rule_draft *draft = profiles_draft(run, profiles, column, was, is);
	rule_say(draft, "%s: all values are %s there and %s here.", profiles_name(run, profiles, column),
		column->reference.type == COLUMN_TEXT ? "text or numbers" : was,
		column->current.type == COLUMN_TEXT ? "text or numbers" : is);
	rule_measure(
		draft, &(struct model_evidence){
			       .measure = "type of the values",
			       .unit = "",
			       .method = arena_print(run->scratch,
				       "narrowest type that every present value has; p %.3g that chance put "
				       "all texts on one side, below %g counts",
				       type_p(&column->reference, &column->current), PROFILES_P),
			       .reference_count = (int64_t)column->reference.present,
			       .current_count = (int64_t)column->current.present,
		       });
}

static void compare_types(struct rule_run *run, const struct profiles *profiles)
{
	for (size_t i = 0; i < profiles->count; i++) {
		if (type_changed(&profiles->columns[i]))
			draft_type(run, profiles, &profiles->columns[i]);
	}
}

static void run_type_changed(struct rule_run *run)
{
	profiles_each(run, compare_types);
}

/* ---- missing values ---- */

static double missing_rate(const struct column_side *side)
{
	return side->rows > 0 ? side->missing / side->rows : 0;
}

static double missing_p(const struct profiles_column *column)
{
	const struct column_side *reference = &column->reference;
	const struct column_side *current = &column->current;
	if (!column->production)
		return NAN;
	return statistics_proportions_p(reference->missing, reference->rows, current->missing, current->rows);
}

static bool vanished(const struct profiles_column *column)
{
	return column->reference.present > 0 && column->current.present == 0;
}

static void draft_gone(
	struct rule_run *run, const struct profiles *profiles, const struct profiles_column *column)
{
	struct rule_draft *draft = profiles_draft(run, profiles, column,
		arena_print(run->scratch, "%.0f present values", column->reference.present), "");
	rule_say(draft, "Field %s of %s is mapped to %s, which %s does not have.",
		rule_name(run, column->training->field_name), rule_descriptor(run, profiles->training),
		rule_name(run, column->training->mapping_production_data),
		rule_descriptor(run, profiles->production));
	rule_severity(draft, SEVERITY_ERROR);
}

static void draft_missing(struct rule_run *run, const struct profiles *profiles,
	const struct profiles_column *column, double p, size_t family)
{
	double was = missing_rate(&column->reference);
	double is = missing_rate(&column->current);
	const char *was_text = arena_print(run->scratch, "%s missing", profiles_percent(run, was));
	const char *is_text = arena_print(run->scratch, "%s missing", profiles_percent(run, is));
	double least = profiles_threshold(column, POLICY_MISSING_RATE_P);
	struct rule_draft *draft = profiles_draft(run, profiles, column, was_text, is_text);
	rule_say(draft, "%s: %s there and %s here.", profiles_name(run, profiles, column), was_text, is_text);
	if (vanished(column))
		rule_severity(draft, SEVERITY_ERROR);
	rule_measure(draft,
		&(struct model_evidence){
			.measure = "change of the share of missing values",
			.has_value = true,
			.value = fabs(is - was),
			.unit = "share",
			.has_threshold = true,
			.threshold = profiles_threshold(column, POLICY_MISSING_RATE),
			.method = arena_print(run->scratch,
				"two-proportion z; p %.3g after Benjamini-Hochberg over %zu columns, below %g "
				"counts; so many rows resolve %.3g",
				p, family, least,
				statistics_resolvable(least, column->reference.rows, column->current.rows)),
			.reference_count = (int64_t)column->reference.rows,
			.current_count = (int64_t)column->current.rows,
		});
}

static void compare_missing(struct rule_run *run, const struct profiles *profiles)
{
	double *p = arena_array(run->scratch, profiles->count, sizeof(*p));
	size_t family = 0;
	for (size_t i = 0; i < profiles->count; i++) {
		p[i] = missing_p(&profiles->columns[i]);
		family += profiles->columns[i].production != NULL;
	}
	profiles_correct(run, p, profiles->count);
	for (size_t i = 0; i < profiles->count; i++) {
		const struct profiles_column *column = &profiles->columns[i];
		double change = fabs(missing_rate(&column->current) - missing_rate(&column->reference));
		if (!column->production && column->reference.present > 0)
			draft_gone(run, profiles, column);
		else if (change >= profiles_threshold(column, POLICY_MISSING_RATE) &&
			 p[i] < profiles_threshold(column, POLICY_MISSING_RATE_P))
			draft_missing(run, profiles, column, p[i], family);
	}
}

static void run_missing_rate(struct rule_run *run)
{
	profiles_each(run, compare_missing);
}

/* ---- new categories ---- */

static void draft_unseen(struct rule_run *run, const struct profiles *profiles,
	const struct profiles_column *column, const struct column_unseen *unseen, double p)
{
	double share = unseen->mass / column->current.present;
	struct rule_draft *draft = profiles_draft(run, profiles, column,
		arena_print(run->scratch, "%zu categories", column->reference.profile->n_categories),
		arena_print(run->scratch, "%zu more", unseen->categories));
	rule_say(draft,
		"%s: %zu %s that training never had %s %s of production's values; the most frequent is %s.",
		profiles_name(run, profiles, column), unseen->categories,
		unseen->categories == 1 ? "category" : "categories",
		unseen->categories == 1 ? "carries" : "carry", profiles_percent(run, share),
		rule_name(run, unseen->largest));
	rule_measure(draft,
		&(struct model_evidence){
			.measure = "share of values in new categories",
			.has_value = true,
			.value = share,
			.unit = "share",
			.has_threshold = true,
			.threshold = profiles_threshold(column, POLICY_NEW_CATEGORIES),
			.method = arena_print(run->scratch,
				"p %.3g at most that training only missed them, by the shuffles of all values, "
				"after Benjamini-Hochberg; below %g counts; so many values resolve one new category "
				"of %.3g",
				p, PROFILES_P,
				statistics_exceed_resolvable(
					PROFILES_P, column->reference.present, column->current.present)),
			.bins = (int32_t)unseen->categories,
			.reference_count = (int64_t)column->reference.present,
			.current_count = (int64_t)column->current.present,
		});
}

static void compare_unseen(struct rule_run *run, const struct profiles *profiles)
{
	struct column_unseen *unseen = arena_array(run->scratch, profiles->count, sizeof(*unseen));
	double *p = arena_array(run->scratch, profiles->count, sizeof(*p));
	for (size_t i = 0; i < profiles->count; i++) {
		const struct profiles_column *column = &profiles->columns[i];
		p[i] = NAN;
		if (!profiles_comparable(column))
			continue;
		rule_column_unseen(run->scratch, &column->reference, &column->current,
			profiles_threshold(column, POLICY_NEW_CATEGORIES), &unseen[i]);
		if (unseen[i].there)
			p[i] = unseen[i].p;
	}
	profiles_correct(run, p, profiles->count);
	for (size_t i = 0; i < profiles->count; i++) {
		const struct profiles_column *column = &profiles->columns[i];
		double least = profiles_threshold(column, POLICY_NEW_CATEGORIES) * column->current.present;
		if (unseen[i].mass > 0 && unseen[i].mass >= least && p[i] < PROFILES_P)
			draft_unseen(run, profiles, column, &unseen[i], p[i]);
	}
}

static void run_new_categories(struct rule_run *run)
{
	profiles_each(run, compare_unseen);
}

/* ---- ranges ---- */

static void draft_outside(struct rule_run *run, const struct profiles *profiles,
	const struct profiles_column *column, const struct column_outside *outside, double p)
{
	const Tally__V1__ColumnProfile *was = column->reference.profile;
	const Tally__V1__ColumnProfile *is = column->current.profile;
	const char *range =
		arena_print(run->scratch, "%s to %s", rule_number(run, was->min), rule_number(run, was->max));
	const char *now = is->_min_case && is->_max_case
				  ? arena_print(run->scratch, "%s to %s", rule_number(run, is->min),
					    rule_number(run, is->max))
				  : "";
	struct rule_draft *draft = profiles_draft(run, profiles, column, range, now);
	rule_say(draft, "%s: %s of production's values lie outside of training's range, %s.",
		profiles_name(run, profiles, column), profiles_percent(run, outside->share), range);
	rule_measure(draft,
		&(struct model_evidence){
			.measure = "share of values outside of training's range",
			.has_value = true,
			.value = outside->share,
			.unit = "share",
			.has_threshold = true,
			.threshold = profiles_threshold(column, POLICY_OUT_OF_RANGE),
			.method = arena_print(run->scratch,
				"p %.3g that chance exceeds the range so often, exact, after Benjamini-Hochberg; "
				"below %g counts; so many values resolve %.3g on one side of the range",
				p, PROFILES_P,
				statistics_exceed_resolvable(
					PROFILES_P / 3, column->reference.present, column->current.present)),
			.reference_count = (int64_t)column->reference.present,
			.current_count = (int64_t)column->current.present,
		});
}

static void compare_ranges(struct rule_run *run, const struct profiles *profiles)
{
	struct column_outside *outside = arena_array(run->scratch, profiles->count, sizeof(*outside));
	double *p = arena_array(run->scratch, profiles->count, sizeof(*p));
	for (size_t i = 0; i < profiles->count; i++) {
		const struct profiles_column *column = &profiles->columns[i];
		p[i] = NAN;
		if (!profiles_comparable(column))
			continue;
		rule_column_outside(&column->reference, &column->current, &outside[i]);
		if (outside[i].there)
			p[i] = outside[i].p;
	}
	profiles_correct(run, p, profiles->count);
	for (size_t i = 0; i < profiles->count; i++) {
		const struct profiles_column *column = &profiles->columns[i];
		if (outside[i].share > 0 &&
			outside[i].share >= profiles_threshold(column, POLICY_OUT_OF_RANGE) &&
			p[i] < PROFILES_P)
			draft_outside(run, profiles, column, &outside[i], p[i]);
	}
}

static void run_out_of_range(struct rule_run *run)
{
	profiles_each(run, compare_ranges);
}

/* ---- too few values ---- */

static void draft_small(
	struct rule_run *run, const struct profiles *profiles, const struct profiles_column *column)
{
	double least = profiles_threshold(column, POLICY_MIN_PRESENT);
	double fewer = fmin(column->reference.present, column->current.present);
	struct rule_draft *draft = profiles_draft(run, profiles, column,
		arena_print(run->scratch, "%.0f present values", column->reference.present),
		arena_print(run->scratch, "%.0f present values", column->current.present));
	rule_say(draft,
		"%s: with %.0f present values there and %.0f here, where %.0f are needed, drift is not judged.",
		profiles_name(run, profiles, column), column->reference.present, column->current.present,
		least);
	rule_measure(draft,
		&(struct model_evidence){
			.measure = "present values of the smaller side",
			.has_value = true,
			.value = fewer,
			.unit = "values",
			.has_threshold = true,
			.threshold = least,
			.method = arena_print(run->scratch,
				"count; so few resolve a Kolmogorov-Smirnov distance of %.3g at best, or a "
				"difference of %.3g between shares",
				statistics_ks_resolvable(profiles_threshold(column, POLICY_KS_P),
					column->reference.present, column->current.present),
				statistics_resolvable(profiles_threshold(column, POLICY_CHI2_P),
					column->reference.present, column->current.present)),
			.reference_count = (int64_t)column->reference.present,
			.current_count = (int64_t)column->current.present,
		});
}

/* A column that is empty on both sides is as it was. */
static void compare_sizes(struct rule_run *run, const struct profiles *profiles)
{
	for (size_t i = 0; i < profiles->count; i++) {
		const struct profiles_column *column = &profiles->columns[i];
		bool empty = column->reference.present == 0 && column->current.present == 0;
		if (column->production && !empty && profiles_small(column))
			draft_small(run, profiles, column);
	}
}

static void run_sample_too_small(struct rule_run *run)
{
	profiles_each(run, compare_sizes);
}

/* ---- the rules ---- */

const struct rule rule_type_changed = {
	.info =
		{
			.id = "data.type-changed",
			.since = 2,
			.class = CLASS_DATA,
			.severity = SEVERITY_ERROR,
			.kinds = PROFILES_READS,
			.needs = PROFILES_NEEDS,
			.fields = RULE_FIELDS(PROFILES_FIELDS),
			.teams = PROFILES_TEAMS,
			.title = "A column that held numbers holds text, or the other way round",
			.rationale = "Schemas say what was agreed, values what arrives. Text where numbers "
				     "were learned breaks the pipeline or turns into missing values; numbers "
				     "where text was learned are categories that the model never saw. Whole "
				     "numbers and fractions count as the same: which of them a sample shows "
				     "is often chance.",
			.remedy = "Look at the values that are new in kind; mend the source or the parsing, "
				  "or agree on the new type and train again.",
		},
	.run = run_type_changed,
};

const struct rule rule_missing_rate = {
	.info =
		{
			.id = "data.missing-rate",
			.since = 2,
			.class = CLASS_DATA,
			.severity = SEVERITY_WARNING,
			.kinds = PROFILES_READS,
			.needs = PROFILES_NEEDS,
			.fields = RULE_FIELDS(PROFILES_FIELDS),
			.teams = PROFILES_TEAMS,
			.title = "A column is missing more or less often in production than in training",
			.rationale = "A value that is not there is filled in by rules that were chosen for "
				     "how often that happened in training. When a source fails or starts to "
				     "deliver, the model works with inventions, or with a column that it "
				     "learned to ignore. A column that has gone altogether is an error.",
			.remedy = "Ask the source's owner since when and why; mend it, or train again with "
				  "the share that is now usual.",
		},
	.run = run_missing_rate,
};

const struct rule rule_new_categories = {
	.info =
		{
			.id = "data.new-categories",
			.since = 2,
			.class = CLASS_DATA,
			.severity = SEVERITY_WARNING,
			.kinds = PROFILES_READS,
			.needs = PROFILES_NEEDS,
			.fields = RULE_FIELDS(PROFILES_FIELDS),
			.teams = PROFILES_TEAMS,
			.title = "Production has categories that training never had",
			.rationale = "An encoder has no place for a category that it never met: it fails, "
				     "drops the value or mixes it with others. Categories so rare that "
				     "training may just have missed them are left alone.",
			.remedy = "See whether it is another spelling, a new code or a fault at the source; "
				  "map it to a known one, or train again with examples of it.",
		},
	.run = run_new_categories,
};

const struct rule rule_out_of_range = {
	.info =
		{
			.id = "data.out-of-range",
			.since = 2,
			.class = CLASS_DATA,
			.severity = SEVERITY_WARNING,
			.kinds = PROFILES_READS,
			.needs = PROFILES_NEEDS,
			.fields = RULE_FIELDS(PROFILES_FIELDS),
			.teams = PROFILES_TEAMS,
			.title = "Production has numbers outside of the range that training had",
			.rationale = "Beyond the range that it learned from a model extrapolates: trees "
				     "answer as at the edge, linear models run away. What chance puts "
				     "outside of a small sample's range is left alone.",
			.remedy = "Check unit, scale and special values such as -1 or 9999 first; then limit "
				  "the input, or train again with data from the wider range.",
		},
	.run = run_out_of_range,
};

const struct rule rule_sample_too_small = {
	.info =
		{
			.id = "data.sample-too-small",
			.since = 2,
			.class = CLASS_DATA,
			.severity = SEVERITY_NOTE,
			.kinds = PROFILES_READS,
			.needs = PROFILES_NEEDS,
			.fields = RULE_FIELDS(PROFILES_FIELDS),
			.teams = PROFILES_TEAMS,
			.title = "A column has too few values to be judged for drift",
			.rationale = "With a handful of values any two samples differ. Saying nothing would "
				     "look like all is well, and guessing would be wrong half of the time.",
			.remedy = "Profile a longer window of production data, or more training data.",
		},
	.run = run_sample_too_small,
};
