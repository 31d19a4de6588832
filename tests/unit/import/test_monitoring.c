/* What a service exports, rules and dashboards. */
#include "cases.h"
#include "lines_cases.h"

#define PE          "production_environment "
#define TM          "trained_model "
#define TEXT(text)  "prometheus", "a.prom", text, 0
#define RULES(expr) "prometheus-rules", "r.yml", "groups:\n- rules:\n  - alert: A\n    expr: " expr "\n", 0
#define EXPR        "groups[0].rules[0].expr"

static const struct lines_case rows[] = {
	{"a family has a type and a text",
		TEXT("# HELP a What it\\nis.\n# TYPE a counter\na_total{x=\"a\\\"} 1\"} 1e3 1700000000\n"),
		{PE "exported_metrics[a].metric = a @ line 1",
			PE "exported_metrics[a].type = counter @ line 1",
			PE "exported_metrics[a].description = What it\\nis. @ line 1", "1 @ samples"},
		{"a_total"}},
	{"a histogram's series are one family",
		TEXT("# TYPE h histogram\nh_bucket{le=\"+Inf\"} 2\nh_sum NaN\nh_count 2\n"),
		{PE "exported_metrics[h].type = histogram @ line 1", "3 @ samples"}, {"h_bucket", "h_sum"}},
	{"without a type it is untyped, whatever it ends with", TEXT("a_bucket{le=\"1\"} 1\n"),
		{PE "exported_metrics[a_bucket].type = untyped @ line 1"}, {0}},
	{"a type may stand behind nothing and come later", TEXT("# TYPE b gauge\n\na 1\nb -Inf\n"),
		{PE "exported_metrics[b].type = gauge @ line 1",
			PE "exported_metrics[a].type = untyped @ line 3"},
		{0}},
	{"a gauge of the model that has one value was observed",
		TEXT("# TYPE model_accuracy gauge\nmodel_accuracy 0.9\n"),
		{PE "observed_metrics[model_accuracy].value = 0.9 @ line 1",
			PE "algorithm_metrics[model_accuracy].metric = model_accuracy @ line 1"},
		{0}},
	{"one of several values is no observation",
		TEXT("# TYPE drift gauge\ndrift{c=\"a\"} 0.9\ndrift{c=\"b\"} 0.1\n"),
		{PE "exported_metrics[drift].type = gauge @ line 1"}, {"observed"}},
	{"no number is no observation", TEXT("# TYPE drift gauge\ndrift NaN\n"),
		{PE "exported_metrics[drift].type = gauge @ line 1"}, {"observed"}},
	{"OpenMetrics ends where it says so, and has examples",
		TEXT("# TYPE a unknown\na{b=\"c\"} 1 # {trace=\"x\"} 0.5\n# EOF\nnothing of this!\n"),
		{PE "exported_metrics[a].type = untyped @ line 1"}, {0}},
	{"a name in quotes is one", TEXT("{\"my.metric\", a=\"b\"} 1\n"),
		{PE "exported_metrics[my.metric].metric = my.metric @ line 1"}, {0}},
	{"a line that is none is refused with its number", TEXT("a 1\nb{x=1} 2\n"),
		{"refused: a.prom:2:1: a sample is expected: a name, labels in braces, a number"}, {0}},
	{"a value that is none is refused with its number", TEXT("a b\n"),
		{"refused: a.prom:1:1: a number is expected after \"a\""}, {0}},
	{"a file without samples is refused", TEXT("# TYPE a gauge\n"),
		{"refused: a.prom: there is no sample in it"}, {0}},
	{"an alert is a reader, and its limit the model's", RULES("model_accuracy < 0.95"),
		{PE "metric_readers[alert A model_accuracy < 0.95].metrics = model_accuracy @ " EXPR,
			PE "algorithm_metrics[model_accuracy].metric = model_accuracy @ " EXPR,
			TM "algorithm_metrics[model_accuracy greater or equal than "
			   "0.94999999999999996].threshold = 0.95 @ " EXPR,
			TM "algorithm_metrics[model_accuracy greater or equal than "
			   "0.94999999999999996].operator = greater or equal than @ " EXPR},
		{0}},
	{"an alert on latency is the time that is required",
		RULES("histogram_quantile(0.99, sum by (le) (rate(predict_latency_ms_bucket[5m]))) > 250"),
		{PE "required_inference_time.time = 250 @ " EXPR,
			PE "required_inference_time.unit = Milliseconds @ " EXPR,
			PE "other_metrics[predict_latency_ms].metric = predict_latency_ms @ " EXPR},
		{TM}},
	{"of two limits on latency the last one to fire is required", "prometheus-rules", "r.yml",
		"groups:\n- rules:\n  - {alert: A, expr: a_latency_ms > 400}\n  - {alert: B, expr: a_latency_seconds > 0.5}\n  "
		"- {alert: C, expr: a_latency_ms > 100}\n",
		0,
		{PE "required_inference_time.time = 0.5 @ groups[0].rules[1].expr",
			PE "required_inference_time.unit = Seconds @ groups[0].rules[1].expr"},
		{"time = 400"}},
	{"an alert on the machine is no goal of the model", RULES("up == 0"),
		{PE "metric_readers[alert A up == 0].metrics = up @ " EXPR},
		{TM, "algorithm_metrics", "other_metrics"}},
	{"a PrometheusRule has its rules in the spec", "prometheus-rules", "r.yml",
		"spec:\n  groups:\n  - rules:\n    - {record: a:b, expr: sum(c)}\n", 0,
		{PE "metric_readers[recording a:b sum(c)].kind = recording @ spec.groups[0].rules[0].expr"},
		{0}},
	{"rules inside a ConfigMap's text are read", "kubernetes", "m.yaml",
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  alerts.yml: |\n    groups:\n    - rules:\n    "
		"  - {alert: A, expr: drift > 1}\n",
		0,
		{PE "metric_readers[alert A drift > 1].name = A @ data.alerts.yml.groups[0].rules[0].expr"},
		{0}},
	{"a rule without an expression is told", "prometheus-rules", "r.yml",
		"groups: [{rules: [{alert: A}]}]\n", 0,
		{"left groups[0].rules[0]: a rule has alert or record, and expr"}, {0}},
	{"a file without groups is refused", "prometheus-rules", "r.yml", "rules: []\n", 0,
		{"refused: r.yml:1:1: groups: a list of groups of rules is expected here"}, {0}},
	{"panels inside rows and the API's wrapping are read", "grafana", "d.json",
		"{\"dashboard\": {\"title\": \"D\", \"panels\": [{\"type\": \"row\", \"panels\": [{\"title\": \"P\", "
		"\"targets\": [{\"expr\": \"rate(a_total{x=\\\"$y\\\"}[$__interval])\"}]}]}]}}",
		0,
		{PE "metric_readers[dashboard D: P rate(a_total{x=\"$y\"}[$__interval])].name = D: P @ "
		    "dashboard.panels[0].panels[0].targets[0].expr",
			PE
			"metric_readers[dashboard D: P rate(a_total{x=\"$y\"}[$__interval])].metrics = a_total @ "
			"dashboard.panels[0].panels[0].targets[0].expr"},
		{0}},
	{"panels of old rows are read", "grafana", "d.json",
		"{\"title\": \"D\", \"rows\": [{\"panels\": [{\"targets\": [{\"expr\": \"a\"}]}]}]}", 0,
		{PE "metric_readers[dashboard D: rows[0].panels[0] a].metrics = a @ rows[0].panels[0].targets[0].expr"},
		{0}},
	{"a question to a database collects what the panel shows", "grafana", "d.json",
		"{\"panels\": [{\"title\": \"Prediction Drift\", \"targets\": [{\"rawSql\": \"SELECT x\"}]}]}",
		0,
		{PE "algorithm_metrics[Prediction Drift].implementation = a Grafana panel asks a database: SELECT x @ "
		    "panels[0].targets[0].rawSql"},
		{"metric_readers"}},
	{"a question to Loki reads no metric", "grafana", "d.json",
		"{\"panels\": [{\"datasource\": {\"type\": \"loki\"}, \"targets\": [{\"expr\": \"{a=\\\"b\\\"}\"}]}]}",
		0, {"left panels[0].targets[0]: this is a query of another kind than PromQL and SQL"},
		{"metric_readers"}},
	{"JSON without panels is refused", "grafana", "d.json", "{}", 0,
		{"refused: d.json: panels: a dashboard has a list of panels here"}, {0}},
};

int main(void)
{
	return CASES_RUN(rows, lines_case_check);
}
