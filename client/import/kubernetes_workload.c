/* Finds containers at any depth, chooses the model's, and says what it is given. Reads no other kind of
 * object. */
#include "import/kubernetes_workload.h"

#include <string.h>

#include "import/quantity.h"
#include "import/serving.h"
#include "import/tree.h"

enum {
	CONTAINERS_MAX = 64,
	DEPTH_MAX = 12,
};

/* One container, or KServe's mapping that stands for one. */
struct container {
	const struct codec_node *node;
	const char *path;
	bool initial;   /* runs before the others and ends */
	bool predictor; /* KServe's own place for the model */
};

struct workload {
	struct import *import;
	const struct codec_node *document;
	struct container containers[CONTAINERS_MAX];
	size_t count;
};

static void add(struct workload *workload, const struct codec_node *node, const char *path, bool initial)
{
	if (workload->count == CONTAINERS_MAX || !tree_is_mapping(node))
		return;
	workload->containers[workload->count++] = (struct container){.node = node,
		.path = path,
		.initial = initial,
		.predictor = strstr(path, ".predictor.") != NULL};
}

static void find(struct workload *workload, const struct codec_node *node, const char *path, int depth);

static void add_list(struct workload *workload, const struct codec_node *list, const char *path, bool initial)
{
	for (size_t i = 0; i < tree_count(list); i++)
		add(workload, list->items[i], import_print(workload->import, "%s[%zu]", path, i), initial);
}

/* predictor: {sklearn: {storageUri, resources}} and the like */
static bool is_model_mapping(const struct codec_node *node)
{
	static const char *const keys[] = {
		"resources", "storageUri", "modelFormat", "runtimeVersion", "storage"};
	for (size_t i = 0; tree_is_mapping(node) && i < sizeof(keys) / sizeof(keys[0]); i++)
		if (tree_get(node, keys[i]))
			return true;
	return false;
}

static void find_in(struct workload *workload, const char *key, const struct codec_node *value,
	const char *path, int depth)
{
	/* Claims have resources too, and they are not a container's. */
	static const char *const others[] = {"volumeClaimTemplates", "ephemeralContainers", "volumes",
		"affinity", "selector", "metadata", "resources", NULL};
	if (strcmp(key, "containers") == 0 || strcmp(key, "initContainers") == 0) {
		add_list(workload, value, path, *key == 'i');
		return;
	}
	for (size_t i = 0; others[i]; i++)
		if (strcmp(others[i], key) == 0)
			return;
	const bool kserve =
		strstr(path, ".predictor.") || strstr(path, ".explainer.") || strstr(path, ".transformer.");
	if (kserve && is_model_mapping(value))
		add(workload, value, path, false);
	else
		find(workload, value, path, depth + 1);
}

static void find(struct workload *workload, const struct codec_node *node, const char *path, int depth)
{
	if (depth > DEPTH_MAX || !node)
		return;
	if (tree_is_list(node)) {
		for (size_t i = 0; i < node->count; i++)
			find(workload, node->items[i], import_print(workload->import, "%s[%zu]", path, i),
				depth + 1);
		return;
	}
	for (size_t i = 0; tree_is_mapping(node) && i < node->count; i++)
		find_in(workload, node->keys[i]->text, node->items[i],
			import_print(workload->import, "%s.%s", path, node->keys[i]->text), depth);
}

static bool is_gpu(const char *resource)
{
	const size_t size = strlen(resource);
	return (size > 4 && strcmp(resource + size - 4, "/gpu") == 0) ||
	       strncmp(resource, "nvidia.com/mig-", 15) == 0 || strncmp(resource, "gpu.intel.com/", 14) == 0;
}

static bool has_gpu(const struct codec_node *container)
{
	const struct codec_node *limits = tree_at(container, "resources.limits");
	for (size_t i = 0; i < tree_count(limits); i++)
		if (is_gpu(limits->keys[i]->text))
			return true;
	return false;
}

/* The model's container: KServe's predictor, one with a GPU, one whose image serves models, else the first.
 */
static const struct container *choose(const struct workload *workload)
{
	const struct container *best = NULL;
	int most = -1;
	for (size_t i = 0; i < workload->count; i++) {
		const struct container *one = &workload->containers[i];
		const char *image = tree_text(tree_get(one->node, "image"));
		const char *name = tree_text(tree_get(one->node, "name"));
		int rank = one->initial ? -2 : 0;
		rank += one->predictor ? 8 : 0;
		rank += name && strcmp(name, "kserve-container") == 0 ? 4 : 0;
		rank += has_gpu(one->node) ? 2 : 0;
		rank += serving_is_model_image(image) ? 1 : 0;
		if (rank > most) {
			most = rank;
			best = one;
		}
	}
	return best;
}

