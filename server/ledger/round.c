/* Applying a batch of changes and publishing what came of it. Committing and retrying is lane.c. */
#include "ledger/round.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/plant.h"

void round_init(struct round *round, struct ledger *ledger, struct store *store,
	struct ledger_change **changes, size_t count)
{
	struct arena *arena = arena_new();
	*round = (struct round){
		.ledger = ledger,
		.store = store,
		.arena = arena,
		.record = {.arena = arena},
		.order = arena_array(arena, count, sizeof(struct seat *)),
		.views = arena_array(arena, 2 * count, sizeof(struct ledger_view *)),
		.changes = changes,
		.change_count = count,
		.now_us = clock_wall_us(),
	};
}

void round_done(struct round *round)
{
	for (size_t i = 0; i < round->record.batch.system_count; i++)
		committing_end(round->ledger->committing, round->record.batch.systems[i].system.partition);
	for (size_t i = 0; i < round->view_count; i++)
		ledger_view_unref(round->views[i]);
	map_done(&round->seats);
	arena_free(round->arena);
}

/* The round holds the reference until its rows are committed. */
static struct ledger_view *hold(struct round *round, struct ledger_view *view)
{
	round->views[round->view_count++] = view;
	return view;
}

/* The seat's system is as in this view from now on. */
static void show(struct round *round, struct seat *seat, struct ledger_view *view)
{
	seat->now = hold(round, view);
	seat->expected = (struct store_stamp){view->revision, view->updated_at_us};
}

static void take_seat(struct round *round, const char *system)
{
	struct cache *cache = round->ledger->cache;
	if (map_get(&round->seats, system))
		return;
	struct seat *seat = arena_alloc(round->arena, sizeof(*seat));
	seat->system = arena_text(round->arena, system);
	seat->partition = model_partition(system, round->ledger->identity.partitions);
	seat->mark = cache_mark(cache, system);
	struct ledger_view *view = cache_get(cache, system);
	seat->loaded = !view;
	if (view)
		show(round, seat, view);
	map_put(&round->seats, seat->system, seat);
	round->order[round->seat_count++] = seat;
}

/* Loads what is not in memory, all at once. */
static void load_seats(struct round *round)
{
	struct seat **missing = arena_array(round->arena, round->seat_count, sizeof(*missing));
	size_t count = 0;
	for (size_t i = 0; i < round->seat_count; i++)
		if (round->order[i]->loaded)
			missing[count++] = round->order[i];
	if (count == 0)
		return;
	struct view_load *loads = arena_array(round->arena, count, sizeof(*loads));
	for (size_t i = 0; i < count; i++) {
		loads[i].system = missing[i]->system;
		loads[i].mark = missing[i]->mark;
	}
	load_views(round->ledger, round->store, loads, count);
	for (size_t i = 0; i < count; i++) {
		if (loads[i].view)
			show(round, missing[i], loads[i].view);
		else if (loads[i].fault.code != FAULT_NOT_FOUND)
			missing[i]->fault = loads[i].fault;
	}
}

static bool is_late(const struct ledger_change *change)
{
	return change->deadline_us && clock_steady_us() > change->deadline_us;
}

static void take_seats(struct round *round)
{
	for (size_t i = 0; i < round->change_count; i++)
		if (!is_late(round->changes[i]))
			take_seat(round, round->changes[i]->system);
	load_seats(round);
}

/* ---- repeats of a request ---- */

static void answer_again(struct ledger_change *change, const struct store_request *earlier)
{
	if (memcmp(&earlier->fingerprint, &change->fingerprint, sizeof(change->fingerprint)) != 0) {
		fault_field(&change->fault, "REQUEST_ID_REUSED", "request_id",
			"was used for another request within 24 h: use a new one");
		return;
	}
	change->answer = arena_copy(change->arena, earlier->answer, earlier->answer_size);
	change->answer_size = earlier->answer_size;
}

/* The same request id earlier in this round. */
static const struct ledger_change *twin(const struct round *round, size_t index)
{
	const struct ledger_change *change = round->changes[index];
	for (size_t i = 0; i < index; i++) {
		const struct ledger_change *other = round->changes[i];
		if (!other->fault.code && !other->validate_only &&
			strcmp(other->request_id, change->request_id) == 0 &&
			strcmp(other->system, change->system) == 0)
			return other;
	}
	return NULL;
}

/* Is the change a repeat? Then it has its answer, or its fault. */
static bool repeated(struct round *round, size_t index, struct seat *seat)
{
	struct ledger_change *change = round->changes[index];
	if (!change->request_id[0] || change->validate_only)
		return false;
	const struct ledger_change *other = twin(round, index);
	if (other) {
		struct store_request earlier = {other->fingerprint, other->answer, other->answer_size};
		answer_again(change, &earlier);
		return true;
	}
	struct store_request earlier;
	struct fault fault;
	enum fault_code code = store_request(round->store, round->arena, seat->partition, change->system,
		change->request_id, &earlier, &fault);
	if (code == FAULT_NOT_FOUND)
		return false;
	if (code)
		change->fault = fault;
	else
		answer_again(change, &earlier);
	/* Another server may have carried it out: this one must show it from now on. */
	seat->relied_on = true;
	return true;
}

/* ---- applying ---- */

