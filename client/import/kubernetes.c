/*
 * Kubernetes manifests: workloads of any kind that has containers, KServe's
 * services, autoscalers, what is scraped, and files inside ConfigMaps. One
 * container of a workload is the model's; the others are noted.
 */
#include "import/kubernetes_workload.h"

#include <string.h>

#include "import/formats.h"
#include "import/serving.h"
#include "import/tree.h"

/* Is the key there, at the start of a line or, in JSON, in quotes? */
static bool has_key(const char *head, size_t size, const char *key)
{
	const size_t length = strlen(key);
	const char *end = head + size;
	for (const char *at = head; (at = memmem(at, (size_t)(end - at), key, length)); at += length) {
		const bool quoted = at > head && at[-1] == '"';
		const char *before = at - quoted;
		const bool first = before == head || before[-1] == '\n';
		const char *after = at + length + quoted;
		if (after < end && (*after == ':' || quoted) && (first || (quoted && *head == '{')))
			return true;
	}
	return false;
}

bool kubernetes_looks(const char *head, size_t size)
{
	return has_key(head, size, "apiVersion") && has_key(head, size, "kind") &&
	       !memmem(head, size, "tally/v1", 8);
}

static const char *under(struct import *import, const char *prefix, const char *path)
{
	return import_print(import, "%s%s%s", prefix, *prefix ? "." : "", path);
}

static const char *namespace_of(const struct codec_node *document)
{
	return tree_text_at(document, "metadata.namespace");
}

/* The autoscaler's numbers are those of the workload that it names. */
static void read_autoscaler(struct import *import, const struct codec_node *document, const char *prefix)
{
	int64_t count;
	const char *target = tree_text_at(document, "spec.scaleTargetRef.name");
	const struct codec_node *spec = tree_get(document, "spec");
	import->strength = DRAFT_ATTACHED;
	const struct draft_place *at = import_descriptor_of(
		import, KIND_PRODUCTION_ENVIRONMENT, serving_subject(import, target, namespace_of(document)));
	if (tree_integer(tree_get(spec, "maxReplicas"), &count))
		import_integer(import, at, "max_replicas", count, under(import, prefix, "spec.maxReplicas"));
	if (tree_integer(tree_get(spec, "minReplicas"), &count)) {
		import->strength = DRAFT_WEAK;
		import_integer(import, at, "replicas", count, under(import, prefix, "spec.minReplicas"));
	}
	import->strength = DRAFT_FIRM;
}

/* Which endpoints a monitor scrapes: that metrics are collected, not which. */
static void read_monitor(struct import *import, const struct codec_node *document, const char *prefix)
{
	const char *name = tree_text_at(document, "metadata.name");
	const bool pods = strcmp(tree_text_at(document, "kind"), "PodMonitor") == 0;
	const char *list = pods ? "podMetricsEndpoints" : "endpoints";
	const struct codec_node *endpoints = tree_get(tree_get(document, "spec"), list);
	const struct draft_place *at = import_descriptor(import, KIND_PRODUCTION_ENVIRONMENT);
	for (size_t i = 0; i < tree_count(endpoints); i++) {
		const char *path = under(import, prefix, import_print(import, "spec.%s[%zu]", list, i));
		const char *port = tree_text(tree_get(endpoints->items[i], "port"));
		const char *where = tree_text(tree_get(endpoints->items[i], "path"));
		const struct draft_place *metric = import_item(import, at, "other_metrics",
			import_print(import, "%s %zu", name ? name : "", i), path);
		import_text(import, metric, "metric",
			import_print(import, "metrics of %s", name ? name : "the service"), path);
		import_text(import, metric, "implementation",
			import_print(import, "Prometheus scrapes %s of port %s", where ? where : "/metrics",
				port ? port : "(not named)"),
			path);
	}
}

