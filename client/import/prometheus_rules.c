/*
 * Prometheus rule files: alerts and recording rules. An alert states when
 * something is wrong; the model's metric gets what must hold instead.
 */
#include <string.h>

#include "import/formats.h"
#include "import/monitoring.h"
#include "import/promql.h"
#include "import/tree.h"

bool prometheus_rules_looks(const char *head, size_t size)
{
	return memmem(head, size, "groups", 6) && memmem(head, size, "rules", 5) &&
	       memmem(head, size, "expr", 4) &&
	       (memmem(head, size, "alert", 5) || memmem(head, size, "record", 6));
}

/* The limits on latency that were found: the last one to fire is what must not be exceeded. */
struct latency {
	double time;
	const char *unit, *path;
};

static double milliseconds(double time, const char *unit)
{
	return strcmp(unit, "Seconds") == 0 ? time * 1e3 : time;
}

static void note_latency(struct latency *latency, const struct promql_limit *limit, const char *unit,
	double factor, const char *path)
{
	const double time = limit->value * factor;
	if (!limit->above || time <= 0)
		return;
	if (latency->unit && milliseconds(latency->time, latency->unit) >= milliseconds(time, unit))
		return;
	*latency = (struct latency){time, unit, path};
}

static void put_limit(struct import *import, const struct promql_limit *limit, const char *path)
{
	const struct draft_place *model = import_descriptor(import, KIND_TRAINED_MODEL);
	const struct draft_place *metric = import_item(import, model, "algorithm_metrics",
		import_print(import, "%s %s %.17g", limit->metric, limit->operator, limit->value), path);
	import_text(import, metric, "metric", limit->metric, path);
	import_text(import, metric, "operator", limit->operator, path);
	import_number(import, metric, "threshold", limit->value, path);
}

static void read_limit(
	struct import *import, const char *expression, const char *path, struct latency *latency)
{
	struct promql_limit limit;
	double factor;
	if (!promql_limit(import->arena, expression, &limit) || promql_is_infrastructure(limit.metric))
		return;
	const char *unit = promql_latency_unit(limit.metric, &factor);
	if (unit)
		note_latency(latency, &limit, unit, factor, path);
	else if (!limit.quantile)
		put_limit(import, &limit, path);
}

static void read_rule(
	struct import *import, const struct codec_node *rule, const char *path, struct latency *latency)
{
	const char *alert = tree_text(tree_get(rule, "alert")), *record = tree_text(tree_get(rule, "record"));
	const char *expression = tree_text(tree_get(rule, "expr"));
	const char *at = import_print(import, "%s.expr", path);
	if ((!alert && !record) || !expression) {
		import_leave(import, path, "a rule has alert or record, and expr");
		return;
	}
	import_note(import, import_print(import, "%s.%s", path, alert ? "alert" : "record"),
		alert ? alert : record);
	import_note(import, at, expression);
	import_note(import, import_print(import, "%s.labels.severity", path),
		tree_text_at(rule, "labels.severity"));
	monitoring_reader(import, alert ? "alert" : "recording", alert ? alert : record, expression, at);
	if (alert)
		read_limit(import, expression, at, latency);
}

static bool read_groups(struct import *import, const struct codec_node *groups, const char *prefix)
{
	struct latency latency = {0};
	for (size_t i = 0; i < tree_count(groups); i++) {
		const struct codec_node *rules = tree_get(groups->items[i], "rules");
		const char *path = import_print(import, "%sgroups[%zu].rules", prefix, i);
		if (rules && !tree_is_list(rules))
			return import_refuse(import, rules, path, "a list of rules is expected here");
		for (size_t r = 0; r < tree_count(rules); r++)
			read_rule(
				import, rules->items[r], import_print(import, "%s[%zu]", path, r), &latency);
	}
	if (!latency.unit)
		return true;
	const struct draft_place *time = import_part(
		import, import_descriptor(import, KIND_PRODUCTION_ENVIRONMENT), "required_inference_time");
	import_number(import, time, "time", latency.time, latency.path);
	import_text(import, time, "unit", latency.unit, latency.path);
	return true;
}

bool prometheus_rules_read(struct import *import)
{
	struct codec_node **documents;
	size_t count;
	if (!tree_yaml(import, &documents, &count))
		return false;
	for (size_t i = 0; i < count; i++) {
		/* A PrometheusRule of Kubernetes has the same in its spec. */
		const struct codec_node *spec = tree_get(documents[i], "spec");
		const struct codec_node *groups = tree_get(spec ? spec : documents[i], "groups");
		if (!tree_is_list(groups))
			return import_refuse(
				import, documents[i], "groups", "a list of groups of rules is expected here");
		const char *prefix = import_print(import, "%s%s",
			count > 1 ? import_print(import, "[%zu].", i) : "", spec ? "spec." : "");
		if (!read_groups(import, groups, prefix))
			return false;
	}
	return count > 0 || import_refuse(import, NULL, "", "there are no rules in it");
}
