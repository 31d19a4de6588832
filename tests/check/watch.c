/*
 * Subscribers: they keep all that comes, end their streams by chance and
 * resume at any server with the last token, now and then with an older one.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "run.h"

enum {
	PAUSE_MS = 100,
	LIFE_FIRST_MS = 200, /* how long a stream lives: so long ... */
	LIFE_MORE_MS = 4000, /* ... and up to so much longer */
	NAP_MS = 300,
};

static char *copy(const char *text)
{
	char *made = strdup(text);
	if (!made)
		abort();
	return made;
}

static size_t reached_size(const struct watcher *watcher)
{
	return (size_t)watcher->run->options->systems * sizeof(*watcher->reached);
}

static void keep_token(struct watcher *watcher, const char *token)
{
	if (!*token)
		return;
	if (dice_roll(&watcher->dice, 4) == 0) {
		struct landmark passed = watcher->last;
		watcher->last = watcher->older;
		watcher->older = passed;
	}
	free(watcher->last.token);
	watcher->last.token = copy(token);
	memcpy(watcher->last.reached, watcher->reached, reached_size(watcher));
}

static void keep_reached(struct watcher *watcher, const Tally__V1__Event *event)
{
	int number = run_system_number(watcher->run, strchr(event->system, '/') + 1);
	if (number < 0)
		return;
	pthread_mutex_lock(&watcher->lock);
	watcher->reached[number] = event->revision;
	pthread_mutex_unlock(&watcher->lock);
}

static void keep_event(struct watcher *watcher, struct buffer *lines, Tally__V1__Event *event, bool state)
{
	char digest[WISH_DIGEST_SIZE];
	bool finding = event->what_case == TALLY__V1__EVENT__WHAT_FINDING;
	/* The state's verdict names the system's revision, the event's the one that changed it. */
	if (state && event->what_case == TALLY__V1__EVENT__WHAT_VERDICT)
		event->verdict->revision = 0;
	const char *name = strrchr(finding ? event->finding->name : event->system, '/') + 1;
	if (state && event->what_case == TALLY__V1__EVENT__WHAT_VERDICT)
		name = "verdict";
	buffer_print(lines, "event\t%s\t%" PRId64 "\t%d\t%d\t%s\t%s\n", strchr(event->system, '/') + 1,
		event->revision, (int)event->type, event->last_of_revision, wish_digest(event, digest), name);
	if (!state && event->last_of_revision)
		keep_reached(watcher, event);
}

/* All of a message at once: a journal has it or has it not. */
static void keep_message(struct watcher *watcher, Tally__V1__SubscribeResponse *message, int64_t waited_us)
{
	struct buffer lines = {0};
	bool state = message->phase == TALLY__V1__PHASE__PHASE_STATE;
	buffer_print(&lines, "message\t%" PRId64 "\t%" PRId64 "\t%d\t%zu\t%s\n", clock_steady_us(), waited_us,
		(int)message->phase, message->n_events, *message->resume_token ? message->resume_token : "-");
	for (size_t i = 0; i < message->n_events; i++)
		keep_event(watcher, &lines, message->events[i], state);
	journal_lines(watcher->journal, &lines);
	buffer_done(&lines);
	pthread_mutex_lock(&watcher->lock);
	watcher->quiet = message->phase == TALLY__V1__PHASE__PHASE_CHECKPOINT ? watcher->quiet + 1 : 0;
	pthread_mutex_unlock(&watcher->lock);
	keep_token(watcher, message->resume_token);
}

static void keep_end(struct watcher *watcher, const struct tally_error *error, int64_t waited_us, bool ours)
{
	journal_line(watcher->journal, "end\t%" PRId64 "\t%" PRId64 "\t%d\t%s", clock_steady_us(), waited_us,
		ours ? 1 : error->code, *error->reason ? error->reason : "-");
	watcher->broken = !ours;
	if (strcmp(error->reason, "RESUME_TOKEN_TOO_OLD") == 0) {
		watcher->last.token[0] = '\0';
		memset(watcher->last.reached, 0, reached_size(watcher));
	}
}

/* Must the stream end now, for the run's end or by chance? Then it is freed. */
static bool give_up(struct watcher *watcher)
{
	return atomic_load(&watcher->run->heard) || clock_steady_us() > watcher->stream_end_us;
}

/* Does not read for so long, or until the writers have stopped: what is left must be heard in the time for
 * it. */
