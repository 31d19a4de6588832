/* KLL. Knows no column. */
#include "profile/kll.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "profile/sort.h"

enum {
	LEAST_PART = 4, /* the lowest levels hold a quarter of what the top one holds */
};

void kll_init(struct kll *kll, size_t k, uint64_t seed)
{
	*kll = (struct kll){.k = k, .height = 1, .random = seed * 2 + 1};
}

void kll_done(struct kll *kll)
{
	for (unsigned i = 0; i < KLL_LEVELS_MAX; i++)
		free(kll->levels[i].items);
	*kll = (struct kll){0};
}

/* xorshift64: a coin that falls the same way in every run. */
static unsigned toss(struct kll *kll)
{
	kll->random ^= kll->random << 13;
	kll->random ^= kll->random >> 7;
	kll->random ^= kll->random << 17;
	return (unsigned)(kll->random >> 32 & 1);
}

static size_t capacity(const struct kll *kll, unsigned level)
{
	size_t size = kll->k;
	for (unsigned above = kll->height - 1; above > level && size > kll->k / LEAST_PART; above--)
		size = size * 2 / 3;
	return size > kll->k / LEAST_PART ? size : kll->k / LEAST_PART;
}

static void make_room(struct kll_level *level, size_t room)
{
	if (level->room >= room)
		return;
	level->items = realloc(level->items, room * sizeof(*level->items));
	if (!level->items)
		abort();
	level->room = room;
}

static void append(struct kll *kll, unsigned at, double value)
{
	struct kll_level *level = &kll->levels[at];
	if (level->count == level->room)
		make_room(level, level->room + capacity(kll, at) / 2 + 1);
	level->items[level->count++] = value;
}

/* Moves every second item one level up. One that has no partner stays. */
static void compact(struct kll *kll, unsigned at)
{
	struct kll_level *level = &kll->levels[at];
	const size_t pairs = level->count / 2;
	if (at + 1 == kll->height)
		kll->height++;
	sort_doubles(level->items, level->count);
	const unsigned first = toss(kll);
	make_room(&kll->levels[at + 1], kll->levels[at + 1].count + pairs);
	for (size_t i = 0; i < pairs; i++)
		append(kll, at + 1, level->items[2 * i + first]);
	const int odd = level->count % 2 != 0;
	const double rest = odd ? level->items[level->count - 1] : 0;
	level->count = 0;
	/* It was larger while it was nearer to the top. */
	if (level->room > 2 * capacity(kll, at)) {
		free(level->items);
		*level = (struct kll_level){0};
	}
	if (odd)
		append(kll, at, rest);
	kll->compacted = 1;
}

static void settle(struct kll *kll, unsigned from)
{
	for (unsigned at = from; at < kll->height && at + 1 < KLL_LEVELS_MAX; at++) {
		if (kll->levels[at].count >= capacity(kll, at))
			compact(kll, at);
	}
}

void kll_add(struct kll *kll, const double *values, size_t count)
{
	struct kll_level *lowest = &kll->levels[0];
	kll->count += (int64_t)count;
	while (count > 0) {
		const size_t room = capacity(kll, 0);
		if (lowest->count >= room) {
			settle(kll, 0);
			continue;
		}
		const size_t part = count < room - lowest->count ? count : room - lowest->count;
		make_room(lowest, room);
		memcpy(lowest->items + lowest->count, values, part * sizeof(*values));
		lowest->count += part;
		values += part;
		count -= part;
	}
}

void kll_add_weighted(struct kll *kll, double value, int64_t weight)
{
	unsigned lowest = KLL_LEVELS_MAX;
	kll->count += weight;
	for (unsigned at = 0; at + 1 < KLL_LEVELS_MAX && weight >> at > 0; at++) {
		if (!(weight >> at & 1))
			continue;
		if (kll->height <= at)
			kll->height = at + 1;
		append(kll, at, value);
		lowest = lowest < at ? lowest : at;
	}
	settle(kll, lowest);
}

size_t kll_size(const struct kll *kll)
{
	size_t count = 0;
	for (unsigned at = 0; at < kll->height; at++)
		count += kll->levels[at].count;
	return count;
}

size_t kll_points(const struct kll *kll, struct point *points)
{
	size_t count = 0;
	for (unsigned at = 0; at < kll->height; at++) {
		for (size_t i = 0; i < kll->levels[at].count; i++)
			points[count++] = (struct point){kll->levels[at].items[i], (int64_t)1 << at};
	}
	return points_settle(points, count);
}

double kll_error(const struct kll *kll)
{
	return kll->compacted ? 2.296 / pow((double)kll->k, 0.9723) : 0;
}
