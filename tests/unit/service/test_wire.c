/* What is refused before protobuf-c sees it, and which field is named. */
#include "service/wire.h"

#include "cases.h"
#include "google/protobuf/descriptor.pb-c.h"
#include "tally/v1/descriptor_service.pb-c.h"
#include "tally/v1/mismatch_service.pb-c.h"
#include "tally/v1/system.pb-c.h"

#define PUSH          &tally__v1__push_descriptors_request__descriptor
#define FINDINGS      &tally__v1__list_findings_request__descriptor
#define CREATE        &tally__v1__create_system_request__descriptor
#define BYTES(text)   text, sizeof(text) - 1
#define INFINITE_BITS "\x00\x00\x00\x00\x00\x00\xf0\x7f"
#define NAN_BITS      "\x00\x00\x00\x00\x00\x00\xf8\x7f"
#define MINUS_BITS    "\x00\x00\x00\x00\x00\x00\xf0\xff"
#define ONE_BITS      "\x00\x00\x00\x00\x00\x00\xf0\x3f"

struct row {
	const char *name;
	const ProtobufCMessageDescriptor *type;
	const char *bytes;
	size_t size;
	const char *reason; /* NULL: let through */
	const char *field;  /* "" for the message itself */
	const char *offset;
};

static const struct row rows[] = {
	{"an empty message is fine", PUSH, BYTES(""), NULL, NULL, NULL},
	{"a known text is fine", PUSH,
		BYTES("\x0a\x03"
		      "abc"),
		NULL, NULL, NULL},
	{"text of several bytes for a character is fine", PUSH, BYTES("\x0a\x04\xf0\x9f\x9a\x80"), NULL, NULL,
		NULL},
	{"an unknown field is passed over", PUSH, BYTES("\xf8\x3f\x01\xfa\x3f\x01\xff"), NULL, NULL, NULL},
	{"an empty message inside is fine", PUSH, BYTES("\x12\x00"), NULL, NULL, NULL},
	{"a finite number is fine", PUSH, BYTES("\x12\x11\x32\x0f\x5a\x0d\x22\x0b\x11" ONE_BITS "\x50\x01"),
		NULL, NULL, NULL},
	{"a packed list of known values is fine", FINDINGS, BYTES("\x22\x02\x01\x08"), NULL, NULL, NULL},
	{"an unpacked list of known values is fine", FINDINGS, BYTES("\x20\x01\x20\x08"), NULL, NULL, NULL},
	{"a scalar that comes twice is fine", PUSH, BYTES("\x18\x01\x18\x00"), NULL, NULL, NULL},

	{"a tag that is cut off is malformed", PUSH, BYTES("\x0a\x01x\x80"), "MALFORMED_MESSAGE", "", "3"},
	{"field number 0 is malformed", PUSH, BYTES("\x02\x00"), "MALFORMED_MESSAGE", "", "0"},
	{"a tag above 32 bits is malformed", PUSH, BYTES("\xff\xff\xff\xff\x7f"), "MALFORMED_MESSAGE", "",
		"0"},
	{"a group is malformed", PUSH, BYTES("\x0b\x0c"), "MALFORMED_MESSAGE", "parent", "1"},
	{"an unknown group is malformed", PUSH, BYTES("\xfb\x3f\xfc\x3f"), "MALFORMED_MESSAGE", "", "2"},
	{"wire type 7 is malformed", PUSH, BYTES("\x0f"), "MALFORMED_MESSAGE", "parent", "1"},
	{"a length without its bytes is malformed", PUSH,
		BYTES("\x0a\x05"
		      "ab"),
		"MALFORMED_MESSAGE", "parent", "1"},
	{"a length that is cut off is malformed", PUSH, BYTES("\x0a\x85"), "MALFORMED_MESSAGE", "parent",
		"1"},
	{"a length above 2 GiB is malformed", PUSH, BYTES("\x0a\xff\xff\xff\xff\x0f"), "MALFORMED_MESSAGE",
		"parent", "1"},
	{"a number that never ends is malformed", PUSH,
		BYTES("\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), "MALFORMED_MESSAGE",
		"validate_only", "1"},
	{"a double that is cut off is malformed", PUSH,
		BYTES("\x12\x0a\x32\x08\x5a\x06\x22\x04\x11\x00\x00\x00"), "MALFORMED_MESSAGE",
		"descriptors[0].trained_model.output_spec[0].item_specification.min_value", "9"},
	{"text where a message belongs is malformed", PUSH, BYTES("\x12\x05hello"), "MALFORMED_MESSAGE",
		"descriptors[0].etag", NULL},
	{"a number where text belongs is malformed", PUSH, BYTES("\x08\x01"), "MALFORMED_MESSAGE", "parent",
		"1"},
	{"text where a number belongs is malformed", PUSH, BYTES("\x1a\x01x"), "MALFORMED_MESSAGE",
		"validate_only", "2"},
	{"a message that belongs once but comes twice is malformed", CREATE, BYTES("\x12\x00\x12\x00"),
		"MALFORMED_MESSAGE", "system", "4"},
	{"a packed list that is cut off is malformed", FINDINGS, BYTES("\x22\x02\x01\x80"),
		"MALFORMED_MESSAGE", "kinds[1]", "3"},

	{"text that is not UTF-8 is named by its path", PUSH,
		BYTES("\x12\x00\x12\x08\x32\x06\x5a\x04\x1a\x02"
		      "A\xff"),
		"NOT_UTF8", "descriptors[1].trained_model.output_spec[0].item_type", "11"},
	{"a NUL in text is refused", PUSH,
		BYTES("\x0a\x03"
		      "a\x00"
		      "b"),
		"NOT_UTF8", "parent", "3"},
	{"a surrogate is refused", PUSH, BYTES("\x0a\x03\xed\xa0\x80"), "NOT_UTF8", "parent", "2"},
	{"a longer form than needed is refused", PUSH, BYTES("\x0a\x02\xc0\xaf"), "NOT_UTF8", "parent", "2"},
	{"text that stops inside a character is refused", PUSH, BYTES("\x0a\x01\xc3"), "NOT_UTF8", "parent",
		"2"},
	{"the second of a list is named", FINDINGS, BYTES("\x2a\x01x\x2a\x01\xff"), "NOT_UTF8",
		"rule_classes[1]", "5"},
	{"a map's value is named", CREATE, BYTES("\x12\x0c\x4a\x00\x4a\x08\x0a\x03key\x12\x01\xff"),
		"NOT_UTF8", "system.labels[1].value", "13"},
	{"a map's key is named", CREATE, BYTES("\x12\x05\x4a\x03\x0a\x01\xff"), "NOT_UTF8",
		"system.labels[0].key", "6"},

	{"NaN is refused", PUSH, BYTES("\x12\x0f\x32\x0d\x5a\x0b\x22\x09\x11" NAN_BITS), "NOT_FINITE",
		"descriptors[0].trained_model.output_spec[0].item_specification.min_value", "9"},
	{"Infinity is refused", PUSH, BYTES("\x12\x0f\x32\x0d\x5a\x0b\x22\x09\x19" INFINITE_BITS),
		"NOT_FINITE", "descriptors[0].trained_model.output_spec[0].item_specification.max_value",
		"9"},
	{"-Infinity is refused", PUSH, BYTES("\x12\x0f\x32\x0d\x5a\x0b\x22\x09\x11" MINUS_BITS), "NOT_FINITE",
		"descriptors[0].trained_model.output_spec[0].item_specification.min_value", "9"},

	{"an enum value that is not known is refused", FINDINGS, BYTES("\x38\x04"), "UNKNOWN_ENUM_VALUE",
		"min_severity", "1"},
	{"a negative enum value is refused", FINDINGS, BYTES("\x38\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
		"UNKNOWN_ENUM_VALUE", "min_severity", "1"},
	{"an unknown value in a packed list is named", FINDINGS, BYTES("\x22\x03\x01\x02\x09"),
		"UNKNOWN_ENUM_VALUE", "kinds[2]", "4"},
	{"an unknown value in an unpacked list is named", FINDINGS, BYTES("\x20\x01\x20\x09"),
		"UNKNOWN_ENUM_VALUE", "kinds[1]", "3"},
};

static const char *fact(const struct fault *fault, const char *key)
{
	for (size_t i = 0; i < fault->fact_count; i++)
		if (strcmp(fault->facts[i].key, key) == 0)
			return fault->facts[i].value;
	return "";
}

/* The bytes are given in an allocation of their size, so that AddressSanitizer sees a read past them. */
static bool run(const ProtobufCMessageDescriptor *type, const void *bytes, size_t size, struct fault *fault)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);
	assert_non_null(copy);
	memcpy(copy, bytes, size);
	bool fine = wire_check(type, copy, size, fault);
	free(copy);
	return fine;
}

