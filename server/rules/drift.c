/*
 * Drift: are the values of a column distributed in production as they were in
 * training? Decides by effect and significance together, and says by which.
 *
 * Binned measures alone are not enough: where 0 and 1 share a bin, a sixth of
 * the values can turn from one into the other without the index moving. So
 * numbers are compared by Kolmogorov and Smirnov too, and few different
 * numbers also as categories.
 */
#include <math.h>

#include "rules/profiles.h"
#include "statistics/kolmogorov.h"
#include "statistics/proportion.h"

/* What was measured of one column, and which of it decides. */
struct measured {
	struct column_numbers numbers;
	struct column_categories categories;
	bool by_ks, by_psi, by_linf, by_category_psi;
};

/* One comparison of all columns: their measures, and the corrected p-values of each family. */
struct drift {
	const struct profiles *profiles;
	struct measured *measured;
	double *ks_p, *psi_p, *chi2_p, *category_p;
	size_t numbers, categories; /* columns in these families */
};

static void measure(struct rule_run *run, struct drift *comparison, size_t at)
{
	const struct profiles_column *column = &comparison->profiles->columns[at];
	struct measured *measured = &comparison->measured[at];
	comparison->ks_p[at] = comparison->psi_p[at] = NAN;
	comparison->chi2_p[at] = comparison->category_p[at] = NAN;
	if (!profiles_comparable(column))
		return;
	rule_column_compare_numbers(&column->reference, &column->current, COLUMN_DECIDE, &measured->numbers);
	rule_column_compare_categories(
		run->scratch, &column->reference, &column->current, COLUMN_DECIDE, &measured->categories);
	if (measured->numbers.there) {
		comparison->ks_p[at] = measured->numbers.ks_p;
		comparison->psi_p[at] = measured->numbers.index.p;
		comparison->numbers++;
	}
	if (measured->categories.there) {
		comparison->chi2_p[at] = measured->categories.chi2_p;
		comparison->category_p[at] = measured->categories.index.p;
		comparison->categories++;
	}
}

/*
 * A chance level alone is no test: where a bin of a small sample is empty, the
 * index jumps above it, and among many columns one is above it anyway. So
 * Pearson's test of the same bins has to agree.
 *
 * The size of an effect is judged as it reads, its significance by what the
 * sketches' errors leave of it: so no finding comes from a sketch alone. But a
 * list of the most frequent categories leaves so much open that there the size
 * is judged by the rest too.
 */
static bool by_index(const struct profiles_column *column, const struct column_index *index, double size,
	double p, const double counts[2])
{
	return size >= profiles_threshold(column, POLICY_PSI) && p < PROFILES_P &&
	       index->psi_least > rule_column_chance(index->bins, counts[0], counts[1]);
}

static void decide(struct drift *comparison, size_t at)
{
	const struct profiles_column *column = &comparison->profiles->columns[at];
	struct measured *measured = &comparison->measured[at];
	const struct column_numbers *numbers = &measured->numbers;
	const struct column_categories *categories = &measured->categories;
	if (measured->numbers.there) {
		measured->by_ks = measured->numbers.ks >= profiles_threshold(column, POLICY_KS) &&
				  comparison->ks_p[at] < profiles_threshold(column, POLICY_KS_P);
		measured->by_psi = by_index(column, &numbers->index, numbers->index.psi,
			comparison->psi_p[at], (double[]){numbers->n, numbers->m});
	}
	if (measured->categories.there) {
		measured->by_linf =
			measured->categories.linf_least >= profiles_threshold(column, POLICY_LINF) &&
			comparison->chi2_p[at] < profiles_threshold(column, POLICY_CHI2_P);
		measured->by_category_psi = by_index(column, &categories->index, categories->index.psi_least,
			comparison->category_p[at], (double[]){categories->n, categories->m});
	}
}

/* ---- evidence ---- */

/* One column of a comparison, and the finding about it. */
struct telling {
	struct rule_run *run;
	const struct drift *comparison;
	size_t at;
	const struct profiles_column *column;
	const struct measured *measured;
	struct rule_draft *draft;
};

static const char *verdict(bool decides)
{
	return decides ? "decides" : "does not decide";
}