static void stall(struct watcher *watcher, int64_t seconds)
{
	int64_t until_us = clock_steady_us() + seconds * 1000000;
	while (clock_steady_us() < until_us && !atomic_load(&watcher->run->stop))
		run_sleep_ms(NAP_MS);
}

static void nap(struct watcher *watcher)
{
	const struct options *options = watcher->run->options;
	bool stalls = options->stall_s && watcher->number == 0 && dice_roll(&watcher->dice, 40) == 0;
	if (stalls)
		stall(watcher, options->stall_s);
	else if (dice_roll(&watcher->dice, 100) == 0)
		run_sleep_ms(NAP_MS);
}

static void follow(struct watcher *watcher, struct tally_stream *stream)
{
	ProtobufCMessage *message;
	struct tally_error error;
	for (;;) {
		int64_t began_us = clock_steady_us();
		bool there = tally_stream_next(stream, &message, &error);
		int64_t waited_us = clock_steady_us() - began_us;
		if (!there || give_up(watcher)) {
			if (there)
				protobuf_c_message_free_unpacked(message, NULL);
			keep_end(watcher, &error, waited_us, there || error.code == 1);
			return;
		}
		keep_message(watcher, (Tally__V1__SubscribeResponse *)message, waited_us);
		protobuf_c_message_free_unpacked(message, NULL);
		nap(watcher);
	}
}

/* Chooses where to go on: what came after that is to come once more. Whoever heard all at the end stays
 * there. @return the token, borrowed */
static const char *go_back(struct watcher *watcher)
{
	bool further = *watcher->older.token && dice_roll(&watcher->dice, 5) == 0 &&
		       !atomic_load(&watcher->run->stop);
	const struct landmark *landmark = further ? &watcher->older : &watcher->last;
	pthread_mutex_lock(&watcher->lock);
	memcpy(watcher->reached, landmark->reached, reached_size(watcher));
	watcher->quiet = 0;
	pthread_mutex_unlock(&watcher->lock);
	return landmark->token;
}

static struct tally_stream *subscribe(struct watcher *watcher)
{
	size_t server = run_server(watcher->run, &watcher->dice);
	const char *token = go_back(watcher);
	journal_line(watcher->journal, "open\t%" PRId64 "\t%zu\t%s", clock_steady_us(), server,
		*token ? token : "-");
	struct arena *arena = arena_new();
	Tally__V1__SubscribeRequest *request = wish_request(arena, &watcher->wish, token);
	struct tally_stream *stream =
		tally_stream_open(watcher->run->clients[server], "/tally.v1.EventService/Subscribe",
			&request->base, &tally__v1__subscribe_response__descriptor);
	arena_free(arena);
	return stream;
}

/* Near the end streams live on: what is left must come on one that stays. */
static int64_t life_us(struct watcher *watcher)
{
	if (atomic_load(&watcher->run->stop))
		return INT64_MAX / 2;
	return (LIFE_FIRST_MS + dice_roll(&watcher->dice, LIFE_MORE_MS)) * INT64_C(1000);
}

void *watch_loop(void *context)
{
	struct watcher *watcher = context;
	struct run *run = watcher->run;
	wish_write(&watcher->wish, watcher->journal);
	while (!atomic_load(&run->heard)) {
		struct tally_stream *stream = subscribe(watcher);
		pthread_mutex_lock(&watcher->lock);
		watcher->stream = stream;
		watcher->stream_end_us = clock_steady_us() + life_us(watcher);
		pthread_mutex_unlock(&watcher->lock);
		follow(watcher, stream);
		pthread_mutex_lock(&watcher->lock);
		watcher->stream = NULL;
		pthread_mutex_unlock(&watcher->lock);
		tally_stream_free(stream);
		if (watcher->broken)
			run_sleep_ms(PAUSE_MS);
	}
	journal_line(watcher->journal, "done\t%" PRId64, clock_steady_us());
	return NULL;
}

/* Only a token that is in the journal covers what is in the journal. */
void watch_resume(struct watcher *watcher, const struct journal_file *files, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; files[i].number == watcher->number && j < files[i].count; j++) {
			const struct journal_entry *entry = &files[i].entries[j];
			if (strcmp(entry->words[0], "message") == 0)
				keep_token(watcher, strcmp(entry->words[5], "-") ? entry->words[5] : "");
		}
	}
}
