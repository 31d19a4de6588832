/* Both forms of the scanner find the same marks. */
#include "profile/scan.h"

#include "cases.h"

#include "random.h"

static void every_place_is_found(void **state)
{
	(void)state;
	const struct scan_marks marks = {',', '\n', '"'};
	char bytes[SCAN_WIDTH];
	for (unsigned i = 0; i < SCAN_WIDTH; i++) {
		for (unsigned j = 0; j < SCAN_WIDTH; j++)
			bytes[j] = 'x';
		bytes[i] = ",\n\""[i % 3];
		assert_true(scan(bytes, &marks) == UINT64_C(1) << i);
		assert_true(scan_plain(bytes, &marks) == UINT64_C(1) << i);
	}
}

static void random_bytes_have_the_same_marks(void **state)
{
	(void)state;
	for (int i = 0; i < 20000; i++) {
		char bytes[SCAN_WIDTH];
		const struct scan_marks marks = {(char)random_bits(), '\n', (char)random_bits()};
		for (unsigned j = 0; j < SCAN_WIDTH; j++)
			bytes[j] = (char)(random_bits() % (i % 2 ? 256 : 16));
		assert_true(scan(bytes, &marks) == scan_plain(bytes, &marks));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_place_is_found),
		cmocka_unit_test(random_bytes_have_the_same_marks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
