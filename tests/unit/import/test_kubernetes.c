/* Manifests: which container counts, quantities, autoscalers, files inside, what is left. */
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
	assert_string_equal(
		importing_documents(arena, "kubernetes", "deploy.yaml", row->text), row->expected);
	arena_free(arena);
}

#define DEPLOYMENT(name, spec)                                                                               \
	"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " name "}\nspec: {" spec "}\n"
#define CONTAINER(more) "template: {spec: {containers: [{name: c, image: x/scoring:1" more "}]}}"
#define SPEC(more)                                                                                           \
	"production_environment/default {" more "\"deployment_platform\":\"Kubernetes\",\"deployment_"       \
	"mechanism\":\"Deployment\","

static const struct row rows[] = {
	{"without resources nothing is limited, and none are made up", DEPLOYMENT("a", CONTAINER("")),
		SPEC("") "\"resources_limited\":false,\"image\":\"x/scoring:1\"}\n"},
	{"limits count before requests",
		DEPLOYMENT("a",
			CONTAINER(
				", resources: {requests: {cpu: 100m, memory: 1Gi}, limits: {cpu: 1, memory: 2G}}")),
		SPEC("\"computing_resources\":{\"cpu\":1.0,\"memory\":2.0},") "\"resources_limited\":true,\"image\":\"x/scoring:1\"}\n"},
	{"a request alone is no limit", DEPLOYMENT("a", CONTAINER(", resources: {requests: {cpu: 250m}}")),
		SPEC("\"computing_resources\":{\"cpu\":0.25},") "\"resources_limited\":false,\"image\":\"x/scoring:1\"}\n"},
	{"a sidecar and an initial container do not count",
		DEPLOYMENT("a",
			"template: {spec: {initContainers: [{name: i, image: model-loader}], containers: "
			"[{name: proxy, image: envoy}, {name: m, image: x/scoring:1}]}}"),
		SPEC("") "\"resources_limited\":false,\"image\":\"x/scoring:1\"}\n"},
	{"a database is no production environment",
		DEPLOYMENT("db", "template: {spec: {containers: [{name: c, image: 'postgres:15'}]}}"), ""},
	{"a service without a model stands back behind the model's",
		DEPLOYMENT("web",
			"template: {spec: {containers: [{name: c, image: shop}]}}") "---\n" DEPLOYMENT("a",
			CONTAINER("")),
		SPEC("") "\"resources_limited\":false,\"image\":\"x/scoring:1\"}\n"},
	{"two models have an environment each",
		DEPLOYMENT("a", CONTAINER("")) "---\n" DEPLOYMENT("b", CONTAINER("")),
		"production_environment/a {\"deployment_platform\":\"Kubernetes\",\"deployment_mechanism\":"
		"\"Deployment\",\"resources_limited\":false,\"image\":\"x/scoring:1\"}\n"
		"production_environment/b {\"deployment_platform\":\"Kubernetes\",\"deployment_mechanism\":"
		"\"Deployment\",\"resources_limited\":false,\"image\":\"x/scoring:1\"}\n"},
	{"an autoscaler belongs to its workload",
		DEPLOYMENT("a",
			CONTAINER(
				"")) "---\napiVersion: autoscaling/v2\nkind: "
				     "HorizontalPodAutoscaler\nspec: {scaleTargetRef: {name: a}, minReplicas: 2, maxReplicas: 5}\n",
		SPEC("") "\"replicas\":2,\"max_replicas\":5,\"resources_limited\":false,\"image\":\"x/scoring:1\"}\n"},
	{"a variable names the model's file",
		DEPLOYMENT("a", CONTAINER(", env: [{name: MODEL_PATH, value: /m/churn.pkl}]")),
		SPEC("") "\"resources_limited\":false,\"image\":\"x/scoring:1\",\"model_artifact\":\"/m/churn.pkl\"}\n"},
	{"KServe's predictor counts, not its explainer",
		"apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: a}\nspec:\n"
		"  explainer: {alibi: {resources: {limits: {cpu: 4}}}}\n"
		"  predictor: {minReplicas: 1, timeout: 60, sklearn: {storageUri: 's3://m', resources: {limits: {cpu: 1}}}}\n",
		"production_environment/default {\"required_inference_time\":{\"time\":60.0,\"unit\":\"Seconds\"},"
		"\"computing_resources\":{\"cpu\":1.0},\"deployment_platform\":\"Kubernetes\",\"deployment_"
		"mechanism\":\"InferenceService\",\"replicas\":1,\"resources_limited\":true,\"model_artifact\":\"s3://m\"}\n"},
	{"a scheduled job has its container deep inside",
		"apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec: {jobTemplate: {spec: {template: {spec: "
		"{containers: [{image: x/scoring:1}]}}}}}\n",
		"production_environment/default {\"deployment_platform\":\"Kubernetes\",\"deployment_mechanism\":"
		"\"CronJob\",\"resources_limited\":false,\"image\":\"x/scoring:1\"}\n"},
	{"a claim's resources are not a container's",
		"apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nspec: {volumeClaimTemplates: [{spec: "
		"{resources: {requests: {storage: 1Gi}}}}], " CONTAINER("") "}\n",
		"production_environment/default {\"deployment_platform\":\"Kubernetes\",\"deployment_mechanism\":"
		"\"StatefulSet\",\"resources_limited\":false,\"image\":\"x/scoring:1\"}\n"},
	{"a template is refused with what to do", "kind: {{ .Values.kind }}\nspec: {{ x }}\n",
		"refused: deploy.yaml: this is a template ({{ … }}), not YAML yet; import what it renders to, e.g. "
		"of `helm template`\n"},
	{"what is no object is refused with its line", "a: 1\n---\n- b\n",
		"refused: deploy.yaml:1:1: [0]: a Kubernetes object is expected: apiVersion, kind, metadata\n"},
};

static void check_lines(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	const char *lines = importing_lines(arena, "kubernetes", "deploy.yaml", row->text, strlen(row->text));
	if (!strstr(lines, row->expected))
		assert_string_equal(lines, row->expected);
	arena_free(arena);
}

static const struct row lines[] = {
	{"bytes in thousandths are taken with a warning",
		DEPLOYMENT("a", CONTAINER(", resources: {limits: {memory: 500m}}")),
		"warned spec.template.spec.containers[0].resources.limits.memory: 500m means thousandths of one; "
		"nearly always a mistake\n"},
	{"what is no quantity is left", DEPLOYMENT("a", CONTAINER(", resources: {limits: {memory: 1GB}}")),
		"left spec.template.spec.containers[0].resources.limits.memory: \"1GB\" is no quantity; 500m, 2, "
		"1.5Gi or 1e3 would be one\n"},
	{"an object without containers is left", "apiVersion: x/v1\nkind: Widget\nspec: {}\n",
		"left kind: a Widget without containers says nothing that is understood\n"},
	{"a ConfigMap's own files are read as such",
		"apiVersion: v1\nkind: ConfigMap\ndata: {requirements.txt: \"numpy==1.0\\npandas\\n\"}\n",
		"development_environment packages[numpy].version = 1.0 @ data.requirements.txt.line 1\n"},
};

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + CASES_COUNT(lines)];
	size_t at = CASES_ADD(tests, 0, rows, check);
	at = CASES_ADD(tests, at, lines, check_lines);
	return CASES_RUN_ALL(tests, at);
}
