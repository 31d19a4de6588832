/* When the load is too much or nothing is said about resources, and when not. */
#include "rule_case.h"

#include "cases.h"

#define TM         KIND_TRAINED_MODEL
#define PE         KIND_PRODUCTION_ENVIRONMENT
#define PD         KIND_PRODUCTION_DATA
#define THROUGHPUT "resources.throughput"
#define UNSTATED   "resources.unstated"

#define RATE(rate)                                                                                           \
	{                                                                                                    \
		PD, "{'requests_per_second': " rate "}"                                                      \
	}
#define TAKES(ms)                                                                                            \
	{                                                                                                    \
		TM, "{'inference_time': {'time': " ms ", 'unit': 'Milliseconds'}}"                           \
	}
#define THERE(rest)                                                                                          \
	{                                                                                                    \
		PE, "{" rest "}"                                                                             \
	}
#define PLACES                                                                                               \
	"throughput @ production_environment:replicas production_data:requests_per_second "                  \
	"trained_model:inference_time"

static const struct rule_case rows[] = {
	{"as many as there are cores is fine", THROUGHPUT, "", NULL,
		{RATE("40"), TAKES("100"), THERE("'computing_resources': {'cpu': 4}")}},
	{"more than the cores can work on is found", THROUGHPUT, PLACES,
		"At 50 requests a second of 100 ms each, 5 requests are in progress at a time; the production "
		"environment works on 4 (1 copy x 4 CPU cores).",
		{RATE("50"), TAKES("100"), THERE("'computing_resources': {'cpu': 4}")}},
	{"copies multiply", THROUGHPUT, "", NULL,
		{RATE("50"), TAKES("100"), THERE("'replicas': 2, 'computing_resources': {'cpu': 4}")}},
	{"the largest number of copies counts", THROUGHPUT, "", NULL,
		{RATE("50"), TAKES("100"),
			THERE("'replicas': 1, 'max_replicas': 3, 'computing_resources': {'cpu': 2}")}},
	{"what each copy works on is taken as told", THROUGHPUT, PLACES, "(2 copies x 2 requests)",
		{RATE("50"), TAKES("100"),
			THERE("'replicas': 2, 'concurrency': 2, 'computing_resources': {'cpu': 64}")}},
	{"a part of a core works on one request", THROUGHPUT, "", NULL,
		{RATE("10"), TAKES("100"), THERE("'computing_resources': {'cpu': 0.5}")}},
	{"without cores and copies nothing can be told", THROUGHPUT, "", NULL,
		{RATE("5000"), TAKES("100"), THERE("'replicas': 2")}},
	{"without a rate nothing can be told", THROUGHPUT, "", NULL,
		{{PD, "{}"}, TAKES("100"), THERE("'computing_resources': {'cpu': 4}")}},
	{"without a time nothing can be told", THROUGHPUT, "", NULL,
		{RATE("5000"), {TM, "{}"}, THERE("'computing_resources': {'cpu': 4}")}},

	{"stated resources are fine", UNSTATED, "", NULL, {THERE("'computing_resources': {'memory': 4}")}},
	{"no resources are found", UNSTATED,
		"computing_resources @ production_environment:computing_resources",
		"neither how many CPU cores nor how much memory", {THERE("")}},
	{"a group of zeros was not filled in", UNSTATED,
		"computing_resources @ production_environment:computing_resources", NULL,
		{THERE("'computing_resources': {'cpu': 0, 'memory': 0}")}},
	{"what is only set aside is no limit", UNSTATED,
		"computing_resources @ production_environment:resources_limited", "not how much it may use",
		{THERE("'computing_resources': {'cpu': 4}, 'resources_limited': false")}},
	{"a limit is fine", UNSTATED, "", NULL,
		{THERE("'computing_resources': {'cpu': 4}, 'resources_limited': true")}},
};

int main(void)
{
	return CASES_RUN(rows, rule_case_check);
}
