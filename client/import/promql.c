/*
 * Scans PromQL for names. A name is a metric unless it is called like a
 * function, is a keyword, or stands among labels, durations or texts.
 */
#include "import/promql.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "codec/number.h"

static bool is_start(char c)
{
	return isalpha((unsigned char)c) || c == '_' || c == ':';
}

static bool is_inside(char c)
{
	return is_start(c) || isdigit((unsigned char)c);
}

static bool is_one_of(const char *name, size_t size, const char *const *words)
{
	for (; *words; words++)
		if (strlen(*words) == size && strncasecmp(*words, name, size) == 0)
			return true;
	return false;
}

/* After these a list of labels stands in parentheses. */
static const char *const groupings[] = {"by", "without", "on", "ignoring", "group_left", "group_right", NULL};
static const char *const keywords[] = {"and", "or", "unless", "bool", "offset", "atan2", "inf", "nan", NULL};
/* "sum by (a) (x)": no parenthesis follows at once. */
static const char *const aggregations[] = {"sum", "min", "max", "avg", "group", "stddev", "stdvar", "count",
	"count_values", "bottomk", "topk", "quantile", "limitk", "limit_ratio", NULL};

static const char *after_text(const char *at)
{
	const char quote = *at++;
	for (; *at && *at != quote; at++)
		if (*at == '\\' && at[1] && quote != '`')
			at++;
	return *at ? at + 1 : at;
}

/* Past what ends with the bracket, texts in it skipped. */
static const char *after_brackets(const char *at, char open, char close)
{
	int depth = 0;
	while (*at) {
		if (*at == '"' || *at == '\'' || *at == '`') {
			at = after_text(at);
			continue;
		}
		depth += *at == open;
		depth -= *at == close;
		at++;
		if (depth == 0)
			break;
	}
	return at;
}

static const char *after_blanks(const char *at)
{
	while (*at && strchr(" \t\r\n", *at))
		at++;
	return at;
}

/* $var, ${var:csv}: any letters may be in it. */
static const char *after_variable(const char *at)
{
	at++;
	if (*at == '{')
		return after_brackets(at, '{', '}');
	while (is_inside(*at))
		at++;
	return at;
}

static void add(struct arena *arena, struct promql_metrics *metrics, const char *name, size_t size)
{
	const char *kept = arena_copy(arena, name, size);
	for (size_t i = 0; i < metrics->count; i++)
		if (strcmp(metrics->names[i], kept) == 0)
			return;
	if (size > 0 && metrics->count < PROMQL_METRICS_MAX)
		metrics->names[metrics->count++] = kept;
}

/* {__name__="x"} and {"x", …} name a metric too. */
static const char *scan_labels(struct arena *arena, struct promql_metrics *metrics, const char *at)
{
	const char *end = after_brackets(at, '{', '}'), *value = after_blanks(at + 1);
	const char *label = "__name__";
	for (const char *from = at; (from = memmem(from, (size_t)(end - from), label, strlen(label)));
		from++) {
		const char *equal = after_blanks(from + strlen(label));
		if (*equal == '=' && equal[1] != '~')
			value = after_blanks(equal + 1);
	}
	if (value < end && (*value == '"' || *value == '\'')) {
		const char *stop = after_text(value);
		if (stop <= end && stop - value > 2 && stop[-1] == *value &&
			!memchr(value, '$', (size_t)(stop - value)))
			add(arena, metrics, value + 1, (size_t)(stop - value) - 2);
	}
	return end;
}

static const char *scan_name(
	struct arena *arena, struct promql_metrics *metrics, const char *from, const char *start)
{
	const char *at = from;
	while (is_inside(*at))
		at++;
	const size_t size = (size_t)(at - from);
	const char *next = after_blanks(at);
	if (is_one_of(from, size, groupings))
		return *next == '(' ? after_brackets(next, '(', ')') : at;
	if (is_one_of(from, size, keywords) || *next == '(')
		return at;
	if (is_one_of(from, size, aggregations) &&
		(strncasecmp(next, "by", 2) == 0 || strncasecmp(next, "without", 7) == 0))
		return at;
	/* Part of it is a variable, so the name is not known. */
	if (*at != '$' && !(from > start && (from[-1] == '}' || from[-1] == ']') && strchr(start, '$')))
		add(arena, metrics, from, size);
	return at;
}

