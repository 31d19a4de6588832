/*
 * Brings what other servers committed: compares the partitions' heads with
 * the hub's, reads the events between them, forgets views that they made old,
 * and hands them to the hub. Servers tell each other of commits through the
 * database, so that this happens at once; a hint that is lost, or a database
 * that passes none, costs an interval. It also keeps the house: whether the
 * database is there, events that are past keeping, request ids a day old.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "ledger/parts.h"

enum {
	PAGE = 500,
	TRIM_PAGE = 10000,
	TRIM_MOMENT_US = 20000,
	HINT_US = 10000, /* between two hints: each is a small transaction */
	LOOK_US = 10000, /* between two looks, however many hints come: a few large ones cost less */
};

#define SECOND_US 1000000LL
#define HOUR_US   (3600 * SECOND_US)
#define TRIM_US   (10 * SECOND_US) /* between two looks for old events */
#define YOUNGEST_US                                                                                          \
	(60 * SECOND_US) /* checkpoints come every 10 s at least: no live token is ever outrun               \
			  */

struct follower {
	struct ledger *ledger;
	pthread_t thread;
	int wake; /* eventfd: one of the reasons below was set */

	/* the follower's thread; times by the steady clock */
	struct store *store;
	struct store_head *heads;
	int64_t *known; /* heads of the hub, before the store's were read */
	struct store_stretch *stretches;
	bool hints;               /* between servers; false: not wanted, or the database refuses them */
	int64_t next_look_us;     /* at the latest */
	int64_t earliest_look_us; /* when there is a reason */
	bool has_reason;          /* to look: a hint, or a lane's */
	int64_t next_hint_us;
	int64_t next_trim_us;
	int64_t next_cleaning_us;
	int trim_next;   /* partition; beyond the last one: nothing is being trimmed */
	int64_t trimmed; /* events, since it began */

	/* any thread */
	_Atomic bool nudged, committed, stopping;
};

/* This server slept longer than events are kept: what it knew may all be old. */
static void skip(struct follower *follower, const struct store_head *head)
{
	log_warning("events were trimmed before they were seen here",
		log_number("partition", head->partition), log_number("trimmed", head->trimmed));
	cache_clear(follower->ledger->cache);
	hub_skip(follower->ledger->hub, head->partition, head->trimmed);
}

/* Fewer events than the hub was given: the store was restored, or a replica that was behind took over. */
static void go_back(struct follower *follower, const struct store_head *head)
{
	log_error("the database lost events that were committed", log_number("partition", head->partition),
		log_number("head", head->head), log_number("known", follower->known[head->partition]));
	hub_go_back(follower->ledger->hub, head->partition, head->head);
	cache_clear(follower->ledger->cache);
}

/* Views first: whoever an event wakes must not find an older state. */
static void hand_over(struct follower *follower, struct model_event **events, size_t count)
{
	for (size_t i = 0; i < count; i++)
		cache_drop(follower->ledger->cache, events[i]->facts.system, events[i]->facts.revision);
	hub_publish(follower->ledger->hub, events[0]->partition, events, count);
	for (size_t i = 0; i < count; i++)
		model_event_unref(events[i]);
}

/* Hands events over, partition by partition. */
static void hand_over_all(struct follower *follower, struct model_event **events, size_t count)
{
	for (size_t first = 0, end; first < count; first = end) {
		for (end = first + 1; end < count && events[end]->partition == events[first]->partition;)
			end++;
		hand_over(follower, events + first, end - first);
	}
}

/* What is to be brought next: at most a page. @return of how many partitions */
static size_t find_missing(struct follower *follower, size_t count)
{
	size_t found = 0;
	int64_t room = PAGE;
	for (size_t i = 0; i < count && room > 0; i++) {
		int64_t at = hub_head(follower->ledger->hub, (int)i), missing = follower->heads[i].head - at;
		if (missing <= 0)
			continue;
		if (missing > room)
			missing = room;
		follower->stretches[found++] = (struct store_stretch){(int)i, at, at + missing};
		room -= missing;
	}
	return found;
}

/* Have any of the events come that were missing? */
static bool has_come_nearer(const struct follower *follower, size_t stretch_count)
{
	for (size_t i = 0; i < stretch_count; i++)
		if (hub_head(follower->ledger->hub, follower->stretches[i].partition) >
			follower->stretches[i].after)
			return true;
	return false;
}

