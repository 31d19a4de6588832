/* Two lists that are joined by revision. */
#include "receipts.h"

#include <stdlib.h>

#include "base/clock.h"
#include "bench.h"
#include "message.h"
#include "report.h"
#include "subscription.h"

struct receipt {
	int64_t revision, at_us;
};

struct receipts {
	struct receipt *all;
	size_t count, capacity;
};

struct receipts *receipts_new(void)
{
	struct receipts *receipts = calloc(1, sizeof(*receipts));
	if (!receipts)
		abort();
	return receipts;
}

void receipts_free(struct receipts *receipts)
{
	free(receipts->all);
	free(receipts);
}

void receipts_clear(struct receipts *receipts)
{
	receipts->count = 0;
}

size_t receipts_count(const struct receipts *receipts)
{
	return receipts->count;
}

void receipts_add(struct receipts *receipts, int64_t revision, int64_t received_at_us)
{
	if (receipts->count == receipts->capacity) {
		receipts->capacity = receipts->capacity ? 2 * receipts->capacity : 4096;
		receipts->all = realloc(receipts->all, receipts->capacity * sizeof(*receipts->all));
		if (!receipts->all)
			abort();
	}
	receipts->all[receipts->count++] = (struct receipt){revision, received_at_us};
}

void receipts_add_message(struct receipts *receipts, const uint8_t *bytes, size_t size)
{
	int64_t now_us = clock_wall_us();
	struct message_field field;
	for (const uint8_t *at = bytes, *end = bytes + size; message_next(&at, end, &field);)
		if (field.number == SUBSCRIPTION_EVENTS_FIELD)
			receipts_add(receipts,
				(int64_t)message_number(field.bytes, field.size, EVENT_REVISION_FIELD),
				now_us);
}

static int by_revision(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a; /* the first member of both */
	int64_t right = *(const int64_t *)b;
	return (left > right) - (left < right);
}

static void summarise(int64_t *times_us, size_t count, double *p50_ms, double *p99_ms)
{
	*p50_ms = times_at(times_us, count, 0.5) / 1e3;
	*p99_ms = times_at(times_us, count, 0.99) / 1e3;
}

static int64_t *times_of(const struct receipts *receipts)
{
	int64_t *times_us = calloc(receipts->count + 1, sizeof(*times_us));
	if (!times_us)
		abort();
	return times_us;
}

size_t receipts_after_commit(struct receipts *receipts, struct database *database, const char *commits,
	double *p50_ms, double *p99_ms)
{
	size_t commit_count, count = 0;
	struct database_pair *rows = database_pairs(database, commits, &commit_count);
	int64_t *times_us = times_of(receipts);
	for (size_t i = 0; i < receipts->count; i++) {
		const struct receipt *receipt = &receipts->all[i];
		const struct database_pair *commit =
			bsearch(&receipt->revision, rows, commit_count, sizeof(*rows), by_revision);
		if (!commit)
			give_up("an event of revision %lld was received that is not in the database",
				(long long)receipt->revision);
		times_us[count++] = receipt->at_us - commit->second;
	}
	summarise(times_us, count, p50_ms, p99_ms);
	free(times_us);
	free(rows);
	return count;
}

size_t receipts_after_sending(struct receipts *receipts, double *p50_ms, double *p99_ms)
{
	int64_t *times_us = times_of(receipts);
	for (size_t i = 0; i < receipts->count; i++)
		times_us[i] = receipts->all[i].at_us - receipts->all[i].revision;
	summarise(times_us, receipts->count, p50_ms, p99_ms);
	free(times_us);
	return receipts->count;
}