void promql_metrics(struct arena *arena, const char *expression, struct promql_metrics *metrics)
{
	metrics->count = 0;
	const char *at = expression;
	while (*at) {
		if (*at == '"' || *at == '\'' || *at == '`')
			at = after_text(at);
		else if (*at == '#')
			at += strcspn(at, "\n");
		else if (*at == '$') {
			at = after_variable(at);
			while (is_inside(*at))
				at++;
		} else if (*at == '{')
			at = scan_labels(arena, metrics, at);
		else if (*at == '[')
			at = after_brackets(at, '[', ']');
		else if (is_start(*at))
			at = scan_name(arena, metrics, at, expression);
		else if (isdigit((unsigned char)*at))
			while (is_inside(*at) || *at == '.')
				at++;
		else
			at++;
	}
}

/* ---- limits ---- */

static const struct {
	const char *text;
	const char *inverse;
	bool above;
} comparisons[] = {
	{"<=", "greater than", false},
	{">=", "less than", true},
	{"==", "different than", false},
	{"!=", "equal to", false},
	{"<", "greater or equal than", false},
	{">", "less or equal than", true},
};

enum {
	COMPARISONS = sizeof(comparisons) / sizeof(comparisons[0]),
};

/* The same comparison with its sides exchanged. */
static size_t mirrored(size_t which)
{
	static const size_t other[COMPARISONS] = {1, 0, 2, 3, 5, 4};
	return other[which];
}

/* Finds the one comparison outside of all brackets. @return NULL: none, several, or and/or/unless beside it
 */
static const char *find_comparison(const char *expression, size_t *which)
{
	static const char *const sets[] = {"and", "or", "unless", NULL};
	const char *found = NULL;
	for (const char *at = expression; *at;) {
		size_t i = 0;
		if (*at == '"' || *at == '\'' || *at == '`') {
			at = after_text(at);
			continue;
		}
		if (*at == '(' || *at == '{' || *at == '[') {
			at = after_brackets(at, *at, *at == '(' ? ')' : *at == '{' ? '}' : ']');
			continue;
		}
		if (is_inside(*at)) {
			const char *from = at;
			while (is_inside(*at) || *at == '.')
				at++;
			if (is_one_of(from, (size_t)(at - from), sets))
				return NULL;
			continue;
		}
		while (i < COMPARISONS && strncmp(at, comparisons[i].text, strlen(comparisons[i].text)) != 0)
			i++;
		if (i == COMPARISONS) {
			at++;
			continue;
		}
		if (found)
			return NULL;
		found = at;
		*which = i;
		at += strlen(comparisons[i].text);
	}
	return found;
}

/* Takes blanks and parentheses around it off. @return arena */
static const char *bare(struct arena *arena, const char *text, size_t size)
{
	const char *end = text + size;
	for (;;) {
		while (text < end && strchr(" \t\r\n", *text))
			text++;
		while (end > text && strchr(" \t\r\n", end[-1]))
			end--;
		char *copy = arena_copy(arena, text, (size_t)(end - text));
		if (*copy != '(' || *after_brackets(copy, '(', ')') || end[-1] != ')')
			return copy;
		text++;
		end--;
	}
}

/* Is it the metric itself, or one function of these around it that keeps its unit? */
static bool is_plain(const char *text, const char *metric, bool *quantile)
{
	static const char *const keep[] = {"avg", "min", "max", "quantile", "avg_over_time", "min_over_time",
		"max_over_time", "last_over_time", "quantile_over_time", "abs", "clamp_min", "clamp_max",
		"round", NULL};
	static const char *const wrapped[] = {"histogram_quantile", NULL};
	for (const char *at = text; *at;) {
		if (*at == '"' || *at == '\'') {
			at = after_text(at);
			continue;
		}
		if (*at == '{' || *at == '[') {
			at = after_brackets(at, *at, *at == '{' ? '}' : ']');
			continue;
		}
		if (!*quantile && strchr("+-*/%^", *at))
			return false;
		if (!is_start(*at)) {
			at++;
			while (isdigit((unsigned char)at[-1]) && (is_inside(*at) || *at == '.'))
				at++;
			continue;
		}
		const char *from = at;
		while (is_inside(*at))
			at++;
		const size_t size = (size_t)(at - from);
		if (is_one_of(from, size, wrapped))
			*quantile = true;
		if (is_one_of(from, size, groupings)) {
			at = after_blanks(at);
			at = *at == '(' ? after_brackets(at, '(', ')') : at;
		} else if (!*quantile && !is_one_of(from, size, keep) &&
			   !(strlen(metric) == size && strncmp(metric, from, size) == 0)) {
			return false;
		}
	}
	return true;
}

