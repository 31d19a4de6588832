/* Moments: exact where they must be, and joined as if they had been one. */
#include "profile/moments.h"

#include "cases.h"

#include "random.h"

static void known_numbers_have_their_moments(void **state)
{
	static const double values[] = {2, 4, 4, 4, 5, 5, 7, 9};
	(void)state;
	struct moments moments = {0};
	moments_add(&moments, values, 8);
	assert_true(moments.mean == 5);
	assert_true(moments_deviation(&moments) == 2);
	assert_true(moments.min == 2 && moments.max == 9);
	assert_int_equal(moments.count, 8);
}

static void a_constant_deviates_by_nothing(void **state)
{
	(void)state;
	struct moments moments = {0};
	for (int i = 0; i < 1000; i++)
		moments_add(&moments, &(double){0.1}, 1);
	moments_add_weighted(&moments, 0.1, 77);
	assert_true(moments_deviation(&moments) == 0);
	assert_true(moments.mean == 0.1);
}

static void far_from_nothing_small_differences_count(void **state)
{
	(void)state;
	struct moments moments = {0};
	for (int i = 0; i < 1000; i++)
		moments_add(&moments, (double[]){1e9, 1e9 + 1}, 2);
	assert_true(fabs(moments_deviation(&moments) - 0.5) < 1e-9);
}

static void parts_join_to_the_whole(void **state)
{
	(void)state;
	double values[1000];
	struct moments whole = {0}, left = {0}, right = {0}, single = {0};
	for (size_t i = 0; i < 1000; i++)
		values[i] = 1e6 + random_normal();
	moments_add(&whole, values, 1000);
	moments_add(&left, values, 300);
	moments_add(&right, values + 300, 700);
	moments_join(&left, &right);
	for (size_t i = 0; i < 1000; i++)
		moments_add_weighted(&single, values[i], 1);
	assert_true(fabs(left.mean - whole.mean) < 1e-9 && fabs(single.mean - whole.mean) < 1e-9);
	assert_true(fabs(moments_deviation(&left) - moments_deviation(&whole)) < 1e-9);
	assert_true(fabs(moments_deviation(&single) - moments_deviation(&whole)) < 1e-9);
	assert_true(left.min == whole.min && left.max == whole.max);
}

static void joining_nothing_changes_nothing(void **state)
{
	(void)state;
	struct moments moments = {0};
	moments_join(&moments, &(struct moments){0});
	assert_int_equal(moments.count, 0);
	moments_add(&moments, NULL, 0);
	assert_int_equal(moments.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_numbers_have_their_moments),
		cmocka_unit_test(a_constant_deviates_by_nothing),
		cmocka_unit_test(far_from_nothing_small_differences_count),
		cmocka_unit_test(parts_join_to_the_whole),
		cmocka_unit_test(joining_nothing_changes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