/* Brings all partitions to the heads that were read, many at a time. */
static enum fault_code bring(struct follower *follower, size_t count, struct fault *fault)
{
	struct model_event *events[PAGE];
	size_t stretch_count;
	while ((stretch_count = find_missing(follower, count))) {
		size_t found;
		enum fault_code code = store_stretches(
			follower->store, follower->stretches, stretch_count, events, &found, fault);
		if (code)
			return code;
		hand_over_all(follower, events, found);
		if (!has_come_nearer(follower, stretch_count))
			break; /* trimmed meanwhile: the next look tells more */
	}
	return FAULT_NONE;
}

static bool is_lost(const struct follower *follower, size_t partition)
{
	return follower->heads[partition].head < follower->known[partition];
}

static bool any_lost(const struct follower *follower, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_lost(follower, i))
			return true;
	return false;
}

/* Reads the heads. What seems to be lost may only be a server that writes no longer: a new connection tells.
 */
static enum fault_code read_heads(struct follower *follower, size_t count, struct fault *fault)
{
	for (size_t i = 0; i < count; i++)
		follower->known[i] = hub_head(follower->ledger->hub, (int)i);
	enum fault_code code = store_heads(follower->store, follower->heads, count, fault);
	if (code || !any_lost(follower, count))
		return code;
	store_free(follower->store);
	follower->store = store_new(&follower->ledger->options.store);
	return store_heads(follower->store, follower->heads, count, fault);
}

/* A partition that a lane is about to publish is left to it; of one where too much was trimmed the rest is
 * taken. */
static void leave_or_skip(struct follower *follower, struct store_head *head)
{
	if (committing_waits(follower->ledger->committing, head->partition, clock_steady_us()))
		head->head = 0;
	else if (hub_head(follower->ledger->hub, head->partition) < head->trimmed)
		skip(follower, head);
}

static enum fault_code follow(struct follower *follower, struct fault *fault)
{
	size_t count = (size_t)follower->ledger->identity.partitions;
	enum fault_code code = read_heads(follower, count, fault);
	for (size_t i = 0; !code && i < count; i++)
		if (is_lost(follower, i))
			go_back(follower, &follower->heads[i]);
	for (size_t i = 0; !code && i < count; i++)
		leave_or_skip(follower, &follower->heads[i]);
	return code ? code : bring(follower, count, fault);
}

/* Is it time? Then it is time again after the interval. */
static bool due(int64_t *next_us, int64_t interval_us)
{
	int64_t now_us = clock_steady_us();
	if (now_us < *next_us)
		return false;
	*next_us = now_us + interval_us;
	return true;
}

static struct store_retention retention(const struct ledger_options *options)
{
	int64_t now_us = clock_wall_us();
	return (struct store_retention){.before_us = now_us - options->event_retention_s * SECOND_US,
		.keep = options->event_limit,
		.young_us = now_us - YOUNGEST_US,
		.limit = TRIM_PAGE};
}

/* Trims partition after partition, as far as a moment allows: others' commits must not wait for it. */
static void trim(struct follower *follower)
{
	struct store_retention keep = retention(&follower->ledger->options);
	int64_t until_us = clock_steady_us() + TRIM_MOMENT_US;
	int *partition = &follower->trim_next;
	for (; *partition < follower->ledger->identity.partitions; ++*partition) {
		int64_t removed = 0;
		struct fault fault;
		if (clock_steady_us() > until_us)
			return;
		if (store_trim_events(follower->store, *partition, &keep, &removed, &fault)) {
			log_warning("old events stay", log_text("detail", fault.message));
			break;
		}
		follower->trimmed += removed;
	}
	*partition = follower->ledger->identity.partitions;
	if (follower->trimmed)
		log_info("old events trimmed", log_number("count", follower->trimmed));
	follower->trimmed = 0;
}

static bool is_trimming(const struct follower *follower)
{
	return follower->trim_next < follower->ledger->identity.partitions;
}

static void forget_requests(struct follower *follower)
{
	int64_t removed = 0;
	struct fault fault;
	if (store_forget_requests(follower->store, clock_wall_us() - 24 * HOUR_US, &removed, &fault))
		log_warning("old request ids stay", log_text("detail", fault.message));
	else if (removed)
		log_info("old request ids removed", log_number("count", removed));
}

static void clean(struct follower *follower)
{
	if (!is_trimming(follower) && due(&follower->next_trim_us, TRIM_US))
		follower->trim_next = 0;
	if (is_trimming(follower))
		trim(follower);
	if (due(&follower->next_cleaning_us, HOUR_US))
		forget_requests(follower);
}

/* Says once that the database went or came. */
static void set_up(struct ledger *ledger, bool up, const struct fault *fault)
{
	if (atomic_exchange(&ledger->up, up) == up)
		return;
	if (up)
		log_info("database is back", log_text("by", "follower"));
	else
		log_error("database is away", log_text("fault", fault_name(fault->code)),
			log_text("detail", fault->message));
}

