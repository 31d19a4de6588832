/*
 * docker-compose files: what each service runs and is given. The one that
 * serves the model is the production environment, unless Kubernetes says what
 * production is; several have one each.
 */
#include <string.h>

#include "codec/number.h"
#include "import/formats.h"
#include "import/quantity.h"
#include "import/serving.h"
#include "import/tree.h"
#include "import/variables.h"

bool compose_looks(const char *head, size_t size)
{
	return memmem(head, size, "services", 8) && !memmem(head, size, "apiVersion", 10);
}

/* One service. */
struct service {
	struct import *import;
	const char *name;
	const struct codec_node *node;
	const char *path;
};

/* A text with its variables' defaults; NULL, and told, when one has none. */
static const char *text_of(struct service *service, const struct codec_node *node, const char *path)
{
	const char *text = tree_text(node);
	if (!text)
		return NULL;
	const char *value = variables_resolve(service->import->arena, text, NULL, NULL);
	if (!variables_left(value))
		return value;
	import_leave(service->import, path, "\"%.100s\" depends on a variable that has no default", text);
	return NULL;
}

/* Everything below, leaf by leaf, whether a field has a place for it or not. */
static void note_leaves(struct import *import, const struct codec_node *node, const char *path)
{
	for (size_t i = 0; i < tree_count(node); i++)
		note_leaves(import, node->items[i],
			node->type == CODEC_MAPPING ? import_print(import, "%s.%s", path, node->keys[i]->text)
						    : import_print(import, "%s[%zu]", path, i));
	import_note(import, path, tree_text(node));
}

/* A port is a text, or a mapping of target and published. */
static const char *port_text(struct import *import, const struct codec_node *port)
{
	const char *target = tree_text(tree_get(port, "target")),
		   *published = tree_text(tree_get(port, "published"));
	if (tree_text(port))
		return tree_text(port);
	return target && published ? import_print(import, "%s:%s", published, target) : target;
}

static void note_service(struct service *service)
{
	struct import *import = service->import;
	const struct codec_node *ports = tree_get(service->node, "ports"),
				*build = tree_get(service->node, "build");
	import_note(import, service->path, service->name);
	import_note(import, import_print(import, "%s.image", service->path),
		tree_text(tree_get(service->node, "image")));
	if (build)
		import_note(import, import_print(import, "%s.build", service->path),
			tree_text(build) ? tree_text(build) : tree_print(import, build));
	for (size_t i = 0; i < tree_count(ports); i++)
		import_note(import, import_print(import, "%s.ports[%zu]", service->path, i),
			port_text(import, ports->items[i]));
	note_leaves(import, tree_at(service->node, "deploy.resources"),
		import_print(import, "%s.deploy.resources", service->path));
}

/* Is it a reservation of GPUs? */
static bool is_gpu(const struct codec_node *device)
{
	const struct codec_node *capabilities = tree_get(device, "capabilities");
	for (size_t i = 0; i < tree_count(capabilities); i++) {
		const char *text = tree_text(capabilities->items[i]);
		if (text && (strcmp(text, "gpu") == 0 || strcmp(text, "nvidia") == 0))
			return true;
	}
	return false;
}

static const struct codec_node *gpu_device(const struct codec_node *service, size_t *at)
{
	const struct codec_node *devices = tree_at(service, "deploy.resources.reservations.devices");
	for (*at = 0; *at < tree_count(devices); (*at)++)
		if (is_gpu(devices->items[*at]))
			return devices->items[*at];
	return NULL;
}

static void put_gpus(struct service *service, const struct draft_place *place)
{
	size_t at;
	int64_t count;
	const struct codec_node *device = gpu_device(service->node, &at);
	const struct codec_node *ids = tree_get(device, "device_ids");
	const char *path = import_print(
		service->import, "%s.deploy.resources.reservations.devices[%zu]", service->path, at);
	if (ids)
		import_integer(service->import, place, "gpu", (int64_t)tree_count(ids),
			import_print(service->import, "%s.device_ids", path));
	else if (tree_integer(tree_get(device, "count"), &count))
		import_integer(service->import, place, "gpu", count,
			import_print(service->import, "%s.count", path));
}

/* Where amounts stand, the first that is there counts. */
static const struct amount {
	const char *keys, *field;
	bool bytes, limit;
} amounts[] = {
	{"deploy.resources.limits.cpus", "cpu", false, true},
	{"cpus", "cpu", false, true},
	{"deploy.resources.reservations.cpus", "cpu", false, false},
	{"deploy.resources.limits.memory", "memory", true, true},
	{"mem_limit", "memory", true, true},
	{"deploy.resources.reservations.memory", "memory", true, false},
	{"mem_reservation", "memory", true, false},
};

static bool put_amount(struct service *service, const struct draft_place *place, const struct amount *amount)
{
	const char *path = import_print(service->import, "%s.%s", service->path, amount->keys);
	const struct codec_node *node = tree_at(service->node, amount->keys);
	const char *text = text_of(service, node, path);
	double value;
	if (!text)
		return false;
	if (amount->bytes ? !quantity_docker_bytes(text, &value) : number_double(text, &value) != NUMBER_OK) {
		import_leave(service->import, path, "\"%s\" is no amount; %s would be one", text,
			amount->bytes ? "512m" : "0.5");
		return false;
	}
	import_quantity(service->import, place, amount->field,
		amount->bytes ? quantity_gigabytes(value) : value, text, path);
	return true;
}

