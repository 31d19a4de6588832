/* Puts readers of metrics and collected metrics into production environments. */
#include "import/monitoring.h"

#include <string.h>

#include "import/promql.h"

void monitoring_collected(
	struct import *import, const char *metric, const char *implementation, const char *path)
{
	if (promql_is_infrastructure(metric))
		return;
	const struct draft_place *environment = import_descriptor(import, KIND_PRODUCTION_ENVIRONMENT);
	const char *list = promql_is_algorithm(metric) ? "algorithm_metrics" : "other_metrics";
	const struct draft_place *item = import_named(import, environment, list, "metric", metric, path);
	import_text(import, item, "implementation", implementation, path);
}

/* A histogram is collected as a whole. */
static const char *collected_name(struct import *import, const char *metric)
{
	static const char bucket[] = "_bucket";
	const size_t size = strlen(metric), rest = sizeof(bucket) - 1;
	if (size > rest && strcmp(metric + size - rest, bucket) == 0)
		return arena_copy(import->arena, metric, size - rest);
	return metric;
}

void monitoring_reader(
	struct import *import, const char *kind, const char *name, const char *expression, const char *path)
{
	struct promql_metrics metrics;
	promql_metrics(import->arena, expression, &metrics);
	const struct draft_place *environment = import_descriptor(import, KIND_PRODUCTION_ENVIRONMENT);
	/* Two alerts of one name with different limits are two. */
	const struct draft_place *reader = import_item(import, environment, "metric_readers",
		import_print(import, "%s %s %s", kind, name, expression), path);
	import_text(import, reader, "name", name, path);
	import_text(import, reader, "kind", kind, path);
	import_text(import, reader, "expression", expression, path);
	for (size_t i = 0; i < metrics.count; i++) {
		import_add(import, reader, "metrics", metrics.names[i], path);
		monitoring_collected(import, collected_name(import, metrics.names[i]), "Prometheus", path);
	}
}