/* Every amount is noted, whichever container has it. */
static void note_amounts(struct import *import, const struct container *container, const char *list)
{
	const struct codec_node *amounts = tree_get(tree_get(container->node, "resources"), list);
	for (size_t i = 0; tree_is_mapping(amounts) && i < amounts->count; i++) {
		const char *name = amounts->keys[i]->text, *text = tree_text(amounts->items[i]);
		const char *path = import_print(import, "%s.resources.%s.%s", container->path, list, name);
		double value;
		if (!text || !quantity_kubernetes(text, &value)) {
			import_leave(import, path,
				"\"%s\" is no quantity; 500m, 2, 1.5Gi or 1e3 would be one",
				text ? text : "");
			continue;
		}
		if (quantity_is_milli(text) && strcmp(name, "cpu") != 0)
			import_warn(
				import, path, "%s means thousandths of one; nearly always a mistake", text);
		import_note_quantity(import, path, value, text);
	}
}

static void note_container(struct import *import, const struct container *container)
{
	import_note(import, container->path, "container");
	import_note(import, import_print(import, "%s.name", container->path),
		tree_text(tree_get(container->node, "name")));
	import_note(import, import_print(import, "%s.image", container->path),
		tree_text(tree_get(container->node, "image")));
	note_amounts(import, container, "requests");
	note_amounts(import, container, "limits");
}

/* What resource is called, and which field it fills. */
static const struct {
	const char *resource, *field;
	bool bytes;
} resources[] = {
	{"cpu", "cpu", false},
	{"memory", "memory", true},
	{"ephemeral-storage", "storage", true},
};

/* The limit, else the request. @param[out] limited false when only the request is there */
static const char *amount(struct import *import, const struct container *container, const char *resource,
	double *value, const char **path, bool *limited)
{
	static const char *const lists[] = {"limits", "requests"};
	for (size_t i = 0; i < 2; i++) {
		const struct codec_node *list = tree_get(tree_get(container->node, "resources"), lists[i]);
		const char *text = tree_text(tree_get(list, resource));
		if (!text || !quantity_kubernetes(text, value))
			continue;
		*path = import_print(import, "%s.resources.%s.%s", container->path, lists[i], resource);
		*limited = *limited && i == 0;
		return text;
	}
	return NULL;
}

static void put_gpus(struct import *import, const struct draft_place *place,
	const struct container *container, bool *stated)
{
	const struct codec_node *limits = tree_at(container->node, "resources.limits");
	const struct codec_node *list = limits ? limits : tree_at(container->node, "resources.requests");
	double value, sum = 0;
	const char *path = NULL;
	for (size_t i = 0; tree_is_mapping(list) && i < list->count; i++) {
		const char *text = tree_text(list->items[i]);
		if (!is_gpu(list->keys[i]->text) || !text || !quantity_kubernetes(text, &value))
			continue;
		sum += value;
		path = import_print(import, "%s.resources.%s.%s", container->path,
			limits ? "limits" : "requests", list->keys[i]->text);
	}
	if (!path)
		return;
	import_number(import, place, "gpu", sum, path);
	*stated = true;
}

static void put_resources(
	struct import *import, const struct draft_place *at, const struct container *container)
{
	const struct draft_place *place = import_part(import, at, "computing_resources");
	bool limited = true, stated = false;
	for (size_t i = 0; i < sizeof(resources) / sizeof(resources[0]); i++) {
		double value;
		const char *path;
		const char *text = amount(import, container, resources[i].resource, &value, &path, &limited);
		if (!text)
			continue;
		stated = true;
		import_quantity(import, place, resources[i].field,
			resources[i].bytes ? quantity_gigabytes(value) : value, text, path);
	}
	put_gpus(import, place, container, &stated);
	import_flag(import, at, "resources_limited", stated && limited,
		import_print(import, "%s.resources", container->path));
}

/* "--model=x" or "--model" "x" */
static void put_argument(struct import *import, const struct draft_place *at, const struct codec_node *list,
	size_t i, const char *path)
{
	const char *text = tree_text(list->items[i]);
	const char *equals = text ? strchr(text, '=') : NULL;
	const char *value = NULL, *name = text;
	if (!text || *text != '-')
		return;
	if (equals) {
		name = arena_copy(import->arena, text, (size_t)(equals - text));
		value = equals + 1;
	} else if (i + 1 < list->count) {
		value = tree_text(list->items[i + 1]);
	}
	if (value && *value != '-' && !strstr(value, "$(") && serving_is_model_path(name))
		import_text(import, at, "model_artifact", value, import_print(import, "%s[%zu]", path, i));
}

/* The model's file: storageUri, a variable, an argument; the first one that is there. */
static bool put_artifact(
	struct import *import, const struct draft_place *at, const struct container *container)
{
	static const char *const uris[] = {"storageUri", "storage.path", "modelUri"};
	for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
		const char *uri = tree_text_at(container->node, uris[i]);
		if (!uri)
			continue;
		if (at)
			import_text(import, at, "model_artifact", uri,
				import_print(import, "%s.%s", container->path, uris[i]));
		return true;
	}
	const struct codec_node *variables = tree_get(container->node, "env");
	for (size_t i = 0; i < tree_count(variables); i++) {
		const char *name = tree_text(tree_get(variables->items[i], "name"));
		const char *value = tree_text(tree_get(variables->items[i], "value"));
		if (!name || !value || !serving_is_model_path(name))
			continue;
		if (at)
			import_text(import, at, "model_artifact", value,
				import_print(import, "%s.env[%zu].value", container->path, i));
		return true;
	}
	return false;
}

