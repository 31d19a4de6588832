/* Arenas: alignment, zeroing, copies, large pieces. */
#include "base/arena.h"

#include "cases.h"

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	unsigned char *earlier = NULL;
	for (size_t size = 1; size < 5000; size += 37) {
		unsigned char *piece = arena_alloc(arena, size);
		assert_int_equal((uintptr_t)piece % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(piece[i], 0);
		memset(piece, 0xff, size);
		if (earlier)
			assert_int_equal(earlier[0], 0xff);
		earlier = piece;
	}
	arena_free(arena);
}

static void a_large_piece_leaves_room_in_the_block(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	char *small = arena_text(arena, "small");
	char *large = arena_alloc(arena, 10 << 20);
	large[(10 << 20) - 1] = 'x';
	assert_string_equal(small, "small");
	assert_string_equal(arena_text(arena, "after"), "after");
	arena_free(arena);
}

static void text_is_copied_and_printed(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	assert_string_equal(arena_text(arena, NULL), "");
	assert_string_equal(arena_print(arena, "%s-%d", "a", 7), "a-7");
	assert_memory_equal(arena_copy(arena, "a\0b", 3), "a\0b", 4);
	assert_true(arena_size(arena) >= 9);
	arena_free(arena);
	arena_free(NULL);
}

static void a_cleared_arena_is_as_new(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	arena_clear(arena);
	for (size_t large = 0; large < 3; large++) {
		for (size_t i = 0; i < large; i++)
			arena_text(arena, "small");
		memset(arena_raw(arena, 10 << 20), 0xff, 10 << 20);
		for (size_t i = 0; i < 5000; i++)
			memset(arena_raw(arena, 100), 0xff, 100);
		arena_clear(arena);
		assert_int_equal(arena_size(arena), 0);
		const unsigned char *piece = arena_alloc(arena, 3000);
		for (size_t i = 0; i < 3000; i++)
			assert_int_equal(piece[i], 0);
		assert_string_equal(arena_print(arena, "%d", 7), "7");
	}
	arena_free(arena);
}

static void text_that_does_not_fit_the_block_leaves_zeroes(void **state)
{
	(void)state;
	for (int taken = 0; taken < 2000; taken += 8) {
		struct arena *arena = arena_new();
		arena_alloc(arena, (size_t)taken);
		char *text = arena_print(arena, "%0500d", 7);
		assert_int_equal(strlen(text), 500);
		unsigned char *piece = arena_alloc(arena, 900);
		for (size_t i = 0; i < 900; i++)
			assert_int_equal(piece[i], 0);
		assert_int_equal(text[499], '7');
		arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
		cmocka_unit_test(a_large_piece_leaves_room_in_the_block),
		cmocka_unit_test(text_is_copied_and_printed),
		cmocka_unit_test(text_that_does_not_fit_the_block_leaves_zeroes),
		cmocka_unit_test(a_cleared_arena_is_as_new),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