/* What a sketch's error leaves of a value, where that is less. */
static const char *certain(struct rule_run *run, double value, double least)
{
	return value == least ? "" : arena_print(run->scratch, "; at least %.4g for certain", least);
}

static void tell_ks(const struct telling *telling)
{
	const struct column_numbers *numbers = &telling->measured->numbers;
	double p = profiles_threshold(telling->column, POLICY_KS_P);
	rule_measure(telling->draft,
		&(struct model_evidence){
			.measure = "Kolmogorov-Smirnov distance",
			.has_value = true,
			.value = numbers->ks,
			.unit = "distance",
			.has_threshold = true,
			.threshold = profiles_threshold(telling->column, POLICY_KS),
			.method = arena_print(telling->run->scratch,
				"two-sided, two-sample; p %.3g after Benjamini-Hochberg over %zu columns, "
				"below %g counts; so many values resolve %.3g%s; %s",
				telling->comparison->ks_p[telling->at], telling->comparison->numbers, p,
				statistics_ks_resolvable(p, numbers->n, numbers->m),
				certain(telling->run, numbers->ks, numbers->ks_least),
				verdict(telling->measured->by_ks)),
			.reference_count = (int64_t)numbers->n,
			.current_count = (int64_t)numbers->m,
		});
}

/* A stability index: what it is of, its figures, and the two sides' counts. */
struct index_telling {
	const char *measure;
	const char *bins;
	const struct column_index *index;
	double p;
	size_t family;
	double n, m;
	bool decides;
};

static void tell_index(const struct telling *telling, const struct index_telling *of)
{
	const struct column_index *index = of->index;
	rule_measure(telling->draft,
		&(struct model_evidence){
			.measure = of->measure,
			.has_value = true,
			.value = index->psi,
			.unit = "nats",
			.has_threshold = true,
			.threshold = fmax(profiles_threshold(telling->column, POLICY_PSI), index->psi_chance),
			.method = arena_print(telling->run->scratch,
				"%s; 1 of 100 pairs reaches %.3g by chance; Pearson's test of the same values: p "
				"%.3g after Benjamini-Hochberg over %zu columns, below %g counts%s; %s",
				of->bins, index->psi_chance, of->p, of->family, PROFILES_P,
				certain(telling->run, index->psi, index->psi_least), verdict(of->decides)),
			.bins = (int32_t)index->bins,
			.reference_count = (int64_t)of->n,
			.current_count = (int64_t)of->m,
		});
}

static void tell_js(const struct telling *telling, const struct index_telling *of, const char *measure)
{
	rule_measure(telling->draft, &(struct model_evidence){
					     .measure = measure,
					     .has_value = true,
					     .value = of->index->js,
					     .unit = "distance, 0 to 1",
					     .method = "root of the divergence in bits; only for information",
					     .reference_count = (int64_t)of->n,
					     .current_count = (int64_t)of->m,
				     });
}

static void tell_wasserstein(const struct telling *telling)
{
	const struct column_numbers *numbers = &telling->measured->numbers;
	bool scaled = isfinite(numbers->wasserstein);
	rule_measure(telling->draft,
		&(struct model_evidence){
			.measure = "Wasserstein distance",
			.has_value = scaled,
			.value = scaled ? numbers->wasserstein : 0,
			.unit = "standard deviations of the training data",
			.method = scaled ? "first; only for information"
					 : "has no unit here: the training data's values are all equal",
			.reference_count = (int64_t)numbers->n,
			.current_count = (int64_t)numbers->m,
		});
}

static void tell_linf(const struct telling *telling)
{
	const struct column_categories *categories = &telling->measured->categories;
	double p = profiles_threshold(telling->column, POLICY_CHI2_P);
	rule_measure(telling->draft,
		&(struct model_evidence){
			.measure = "largest difference of a category's share",
			.has_value = true,
			.value = categories->linf,
			.unit = "share",
			.has_threshold = true,
			.threshold = profiles_threshold(telling->column, POLICY_LINF),
			.method = arena_print(telling->run->scratch,
				"L-infinity, of %s; Pearson's chi-squared test of all categories: p %.3g after "
				"Benjamini-Hochberg over %zu columns, below %g counts; so many values resolve "
				"%.3g%s; %s",
				*categories->linf_category
					? rule_name(telling->run, categories->linf_category)
					: "all that is in no list",
				telling->comparison->chi2_p[telling->at], telling->comparison->categories, p,
				statistics_resolvable(p, categories->n, categories->m),
				certain(telling->run, categories->linf, categories->linf_least),
				verdict(telling->measured->by_linf)),
			.reference_count = (int64_t)categories->n,
			.current_count = (int64_t)categories->m,
		});
}

