/* Base64: the RFC's own examples, any bytes there and back, and what is none. */
#include "codec/base64.h"

#include "cases.h"

#include <string.h>

struct row {
	const char *name;
	const char *bytes; /* NULL: the text is refused */
	size_t size;
	const char *text;
};

static void check(void **state)
{
	const struct row *row = *state;
	char bytes[100];
	size_t size = 77;
	if (!row->bytes) {
		assert_false(base64_read(row->text, bytes, &size));
		assert_int_equal(size, 77);
		return;
	}
	char *text = base64_text(row->bytes, row->size);
	assert_string_equal(text, row->text);
	assert_true(base64_read(text, bytes, &size));
	assert_int_equal(size, row->size);
	assert_memory_equal(bytes, row->bytes, size);
	free(text);
}

static const struct row rows[] = {
	{"nothing is nothing", "", 0, ""},
	{"one byte has two marks of padding", "f", 1, "Zg=="},
	{"two bytes have one", "fo", 2, "Zm8="},
	{"three have none", "foo", 3, "Zm9v"},
	{"four begin anew", "foob", 4, "Zm9vYg=="},
	{"five too", "fooba", 5, "Zm9vYmE="},
	{"six too", "foobar", 6, "Zm9vYmFy"},
	{"bytes of value 0 are bytes", "\0\0", 2, "AAA="},
	{"all bits are kept", "\xff\xfe\xfd", 3, "//79"},
	{"a length that is no multiple of 4 is refused", NULL, 0, "Zm9"},
	{"a length of 1 is refused", NULL, 0, "Z"},
	{"other characters are refused", NULL, 0, "Zm9*"},
	{"the alphabet for addresses is refused", NULL, 0, "__79"},
	{"blanks are refused", NULL, 0, " Zg="},
	{"lines are refused", NULL, 0, "Zm9v\nZm9"},
	{"padding in the middle is refused", NULL, 0, "Zg==Zm9v"},
	{"padding alone is refused", NULL, 0, "===="},
};

static void any_bytes_come_back(void **state)
{
	(void)state;
	unsigned char bytes[256], back[400];
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(i * 167 + 13);
	for (size_t size = 0; size <= sizeof(bytes); size++) {
		size_t read;
		char *text = base64_text(bytes, size);
		assert_int_equal(strlen(text), (size + 2) / 3 * 4);
		assert_true(base64_read(text, back, &read));
		assert_int_equal(read, size);
		assert_memory_equal(back, bytes, size);
		free(text);
	}
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + 1];
	size_t count = CASES_ADD(tests, 0, rows, check);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(any_bytes_come_back);
	return CASES_RUN_ALL(tests, count);
}
