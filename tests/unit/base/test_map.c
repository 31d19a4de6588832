/* The map against a plain array, on random histories. */
#include "base/map.h"

#include "cases.h"

enum {
	KEYS = 300,
	STEPS = 200000,
};

static void it_agrees_with_an_array(void **state)
{
	(void)state;
	static char names[KEYS][16];
	static void *values[KEYS];
	size_t held = 0;
	struct map map = {0};
	uint32_t random = 1;
	for (int i = 0; i < KEYS; i++)
		snprintf(names[i], sizeof(names[i]), "key-%d", i);
	for (int step = 0; step < STEPS; step++) {
		random = random * 1664525u + 1013904223u;
		int key = (int)((random >> 8) % KEYS);
		void *value = &names[(random >> 20) % KEYS];
		if (random >> 31) {
			assert_ptr_equal(map_put(&map, names[key], value), values[key]);
			held += !values[key];
			values[key] = value;
		} else {
			assert_ptr_equal(map_remove(&map, names[key]), values[key]);
			held -= values[key] != NULL;
			values[key] = NULL;
		}
		assert_int_equal(map.count, held);
		int other = (int)((random >> 12) % KEYS);
		assert_ptr_equal(map_get(&map, names[other]), values[other]);
	}
	size_t walked = 0;
	size_t at = 0;
	while (map_next(&map, &at))
		walked++;
	assert_int_equal(walked, held);
	map_done(&map);
}

static void an_empty_map_has_nothing(void **state)
{
	(void)state;
	struct map map = {0};
	size_t at = 0;
	assert_null(map_get(&map, "x"));
	assert_null(map_remove(&map, "x"));
	assert_null(map_next(&map, &at));
	map_done(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_agrees_with_an_array),
		cmocka_unit_test(an_empty_map_has_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
