/*
 * Grafana dashboards as JSON: which metrics people look at. Queries that are
 * not PromQL name no metric; they count as another way to collect one.
 */
#include <string.h>
#include <strings.h>

#include "import/formats.h"
#include "import/monitoring.h"
#include "import/tree.h"

enum {
	NESTED_MAX = 8, /* rows in rows */
};

bool grafana_looks(const char *head, size_t size)
{
	return (memmem(head, size, "\"panels\"", 8) || memmem(head, size, "\"rows\"", 6)) &&
	       (memmem(head, size, "\"targets\"", 9) || memmem(head, size, "\"schemaVersion\"", 15) ||
		       memmem(head, size, "\"gridPos\"", 9) || memmem(head, size, "\"dashboard\"", 11));
}

/* Loki's queries look like PromQL and read logs. */
static bool reads_metrics(const struct codec_node *panel, const struct codec_node *target)
{
	static const char *const others[] = {
		"loki", "tempo", "elasticsearch", "cloudwatch", "influxdb", NULL};
	const struct codec_node *source = tree_get(target, "datasource");
	if (!source)
		source = tree_get(panel, "datasource");
	const char *type = tree_is_mapping(source) ? tree_text(tree_get(source, "type")) : tree_text(source);
	for (size_t i = 0; type && others[i]; i++)
		if (strcasestr(type, others[i]))
			return false;
	return true;
}

static void read_target(struct import *import, const char *name, const struct codec_node *panel,
	const struct codec_node *target, const char *path)
{
	const char *expression = tree_text(tree_get(target, "expr"));
	const char *query = tree_text(tree_get(target, "rawSql"));
	const char *title = tree_text(tree_get(panel, "title"));
	if (expression && reads_metrics(panel, target)) {
		monitoring_reader(
			import, "dashboard", name, expression, import_print(import, "%s.expr", path));
	} else if (query) {
		const char *at = import_print(import, "%s.rawSql", path);
		import_note(import, at, query);
		monitoring_collected(import, title ? title : name,
			import_print(import, "a Grafana panel asks a database: %s", query), at);
	} else if (expression || tree_get(target, "query")) {
		import_leave(import, path, "this is a query of another kind than PromQL and SQL");
	}
}

static void read_panels(struct import *import, const char *dashboard, const struct codec_node *panels,
	const char *path, int depth)
{
	for (size_t i = 0; tree_is_list(panels) && i < panels->count; i++) {
		const struct codec_node *panel = panels->items[i], *targets = tree_get(panel, "targets");
		const char *title = tree_text(tree_get(panel, "title"));
		const char *at = import_print(import, "%s[%zu]", path, i);
		const char *name = import_print(import, "%s: %s", dashboard, title ? title : at);
		import_note(import, at, title);
		for (size_t t = 0; tree_is_list(targets) && t < targets->count; t++)
			read_target(import, name, panel, targets->items[t],
				import_print(import, "%s.targets[%zu]", at, t));
		if (depth < NESTED_MAX)
			read_panels(import, dashboard, tree_get(panel, "panels"),
				import_print(import, "%s.panels", at), depth + 1);
	}
}

bool grafana_read(struct import *import)
{
	const struct codec_node *top = tree_json(import);
	if (!top)
		return false;
	/* As the API gives it out. */
	const struct codec_node *inner = tree_get(top, "dashboard");
	const char *prefix = tree_is_mapping(inner) ? "dashboard." : "";
	const struct codec_node *dashboard = tree_is_mapping(inner) ? inner : top;
	const char *title = tree_text(tree_get(dashboard, "title"));
	const struct codec_node *panels = tree_get(dashboard, "panels"), *rows = tree_get(dashboard, "rows");
	if (!tree_is_list(panels) && !tree_is_list(rows))
		return import_refuse(import, dashboard, "panels", "a dashboard has a list of panels here");
	import_note(import, import_print(import, "%stitle", prefix), title);
	title = title ? title : import->file->name;
	read_panels(import, title, panels, import_print(import, "%spanels", prefix), 0);
	/* Before Grafana 5 panels stood in rows. */
	read_panels(import, title, rows, import_print(import, "%srows", prefix), 0);
	return true;
}