bool promql_limit(struct arena *arena, const char *expression, struct promql_limit *limit)
{
	size_t which;
	struct promql_metrics metrics;
	const char *whole = bare(arena, expression, strlen(expression));
	const char *at = find_comparison(whole, &which);
	if (!at)
		return false;
	const size_t size = strlen(comparisons[which].text);
	const char *left = bare(arena, whole, (size_t)(at - whole));
	const char *right = bare(arena, at + size, strlen(at + size));
	if (strncmp(right, "bool", 4) == 0 && !is_inside(right[4]))
		right = bare(arena, right + 4, strlen(right + 4));
	if (number_double(left, &limit->value) == NUMBER_OK) {
		left = right;
		which = mirrored(which);
	} else if (number_double(right, &limit->value) != NUMBER_OK) {
		return false;
	}
	promql_metrics(arena, left, &metrics);
	limit->quantile = false;
	if (metrics.count != 1 || !is_plain(left, metrics.names[0], &limit->quantile))
		return false;
	limit->metric = metrics.names[0];
	limit->operator= comparisons[which].inverse;
	limit->above = comparisons[which].above;
	return true;
}

/* ---- what a name speaks of ---- */

bool promql_is_infrastructure(const char *metric)
{
	static const char *const prefixes[] = {"go_", "process_", "python_", "node_", "kube_", "container_",
		"promhttp_", "prometheus_", "scrape_", "ALERTS", "machine_", "cadvisor_", "DCGM_", "dcgm_",
		"jvm_", "nodejs_", "etcd_", "kubelet_", "apiserver_", "grpc_", "windows_", "nv_gpu_",
		"nv_cpu_", NULL};
	for (size_t i = 0; prefixes[i]; i++)
		if (strncmp(metric, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return strcmp(metric, "up") == 0;
}

/* Is one of the words a part of the name, between underscores or colons? A longer word may begin so. */
static bool has_part(const char *name, const char *const *words)
{
	for (const char *at = name; *at;) {
		const size_t size = strcspn(at, "_:.- ");
		for (size_t i = 0; words[i]; i++) {
			const size_t length = strlen(words[i]);
			if (strncasecmp(at, words[i], length) == 0 && (size == length || length >= 5))
				return true;
		}
		at += size + (at[size] != '\0');
	}
	return false;
}

bool promql_is_algorithm(const char *metric)
{
	static const char *const parts[] = {"accuracy", "precision", "recall", "f1", "auc", "roc", "rmse",
		"mae", "mse", "mape", "r2", "loss", "logloss", "drift", "psi", "divergence", "score",
		"confidence", "calibration", "outlier", "anomaly", "bias", "fairness", "perplexity", "bleu",
		"rouge", "quality", "predict", "prediction", "predictions", "ppv", "npv", "fpr", "fnr", "tpr",
		"skew", NULL};
	double factor;
	return !promql_is_infrastructure(metric) && !promql_latency_unit(metric, &factor) &&
	       has_part(metric, parts);
}

static bool ends_with(const char *text, size_t size, const char *end)
{
	const size_t length = strlen(end);
	return size > length && strncmp(text + size - length, end, length) == 0;
}

const char *promql_latency_unit(const char *metric, double *factor)
{
	static const char *const parts[] = {"latency", "latencies", "duration", "time", "elapsed", NULL};
	static const char *const series[] = {"_bucket", "_sum", "_count", NULL};
	static const struct {
		const char *end, *unit;
		double factor;
	} units[] = {{"_seconds", "Seconds", 1}, {"_second", "Seconds", 1}, {"_s", "Seconds", 1},
		{"_milliseconds", "Milliseconds", 1}, {"_millis", "Milliseconds", 1},
		{"_ms", "Milliseconds", 1}, {"_microseconds", "Milliseconds", 1e-3},
		{"_us", "Milliseconds", 1e-3}, {"_nanoseconds", "Milliseconds", 1e-6},
		{"_ns", "Milliseconds", 1e-6}};
	size_t size = strlen(metric);
	if (promql_is_infrastructure(metric) || !has_part(metric, parts))
		return NULL;
	for (size_t i = 0; series[i]; i++)
		if (ends_with(metric, size, series[i])) {
			size -= strlen(series[i]);
			break;
		}
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (ends_with(metric, size, units[i].end)) {
			*factor = units[i].factor;
			return units[i].unit;
		}
	return NULL;
}