static void apply_to_seat(struct round *round, struct ledger_change *change, struct seat *seat)
{
	struct applied applied;
	seat->relied_on = true; /* unless it is written */
	if (apply(round->arena, change, seat->now, round->now_us, seat->partition, &applied, &change->fault))
		return;
	hold(round, applied.view);
	change->answer = change->encode(change, &applied.outcome, change->arena, &change->answer_size);
	if (change->validate_only)
		return;
	if (change->request_id[0])
		record_request(&round->record, change, seat->partition, round->now_us);
	if (applied.outcome.unchanged)
		return;
	record_change(&round->record, &applied, seat->partition);
	seat->now = applied.view;
	seat->written = true;
}

static void apply_one(struct round *round, size_t index)
{
	struct ledger_change *change = round->changes[index];
	change->fault = (struct fault){0};
	change->answer = NULL;
	change->answer_size = 0;
	if (is_late(change)) {
		fault_set(&change->fault, FAULT_TIMEOUT, "DEADLINE_PASSED",
			"the deadline passed before the change was applied; nothing was stored");
		return;
	}
	struct seat *seat = map_get(&round->seats, change->system);
	if (seat->fault.code)
		change->fault = seat->fault;
	else if (!repeated(round, index, seat))
		apply_to_seat(round, change, seat);
}

void round_apply(struct round *round)
{
	take_seats(round);
	for (size_t i = 0; i < round->change_count; i++)
		apply_one(round, i);
	for (size_t i = 0; i < round->seat_count; i++) {
		const struct seat *seat = round->order[i];
		if (seat->written)
			record_system(&round->record, seat->now, seat->partition, &seat->expected);
	}
}

static bool is_unsure(const struct seat *seat)
{
	return seat->relied_on && !seat->loaded && !seat->written;
}

enum fault_code round_confirm(struct round *round, struct fault *fault)
{
	struct store_belief *beliefs = arena_array(round->arena, round->seat_count, sizeof(*beliefs));
	size_t count = 0;
	for (size_t i = 0; i < round->seat_count; i++) {
		const struct seat *seat = round->order[i];
		if (!is_unsure(seat))
			continue;
		struct store_belief *belief = &beliefs[count++];
		belief->partition = seat->partition;
		belief->stamp = seat->expected;
		snprintf(belief->system, sizeof(belief->system), "%s", seat->system);
	}
	if (count == 0)
		return FAULT_NONE;
	enum fault_code code = store_check_beliefs(round->store, beliefs, count, fault);
	size_t stale = 0;
	for (size_t i = 0; !code && i < count; i++) {
		if (!beliefs[i].stale)
			continue;
		cache_drop(round->ledger->cache, beliefs[i].system, INT64_MAX);
		stale++;
	}
	if (stale == 0)
		return code;
	return fault_set(fault, FAULT_CONFLICT, "REVISION_CONFLICT",
		"another writer changed %zu of %zu systems", stale, count);
}

bool round_writes(const struct round *round)
{
	return round->record.batch.system_count > 0 || round->record.batch.request_count > 0;
}

/* ---- around the commit ---- */

void round_announce(struct round *round)
{
	int64_t now_us = clock_steady_us();
	for (size_t i = 0; i < round->record.batch.system_count; i++)
		committing_begin(
			round->ledger->committing, round->record.batch.systems[i].system.partition, now_us);
}

/* Hands one partition's events over, in the order of their positions. */
static void publish_partition(struct round *round, int partition)
{
	const struct store_batch *batch = &round->record.batch;
	struct model_event **events =
		arena_array(round->arena, batch->event_count, sizeof(struct model_event *));
	size_t count = 0;
	for (size_t i = 0; i < batch->event_count; i++) {
		const struct store_event_write *row = &batch->events[i];
		if (row->partition == partition)
			events[count++] = model_event_new(
				&row->facts, partition, row->position, row->body, row->body_size);
	}
	/* A gap means that another server committed in between; the follower brings theirs and ours in order.
	 */
	if (count && !hub_publish(round->ledger->hub, partition, events, count)) {
		committing_behind(round->ledger->committing, partition);
		follower_nudge(round->ledger->follower);
	}
	for (size_t i = 0; i < count; i++)
		model_event_unref(events[i]);
}

void round_publish(struct round *round)
{
	bool *published = arena_array(round->arena, (size_t)round->ledger->identity.partitions, sizeof(bool));
	for (size_t i = 0; i < round->seat_count; i++)
		if (round->order[i]->written && !PLANTED("stale-view"))
			cache_put(round->ledger->cache, round->order[i]->now, round->order[i]->mark);
	for (size_t i = 0; i < round->record.batch.event_count; i++) {
		int partition = round->record.batch.events[i].partition;
		if (!published[partition])
			publish_partition(round, partition);
		published[partition] = true;
	}
	if (round->record.batch.event_count)
		follower_committed(round->ledger->follower);
}

void round_forget(struct round *round, const bool *conflicted)
{
	bool any = false;
	for (size_t i = 0; conflicted && i < round->record.batch.system_count; i++)
		any = any || conflicted[i];
	for (size_t i = 0; i < round->record.batch.system_count; i++)
		if (!any || conflicted[i])
			cache_drop(round->ledger->cache, round->record.batch.systems[i].system.id, INT64_MAX);
}
