/* A table of texts and counts. Knows no column. */
#include "profile/frequent.h"

#include <stdlib.h>

#include "profile/hash.h"

enum {
	ROOM_FIRST = 16,
	SLOTS_FOR_EACH = 3, /* entry; a power of two above that */
	TEXT_FIRST = 256,
};

static void *resized(void *bytes, size_t size)
{
	void *moved = realloc(bytes, size);
	if (!moved)
		abort();
	return moved;
}

/* Puts the entries' places into slots. Few are taken, so that most texts are found or missed at once. */
static void index_all(struct frequent *frequent)
{
	memset(frequent->slots, 0, (frequent->mask + 1) * sizeof(*frequent->slots));
	for (size_t i = 0; i < frequent->count; i++) {
		const uint64_t hash = frequent->entries[i].hash;
		size_t at = hash & frequent->mask;
		while (frequent->slots[at])
			at = (at + 1) & frequent->mask;
		frequent->slots[at] = (uint32_t)(hash >> 48 << 16) | (uint32_t)(i + 1);
	}
}

static void grow(struct frequent *frequent, size_t room)
{
	frequent->room = room;
	frequent->entries = resized(frequent->entries, room * sizeof(*frequent->entries));
	size_t slots = 2;
	while (slots < SLOTS_FOR_EACH * room)
		slots *= 2;
	free(frequent->slots);
	frequent->slots = resized(NULL, slots * sizeof(*frequent->slots));
	frequent->mask = slots - 1;
	index_all(frequent);
}

void frequent_init(struct frequent *frequent, size_t entries_max, size_t text_max)
{
	*frequent = (struct frequent){.entries_max = entries_max, .text_max = text_max};
	grow(frequent, ROOM_FIRST);
}

void frequent_done(struct frequent *frequent)
{
	free(frequent->entries);
	free(frequent->slots);
	free(frequent->texts);
	*frequent = (struct frequent){0};
}

static uint32_t keep_text(struct frequent *frequent, const char *text, size_t size)
{
	const size_t needed = frequent->text_size + size;
	if (needed > frequent->text_room) {
		frequent->text_room = needed + needed / 2 + TEXT_FIRST;
		frequent->texts = resized(frequent->texts, frequent->text_room);
	}
	if (size > 0)
		memcpy(frequent->texts + frequent->text_size, text, size);
	const uint32_t at = (uint32_t)frequent->text_size;
	frequent->text_size = needed;
	return at;
}

struct frequent_entry *frequent_add(
	struct frequent *frequent, const char *text, size_t size, uint64_t hash, uint8_t class)
{
	if (frequent->count == frequent->room) {
		const size_t twice = 2 * frequent->room;
		grow(frequent, twice < frequent->entries_max ? twice : frequent->entries_max);
	}
	struct frequent_entry *entry = &frequent->entries[frequent->count];
	*entry = (struct frequent_entry){.hash = hash,
		.word = hash_word(text, size),
		.text = keep_text(frequent, text, frequent_kept(size)),
		.size = (uint32_t)size,
		.class = class};
	size_t at = hash & frequent->mask;
	while (frequent->slots[at])
		at = (at + 1) & frequent->mask;
	frequent->slots[at] = (uint32_t)(hash >> 48 << 16) | (uint32_t)++frequent->count;
	return entry;
}

void frequent_filter(struct frequent *frequent,
	bool (*keep)(const struct frequent_entry *entry, void *context), void *context)
{
	size_t kept = 0, size = 0;
	/* Entries are in the order of their texts, so that texts only move down. */
	for (size_t i = 0; i < frequent->count; i++) {
		struct frequent_entry entry = frequent->entries[i];
		if (!keep(&entry, context))
			continue;
		const size_t bytes = frequent_kept(entry.size);
		memmove(frequent->texts + size, frequent->texts + entry.text, bytes);
		entry.text = (uint32_t)size;
		size += bytes;
		frequent->entries[kept++] = entry;
	}
	frequent->count = kept;
	frequent->text_size = size;
	index_all(frequent);
}

static int compare_counts(const void *left, const void *right)
{
	const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
	return (a > b) - (a < b);
}

/* Where nearly all texts differ, as in a column of ids, most occurred once and nothing needs sorting. */
static int64_t median_count(const struct frequent *frequent)
{
	size_t single = 0;
	for (size_t i = 0; i < frequent->count; i++)
		single += frequent->entries[i].count == 1;
	if (single > frequent->count / 2)
		return 1;
	int64_t *counts = resized(NULL, frequent->count * sizeof(*counts));
	for (size_t i = 0; i < frequent->count; i++)
		counts[i] = frequent->entries[i].count;
	qsort(counts, frequent->count, sizeof(*counts), compare_counts);
	const int64_t median = counts[frequent->count / 2];
	free(counts);
	return median;
}

static bool has_more(const struct frequent_entry *entry, void *context)
{
	const int64_t *taken = context;
	return entry->count > *taken;
}

void frequent_purge(struct frequent *frequent)
{
	if (frequent->count == 0)
		return;
	int64_t taken = median_count(frequent);
	frequent_filter(frequent, has_more, &taken);
	for (size_t i = 0; i < frequent->count; i++)
		frequent->entries[i].count -= taken;
	frequent->lost += taken;
}

void frequent_shrink(struct frequent *frequent, size_t entries_max)
{
	if (entries_max >= frequent->entries_max)
		return;
	frequent->entries_max = entries_max;
	while (frequent->count >= entries_max)
		frequent_purge(frequent);
	grow(frequent, entries_max);
}
