/* The wire walker: fields, text, and that what is broken stops it. */
#include "import/protobuf_wire.h"

#include "cases.h"

#include <string.h>

#include "base/buffer.h"

struct row {
	const char *name;
	const char *bytes;
	size_t size;
	const char *expected;
};

static void write_field(struct buffer *out, const struct wire_field *field)
{
	buffer_print(out, "%u:", field->number);
	if (field->type == WIRE_BYTES)
		buffer_print(out, "%.*s ", (int)field->size, (const char *)field->bytes);
	else
		buffer_print(out, "%llu ", (unsigned long long)field->value);
}

static void check(void **state)
{
	const struct row *row = *state;
	/* Exactly as large, so that a read past the end is seen. */
	uint8_t *bytes = malloc(row->size ? row->size : 1);
	assert_non_null(bytes);
	memcpy(bytes, row->bytes, row->size);
	struct wire wire = wire_of(bytes, row->size);
	struct wire_field field;
	struct buffer got = {0};
	while (wire_next(&wire, &field))
		write_field(&got, &field);
	if (wire.broken)
		buffer_text(&got, "broken");
	assert_string_equal(buffer_string(&got), row->expected);
	buffer_done(&got);
	free(bytes);
}

#define BYTES(text) text, sizeof(text) - 1

static const struct row rows[] = {
	{"nothing has no field", BYTES(""), ""},
	{"a varint is read", BYTES("\x08\x96\x01"), "1:150 "},
	{"a text is read in place", BYTES("\x12\x02hi"), "2:hi "},
	{"fixed bits are little-endian", BYTES("\x0d\x01\x00\x00\x00"), "1:1 "},
	{"eight fixed bytes are read", BYTES("\x09\x02\x00\x00\x00\x00\x00\x00\x00"), "1:2 "},
	{"a group is skipped with what is in it", BYTES("\x0b\x10\x01\x0c\x18\x02"), "3:2 "},
	{"a group that does not end is broken", BYTES("\x0b\x10\x01"), "broken"},
	{"a group that ends twice is broken", BYTES("\x0c"), "broken"},
	{"a length beyond the end is broken", BYTES("\x12\x05hi"), "broken"},
	{"a length beyond all memory is broken", BYTES("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
		"broken"},
	{"a varint that does not end is broken", BYTES("\x08\xff"), "broken"},
	{"a varint of eleven bytes is broken", BYTES("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
		"broken"},
	{"cut fixed bits are broken", BYTES("\x0d\x01\x00"), "broken"},
	{"field number 0 is broken", BYTES("\x00\x01"), "broken"},
	{"an unknown wire type is broken", BYTES("\x0e\x01"), "broken"},
};

static void check_text(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct wire_field field = {.type = WIRE_BYTES, .bytes = (const uint8_t *)"ab\xff", .size = 2};
	assert_string_equal(wire_text(arena, &field), "ab");
	field.size = 3;
	assert_null(wire_text(arena, &field));
	field.size = 0;
	assert_string_equal(wire_text(arena, &field), "");
	arena_free(arena);
}

static void check_find(void **state)
{
	(void)state;
	struct wire_field field;
	assert_true(wire_find(wire_of("\x08\x01\x10\x02", 4), 2, &field));
	assert_int_equal(field.value, 2);
	assert_false(wire_find(wire_of("\x08\x01\x10\x02", 4), 3, &field));
}

static void check_packed(void **state)
{
	(void)state;
	struct wire wire = wire_of("\x01\x96\x01\x80", 4);
	uint64_t value;
	assert_true(wire_packed(&wire, &value) && value == 1);
	assert_true(wire_packed(&wire, &value) && value == 150);
	assert_false(wire_packed(&wire, &value));
	assert_true(wire.broken);
}

int main(void)
{
	static const struct row texts[] = {{"text is copied, and bytes that are none are not", "", 0, ""}};
	static const struct row finds[] = {{"a field is found by its number", "", 0, ""}};
	static const struct row packs[] = {{"packed varints come one by one", "", 0, ""}};
	struct CMUnitTest tests[CASES_COUNT(rows) + 3];
	size_t at = CASES_ADD(tests, 0, rows, check);
	at = CASES_ADD(tests, at, texts, check_text);
	at = CASES_ADD(tests, at, finds, check_find);
	at = CASES_ADD(tests, at, packs, check_packed);
	return CASES_RUN_ALL(tests, at);
}
