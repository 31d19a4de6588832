/* Commits under way, by partition. */
#include "ledger/committing.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
	MOMENT_US = 100000,
	NONE = 0,
	BEHIND = -1,
};

struct committing {
	int partitions;
	_Atomic int64_t since_us[]; /* of each partition; or NONE, or BEHIND */
};

struct committing *committing_new(int partitions)
{
	struct committing *committing =
		calloc(1, sizeof(*committing) + (size_t)partitions * sizeof(committing->since_us[0]));
	if (!committing)
		abort();
	committing->partitions = partitions;
	return committing;
}

void committing_free(struct committing *committing)
{
	free(committing);
}

static _Atomic int64_t *state_of(struct committing *committing, int partition)
{
	assert(partition >= 0 && partition < committing->partitions);
	return &committing->since_us[partition];
}

void committing_begin(struct committing *committing, int partition, int64_t now_us)
{
	int64_t none = NONE;
	atomic_compare_exchange_strong(state_of(committing, partition), &none, now_us);
}

void committing_end(struct committing *committing, int partition)
{
	int64_t since_us = atomic_load(state_of(committing, partition));
	if (since_us != BEHIND)
		atomic_compare_exchange_strong(state_of(committing, partition), &since_us, NONE);
}

void committing_behind(struct committing *committing, int partition)
{
	atomic_store(state_of(committing, partition), BEHIND);
}

bool committing_waits(struct committing *committing, int partition, int64_t now_us)
{
	_Atomic int64_t *state = state_of(committing, partition);
	int64_t since_us = BEHIND;
	if (atomic_compare_exchange_strong(state, &since_us, NONE))
		return false;
	return since_us > NONE && now_us - since_us < MOMENT_US;
}
