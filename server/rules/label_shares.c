/* Shares of labels that the descriptors state: is what is predicted as frequent in production as it was in
 * training? */
#include <math.h>

#include "rules/data_pairs.h"
#include "statistics/difference.h"
#include "statistics/proportion.h"

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

static struct share_limits share_limits(struct rule_run *run, const struct data_pair *pair)
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
	return arena_print(run->scratch,
		"absolute difference; two-proportion z: p %.3g, below %g counts; so many instances resolve %.3g points",
		share_p(limits, was, is), limits->p,
		100 * statistics_resolvable(limits->p, limits->training_count, limits->production_count));
}

static void draft_share(struct rule_run *run, const struct data_pair *pair, const struct share_limits *limits,
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
static void compare_shares(struct rule_run *run, const struct data_pair *pair, const struct map *production)
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
	data_each_pair(run, index_labels, compare_shares);
}
const struct rule rule_label_share_differs = {
	.info =
		{
			.id = "data.label-share-differs",
			.class = CLASS_DATA,
			.severity = SEVERITY_WARNING,
			.kinds = DATA_BOTH | KIND_BIT(KIND_POLICY),
			.needs = DATA_BOTH,
			.fields = RULE_FIELDS("training_data:distribution[]",
				"training_data:number_of_instances", "training_data:schema[].field_name",
				"training_data:schema[].label_field",
				"training_data:schema[].mapping_production_data",
				"training_data:schema[].profile", "production_data:distribution[]",
				"production_data:number_of_instances", "production_data:schema[].field_name",
				"production_data:schema[].profile", "policy:data"),
			.teams = DATA_TEAMS,
			.title = "A label is more or less frequent in production than in training",
			.rationale = "Thresholds, class weights and expected error counts rest on how "
				     "frequent each label is; with other shares the same model is wrong "
				     "more often than promised.",
			.remedy = "Check how production labels were counted; then recalibrate the "
				  "thresholds or train again with the shares that production has.",
		},
	.run = label_share_differs,
};
