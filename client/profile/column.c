/* What a column keeps of its cells, and when it goes over to sketches. Knows no message and no file. */
#include "profile/column.h"

#include <string.h>

enum {
	TEXTS_MAX = 2048, /* frequent texts: their table stays near the processor */
};

void column_init(struct column *column, const char *name, const struct column_missing *missing,
	const struct column_limits *limits, enum column_wanted wanted)
{
	*column = (struct column){.missing_words = missing, .limits = *limits, .wanted = wanted};
	column->seed = hash_text(name, strlen(name)) | 1;
	frequent_init(&column->texts, limits->entries, limits->text_bytes);
}

void column_done(struct column *column)
{
	frequent_done(&column->texts);
	kll_done(&column->quantiles);
	hll_done(&column->distinct);
}

static bool is_missing(const struct column_missing *missing, const char *text, size_t size)
{
	if (size > missing->longest)
		return false;
	for (size_t i = 0; i < missing->count; i++) {
		if (strlen(missing->words[i]) == size && memcmp(missing->words[i], text, size) == 0)
			return true;
	}
	return false;
}

static enum column_class classify(const struct column *column, const char *text, size_t size, double *value)
{
	if (is_missing(column->missing_words, text, size))
		return COLUMN_MISSING;
	if (column->wanted == COLUMN_AS_TEXT)
		return COLUMN_TEXT;
	const enum decimal_class class = decimal_read(text, size, value);
	if (class == DECIMAL_TEXT && column->wanted == COLUMN_AS_NUMBER)
		return COLUMN_MISSING;
	return (enum column_class) class;
}

double column_value(const struct column *column, const struct frequent_entry *entry)
{
	double value = 0;
	decimal_read(column->texts.texts + entry->text, frequent_kept(entry->size), &value);
	return value;
}

void column_count(const struct column *column, int64_t *counts)
{
	memcpy(counts, column->present, sizeof(column->present));
	if (column->phase != COLUMN_COUNTING)
		return;
	for (size_t i = 0; i < column->texts.count; i++)
		counts[column->texts.entries[i].class] += column->texts.entries[i].count;
}

void column_settle(struct column *column)
{
	if (column->pending_count == 0)
		return;
	moments_add(&column->moments, column->pending, column->pending_count);
	kll_add(&column->quantiles, column->pending, column->pending_count);
	column->pending_count = 0;
}

/* What was counted becomes what the sketches know. */
static void leave_counting(struct column *column)
{
	int64_t counts[COLUMN_CLASSES];
	column_count(column, counts);
	memcpy(column->present, counts, sizeof(column->present));
	hll_init(&column->distinct, column->limits.bits);
	for (size_t i = 0; i < column->texts.count; i++) {
		if (column->texts.entries[i].class != COLUMN_MISSING)
			hll_add(&column->distinct, column->texts.entries[i].hash);
	}
	column->phase = counts[COLUMN_TEXT] > 0 ? COLUMN_TEXTS : COLUMN_NUMBERS;
}

static void start_numbers(struct column *column)
{
	kll_init(&column->quantiles, column->limits.k, column->seed);
	for (size_t i = 0; i < column->texts.count; i++) {
		const struct frequent_entry *entry = &column->texts.entries[i];
		if (entry->class != COLUMN_WHOLE && entry->class != COLUMN_FRACTION)
			continue;
		const double value = column_value(column, entry);
		moments_add_weighted(&column->moments, value, entry->count);
		kll_add_weighted(&column->quantiles, value, entry->count);
	}
	frequent_done(&column->texts);
}

static bool is_value(const struct frequent_entry *entry, void *context)
{
	(void)context;
	return entry->class != COLUMN_MISSING;
}

static void start_texts(struct column *column)
{
	/* Words for missing values would be counted among the texts. */
	frequent_filter(&column->texts, is_value, NULL);
	frequent_shrink(&column->texts, TEXTS_MAX);
}

/*
 * A text turned up late among numbers: it is a column of texts. The numbers
 * before it were not counted by text, so any count may lack as many.
 */
