/* Names and limits in PromQL. */
#include "import/promql.h"

#include "cases.h"

#include <string.h>

#include "base/buffer.h"

struct row {
	const char *name;
	const char *expression;
	const char *expected;
};

static void check_metrics(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	struct promql_metrics metrics;
	struct buffer got = {0};
	promql_metrics(arena, row->expression, &metrics);
	for (size_t i = 0; i < metrics.count; i++)
		buffer_print(&got, "%s%s", i ? " " : "", metrics.names[i]);
	assert_string_equal(buffer_string(&got), row->expected);
	buffer_done(&got);
	arena_free(arena);
}

static void check_limit(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	struct promql_limit limit;
	const char *got = "none";
	if (promql_limit(arena, row->expression, &limit))
		got = arena_print(arena, "%s %s %g%s", limit.metric, limit.operator, limit.value,
			limit.quantile ? " (quantile)" : "");
	assert_string_equal(got, row->expected);
	arena_free(arena);
}

static void check_latency(void **state)
{
	const struct row *row = *state;
	double factor = 0;
	char got[64] = "none";
	const char *unit = promql_latency_unit(row->expression, &factor);
	if (unit)
		snprintf(got, sizeof(got), "%g %s", factor, unit);
	assert_string_equal(got, row->expected);
}

static void check_algorithm(void **state)
{
	const struct row *row = *state;
	assert_string_equal(promql_is_algorithm(row->expression) ? "yes" : "no", row->expected);
}

static const struct row metrics[] = {
	{"nothing reads nothing", "", ""},
	{"a name is a metric", "up", "up"},
	{"a name may have colons", "vllm:num_requests_running{pod=~\"a.*\"}", "vllm:num_requests_running"},
	{"functions, durations and labels are none",
		"histogram_quantile(0.9, sum by (le, job) (rate(x_bucket{a=\"b_c\"}[5m])))", "x_bucket"},
	{"an aggregation before its labels is none", "sum by(pod) (rate(a[5m])) / count without (x) (b)",
		"a b"},
	{"labels that are joined on are none", "a * on(pod, x) group_left(y) b", "a b"},
	{"keywords are none in any case", "a AND b or c unless d > bool 1 offset 5m", "a b c d"},
	{"a name given as a label counts", "{__name__=\"a\", x=\"y\"}", "a"},
	{"a name given in quotes counts", "sum({\"my.metric\", x=\"y\"})", "my.metric"},
	{"a pattern of names is none", "{__name__=~\"a.*\"}", ""},
	{"texts and comments are none", "label_replace(a, \"b\", \"$1\", 'c', \"(.+)\") # d", "a"},
	{"a variable of Grafana is none", "rate($metric[$__rate_interval]) + a{x=\"$y\"}", "a"},
	{"a name with a variable in it is not known", "model_${kind}_total + a", "a"},
	{"a metric is told once", "a / (a + b)", "a b"},
	{"numbers of every form are none", "0x1F + 1e3 + 5m + Inf + NaN + a", "a"},
	{"a text without an end stops it", "a{b=\"c", "a"},
};

static const struct row limits[] = {
	{"an alert's violation becomes what must hold", "model_accuracy < 0.95",
		"model_accuracy greater or equal than 0.95"},
	{"the number may come first", "0.95 > model_accuracy", "model_accuracy greater or equal than 0.95"},
	{"above becomes not above", "drift > 0.2", "drift less or equal than 0.2"},
	{"at most becomes above", "a <= 1", "a greater than 1"},
	{"at least becomes below", "a >= 1", "a less than 1"},
	{"equal becomes different", "a == 0", "a different than 0"},
	{"different becomes equal", "a != 0", "a equal to 0"},
	{"parentheses around it change nothing", "((a{x=\"<\"}) < (1e-3))", "a greater or equal than 0.001"},
	{"bool changes nothing", "a < bool 1", "a greater or equal than 1"},
	{"an average keeps the unit", "avg by (pod) (avg_over_time(a{x=\"y\"}[5m])) < 1",
		"a greater or equal than 1"},
	{"a negative limit is one", "a < -1", "a greater or equal than -1"},
	{"a quantile of a histogram is told",
		"histogram_quantile(0.99, sum by (le) (rate(a_bucket[5m]))) > 0.5",
		"a_bucket less or equal than 0.5 (quantile)"},
	{"a rate is no value of the metric", "rate(a[5m]) > 1", "none"},
	{"a ratio is none of either metric", "a / b < 0.9", "none"},
	{"a metric times a number is not the metric", "a * 100 < 90", "none"},
	{"two conditions are none", "a < 1 and b > 2", "none"},
	{"two comparisons are none", "a < 1 < 2", "none"},
	{"another metric is no number", "a < b", "none"},
	{"no comparison is none", "absent(a)", "none"},
};

static const struct row latencies[] = {
	{"seconds are seconds", "request_duration_seconds_bucket", "1 Seconds"},
	{"milliseconds are their own", "inference_latency_ms", "1 Milliseconds"},
	{"microseconds become milliseconds", "request_time_microseconds_sum", "0.001 Milliseconds"},
	{"a latency without a unit is none", "latency", "none"},
	{"a machine's times are none", "node_disk_io_time_seconds", "none"},
	{"a word that only begins so is none", "timeout_total_seconds", "none"},
};

static const struct row algorithms[] = {
	{"accuracy is a model's", "model_accuracy", "yes"},
	{"drift of a column is a model's", "feature_drift_score", "yes"},
	{"the time that a prediction takes is not", "prediction_duration_seconds", "no"},
	{"requests are not", "http_requests_total", "no"},
	{"a machine's are not", "node_hwmon_fan_accuracy", "no"},
};

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(metrics) + CASES_COUNT(limits) + CASES_COUNT(latencies) +
				CASES_COUNT(algorithms)];
	size_t at = CASES_ADD(tests, 0, metrics, check_metrics);
	at = CASES_ADD(tests, at, limits, check_limit);
	at = CASES_ADD(tests, at, latencies, check_latency);
	at = CASES_ADD(tests, at, algorithms, check_algorithm);
	return CASES_RUN_ALL(tests, at);
}