static void check(void **state)
{
	const struct row *row = *state;
	struct fault fault = {0};
	bool fine = run(row->type, row->bytes, row->size, &fault);
	if (!row->reason) {
		assert_true(fine);
		assert_int_equal(fault.code, FAULT_NONE);
		return;
	}
	assert_false(fine);
	assert_int_equal(fault.code, FAULT_INVALID);
	assert_string_equal(fault.reason, row->reason);
	assert_int_equal(fault.violation_count, row->field[0] ? 1 : 0);
	if (row->field[0])
		assert_string_equal(fault.violations[0].field, row->field);
	if (row->offset)
		assert_string_equal(fact(&fault, "offset"), row->offset);
	assert_true(strlen(fault.message) > 10);
}

/* No message of ours contains itself; a descriptor of messages does. */
static bool nested(int depth, struct fault *fault)
{
	uint8_t bytes[256];
	size_t at = sizeof(bytes);
	for (int i = 1; i < depth; i++) {
		bytes[at - 1] = (uint8_t)(sizeof(bytes) - at);
		bytes[at - 2] = 0x1a;
		at -= 2;
	}
	return run(&google__protobuf__descriptor_proto__descriptor, bytes + at, sizeof(bytes) - at, fault);
}

static void depth(void **state)
{
	(void)state;
	struct fault fault = {0};
	assert_true(nested(WIRE_DEPTH_MAX, &fault));
	assert_false(nested(WIRE_DEPTH_MAX + 1, &fault));
	assert_string_equal(fault.reason, "TOO_DEEP");
	assert_int_equal(fault.violation_count, 1);
}

