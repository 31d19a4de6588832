/* Threads that read from the database for calls, each with a connection. */
#include <stdlib.h>

#include "ledger/parts.h"

struct reader {
	struct readers *readers;
	struct store *store; /* the reader's thread */
	pthread_t thread;
};

struct readers {
	struct ledger *ledger;
	struct reader *all;
	int count;

	pthread_mutex_t lock;
	pthread_cond_t arrived;
	/* locked */
	struct ledger_read *first, *last;
	int waiting;
	bool stopping;
};

static struct ledger_read *take(struct readers *readers)
{
	pthread_mutex_lock(&readers->lock);
	while (!readers->first && !readers->stopping)
		pthread_cond_wait(&readers->arrived, &readers->lock);
	struct ledger_read *read = readers->first;
	if (read) {
		readers->first = read->next;
		if (!readers->first)
			readers->last = NULL;
		readers->waiting--;
	}
	pthread_mutex_unlock(&readers->lock);
	return read;
}

static void *run(void *context)
{
	struct reader *reader = context;
	struct ledger_read *read;
	while ((read = take(reader->readers)))
		read->run(read, reader->store);
	return NULL;
}

struct readers *readers_start(struct ledger *ledger)
{
	struct readers *readers = calloc(1, sizeof(*readers));
	if (!readers)
		abort();
	readers->ledger = ledger;
	readers->count = ledger->options.readers;
	readers->all = calloc((size_t)readers->count, sizeof(*readers->all));
	if (!readers->all)
		abort();
	pthread_mutex_init(&readers->lock, NULL);
	pthread_cond_init(&readers->arrived, NULL);
	for (int i = 0; i < readers->count; i++) {
		struct reader *reader = &readers->all[i];
		reader->readers = readers;
		reader->store = store_new(&ledger->options.store);
		if (pthread_create(&reader->thread, NULL, run, reader))
			abort();
	}
	return readers;
}

enum fault_code readers_queue(struct readers *readers, struct ledger_read *read, struct fault *fault)
{
	pthread_mutex_lock(&readers->lock);
	bool room = readers->waiting < readers->ledger->options.queue_reads;
	if (room) {
		read->next = NULL;
		*(readers->last ? &readers->last->next : &readers->first) = read;
		readers->last = read;
		readers->waiting++;
		pthread_cond_signal(&readers->arrived);
	}
	pthread_mutex_unlock(&readers->lock);
	if (room)
		return FAULT_NONE;
	return fault_set(fault, FAULT_EXHAUSTED, "QUEUE_FULL", "%d reads wait already",
		readers->ledger->options.queue_reads);
}

void readers_stop(struct readers *readers)
{
	pthread_mutex_lock(&readers->lock);
	readers->stopping = true;
	pthread_cond_broadcast(&readers->arrived);
	pthread_mutex_unlock(&readers->lock);
	for (int i = 0; i < readers->count; i++) {
		pthread_join(readers->all[i].thread, NULL);
		store_free(readers->all[i].store);
	}
	pthread_cond_destroy(&readers->arrived);
	pthread_mutex_destroy(&readers->lock);
	free(readers->all);
	free(readers);
}