static void put_arguments(
	struct import *import, const struct draft_place *at, const struct container *container)
{
	static const char *const keys[] = {"args", "command"};
	for (size_t k = 0; k < 2; k++) {
		const struct codec_node *list = tree_get(container->node, keys[k]);
		for (size_t i = 0; tree_is_list(list) && i < list->count; i++)
			put_argument(
				import, at, list, i, import_print(import, "%s.%s", container->path, keys[k]));
	}
}

/* How it is run, in a sentence: kind, ports, probes. */
static void put_mechanism(struct import *import, const struct draft_place *at, const char *kind,
	const struct container *container)
{
	static const char *const probes[] = {"livenessProbe", "readinessProbe", "startupProbe"};
	const char *text = kind;
	const struct codec_node *ports = tree_get(container->node, "ports");
	for (size_t i = 0; i < tree_count(ports); i++) {
		const char *port = tree_text(tree_get(ports->items[i], "containerPort"));
		if (port)
			text = import_print(import, "%s%s%s", text, i ? ", " : "; ports ", port);
	}
	for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++)
		if (tree_get(container->node, probes[i]))
			text = import_print(import, "%s; %s", text, probes[i]);
	import_text(import, at, "deployment_mechanism", text, container->path);
}

/* Copies, and how many requests each works on: KServe's words beside Kubernetes'. */
static void put_scale(
	struct import *import, const struct draft_place *at, const struct codec_node *spec, const char *path)
{
	static const struct {
		const char *keys, *field;
	} numbers[] = {
		{"replicas", "replicas"},
		{"predictor.minReplicas", "replicas"},
		{"predictor.maxReplicas", "max_replicas"},
		{"predictor.containerConcurrency", "concurrency"},
		{"template.spec.containerConcurrency", "concurrency"},
	};
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		int64_t count;
		if (tree_integer(tree_at(spec, numbers[i].keys), &count))
			import_integer(import, at, numbers[i].field, count,
				import_print(import, "%s.%s", path, numbers[i].keys));
	}
	import_text(import, at, "model_artifact", tree_text_at(spec, "model.uri"),
		import_print(import, "%s.model.uri", path));
	double seconds;
	if (tree_number(tree_at(spec, "predictor.timeout"), &seconds)) {
		const struct draft_place *time = import_part(import, at, "required_inference_time");
		import_number(
			import, time, "time", seconds, import_print(import, "%s.predictor.timeout", path));
		import_text(
			import, time, "unit", "Seconds", import_print(import, "%s.predictor.timeout", path));
	}
}

static void put_scraping(struct import *import, const struct draft_place *at,
	const struct codec_node *annotations, const char *path)
{
	const char *scrape = tree_text(tree_get(annotations, "prometheus.io/scrape"));
	const char *port = tree_text(tree_get(annotations, "prometheus.io/port"));
	const char *where = tree_text(tree_get(annotations, "prometheus.io/path"));
	if (!scrape || strcmp(scrape, "true") != 0)
		return;
	path = import_print(import, "%s.annotations", path);
	const struct draft_place *metric = import_item(import, at, "other_metrics", "scrape", path);
	import_text(import, metric, "metric", "metrics of the service", path);
	import_text(import, metric, "implementation",
		import_print(import, "Prometheus scrapes %s of port %s", where ? where : "/metrics",
			port ? port : "(not named)"),
		path);
}

static bool is_kserve(const char *version)
{
	return strstr(version, "kserve.io/") || strstr(version, "machinelearning.seldon.io/") ||
	       strstr(version, "kubeflow.org/");
}

bool kubernetes_workload(struct import *import, const struct codec_node *document, const char *path)
{
	struct workload workload = {.import = import, .document = document};
	const struct codec_node *spec = tree_get(document, "spec");
	const char *kind = tree_text(tree_get(document, "kind"));
	find(&workload, spec, path, 0);
	for (size_t i = 0; i < workload.count; i++)
		note_container(import, &workload.containers[i]);
	const struct container *container = choose(&workload);
	if (!container)
		return workload.count > 0;
	const struct serving serving = {
		.name = tree_text_at(document, "metadata.name"),
		.namespace = tree_text_at(document, "metadata.namespace"),
		.image = tree_text(tree_get(container->node, "image")),
		.gpu = has_gpu(container->node),
		.model = is_kserve(tree_text(tree_get(document, "apiVersion"))) ||
			 put_artifact(import, NULL, container),
	};
	const struct draft_place *at = serving_place(import, &serving);
	if (!at)
		return true;
	import_text(import, at, "deployment_platform", "Kubernetes", path);
	import_text(import, at, "image", serving.image, import_print(import, "%s.image", container->path));
	put_mechanism(import, at, kind, container);
	put_resources(import, at, container);
	if (!put_artifact(import, at, container))
		put_arguments(import, at, container);
	put_scale(import, at, spec, path);
	put_scraping(import, at, tree_at(spec, "template.metadata.annotations"),
		import_print(import, "%s.template.metadata", path));
	return true;
}