static void tell_numbers(const struct telling *telling)
{
	const struct column_numbers *numbers = &telling->measured->numbers;
	struct index_telling of = {
		.measure = "population stability index",
		.bins = "bins of a tenth of the training data each",
		.index = &numbers->index,
		.p = telling->comparison->psi_p[telling->at],
		.family = telling->comparison->numbers,
		.n = numbers->n,
		.m = numbers->m,
		.decides = telling->measured->by_psi,
	};
	tell_ks(telling);
	tell_index(telling, &of);
	tell_js(telling, &of, "Jensen-Shannon distance");
	tell_wasserstein(telling);
}

static void tell_categories(const struct telling *telling)
{
	const struct column_categories *categories = &telling->measured->categories;
	struct index_telling of = {
		.measure = "population stability index of the categories",
		.bins = "categories with at least 1 % of the training data, all others in one",
		.index = &categories->index,
		.p = telling->comparison->category_p[telling->at],
		.family = telling->comparison->categories,
		.n = categories->n,
		.m = categories->m,
		.decides = telling->measured->by_category_psi,
	};
	tell_linf(telling);
	tell_index(telling, &of);
	tell_js(telling, &of, "Jensen-Shannon distance of the categories");
}

/* ---- the finding ---- */

/* Adds a deciding measure to the sentence. */
static const char *because(struct rule_run *run, const char *so_far, const char *measure, double value)
{
	return arena_print(run->scratch, "%s%s%s %.3g", so_far, *so_far ? ", " : "", measure, value);
}

static const char *reasons(struct rule_run *run, const struct measured *measured)
{
	const char *text = "";
	if (measured->by_ks)
		text = because(run, text, "Kolmogorov-Smirnov distance", measured->numbers.ks);
	if (measured->by_psi)
		text = because(run, text, "stability index", measured->numbers.index.psi);
	if (measured->by_linf)
		text = because(run, text, "difference of one category's share", measured->categories.linf);
	if (measured->by_category_psi)
		text = because(
			run, text, "stability index of the categories", measured->categories.index.psi);
	return text;
}

/* An index that decides makes it an error from the policy's second threshold. */
static bool severe(const struct profiles_column *column, const struct measured *measured)
{
	double least = profiles_threshold(column, POLICY_PSI_ERROR);
	return (measured->by_psi && measured->numbers.index.psi >= least) ||
	       (measured->by_category_psi && measured->categories.index.psi_least >= least);
}

/* "mean 2.75, standard deviation 6.41" or "6 categories": what a place can say in a few words. */
static const char *summary(struct rule_run *run, const struct column_side *side)
{
	const Tally__V1__ColumnProfile *profile = side->profile;
	if (side->type == COLUMN_NUMBER && profile->_mean_case && profile->_standard_deviation_case)
		return arena_print(run->scratch, "mean %.4g, standard deviation %.4g", profile->mean,
			profile->standard_deviation);
	return arena_print(run->scratch, "%.0f different values", profile->distinct);
}

/* The same measures again, with all that is only reported. */
static const struct measured *tell_all(struct rule_run *run, const struct drift *comparison, size_t at)
{
	const struct profiles_column *column = &comparison->profiles->columns[at];
	struct measured *measured = &comparison->measured[at];
	rule_column_compare_numbers(&column->reference, &column->current, COLUMN_TELL, &measured->numbers);
	rule_column_compare_categories(
		run->scratch, &column->reference, &column->current, COLUMN_TELL, &measured->categories);
	return measured;
}