static void put_resources(struct service *service, const struct draft_place *at)
{
	const struct draft_place *place = import_part(service->import, at, "computing_resources");
	bool limited = true, stated = false;
	const char *filled = "";
	for (size_t i = 0; i < sizeof(amounts) / sizeof(amounts[0]); i++) {
		if (strcmp(filled, amounts[i].field) == 0 || !put_amount(service, place, &amounts[i]))
			continue;
		filled = amounts[i].field;
		limited = limited && amounts[i].limit;
		stated = true;
	}
	put_gpus(service, place);
	import_flag(service->import, at, "resources_limited", stated && limited,
		import_print(service->import, "%s.deploy.resources", service->path));
}

/* The value of a variable that names the model: of a list "NAME=value" or a mapping. @param[out] path where
 */
static const char *model_variable(struct service *service, const char **path)
{
	const struct codec_node *list = tree_get(service->node, "environment");
	for (size_t i = 0; i < tree_count(list); i++) {
		const char *text = tree_text(list->items[i]);
		const char *equals = text ? strchr(text, '=') : NULL;
		const char *name = list->type == CODEC_MAPPING ? list->keys[i]->text
				   : equals
					   ? arena_copy(service->import->arena, text, (size_t)(equals - text))
					   : NULL;
		const char *value = list->type == CODEC_MAPPING ? text : equals ? equals + 1 : NULL;
		if (!name || !value || !serving_is_model_path(name))
			continue;
		*path = list->type == CODEC_MAPPING
				? import_print(service->import, "%s.environment.%s", service->path, name)
				: import_print(service->import, "%s.environment[%zu]", service->path, i);
		value = variables_resolve(service->import->arena, value, NULL, NULL);
		return variables_left(value) ? NULL : value;
	}
	return NULL;
}

static void put_mechanism(struct service *service, const struct draft_place *at)
{
	const struct codec_node *ports = tree_get(service->node, "ports");
	const char *text = "Docker Compose service";
	for (size_t i = 0; i < tree_count(ports); i++) {
		const char *port = port_text(service->import, ports->items[i]);
		if (port)
			text = import_print(service->import, "%s%s%s", text, i ? ", " : "; ports ", port);
	}
	if (tree_get(service->node, "healthcheck"))
		text = import_print(service->import, "%s; healthcheck", text);
	import_text(service->import, at, "deployment_mechanism", text, service->path);
}

/* The Dockerfile that its image is made from, relative to this file; NULL when there is none or it is not
 * known.
 */
static const char *dockerfile_of(struct service *service)
{
	const struct codec_node *build = tree_get(service->node, "build");
	const char *context = tree_text(build) ? tree_text(build) : tree_text(tree_get(build, "context"));
	const char *file = tree_text(tree_get(build, "dockerfile"));
	if (!build || (context && variables_left(context)) || (file && variables_left(file)))
		return NULL;
	return import_print(service->import, "%s/%s", context ? context : ".", file ? file : "Dockerfile");
}

/* It describes the same environment. */
static void read_build(struct service *service)
{
	const char *file = dockerfile_of(service);
	if (file)
		import_beside(service->import, file, "dockerfile", KIND_PRODUCTION_ENVIRONMENT);
}

static struct serving about(struct service *service)
{
	const char *path;
	size_t at;
	return (struct serving){
		.name = service->name,
		.image = tree_text(tree_get(service->node, "image")),
		.gpu = gpu_device(service->node, &at) || tree_get(service->node, "gpus"),
		.model = model_variable(service, &path) != NULL,
	};
}

static bool serves_model(struct service *service)
{
	const struct serving serving = about(service);
	return serving.model || serving.gpu || serving_is_model_image(serving.image);
}

/* @param alone it is the only one that serves a model */
static void put_service(struct service *service, bool alone)
{
	struct import *import = service->import;
	const struct serving serving = about(service);
	const struct draft_place *at = serving_place(import, &serving);
	const char *path;
	if (!at)
		return;
	/* Where Kubernetes runs the model, Compose only tells how a developer does. */
	if (alone || import->strength == DRAFT_SPARE) {
		import->strength = DRAFT_SPARE;
		at = import_descriptor_of(import, KIND_PRODUCTION_ENVIRONMENT, NULL);
	}
	import_text(import, at, "deployment_platform", "Docker Compose", service->path);
	path = import_print(import, "%s.image", service->path);
	import_text(import, at, "image", text_of(service, tree_get(service->node, "image"), path), path);
	put_mechanism(service, at);
	put_resources(service, at);
	const char *model = model_variable(service, &path);
	import_text(import, at, "model_artifact", model, path);
	int64_t replicas;
	if (tree_integer(tree_at(service->node, "deploy.replicas"), &replicas))
		import_integer(import, at, "replicas", replicas,
			import_print(import, "%s.deploy.replicas", service->path));
	import->subject = at->subject;
	read_build(service);
	import->subject = NULL;
	import->strength = DRAFT_FIRM;
}

static struct service service_at(struct import *import, const struct codec_node *services, size_t i)
{
	const char *name = services->keys[i]->text;
	return (struct service){import, name, services->items[i], import_print(import, "services.%s", name)};
}

bool compose_read(struct import *import)
{
	const struct codec_node *top = tree_yaml_one(import);
	if (!top)
		return false;
	const struct codec_node *services = tree_get(top, "services");
	if (!tree_is_mapping(services))
		return import_refuse(import, services ? services : top, "services",
			"a Compose file has a mapping of services here");
	size_t models = 0;
	for (size_t i = 0; i < services->count; i++) {
		struct service service = service_at(import, services, i);
		note_service(&service);
		models += serves_model(&service);
	}
	for (size_t i = 0; i < services->count; i++) {
		struct service service = service_at(import, services, i);
		if (models == 0 || serves_model(&service))
			put_service(&service, models <= 1);
		else if (dockerfile_of(&service))
			import_skip_beside(import, dockerfile_of(&service));
	}
	return true;
}
