/* Differences between versions: what comes back is what went in, or nothing. */
#include "model/difference.h"

#include "cases.h"

enum {
	SIZE = 8192,
};

/* Texts without repetitions, so that only the base can make a difference small. */
static void noise(uint8_t *bytes, size_t size, uint64_t dice)
{
	for (size_t i = 0; i < size; i++) {
		dice = dice * 6364136223846793005U + 1442695040888963407U;
		bytes[i] = (uint8_t)(dice >> 56);
	}
}

struct edit_row {
	const char *name;
	size_t base_size;
	size_t at, gone, added; /* bytes are replaced there */
	size_t small;           /* the difference is no larger; 0: it is stored whole */
};

static const struct edit_row edits[] = {
	{"the same bytes", SIZE, 0, 0, 0, 64},
	{"a few bytes in the middle", SIZE, SIZE / 2, 12, 12, 100},
	{"bytes that were added in front", SIZE, 0, 0, 100, 200},
	{"bytes that are missing at the end", SIZE, SIZE - 100, 100, 0, 64},
	{"a quarter that is new", SIZE, 1000, SIZE / 4, SIZE / 4, SIZE / 3},
	{"three quarters that are new", SIZE, 1000, 3 * SIZE / 4, 3 * SIZE / 4, 0},
	{"the smallest base", MODEL_BASE_MIN, 100, 12, 12, 100},
	{"bytes below the smallest size", MODEL_BASE_MIN, 100, 13, 12, 0},
	{"the largest base", MODEL_BASE_MAX, MODEL_BASE_MAX - 100, 12, 12, MODEL_BASE_MAX / 4},
	{"bytes above the largest size", MODEL_BASE_MAX, 100, 12, 13, 0},
};

static uint8_t *edited(struct arena *arena, const struct edit_row *row, const uint8_t *base, size_t *size)
{
	*size = row->base_size - row->gone + row->added;
	uint8_t *bytes = arena_alloc(arena, *size);
	size_t rest = row->at + row->gone;
	memcpy(bytes, base, row->at);
	noise(bytes + row->at, row->added, 2);
	memcpy(bytes + row->at + row->added, base + rest, row->base_size - rest);
	return bytes;
}

static void check_edit(void **state)
{
	const struct edit_row *row = *state;
	struct arena *arena = arena_new();
	uint8_t *first = arena_alloc(arena, row->base_size);
	noise(first, row->base_size, 1);
	struct model_base *base = model_base_new(7, first, row->base_size);
	size_t size, small, again_size;
	uint8_t *bytes = edited(arena, row, first, &size);
	void *difference = model_difference(arena, base, bytes, size, &small);
	assert_int_equal(difference != NULL, row->small > 0);
	if (difference) {
		assert_in_range(small, 1, row->small);
		void *again =
			model_difference_apply(arena, first, row->base_size, difference, small, &again_size);
		assert_non_null(again);
		assert_int_equal(again_size, size);
		assert_memory_equal(again, bytes, size);
	}
	model_base_unref(base);
	arena_free(arena);
}

/* ---- what is no difference ---- */

struct damage {
	struct arena *arena;
	uint8_t base[SIZE];
	uint8_t *difference;
	size_t size;
};

static struct damage *damage_new(void)
{
	struct arena *arena = arena_new();
	struct damage *damage = arena_alloc(arena, sizeof(*damage));
	damage->arena = arena;
	noise(damage->base, SIZE, 1);
	struct model_base *base = model_base_new(1, damage->base, SIZE);
	uint8_t bytes[SIZE];
	memcpy(bytes, damage->base, SIZE);
	bytes[SIZE / 2] ^= 1;
	damage->difference = model_difference(arena, base, bytes, SIZE, &damage->size);
	assert_non_null(damage->difference);
	model_base_unref(base);
	return damage;
}

static void *apply(const struct damage *damage, size_t size)
{
	size_t made;
	return model_difference_apply(damage->arena, damage->base, SIZE, damage->difference, size, &made);
}

static void another_base_is_noticed(void **state)
{
	struct damage *damage = damage_new();
	(void)state;
	assert_non_null(apply(damage, damage->size));
	damage->base[100] ^= 1;
	assert_null(apply(damage, damage->size));
	arena_free(damage->arena);
}

static void every_wrong_byte_is_noticed(void **state)
{
	struct damage *damage = damage_new();
	size_t unnoticed = 0;
	(void)state;
	for (size_t i = 0; i < damage->size; i++) {
		damage->difference[i] ^= 0x55;
		unnoticed += apply(damage, damage->size) != NULL;
		damage->difference[i] ^= 0x55;
	}
	assert_int_equal(unnoticed, 0);
	arena_free(damage->arena);
}

static void every_cut_is_noticed(void **state)
{
	struct damage *damage = damage_new();
	(void)state;
	for (size_t size = 0; size < damage->size; size++)
		assert_null(apply(damage, size));
	arena_free(damage->arena);
}

static void bytes_that_are_no_base_are_not_kept(void **state)
{
	uint8_t bytes[MODEL_BASE_MIN] = {0};
	(void)state;
	assert_null(model_base_new(1, bytes, sizeof(bytes) - 1));
	struct model_base *base = model_base_ref(model_base_new(1, bytes, sizeof(bytes)));
	assert_in_range(model_base_memory(base), sizeof(bytes), 2 * sizeof(bytes));
	assert_int_equal(model_base_version(base), 1);
	model_base_unref(base);
	model_base_unref(base);
	model_base_unref(NULL);
	assert_null(model_base_ref(NULL));
	assert_int_equal(model_base_memory(NULL), 0);
}

int main(void)
{
	const struct CMUnitTest others[] = {
		cmocka_unit_test(another_base_is_noticed),
		cmocka_unit_test(every_wrong_byte_is_noticed),
		cmocka_unit_test(every_cut_is_noticed),
		cmocka_unit_test(bytes_that_are_no_base_are_not_kept),
	};
	int failed = CASES_RUN(edits, check_edit);
	return failed + cmocka_run_group_tests(others, NULL, NULL);
}