static void numbers_become_texts(struct column *column)
{
	column->phase = COLUMN_TEXTS;
	frequent_init(&column->texts, column->limits.entries, column->limits.text_bytes);
	frequent_shrink(&column->texts, TEXTS_MAX);
	for (unsigned class = COLUMN_WHOLE; class <= COLUMN_NOT_FINITE; class ++)
		column->texts.lost += column->present[class];
	kll_done(&column->quantiles);
	column->moments = (struct moments){0};
	column->pending_count = 0;
}

static bool add_text(struct column *column, const char *text, size_t size, uint64_t hash)
{
	double value;
	const enum column_class class = classify(column, text, size, &value);
	if (class == COLUMN_MISSING) {
		column->present[COLUMN_MISSING]++;
		return false;
	}
	hll_add(&column->distinct, hash);
	while (frequent_full(&column->texts, size))
		frequent_purge(&column->texts);
	frequent_add(&column->texts, text, size, hash, (uint8_t) class)->count = 1;
	return true;
}

static bool add_number(struct column *column, const char *text, size_t size, uint64_t hash)
{
	double value;
	enum column_class class = (enum column_class)decimal_read(text, size, &value);
	if (class == COLUMN_TEXT || column->missing_words->numeric || class == COLUMN_NOT_FINITE)
		class = classify(column, text, size, &value);
	if (class == COLUMN_TEXT) {
		numbers_become_texts(column);
		return add_text(column, text, size, hash);
	}
	column->present[class]++;
	if (class == COLUMN_MISSING)
		return false;
	hll_add(&column->distinct, hash);
	if (class == COLUMN_NOT_FINITE)
		return true;
	column->pending[column->pending_count++] = value;
	if (column->pending_count == COLUMN_PENDING)
		column_settle(column);
	return true;
}

static bool add_new(struct column *column, const char *text, size_t size, uint64_t hash);

static bool count_new(struct column *column, const char *text, size_t size, uint64_t hash)
{
	double value;
	const enum column_class class = classify(column, text, size, &value);
	if (!frequent_full(&column->texts, size)) {
		frequent_add(&column->texts, text, size, hash, (uint8_t) class)->count = 1;
		return class != COLUMN_MISSING;
	}
	leave_counting(column);
	if (class == COLUMN_TEXT)
		column->phase = COLUMN_TEXTS;
	if (column->phase == COLUMN_NUMBERS)
		start_numbers(column);
	else
		start_texts(column);
	return add_new(column, text, size, hash);
}

/* Adds a cell that is not in the table. @return is it a value? */
static bool add_new(struct column *column, const char *text, size_t size, uint64_t hash)
{
	switch (column->phase) {
	case COLUMN_COUNTING: return count_new(column, text, size, hash);
	case COLUMN_NUMBERS: return add_number(column, text, size, hash);
	default: return add_text(column, text, size, hash);
	}
}

static bool add_cell(struct column *column, const struct csv_cell *cell, uint64_t word, uint64_t hash)
{
	struct frequent_entry *entry = NULL;
	if (column->phase != COLUMN_NUMBERS)
		entry = frequent_find(&column->texts, cell->text, cell->size, word, hash);
	if (!entry)
		return add_new(column, cell->text, cell->size, hash);
	entry->count++;
	return entry->class != COLUMN_MISSING;
}

/* All hashes first: none of them waits for what another one finds. */
void column_add(
	struct column *column, const struct csv_cell *cells, size_t stride, size_t count, uint64_t *digests)
{
	uint64_t words[CSV_ROWS_MAX], hashes[CSV_ROWS_MAX];
	for (size_t i = 0; i < count; i++) {
		const struct csv_cell *cell = &cells[i * stride];
		words[i] = hash_word_padded(cell->text, cell->size);
		hashes[i] = hash_rest(words[i], cell->text, cell->size);
	}
	for (size_t i = 0; i < count; i++) {
		const struct csv_cell *cell = &cells[i * stride];
		if (cell->size == 0)
			column->present[COLUMN_MISSING]++;
		else if (add_cell(column, cell, words[i], hashes[i]) && digests)
			digests[i] += hash_mix(hashes[i] ^ column->seed, HASH_C);
	}
}
