/* Buffers: growing, clearing, taking. */
#include "base/buffer.h"

#include "cases.h"

static void it_grows_and_keeps_what_it_has(void **state)
{
	(void)state;
	struct buffer buffer = {0};
	assert_string_equal(buffer_string(&buffer), "");
	for (int i = 0; i < 10000; i++)
		buffer_print(&buffer, "%d,", i % 10);
	assert_int_equal(buffer.size, 20000);
	assert_memory_equal(buffer.bytes + 19980, "0,1,2,3,4,5,6,7,8,9,", 21);
	buffer_clear(&buffer);
	assert_string_equal(buffer_string(&buffer), "");
	buffer_add(&buffer, "a\0b", 3);
	assert_int_equal(buffer.size, 3);
	buffer_done(&buffer);
}

static void taking_leaves_it_empty(void **state)
{
	(void)state;
	struct buffer buffer = {0};
	char *nothing = buffer_take(&buffer);
	assert_string_equal(nothing, "");
	free(nothing);
	buffer_text(&buffer, "text");
	char *text = buffer_take(&buffer);
	assert_string_equal(text, "text");
	assert_null(buffer.bytes);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_grows_and_keeps_what_it_has),
		cmocka_unit_test(taking_leaves_it_empty),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
