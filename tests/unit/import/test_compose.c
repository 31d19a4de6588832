/* Compose files: merge keys, variables, amounts, and which service counts. */
#include "importing.h"

#include "cases.h"

struct row {
	const char *name;
	const char *text;
	const char *expected;
};

static void check(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	assert_string_equal(importing_documents(arena, "compose", "compose.yaml", row->text), row->expected);
	arena_free(arena);
}

static void check_lines(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	const char *lines = importing_lines(arena, "compose", "compose.yaml", row->text, strlen(row->text));
	if (!strstr(lines, row->expected))
		assert_string_equal(lines, row->expected);
	arena_free(arena);
}

#define HEAD      "\"deployment_platform\":\"Docker Compose\",\"deployment_mechanism\":\"Docker Compose service\","
#define UNLIMITED "\"resources_limited\":false,"

static const struct row rows[] = {
	{"limits are binary whatever their suffix, and text",
		"services: {m: {image: x/model:1, deploy: {resources: {limits: {cpus: '0.5', memory: 1G}}}}}\n",
		"production_environment/default {\"computing_resources\":{\"cpu\":0.5,\"memory\":1.073741824}," HEAD
		"\"resources_limited\":true,\"image\":\"x/model:1\"}\n"},
	{"all GPUs are no number",
		"services: {m: {image: x/model:1, deploy: {resources: {reservations: {devices: [{count: all, "
		"capabilities: [gpu]}]}}}}}\n",
		"production_environment/default {" HEAD UNLIMITED "\"image\":\"x/model:1\"}\n"},
	{"a number of GPUs is one",
		"services: {m: {image: x/model:1, deploy: {resources: {reservations: {devices: [{count: 2, "
		"capabilities: [gpu]}]}}}}}\n",
		"production_environment/default {\"computing_resources\":{\"gpu\":2}," HEAD UNLIMITED
		"\"image\":\"x/model:1\"}\n"},
	{"the database beside the model is left alone",
		"services: {m: {image: x/model:1}, db: {image: 'postgres:15', mem_limit: 1g}}\n",
		"production_environment/default {" HEAD UNLIMITED "\"image\":\"x/model:1\"}\n"},
	{"two models have an environment each", "services: {a: {image: x/model:1}, b: {image: x/model:2}}\n",
		"production_environment/a {" HEAD UNLIMITED "\"image\":\"x/model:1\"}\n"
		"production_environment/b {" HEAD UNLIMITED "\"image\":\"x/model:2\"}\n"},
	{"a merge key brings the image", "services:\n  a: &a {image: x/model:1}\n  b: {<<: *a}\n",
		"production_environment/a {" HEAD UNLIMITED "\"image\":\"x/model:1\"}\n"
		"production_environment/b {" HEAD UNLIMITED "\"image\":\"x/model:1\"}\n"},
	{"a variable's default is its value",
		"services: {m: {image: 'x/model:${TAG:-3}', environment: [MODEL_PATH=/m/a.pkl]}}\n",
		"production_environment/default {" HEAD UNLIMITED
		"\"image\":\"x/model:3\",\"model_artifact\":\"/m/a.pkl\"}\n"},
	{"a file without services is refused", "version: '3'\n",
		"refused: compose.yaml:1:1: services: a Compose file has a mapping of services here\n"},
};

static const struct row lines[] = {
	{"a variable without a default is left", "services: {m: {image: 'x/model:${TAG}'}}\n",
		"left services.m.image: \"x/model:${TAG}\" depends on a variable that has no default\n"},
	{"what is no amount is left", "services: {m: {image: x/model:1, mem_limit: lots}}\n",
		"left services.m.mem_limit: \"lots\" is no amount; 512m would be one\n"},
};

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + CASES_COUNT(lines)];
	size_t at = CASES_ADD(tests, 0, rows, check);
	at = CASES_ADD(tests, at, lines, check_lines);
	return CASES_RUN_ALL(tests, at);
}
