/* When the rules about computing resources fire, and when they stay quiet. */
#include "rule_case.h"

#include "cases.h"

#define TM          KIND_TRAINED_MODEL
#define DE          KIND_DEVELOPMENT_ENVIRONMENT
#define PE          KIND_PRODUCTION_ENVIRONMENT
#define DEVELOPMENT "resources.development-insufficient"
#define PRODUCTION  "resources.production-insufficient"
#define SLOW        "resources.inference-too-slow"
#define NEEDS(group)                                                                                         \
	{                                                                                                    \
		TM, "{'computing_resource_reqs': " group "}"                                                 \
	}
#define HAS(group)                                                                                           \
	{                                                                                                    \
		PE, "{'computing_resources': " group "}"                                                     \
	}
#define TAKES(time)                                                                                          \
	{                                                                                                    \
		TM, "{'inference_time': " time "}"                                                           \
	}
#define MAY_TAKE(time)                                                                                       \
	{                                                                                                    \
		PE, "{'required_inference_time': " time "}"                                                  \
	}

static const struct rule_case rows[] = {
	{"as much as is needed is enough", PRODUCTION, "", NULL,
		{NEEDS("{'gpu': 1, 'cpu': 2, 'memory': 4, 'storage': 8}"),
			HAS("{'gpu': 1, 'cpu': 2, 'memory': 4, 'storage': 8}")}},
	{"each member that is too small is found", PRODUCTION,
		"cpu @ production_environment:computing_resources.cpu "
		"trained_model:computing_resource_reqs.cpu\n"
		"memory @ production_environment:computing_resources.memory "
		"trained_model:computing_resource_reqs.memory",
		"the trained model needs 2.5 CPU cores; the production environment has 2",
		{NEEDS("{'gpu': 0, 'cpu': 2.5, 'memory': 4, 'storage': 8}"),
			HAS("{'gpu': 0, 'cpu': 2, 'memory': 3.9, 'storage': 8}")}},
	{"no GPU is a value when the rest of the group is given", PRODUCTION,
		"gpu @ production_environment:computing_resources.gpu "
		"trained_model:computing_resource_reqs.gpu",
		"needs 5 GPUs; the production environment has 0",
		{NEEDS("{'gpu': 5, 'cpu': 1}"), HAS("{'gpu': 0, 'cpu': 1, 'memory': 1, 'storage': 1}")}},
	{"no storage is a value when the rest of the group is given", PRODUCTION,
		"storage @ production_environment:computing_resources.storage "
		"trained_model:computing_resource_reqs.storage",
		NULL, {NEEDS("{'storage': 1}"), HAS("{'cpu': 1, 'storage': 0}")}},
	{"a blank group in the environment is a gap", PRODUCTION, "", NULL,
		{NEEDS("{'gpu': 5, 'cpu': 1}"), HAS("{'gpu': 0, 'cpu': 0, 'memory': 0, 'storage': 0}")}},
	{"a blank group of the model is a gap", PRODUCTION, "", NULL,
		{NEEDS("{'gpu': 5}"), HAS("{'gpu': 1, 'cpu': 1}")}},
	{"a member that one side leaves out is not compared", PRODUCTION, "", NULL,
		{NEEDS("{'gpu': 2, 'cpu': 1, 'memory': 9}"), HAS("{'cpu': 1, 'storage': 1}")}},
	{"no group at all is a gap", PRODUCTION, "", NULL, {NEEDS("{'cpu': 1}"), {PE, "{}"}}},
	{"each environment is a finding of its own", PRODUCTION,
		"cpu @ production_environment/a:computing_resources.cpu "
		"trained_model:computing_resource_reqs.cpu\n"
		"cpu @ production_environment/b:computing_resources.cpu "
		"trained_model:computing_resource_reqs.cpu",
		NULL,
		{NEEDS("{'cpu': 2}"), {PE, "{'computing_resources': {'cpu': 1}}", "a"},
			{PE, "{'computing_resources': {'cpu': 1}}", "b"},
			{PE, "{'computing_resources': {'cpu': 2}}", "c"}}},
	{"the development environment is compared too", DEVELOPMENT,
		"storage @ development_environment:computing_resources.storage "
		"trained_model:computing_resource_reqs.storage",
		"needs 14 GB of storage; the development environment has 11",
		{NEEDS("{'cpu': 1, 'storage': 14}"),
			{DE, "{'computing_resources': {'cpu': 9, 'storage': 11}}"}}},
	{"production says nothing of development", DEVELOPMENT, "", NULL,
		{NEEDS("{'cpu': 2}"), {DE, "{'computing_resources': {'cpu': 2}}"}, HAS("{'cpu': 1}")}},
	{"a faster inference is quiet", SLOW, "", NULL,
		{TAKES("{'time': 20, 'unit': 'Milliseconds'}"), MAY_TAKE("{'time': 1, 'unit': 'Seconds'}")}},
	{"the same time in another unit is quiet", SLOW, "", NULL,
		{TAKES("{'time': 1, 'unit': 'Minutes'}"), MAY_TAKE("{'time': 60, 'unit': 's'}")}},
	{"a slower inference is found, with both sides in one unit", SLOW,
		"inference_time @ trained_model:inference_time "
		"production_environment:required_inference_time",
		"60000 ms; in the production environment it may take 1000 ms",
		{TAKES("{'time': 1, 'unit': 'Minutes'}"), MAY_TAKE("{'time': 1, 'unit': 'Seconds'}")}},
	{"a time of 0 is a gap", SLOW, "", NULL,
		{TAKES("{'time': 5, 'unit': 'Seconds'}"), MAY_TAKE("{'time': 0, 'unit': 'Seconds'}")}},
	{"a time that is not given is a gap", SLOW, "", NULL,
		{TAKES("{'time': 5, 'unit': 'Seconds'}"), MAY_TAKE("{'unit': 'Seconds'}")}},
	{"an unknown unit is a gap", SLOW, "", NULL,
		{TAKES("{'time': 5, 'unit': 'Weeks'}"), MAY_TAKE("{'time': 1, 'unit': 'Seconds'}")}},
	{"no unit is a gap", SLOW, "", NULL,
		{TAKES("{'time': 5}"), MAY_TAKE("{'time': 1, 'unit': 'Seconds'}")}},
};

int main(void)
{
	return CASES_RUN(rows, rule_case_check);
}
