/* Request ids are UUIDs. */
#include "command/request_id.h"

#include <ctype.h>
#include <string.h>

#include "cases.h"

static void an_id_is_a_random_uuid(void **state)
{
	(void)state;
	static const char form[] = "xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx";
	for (int i = 0; i < 1000; i++) {
		char id[REQUEST_ID_SIZE];
		request_id_new(id);
		assert_int_equal(strlen(id), sizeof(form) - 1);
		for (size_t at = 0; form[at]; at++) {
			if (form[at] == 'x')
				assert_true(
					isxdigit((unsigned char)id[at]) && !isupper((unsigned char)id[at]));
			else if (form[at] == 'v')
				assert_non_null(strchr("89ab", id[at]));
			else
				assert_int_equal(id[at], form[at]);
		}
	}
}

static void two_ids_differ(void **state)
{
	(void)state;
	char one[REQUEST_ID_SIZE], other[REQUEST_ID_SIZE];
	assert_string_not_equal(request_id_new(one), request_id_new(other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_is_a_random_uuid),
		cmocka_unit_test(two_ids_differ),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