/* ---- hints between servers ---- */

/* A lost connection is made again; a refusal is for good. */
static void judge_hint(struct follower *follower, enum fault_code code, const struct fault *fault)
{
	if (code == FAULT_NONE || code == FAULT_UNAVAILABLE || code == FAULT_TIMEOUT)
		return;
	follower->hints = false;
	log_info("the database passes no hints between servers: they only look",
		log_number("every_ms", follower->ledger->options.follow_interval_ms),
		log_text("detail", fault->message));
}

static void listen(struct follower *follower)
{
	struct fault fault;
	if (follower->hints)
		judge_hint(follower, store_listen(follower->store, &fault), &fault);
}

/* Tells other servers of commits: one hint for all since the last one. */
static void tell(struct follower *follower)
{
	int64_t now_us = clock_steady_us();
	struct fault fault;
	if (now_us < follower->next_hint_us || !atomic_exchange(&follower->committed, false))
		return;
	follower->next_hint_us = now_us + HINT_US;
	if (follower->hints)
		judge_hint(follower, store_nudge(follower->store, &fault), &fault);
}

/* ---- the thread ---- */

static int64_t look_us(const struct follower *follower)
{
	if (is_trimming(follower))
		return 0;
	return follower->has_reason ? follower->earliest_look_us : follower->next_look_us;
}

static int64_t turn_us(const struct follower *follower)
{
	int64_t at_us = look_us(follower);
	bool hint = atomic_load(&follower->committed) && follower->next_hint_us < at_us;
	return hint ? follower->next_hint_us : at_us;
}

/* @return is it time to look for others' commits? */
static bool wait_for_turn(struct follower *follower)
{
	int64_t left_us = turn_us(follower) - clock_steady_us();
	int timeout_ms = left_us > 0 ? (int)((left_us + 999) / 1000) : 0;
	bool told = store_await_nudge(follower->store, follower->wake, timeout_ms);
	uint64_t count;
	if (read(follower->wake, &count, sizeof(count)) < 0 && errno != EAGAIN)
		abort();
	bool nudged = atomic_exchange(&follower->nudged, false);
	follower->has_reason = follower->has_reason || told || nudged;
	return clock_steady_us() >= look_us(follower);
}

static void look(struct follower *follower)
{
	struct fault fault;
	int64_t now_us = clock_steady_us();
	follower->next_look_us = now_us + (int64_t)follower->ledger->options.follow_interval_ms * 1000;
	follower->earliest_look_us = now_us + LOOK_US;
	follower->has_reason = false;
	listen(follower); /* first: what is committed from now on is told or seen */
	enum fault_code code = follow(follower, &fault);
	set_up(follower->ledger, code == FAULT_NONE, &fault);
	if (code == FAULT_NONE)
		clean(follower);
}

static void *run(void *context)
{
	struct follower *follower = context;
	bool looks = true;
	while (!atomic_load(&follower->stopping)) {
		if (looks)
			look(follower);
		tell(follower);
		looks = wait_for_turn(follower);
	}
	return NULL;
}

struct follower *follower_start(struct ledger *ledger)
{
	struct follower *follower = calloc(1, sizeof(*follower));
	if (!follower)
		abort();
	follower->ledger = ledger;
	follower->hints = ledger->options.hints;
	follower->trim_next = ledger->identity.partitions;
	follower->store = store_new(&ledger->options.store);
	follower->heads = calloc((size_t)ledger->identity.partitions, sizeof(*follower->heads));
	follower->known = calloc((size_t)ledger->identity.partitions, sizeof(*follower->known));
	follower->stretches = calloc((size_t)ledger->identity.partitions, sizeof(*follower->stretches));
	follower->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (!follower->heads || !follower->known || !follower->stretches || follower->wake < 0)
		abort();
	if (pthread_create(&follower->thread, NULL, run, follower))
		abort();
	return follower;
}

/* Wakes the thread for a reason; several before it looks are one. */
static void wake(struct follower *follower, _Atomic bool *reason)
{
	uint64_t one = 1;
	if (atomic_exchange(reason, true))
		return;
	if (write(follower->wake, &one, sizeof(one)) < 0)
		abort();
}

void follower_nudge(struct follower *follower)
{
	wake(follower, &follower->nudged);
}

void follower_committed(struct follower *follower)
{
	wake(follower, &follower->committed);
}

void follower_stop(struct follower *follower)
{
	wake(follower, &follower->stopping);
	pthread_join(follower->thread, NULL);
	store_free(follower->store);
	close(follower->wake);
	free(follower->stretches);
	free(follower->known);
	free(follower->heads);
	free(follower);
}
