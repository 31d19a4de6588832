/* What the threads of a run share. */
#ifndef CHECK_RUN_H
#define CHECK_RUN_H

#include <pthread.h>
#include <stdatomic.h>

#include "check.h"
#include "journal.h"
#include "tally.h"
#include "wish.h"

struct run {
	const struct options *options;
	int64_t number; /* tells the files of runs on one folder apart */
	struct tally_client *clients[CHECK_SERVERS_MAX];
	_Atomic bool stop;          /* writers and readers end */
	_Atomic bool heard;         /* subscribers end */
	_Atomic int64_t give_up_us; /* steady; what is not answered by then stays unknown */
	_Atomic int turn;           /* writes begun */
	_Atomic int64_t answered;
	_Atomic int64_t *acknowledged; /* by system: the highest revision that somebody was told */
	_Atomic int64_t *shown; /* by server, then system: the highest that this server answered or showed */
};

/* Where a subscriber can go on. */
struct landmark {
	char *token;      /* "": nowhere yet */
	int64_t *reached; /* by number of the system: the last revision received to its end */
};

/* One subscriber; its thread's but for what the lock covers. */
struct watcher {
	struct run *run;
	int number;
	struct wish wish;
	struct dice dice;
	struct journal *journal;
	struct landmark last;  /* the last that came */
	struct landmark older; /* one before it, to resume there now and then */
	bool broken;           /* the last stream ended by itself */
	pthread_t thread;

	pthread_mutex_t lock;
	/* locked */
	struct tally_stream *stream; /* open, or NULL */
	int64_t *reached;            /* as in a landmark, with what came since it was gone back to */
	int quiet;                   /* checkpoints in a row without an event */
	int64_t stream_end_us;       /* when it shall be cancelled */
};

/** Returns the server's index to ask, by chance. */
size_t run_server(const struct run *run, struct dice *dice);

/** Writes what one system is called. @param[out] text MODEL_ID_SIZE bytes @return text */
char *run_system(const struct run *run, int number, char *text);

/** @return the number of a system of this run by its id, or -1 */
int run_system_number(const struct run *run, const char *id);

/** Raises one of the revisions above. */
void run_raise(_Atomic int64_t *revision, int64_t to);

/** Returns what a server showed of a system. @param system its number */
_Atomic int64_t *run_shown(const struct run *run, size_t server, int system);

/** Creates the systems that do not exist yet. */
void write_systems(struct run *run);

/** A writer's thread. @param context struct worker */
struct worker {
	struct run *run;
	int number;
	pthread_t thread;
};
void *write_loop(void *context);

/** A reader's thread: looks at systems and keeps what it was shown. */
void *look_loop(void *context);

/** A subscriber's thread. */
void *watch_loop(void *context);

/** Takes up where the last run's subscriber of that number ended. */
void watch_resume(struct watcher *watcher, const struct journal_file *files, size_t count);

/** A moment's sleep. */
void run_sleep_ms(int ms);

#endif
