/*
 * What rules are made of; private to this room. A rule looks at the system
 * through a run and drafts findings; evaluate.c turns drafts into findings.
 * Only one thread works on a run.
 */
#ifndef RULES_RULE_H
#define RULES_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/map.h"
#include "model/descriptor.h"
#include "model/finding.h"
#include "rules/rules.h"

/* Bounds on what one run makes of a peer's descriptors. */
enum {
	RULE_DRAFTS_MAX = 10000,  /* findings of one rule; the rest is counted in one more */
	RULE_PLACES_MAX = 1000,   /* places of one finding */
	RULE_EVIDENCE_MAX = 16,   /* figures of one finding */
	RULE_SAME_NAME_MAX = 16,  /* things of one name that are compared */
	RULE_LISTED_MAX = 10,     /* names that a message lists */
	RULE_SUBJECT_BYTES = 300, /* longer subjects are cut */
	RULE_TEXT_BYTES = 200,    /* other quoted text */
};

struct rule_run;
struct rule_shared;
typedef void rule_fn(struct rule_run *run);

/* A rule's own list of what it reads, see struct rules_info. It is run again only when that differs: plan.h.
 */
#define RULE_FIELDS(...) ((const char *const[]){__VA_ARGS__, NULL})

struct rule {
	struct rules_info info;
	rule_fn *run;
	bool per_kind; /* runs once for each kind and then reads that kind only */
	bool dated;    /* looks at when the descriptors that it reads were pushed */
};

/* One run of one rule. All that it makes lives in `scratch`. */
struct rule_run {
	const struct model_system *system;
	const struct rule *rule;
	enum model_kind kind; /* of a per_kind rule's run, else KIND_NONE */
	struct arena *scratch;
	struct rule_shared *shared; /* NULL: this run makes everything itself */
	struct rule_maps *maps;
	struct rule_draft *first;
	struct rule_draft **last;
	size_t count;   /* drafts asked for; those past RULE_DRAFTS_MAX are only counted */
	int64_t due_us; /* rule_due() */
};

/* The pairs of one side of the machine-learning part; see sides.c. */
struct rule_side_pairs {
	bool found;
	const struct side_pair *first;
};

/* What the runs of one evaluation, which see the same system, make once for all of them. All zero is empty.
 */
struct rule_shared {
	struct rule_run *run; /* that makes it and has its memory; NULL until there is anything */
	const struct profiles_list *profiles; /* profiles.c */
	struct map **fields;                  /* profiles.c: of each production data, by name */
	struct rule_side_pairs pairs[2];      /* downstream and upstream */
};

/** Returns the run that makes what is shared; the run itself when nothing is. What it makes lives as long as
 * the evaluation goes on. */
struct rule_run *rule_shared_run(struct rule_run *run);
void rule_shared_done(struct rule_shared *shared);

/** Starts a run. @param system, rule borrowed until rule_run_done() */
void rule_run_init(struct rule_run *run, const struct model_system *system, const struct rule *rule,
	enum model_kind kind);
void rule_run_done(struct rule_run *run);

/** Starts another run over the same system with the memory of the one before, whose drafts go. */
void rule_run_again(struct rule_run *run, const struct rule *rule, enum model_kind kind);

/**
 * Digests the drafts as they were made: the same digest, the same findings.
 *
 * @param[out] digest  set when true is returned
 * @return false past RULE_DRAFTS_MAX, where the drafts are not all
 */
bool rule_run_digest(const struct rule_run *run, struct model_digest *digest);

/**
 * Turns the drafts into sealed findings in the order of
 * model_finding_compare(). Drafts of one id become one finding that has the
 * places of all.
 *
 * @param arena       borrowed; what is returned is made in it
 * @param[out] count  findings
 * @return arena; NULL when there are none
 */
const struct model_finding *const *rule_run_findings(
	struct rule_run *run, struct arena *arena, size_t *count);

/* A finding on its way. Opaque: the functions below fill it. */
struct rule_draft;

