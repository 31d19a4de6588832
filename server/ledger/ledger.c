/* Starting and stopping the ledger's threads, and its door for calls. */
#include "ledger/ledger.h"

#include <stdlib.h>

#include "ledger/parts.h"
#include "ledger/view_build.h"

struct ledger *ledger_new(
	const struct ledger_options *options, const struct store_identity *identity, struct hub *hub)
{
	struct ledger *ledger = calloc(1, sizeof(*ledger));
	if (!ledger)
		abort();
	ledger->options = *options;
	ledger->identity = *identity;
	ledger->hub = hub;
	ledger->cache = cache_new(options->view_bytes);
	ledger->committing = committing_new(identity->partitions);
	atomic_init(&ledger->up, true); /* the identity has just been read */
	ledger->follower = follower_start(ledger);
	ledger->readers = readers_start(ledger);
	ledger->lanes = calloc((size_t)options->lanes, sizeof(struct lane *));
	if (!ledger->lanes)
		abort();
	for (int i = 0; i < options->lanes; i++)
		ledger->lanes[i] = lane_start(ledger);
	ledger->ticker = ticker_start(ledger);
	return ledger;
}

void ledger_free(struct ledger *ledger)
{
	if (!ledger)
		return;
	ticker_stop(ledger->ticker);
	for (int i = 0; i < ledger->options.lanes; i++)
		lane_stop(ledger->lanes[i]);
	free(ledger->lanes);
	readers_stop(ledger->readers);
	follower_stop(ledger->follower);
	committing_free(ledger->committing);
	cache_free(ledger->cache);
	free(ledger);
}

const struct store_identity *ledger_identity(const struct ledger *ledger)
{
	return &ledger->identity;
}

bool ledger_is_up(struct ledger *ledger)
{
	return atomic_load(&ledger->up);
}

void ledger_submit(struct ledger *ledger, struct ledger_change *change)
{
	int partition = model_partition(change->system, ledger->identity.partitions);
	lane_submit(ledger->lanes[partition % ledger->options.lanes], change);
}

struct ledger_view *ledger_view_cached(struct ledger *ledger, const char *system)
{
	return cache_get(ledger->cache, system);
}

void load_views(struct ledger *ledger, struct store *store, struct view_load *loads, size_t count)
{
	struct arena *arena = arena_new();
	struct store_load *asked = arena_array(arena, count, sizeof(*asked));
	struct ledger_view **starts = arena_array(arena, count, sizeof(*starts));
	for (size_t i = 0; i < count; i++) {
		starts[i] = cache_start(ledger->cache, loads[i].system);
		asked[i] = (struct store_load){
			.partition = model_partition(loads[i].system, ledger->identity.partitions),
			.system = loads[i].system,
			.known = starts[i] ? &starts[i]->system : NULL};
	}
	store_load(store, arena, asked, count);
	for (size_t i = 0; i < count; i++) {
		loads[i].fault = asked[i].fault;
		loads[i].view = asked[i].fault.code ? NULL : ledger_view_of(&asked[i].snapshot, starts[i]);
		if (loads[i].view)
			cache_keep(ledger->cache, loads[i].view, loads[i].mark);
		ledger_view_unref(starts[i]);
	}
	arena_free(arena);
}

enum fault_code ledger_load(struct ledger *ledger, struct store *store, const char *system,
	struct ledger_view **view, struct fault *fault)
{
	struct view_load load = {.system = system, .mark = cache_mark(ledger->cache, system)};
	load_views(ledger, store, &load, 1);
	if (load.view && !load.view->deleted) {
		*view = load.view;
		return FAULT_NONE;
	}
	if (load.view) {
		fault_set(&load.fault, FAULT_NOT_FOUND, "SYSTEM_NOT_FOUND", "there is no system %s", system);
		fault_add(&load.fault, "system", "%s", system);
	}
	ledger_view_unref(load.view);
	*fault = load.fault;
	return fault->code;
}

enum fault_code ledger_read(struct ledger *ledger, struct ledger_read *read, struct fault *fault)
{
	return readers_queue(ledger->readers, read, fault);
}
