/* The results that models report; private to this room. */
#ifndef RULES_RESULTS_H
#define RULES_RESULTS_H

#include "rules/rule.h"

enum results_list {
	RESULTS_EVALUATION,
	RESULTS_TEST,
	RESULTS_LISTS
};

/* One list of one model. */
struct results {
	const struct model_descriptor *model;
	const char *field;
	Tally__V1__ReportedMetric *const *list;
	size_t count;
};

struct results results_of(const struct model_descriptor *model, enum results_list list);

/** Returns a metric's name: what Other stands for where it is Other. */
const char *results_name(const Tally__V1__ReportedMetric *metric);

typedef void results_fn(struct rule_run *run, const struct results *results, void *context);

/** Calls for both lists of every model. */
void results_each(struct rule_run *run, results_fn *call, void *context);

#endif
