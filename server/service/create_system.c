/*
 * CreateSystem: a new system at revision 1.
 *
 *   read -> (commit) -> answer
 */
#include <stdlib.h>

#include "model/message.h"
#include "service/check.h"
#include "service/methods.h"
#include "service/names.h"
#include "service/systems.h"
#include "service/unpack.h"
#include "service/write.h"

enum {
	DISPLAY_NAME_MAX = 200, /* bytes, as all here */
	DESCRIPTION_MAX = 10000,
	LABELS_MAX = 64,
	LABEL_KEY_MAX = 63,
	LABEL_VALUE_MAX = 255,
};

static const char path[] = "/tally.v1.SystemService/CreateSystem";

typedef Tally__V1__System__LabelsEntry label;

static int by_key(const void *a, const void *b)
{
	return strcmp((*(label *const *)a)->key, (*(label *const *)b)->key);
}

/* Sorts the labels, so that the same ones are the same bytes. Of a key that comes twice the last one counts.
 */
static void order_labels(Tally__V1__System *system)
{
	size_t kept = 0;
	for (size_t i = 0; i < system->n_labels; i++) {
		size_t at = 0;
		while (at < kept && strcmp(system->labels[at]->key, system->labels[i]->key) != 0)
			at++;
		system->labels[at] = system->labels[i];
		kept += at == kept;
	}
	system->n_labels = kept;
	if (kept > 0)
		qsort(system->labels, kept, sizeof(label *), by_key);
}

static void check_labels(Tally__V1__System *system, struct fault *fault)
{
	/* Only so many are compared with each other. */
	if (system->n_labels <= (size_t)LABELS_MAX * 2)
		order_labels(system);
	if (system->n_labels > LABELS_MAX) {
		check_refuse(fault, "TOO_MANY_LABELS", "system.labels", "has %zu labels, at most %d are kept",
			system->n_labels, (int)LABELS_MAX);
		return;
	}
	for (size_t i = 0; i < system->n_labels; i++) {
		const label *entry = system->labels[i];
		char field[120];
		snprintf(field, sizeof(field), "system.labels[\"%.80s\"]", entry->key);
		if (!entry->key[0])
			check_refuse(fault, "LABEL_KEY_INVALID", field, "a key must not be empty");
		check_size(fault, field, entry->key, LABEL_KEY_MAX);
		check_size(fault, field, entry->value, LABEL_VALUE_MAX);
	}
}

static void check_system(const char *id, Tally__V1__System *system, struct fault *fault)
{
	struct model_name name;
	if (system->name[0] && names_take(fault, "system.name", system->name, NAME_SYSTEM, &name) &&
		strcmp(name.system, id) != 0)
		check_refuse(fault, "NAME_INVALID", "system.name", "must be systems/%.63s or left out", id);
	check_size(fault, "system.display_name", system->display_name, DISPLAY_NAME_MAX);
	check_size(fault, "system.description", system->description, DESCRIPTION_MAX);
	check_size(fault, "system.owner_team", system->owner_team, WRITE_TEAM_MAX);
	check_labels(system, fault);
}

/* Leaves only what the owner says; the rest is output. */
static void keep_input(Tally__V1__System *system)
{
	static char none[] = "";
	system->name = none;
	system->etag = none;
	system->revision = 0;
	system->create_time = NULL;
	system->update_time = NULL;
	system->base.n_unknown_fields = 0;
}

static void *encode(const struct ledger_change *change, const struct ledger_outcome *outcome,
	struct arena *arena, size_t *size)
{
	(void)change;
	return model_message_pack(arena, systems_of_view(arena, outcome->view), size);
}

static enum rpc_next read(struct rpc_call *call)
{
	struct write *write = write_start(call);
	struct ledger_change *change = &write->change;
	struct fault fault = {0};
	Tally__V1__CreateSystemRequest *request =
		service_unpack(call, &tally__v1__create_system_request__descriptor, &fault);
	if (!request)
		return rpc_fail(call, &fault);
	if (!request->system) {
		request->system = arena_alloc(change->arena, sizeof(*request->system));
		tally__v1__system__init(request->system);
	}
	if (!model_id_valid(request->system_id))
		check_refuse(&fault, "SYSTEM_ID_INVALID", "system_id",
			"\"%.70s\" is not 1 to 63 of a-z, 0-9 and '-' that begin with a letter and do not "
			"end with '-'",
			request->system_id);
	check_system(request->system_id, request->system, &fault);
	check_request_id(&fault, request->request_id);
	if (fault.code)
		return rpc_fail(call, &fault);
	keep_input(request->system);
	change->request_id = request->request_id;
	change->action = LEDGER_CREATE_SYSTEM;
	change->system = request->system_id;
	change->meta = model_message_pack(change->arena, request->system, &change->meta_size);
	change->validate_only = request->validate_only != 0;
	change->encode = encode;
	return write_submit(call, path, request);
}

const struct rpc_method create_system_methods[] = {
	{.path = path, .first = read, .state_size = sizeof(struct write)},
	{0},
};