/* @return a message of `count` times the same two bytes; free() */
static uint8_t *many(size_t count, uint8_t first, uint8_t second)
{
	uint8_t *bytes = malloc(count * 2);
	assert_non_null(bytes);
	for (size_t i = 0; i < count * 2; i += 2) {
		bytes[i] = first;
		bytes[i + 1] = second;
	}
	return bytes;
}

static void counts(void **state)
{
	(void)state;
	struct fault fault = {0};
	size_t count = WIRE_VALUES_MAX + 1;
	uint8_t *bytes = many(count, 0x18, 1);
	assert_false(run(PUSH, bytes, count * 2, &fault));
	assert_string_equal(fault.reason, "TOO_MANY_VALUES");
	free(bytes);
}

/* 0x12 0x00: an empty descriptor, two bytes that take hundreds. */
static void memory(void **state)
{
	(void)state;
	struct fault fault = {0};
	size_t count = 100000;
	uint8_t *bytes = many(count, 0x12, 0);
	assert_true(run(PUSH, bytes, 100 * 2, &fault));
	assert_false(run(PUSH, bytes, count * 2, &fault));
	assert_string_equal(fault.reason, "TOO_MANY_VALUES");
	free(bytes);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + 3];
	size_t count = CASES_ADD(tests, 0, rows, check);
	tests[count++] =
		(struct CMUnitTest){"32 levels are fine and 33 are too deep", depth, NULL, NULL, NULL};
	tests[count++] = (struct CMUnitTest){"a million values is the most", counts, NULL, NULL, NULL};
	tests[count++] =
		(struct CMUnitTest){"memory is bounded by the message's size", memory, NULL, NULL, NULL};
	return CASES_RUN_ALL(tests, count);
}
