/* Which metrics an expression of PromQL reads, and which limit it compares with. No parser of PromQL. */
#ifndef IMPORT_PROMQL_H
#define IMPORT_PROMQL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum {
	PROMQL_METRICS_MAX = 64, /* of one expression; the rest is not told */
};

struct promql_metrics {
	const char *names[PROMQL_METRICS_MAX]; /* each once, in order; arena */
	size_t count;
};

/** Finds the metrics. Functions, labels, texts and Grafana's variables are none. */
void promql_metrics(struct arena *arena, const char *expression, struct promql_metrics *metrics);

/* "metric < 0.95", where nothing but an average or the like is between metric and number. */
struct promql_limit {
	const char *metric;   /* arena */
	const char *operator; /* that must hold, in the descriptors' words: the inverse */
	double value;
	bool above;    /* the alert fires above the value */
	bool quantile; /* it is a quantile of a histogram */
};

/** Finds the limit that an alert's expression states. @return false when it is none so plain */
bool promql_limit(struct arena *arena, const char *expression, struct promql_limit *limit);

/** Is it a metric of the machine, the language or the collector, not of the model? e.g. go_, node_, up */
bool promql_is_infrastructure(const char *metric);

/** Does the name speak of how good the model's answers or its data are: accuracy, drift, score …? */
bool promql_is_algorithm(const char *metric);

/** Finds the time unit at the end of a latency's name. @param[out] factor  to the unit @return its SEI word;
 * NULL: it is no latency */
const char *promql_latency_unit(const char *metric, double *factor);

#endif