/** Starts a finding. @param subject borrowed; white space at its ends is left out @return lives as long as
 * the run */
struct rule_draft *rule_draft(struct rule_run *run, const char *subject);

/** Says what is wrong: one sentence with both sides, their values and units. */
void rule_say(struct rule_draft *draft, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** Says why it matters and who should act, where the rule's own words are too wide. @param rationale literal
 */
void rule_explain(struct rule_draft *draft, const char *rationale, uint32_t teams);

/**
 * Adds a place. The first one is the one to mend: where something is lacking,
 * the descriptor that lacks it.
 *
 * @param value   borrowed; what stands there, with its unit; NULL for nothing
 * @param format  of the field, e.g. "output_spec[%zu].item_type"
 */
void rule_place(struct rule_draft *draft, const struct model_descriptor *descriptor, const char *value,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/** Adds a place in each descriptor of a kind. @param field literal */
void rule_place_each(struct rule_draft *draft, enum model_kind kind, const char *field);

/** Adds a kind that has no descriptor as a place. */
void rule_place_missing(struct rule_draft *draft, enum model_kind kind);

/** Says how severe this one is, where it is not as the rule's others. */
void rule_severity(struct rule_draft *draft, enum model_severity severity);

/** Says what to do, where the rule's own words are too wide. @param remedy lives as long as the run */
void rule_advise(struct rule_draft *draft, const char *remedy);

/** Adds a figure. @param evidence borrowed; copied; its text lives as long as the run or is literal */
void rule_measure(struct rule_draft *draft, const struct model_evidence *evidence);

/**
 * Says when the rule may find something else in the same descriptors; such a
 * rule lists KIND_CLOCK in its kinds. Of several moments the first counts.
 *
 * @param at_us  wall clock, later than rules_now_us()
 */
void rule_due(struct rule_run *run, int64_t at_us);

/* ---- words ---- */

/** Returns text without white space at its ends, whole. @param text NULL is "" @return run's scratch */
const char *rule_trim(struct rule_run *run, const char *text);

/** Returns text to show: trimmed, and cut at a character's end after `size` bytes. @return run's scratch */
const char *rule_quote(struct rule_run *run, const char *text, size_t size);

/** Returns text to show in a message. @return run's scratch */
const char *rule_show(struct rule_run *run, const char *text);

/** Returns a name that a team chose, in quotes: it may hold spaces and commas. @return run's scratch */
const char *rule_name(struct rule_run *run, const char *name);

/** Returns a number as short as it reads back the same. @return run's scratch */
const char *rule_number(struct rule_run *run, double number);

/** Returns "the trained model", or "trained model churn" when it has a name of its own. @return run's scratch
 */
const char *rule_descriptor(struct rule_run *run, const struct model_descriptor *descriptor);

/** Returns text with its first letter as a capital, to begin a sentence. @return run's scratch */
const char *rule_sentence(struct rule_run *run, const char *text);

/** Returns the subject's text, or where it should stand when it is blank. @return run's scratch */
const char *rule_subject(struct rule_run *run, const char *text, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* ---- looking up by name ---- */

/* One thing of one descriptor, found by its name. */
struct rule_named {
	const struct model_descriptor *descriptor;
	const void *thing;       /* its message */
	const void *parent;      /* the message that holds it; NULL: the spec */
	size_t outer;            /* index of the parent */
	size_t inner;            /* its own index */
	struct rule_named *next; /* another one of the same name */
};

/** Makes an index. Lives as long as the run. */
struct map *rule_map(struct rule_run *run);

/**
 * Adds a thing under a name that is not blank; past RULE_SAME_NAME_MAX of one
 * name nothing is added.
 *
 * @param name  borrowed for as long as the run
 */
void rule_index(struct rule_run *run, struct map *map, const char *name, const struct rule_named *named);

/** @return the first thing of that name, or NULL; a blank name has none */
const struct rule_named *rule_look(struct rule_run *run, const struct map *map, const char *name);

/** The same for things named by two texts, neither of them blank. */
void rule_index_pair(
	struct rule_run *run, struct map *map, const char *const names[2], const struct rule_named *named);
const struct rule_named *rule_look_pair(
	struct rule_run *run, const struct map *map, const char *const names[2]);

/* A list of names for a message, each in quotes: "C++", "Python" and 3 more; or: nothing. All zero is empty.
 */
struct rule_list {
	const char *names[RULE_LISTED_MAX];
	size_t count;
};

/** Adds a name, unless it is blank or listed already. @param list borrowed; what it holds dies with run */
void rule_list_add(struct rule_run *run, struct rule_list *list, const char *name);

/** @return the list as text; run's scratch */
const char *rule_list_text(struct rule_run *run, const struct rule_list *list);

/* ---- the rules, one file per class ---- */

extern const struct rule rule_goal_unmeasured; /* purpose.c */
extern const struct rule rule_metric_goal_unknown;
extern const struct rule rule_risk_unmeasured; /* purpose_results.c */
extern const struct rule rule_goal_not_met;
extern const struct rule rule_language_unsupported; /* environment.c */
extern const struct rule rule_framework_unsupported;
extern const struct rule rule_language_version; /* versions.c */
extern const struct rule rule_framework_version;
extern const struct rule rule_dependency_version;
extern const struct rule rule_output_type; /* api.c */
extern const struct rule rule_output_unmapped;
extern const struct rule rule_downstream_input_unfed;
extern const struct rule rule_input_type;
extern const struct rule rule_input_unmapped;
extern const struct rule rule_upstream_output_unused;
extern const struct rule rule_range; /* api_content.c */
extern const struct rule rule_image_shape;
extern const struct rule rule_unit;
extern const struct rule rule_mapping_dangling;
extern const struct rule rule_signature; /* api_signature.c */
extern const struct rule rule_signature_missing;
extern const struct rule rule_development_insufficient; /* resources.c */
extern const struct rule rule_production_insufficient;
extern const struct rule rule_inference_too_slow;
extern const struct rule rule_throughput; /* capacity.c */
extern const struct rule rule_unstated;
extern const struct rule rule_no_cases; /* testing.c */
extern const struct rule rule_no_test_data;
extern const struct rule rule_no_integration_data;
extern const struct rule rule_evaluation_test_gap;
extern const struct rule rule_business_metric_uncollected; /* monitoring.c */
extern const struct rule rule_algorithm_metric_uncollected;
extern const struct rule rule_log_uncollected;
extern const struct rule rule_feedback_uncollected;
extern const struct rule rule_metric_breached; /* observation.c */
extern const struct rule rule_alert_metric_not_exported;
extern const struct rule rule_profile_missing;
extern const struct rule rule_link_dangling; /* provenance.c */
extern const struct rule rule_version_behind;
extern const struct rule rule_artifact_differs;
extern const struct rule rule_overdue;    /* overdue.c */
extern const struct rule rule_field_type; /* data.c */
extern const struct rule rule_training_field_unmapped;
extern const struct rule rule_production_field_unmapped;
extern const struct rule rule_statistic_differs;   /* declared.c */
extern const struct rule rule_label_share_differs; /* label_shares.c */
extern const struct rule rule_distribution_drift;  /* drift.c */
extern const struct rule rule_missing_rate;        /* columns.c */
extern const struct rule rule_new_categories;
extern const struct rule rule_out_of_range;
extern const struct rule rule_sample_too_small;
extern const struct rule rule_type_changed;
extern const struct rule rule_label_leak;    /* leak.c */
extern const struct rule rule_stated_values; /* stated_values.c */
extern const struct rule rule_train_test_overlap;
extern const struct rule rule_field_missing; /* completeness.c */
extern const struct rule rule_descriptor_missing;
extern const struct rule rule_value_not_understood; /* understood.c */

/** Returns a rule by its place in the table; the same order as rules_at(). */
const struct rule *rule_at(size_t index);

#endif
