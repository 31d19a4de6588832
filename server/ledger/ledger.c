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

enum fault_code ledger_load(struct ledger *ledger, struct store *store, const char *system,
	struct ledger_view **view, struct fault *fault)
{
	struct arena *arena = arena_new();
	struct store_snapshot snapshot;
	int partition = model_partition(system, ledger->identity.partitions);
	uint64_t mark = cache_mark(ledger->cache, system);
	enum fault_code code = store_load(store, arena, partition, system, &snapshot, fault);
	if (!code) {
		struct ledger_view *loaded = ledger_view_of(&snapshot);
		cache_keep(ledger->cache, loaded, mark);
		if (loaded->deleted) {
			code = fault_set(
				fault, FAULT_NOT_FOUND, "SYSTEM_NOT_FOUND", "there is no system %s", system);
			fault_add(fault, "system", "%s", system);
			ledger_view_unref(loaded);
		} else {
			*view = loaded;
		}
	}
	arena_free(arena);
	return code;
}

enum fault_code ledger_read(struct ledger *ledger, struct ledger_read *read, struct fault *fault)
{
	return readers_queue(ledger->readers, read, fault);
}