/* Rules and the like that are kept as files in a ConfigMap. */
static void read_config_map(struct import *import, const struct codec_node *document, const char *prefix)
{
	const struct codec_node *data = tree_get(document, "data");
	for (size_t i = 0; tree_is_mapping(data) && i < data->count; i++) {
		const char *key = data->keys[i]->text, *text = tree_text(data->items[i]);
		const char *path = under(import, prefix, import_print(import, "data.%s", key));
		if (text && strchr(key, '.') && strchr(text, '\n'))
			import_inside(import, key, text, path);
		else
			import_note(import, path, text);
	}
}

/* Its spec is what a rule file has. */
static void read_rules(struct import *import, const struct codec_node *document, const char *prefix)
{
	const struct codec_node *spec = tree_get(document, "spec");
	if (spec)
		import_inside(import, "prometheus.rules.yml", tree_print(import, spec),
			under(import, prefix, "spec"));
}

static bool ignore(const char *kind)
{
	/* What says nothing of what a model needs or is given. */
	static const char *const silent[] = {"Namespace", "ServiceAccount", "Role", "RoleBinding",
		"ClusterRole", "ClusterRoleBinding", "Secret", "PersistentVolume", "PersistentVolumeClaim",
		"StorageClass", "NetworkPolicy", "PodDisruptionBudget", "Ingress", "Gateway",
		"VirtualService", "Kustomization", "CustomResourceDefinition", "MutatingWebhookConfiguration",
		"ValidatingWebhookConfiguration", "PriorityClass", "LimitRange", "ResourceQuota", "HTTPRoute",
		"DestinationRule", NULL};
	for (size_t i = 0; silent[i]; i++)
		if (strcmp(silent[i], kind) == 0)
			return true;
	return false;
}

typedef void read_fn(struct import *import, const struct codec_node *document, const char *prefix);

static const struct {
	const char *kind;
	read_fn *read;
} readers[] = {
	{"HorizontalPodAutoscaler", read_autoscaler},
	{"ScaledObject", read_autoscaler},
	{"ServiceMonitor", read_monitor},
	{"PodMonitor", read_monitor},
	{"ConfigMap", read_config_map},
	{"PrometheusRule", read_rules},
};

static bool read_document(struct import *import, const struct codec_node *document, const char *prefix);

static bool read_list(struct import *import, const struct codec_node *items, const char *prefix)
{
	for (size_t i = 0; i < tree_count(items); i++)
		if (!read_document(import, items->items[i],
			    under(import, prefix, import_print(import, "items[%zu]", i))))
			return false;
	return true;
}

static bool read_document(struct import *import, const struct codec_node *document, const char *prefix)
{
	const char *kind = tree_text(tree_get(document, "kind"));
	const char *version = tree_text(tree_get(document, "apiVersion"));
	if (!tree_is_mapping(document) || !kind || !version)
		return import_refuse(import, document, prefix,
			"a Kubernetes object is expected: apiVersion, kind, metadata");
	if (strcmp(kind, "List") == 0)
		return read_list(import, tree_get(document, "items"), prefix);
	import_note(import, under(import, prefix, "kind"), kind);
	import_note(import, under(import, prefix, "apiVersion"), version);
	import_note(import, under(import, prefix, "metadata.name"), tree_text_at(document, "metadata.name"));
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (strcmp(readers[i].kind, kind) == 0) {
			readers[i].read(import, document, prefix);
			return true;
		}
	const bool found = kubernetes_workload(import, document, under(import, prefix, "spec"));
	import->strength = DRAFT_FIRM;
	if (!found && !ignore(kind) && strcmp(kind, "Service") != 0)
		import_leave(import, under(import, prefix, "kind"),
			"a %s without containers says nothing that is understood", kind);
	return true;
}

bool kubernetes_read(struct import *import)
{
	struct codec_node **documents;
	size_t count;
	if (!tree_yaml(import, &documents, &count))
		return false;
	if (count == 0)
		return import_refuse(import, NULL, "", "there is no Kubernetes object in it");
	for (size_t i = 0; i < count; i++)
		if (!read_document(import, documents[i], count > 1 ? import_print(import, "[%zu]", i) : ""))
			return false;
	return true;
}
