/* Checks of what Evaluate is asked. */
#include "service/evaluate_request.h"

#include <stdio.h>
#include <string.h>

#include "service/check.h"
#include "service/names.h"

enum {
	VERSIONS_MAX = 100,
	FIELD_SIZE = 64,
};

static void check_repeat(const struct evaluate_ask *ask, size_t index, const char *field, struct fault *fault)
{
	const struct model_name *name = &ask->versions[index];
	for (size_t i = 0; i < index; i++) {
		const struct model_name *other = &ask->versions[i];
		if (other->kind == name->kind && strcmp(other->descriptor, name->descriptor) == 0)
			check_refuse(fault, "VERSION_REPEATED", field,
				"is of the same descriptor as versions[%zu]", i);
	}
}

static void take_version(struct evaluate_ask *ask, size_t index, const char *text, struct fault *fault)
{
	char field[FIELD_SIZE];
	struct model_name *name = &ask->versions[index];
	snprintf(field, sizeof(field), "versions[%zu]", index);
	if (!names_take(fault, field, text, NAME_VERSION, name))
		return;
	if (ask->parent.system[0] && strcmp(name->system, ask->parent.system) != 0)
		check_refuse(fault, "PARENT_MISMATCH", field, "is of system %s, but parent is %s",
			name->system, ask->parent.system);
	if (name->kind == KIND_CLOCK)
		check_refuse(fault, "KIND_NOT_TAKEN", field, "only the server moves a system's clock");
	check_repeat(ask, index, field, fault);
}

static void take_versions(struct arena *arena, const Tally__V1__EvaluateRequest *request,
	struct evaluate_ask *ask, struct fault *fault)
{
	if (request->n_versions > VERSIONS_MAX) {
		check_refuse(fault, "TOO_MANY_VERSIONS", "versions", "has %zu versions, at most %d are taken",
			request->n_versions, (int)VERSIONS_MAX);
		return;
	}
	ask->version_count = request->n_versions;
	ask->versions = arena_array(arena, request->n_versions, sizeof(*ask->versions));
	for (size_t i = 0; i < request->n_versions; i++)
		take_version(ask, i, request->versions[i], fault);
}

static void take_environment(
	const Tally__V1__EvaluateRequest *request, struct evaluate_ask *ask, struct fault *fault)
{
	ask->environment = request->environment;
	ask->deployed = request->starting_set == TALLY__V1__EVALUATION_BASE__EVALUATION_BASE_DEPLOYED;
	if (ask->environment[0] && !model_id_valid(ask->environment))
		check_refuse(fault, "NAME_INVALID", "environment",
			"\"%s\" is not the {name} of a production environment, such as eu-west",
			ask->environment);
	if (ask->deployed && !ask->environment[0])
		check_refuse(fault, "ENVIRONMENT_MISSING", "environment",
			"is required to know what is deployed where");
}

void evaluate_ask_read(struct arena *arena, const Tally__V1__EvaluateRequest *request,
	struct evaluate_ask *ask, struct fault *fault)
{
	names_take(fault, "parent", request->parent, NAME_SYSTEM, &ask->parent);
	take_environment(request, ask, fault);
	take_versions(arena, request, ask, fault);
	items_take(
		arena, ask->parent.system, request->descriptors, request->n_descriptors, &ask->items, fault);
	check_revision(fault, "baseline_revision", request->baseline_revision);
	check_revision(fault, "min_revision", request->min_revision);
	ask->baseline_revision = request->baseline_revision;
}