static void draft_drift(struct rule_run *run, const struct drift *comparison, size_t at, const char *remedy)
{
	const struct profiles_column *column = &comparison->profiles->columns[at];
	const struct measured *measured = tell_all(run, comparison, at);
	struct rule_draft *draft = profiles_draft(run, comparison->profiles, column,
		summary(run, &column->reference), summary(run, &column->current));
	rule_say(draft, "%s has values that are distributed differently: %s.",
		profiles_name(run, comparison->profiles, column), reasons(run, measured));
	if (severe(column, measured))
		rule_severity(draft, SEVERITY_ERROR);
	rule_advise(draft, remedy);
	struct telling telling = {run, comparison, at, column, measured, draft};
	if (measured->numbers.there)
		tell_numbers(&telling);
	if (measured->categories.there)
		tell_categories(&telling);
}

static bool drifted(const struct measured *measured)
{
	return measured->by_ks || measured->by_psi || measured->by_linf || measured->by_category_psi;
}

static struct drift *make_room(struct rule_run *maker, const struct profiles *profiles)
{
	struct drift *drift = arena_alloc(maker->scratch, sizeof(*drift));
	drift->profiles = profiles;
	drift->measured = arena_array(maker->scratch, profiles->count, sizeof(*drift->measured));
	drift->ks_p = arena_array(maker->scratch, profiles->count, sizeof(double));
	drift->psi_p = arena_array(maker->scratch, profiles->count, sizeof(double));
	drift->chi2_p = arena_array(maker->scratch, profiles->count, sizeof(double));
	drift->category_p = arena_array(maker->scratch, profiles->count, sizeof(double));
	return drift;
}

static void correct(struct rule_run *run, struct drift *drift)
{
	size_t count = drift->profiles->count;
	profiles_correct(run, drift->ks_p, count);
	profiles_correct(run, drift->psi_p, count);
	profiles_correct(run, drift->chi2_p, count);
	profiles_correct(run, drift->category_p, count);
}

/* Compares all columns, once in an evaluation. */
static struct drift *drift_of(struct rule_run *run, const struct profiles *profiles)
{
	if (*profiles->drift)
		return *profiles->drift;
	struct drift *drift = make_room(rule_shared_run(run), profiles);
	for (size_t i = 0; i < profiles->count; i++)
		measure(run, drift, i);
	correct(run, drift);
	for (size_t i = 0; i < profiles->count; i++)
		decide(drift, i);
	*profiles->drift = drift;
	return drift;
}

static void compare(struct rule_run *run, const struct profiles *profiles)
{
	struct drift *drift = drift_of(run, profiles);
	const char *remedy = NULL;
	for (size_t i = 0; i < profiles->count; i++) {
		if (!drifted(&drift->measured[i]))
			continue;
		if (!remedy)
			remedy = arena_print(run->scratch, "%s %s", run->rule->info.remedy,
				retraining_text(run, profiles->training));
		draft_drift(run, drift, i, remedy);
	}
}

bool drift_of_label(struct rule_run *run, const struct model_descriptor *training,
	const struct model_descriptor *production)
{
	const struct profiles *profiles = profiles_of(run, training, production);
	for (size_t i = 0; profiles && i < profiles->count; i++) {
		const Tally__V1__TrainingDataField *field = profiles->columns[i].training;
		if (field->_label_field_case != 0 && field->label_field &&
			drifted(&drift_of(run, profiles)->measured[i]))
			return true;
	}
	return false;
}

static void distribution_drift(struct rule_run *run)
{
	profiles_each(run, compare);
}

const struct rule rule_distribution_drift = {
	.info =
		{
			.id = "data.distribution-drift",
			.since = 2,
			.class = CLASS_DATA,
			.severity = SEVERITY_WARNING,
			.kinds = PROFILES_READS | RETRAINING_READS,
			.needs = PROFILES_NEEDS,
			.fields = RULE_FIELDS(RETRAINING_FIELDS, PROFILES_FIELDS),
			.teams = PROFILES_TEAMS,
			.title =
				"A column's values are distributed differently in production than in training",
			.rationale =
				"What a model's quality was measured on is data like that which it "
				"learned from. Where production's values are distributed otherwise, that "
				"measurement says little, and the answers get worse without any error.",
			.remedy = "See first whether both sides count and convert the same thing in the same "
				  "unit; a changed step in the pipeline is the usual cause. If the world has "
				  "changed, evaluate the model on fresh production data and train it again.",
		},
	.run = distribution_drift,
};
