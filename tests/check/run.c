/* A run: its threads, its end, and waiting until every subscriber has heard all. */
#include "run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "model/name.h"
#include "truth.h"

enum {
	LOOK_MS = 100,
	QUIET = 4, /* checkpoints in a row without an event: there is no more to come */
};

void run_sleep_ms(int ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

size_t run_server(const struct run *run, struct dice *dice)
{
	return (size_t)dice_roll(dice, (int)run->options->server_count);
}

char *run_system(const struct run *run, int number, char *text)
{
	snprintf(text, MODEL_ID_SIZE, "%s-%d", run->options->prefix, number);
	return text;
}

int run_system_number(const struct run *run, const char *id)
{
	size_t length = strlen(run->options->prefix);
	if (strncmp(id, run->options->prefix, length) != 0 || id[length] != '-')
		return -1;
	char *end;
	long number = strtol(id + length + 1, &end, 10);
	return *end || number < 0 || number >= run->options->systems ? -1 : (int)number;
}

void run_raise(_Atomic int64_t *revision, int64_t to)
{
	int64_t known = atomic_load(revision);
	while (known < to && !atomic_compare_exchange_weak(revision, &known, to))
		;
}

_Atomic int64_t *run_shown(const struct run *run, size_t server, int system)
{
	return &run->shown[server * (size_t)run->options->systems + (size_t)system];
}

/* ---- threads ---- */

static void start(pthread_t *thread, void *(*work)(void *), void *context)
{
	if (pthread_create(thread, NULL, work, context))
		trouble("a thread cannot be started");
}

static struct landmark landmark_new(const struct run *run)
{
	return (struct landmark){.token = check_array(1, 1),
		.reached = check_array((size_t)run->options->systems, sizeof(int64_t))};
}

static void landmark_done(struct landmark *landmark)
{
	free(landmark->token);
	free(landmark->reached);
}

static struct watcher *start_watchers(struct run *run)
{
	const struct options *options = run->options;
	struct watcher *watchers = check_array((size_t)options->subscribers, sizeof(*watchers));
	size_t count;
	struct journal_file *files = journal_read(options->journal, "watcher", &count);
	for (int i = 0; i < options->subscribers; i++) {
		struct watcher *watcher = &watchers[i];
		watcher->run = run;
		watcher->number = i;
		watcher->wish = wish_at(i, options->prefix, options->systems);
		watcher->dice = dice_new(options->seed + (uint64_t)run->number, 700000 + (uint64_t)i);
		watcher->last = landmark_new(run);
		watcher->older = landmark_new(run);
		watcher->reached = check_array((size_t)options->systems, sizeof(int64_t));
		pthread_mutex_init(&watcher->lock, NULL);
		watch_resume(watcher, files, count);
		watcher->journal = journal_new(options->journal, "watcher", i, run->number);
		start(&watcher->thread, watch_loop, watcher);
	}
	journal_files_free(files, count);
	return watchers;
}

static void watcher_done(struct watcher *watcher)
{
	pthread_join(watcher->thread, NULL);
	journal_free(watcher->journal);
	wish_done(&watcher->wish);
	free(watcher->reached);
	landmark_done(&watcher->last);
	landmark_done(&watcher->older);
	pthread_mutex_destroy(&watcher->lock);
}

/* ---- the end ---- */

/* Ends streams whose time has come; `all`: every one. */
static void cancel_streams(struct run *run, struct watcher *watchers, bool all)
{
	for (int i = 0; i < run->options->subscribers; i++) {
		pthread_mutex_lock(&watchers[i].lock);
		if (watchers[i].stream && (all || clock_steady_us() > watchers[i].stream_end_us))
			tally_stream_cancel(watchers[i].stream);
		pthread_mutex_unlock(&watchers[i].lock);
	}
}

/*
 * Has the subscriber heard the last event of each system that passes? It need
 * not hear what came before it did: then checkpoints say that nothing comes.
 */
static bool has_all(struct watcher *watcher, const struct truth *truth)
{
	bool all = true;
	pthread_mutex_lock(&watcher->lock);
	bool quiet = watcher->quiet >= QUIET;
	for (size_t i = 0; !quiet && all && i < truth->system_count; i++) {
		const struct truth_system *system = &truth->systems[i];
		int number = run_system_number(watcher->run, system->id);
		const struct truth_event *last = NULL;
		for (size_t j = 0; number >= 0 && j < system->event_count; j++)
			if (wish_passes(&watcher->wish, &system->events[j]->facts))
				last = system->events[j];
		all = !last || watcher->reached[number] >= last->revision;
	}
	pthread_mutex_unlock(&watcher->lock);
	return all;
}

static bool everyone_has_all(struct run *run, struct watcher *watchers, const struct truth *truth)
{
	for (int i = 0; i < run->options->subscribers; i++)
		if (!has_all(&watchers[i], truth))
			return false;
	return true;
}

static void settle(struct run *run, struct watcher *watchers)
{
	struct truth *truth = truth_load(run->options->database);
	for (int i = 0; i < run->options->subscribers; i++) {
		pthread_mutex_lock(&watchers[i].lock);
		watchers[i].quiet = 0;
		pthread_mutex_unlock(&watchers[i].lock);
	}
	int64_t until_us = clock_steady_us() + run->options->settle_s * INT64_C(1000000);
	while (!everyone_has_all(run, watchers, truth) && clock_steady_us() < until_us) {
		cancel_streams(run, watchers, false);
		run_sleep_ms(LOOK_MS);
	}
	truth_free(truth);
	run_sleep_ms(300 + run->options->linger_s * 1000); /* for what should not come */
	atomic_store(&run->heard, true);
	cancel_streams(run, watchers, true);
}

/* ---- all of it ---- */

static bool writers_go_on(const struct run *run)
{
	return !run->options->pushes || atomic_load(&run->turn) < run->options->pushes;
}

static void write_and_look(struct run *run, struct watcher *watchers)
{
	const struct options *options = run->options;
	struct worker *writers = check_array((size_t)options->writers, sizeof(*writers));
	struct worker readers[2] = {{.run = run}, {.run = run, .number = 1}};
	int64_t until_us = clock_steady_us() + options->seconds * INT64_C(1000000);
	atomic_store(&run->give_up_us, INT64_MAX);
	for (int i = 0; i < options->writers; i++) {
		writers[i] = (struct worker){.run = run, .number = i};
		start(&writers[i].thread, write_loop, &writers[i]);
	}
	for (size_t i = 0; i < 2; i++)
		start(&readers[i].thread, look_loop, &readers[i]);
	while (clock_steady_us() < until_us && writers_go_on(run)) {
		cancel_streams(run, watchers, false);
		run_sleep_ms(LOOK_MS);
	}
	atomic_store(&run->give_up_us, clock_steady_us() + options->patience_s * INT64_C(1000000));
	atomic_store(&run->stop, true);
	for (int i = 0; i < options->writers; i++)
		pthread_join(writers[i].thread, NULL);
	for (size_t i = 0; i < 2; i++)
		pthread_join(readers[i].thread, NULL);
	free(writers);
}

void check_run(const struct options *options)
{
	struct run run = {.options = options, .number = clock_wall_us()};
	if (mkdir(options->journal, 0755) && errno != EEXIST)
		trouble("%s: %s", options->journal, strerror(errno));
	run.acknowledged = check_array((size_t)options->systems, sizeof(int64_t));
	run.shown = check_array(options->server_count * (size_t)options->systems, sizeof(int64_t));
	for (size_t i = 0; i < options->server_count; i++)
		run.clients[i] = tally_client_new(options->servers[i]);
	atomic_store(&run.give_up_us, INT64_MAX);
	write_systems(&run);
	struct watcher *watchers = start_watchers(&run);
	write_and_look(&run, watchers);
	progress("%lld writes were answered; waiting for the subscribers",
		(long long)atomic_load(&run.answered));
	settle(&run, watchers);
	for (int i = 0; i < options->subscribers; i++)
		watcher_done(&watchers[i]);
	for (size_t i = 0; i < options->server_count; i++)
		tally_client_free(run.clients[i]);
	free(watchers);
	free(run.shown);
	free(run.acknowledged);
}
