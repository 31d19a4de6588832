/* What tally_error says of a call's end. */
#include "error.h"

#include <stdio.h>
#include <string.h>

#include "cases.h"
#include "google/rpc/status.pb-c.h"

static const struct name_row {
	const char *name;
	int code;
	const char *expected;
} name_rows[] = {
	{"code 0 is OK", 0, "OK"},
	{"code 5 is NOT_FOUND", 5, "NOT_FOUND"},
	{"code 11 is OUT_OF_RANGE", 11, "OUT_OF_RANGE"},
	{"code 14 is UNAVAILABLE", 14, "UNAVAILABLE"},
	{"code 16 is UNAUTHENTICATED", 16, "UNAUTHENTICATED"},
	{"a code that gRPC has not is UNKNOWN", 17, "UNKNOWN"},
	{"a negative code is UNKNOWN", -1, "UNKNOWN"},
};

static void check_name(void **state)
{
	const struct name_row *row = *state;
	assert_string_equal(tally_code_name(row->code), row->expected);
}

static void long_message_is_cut_at_a_characters_end(void **state)
{
	(void)state;
	char text[2000];
	for (size_t i = 0; i < sizeof(text); i += 2)
		memcpy(text + i, "\xC3\xA9", 2); /* two bytes each, and the capacity for text is odd */
	struct tally_error error;
	error_set(&error, 3, text, sizeof(text));
	assert_int_equal(error.code, 3);
	assert_int_equal(strlen(error.message), 1022);
}

static void nothing_is_left_of_an_earlier_error(void **state)
{
	(void)state;
	struct tally_error error;
	memset(&error, 0x55, sizeof(error));
	error_set(&error, 0, NULL, 0);
	static const struct tally_error zero;
	assert_memory_equal(&error, &zero, sizeof(error));
}

enum {
	VIOLATIONS = 12,
	FACTS = 10,
	PACKED_MAX = 16384,
};

/* Packs a message into an Any. */
static void wrap(Google__Protobuf__Any *any, const char *url, const ProtobufCMessage *message, uint8_t *space)
{
	google__protobuf__any__init(any);
	any->type_url = (char *)(uintptr_t)url;
	any->value.len = protobuf_c_message_pack(message, space);
	any->value.data = space;
}

struct details {
	Google__Rpc__ErrorInfo info;
	Google__Rpc__ErrorInfo__MetadataEntry facts[FACTS], *fact_list[FACTS];
	Google__Rpc__BadRequest request;
	Google__Rpc__BadRequest__FieldViolation violations[VIOLATIONS], *violation_list[VIOLATIONS];
	char text[VIOLATIONS][48];
};

static void fill_facts(struct details *details, size_t count)
{
	google__rpc__error_info__init(&details->info);
	details->info.reason = (char *)(uintptr_t) "ETAG_MISMATCH";
	details->info.n_metadata = count;
	details->info.metadata = details->fact_list;
	for (size_t i = 0; i < count; i++) {
		google__rpc__error_info__metadata_entry__init(&details->facts[i]);
		snprintf(details->text[i], sizeof(details->text[i]), "descriptors[%zu].name", i);
		details->facts[i].key = (char *)(uintptr_t) "etag";
		details->facts[i].value = details->text[i];
		details->fact_list[i] = &details->facts[i];
	}
}

static void fill_violations(struct details *details, size_t count)
{
	google__rpc__bad_request__init(&details->request);
	details->request.n_field_violations = count;
	details->request.field_violations = details->violation_list;
	for (size_t i = 0; i < count; i++) {
		google__rpc__bad_request__field_violation__init(&details->violations[i]);
		snprintf(details->text[i], sizeof(details->text[i]), "descriptors[%zu].name", i);
		details->violations[i].field = details->text[i];
		details->violations[i].description = (char *)(uintptr_t) "must be an id";
		details->violation_list[i] = &details->violations[i];
	}
}

static size_t pack_status(Google__Protobuf__Any *any, size_t count, uint8_t *out)
{
	Google__Protobuf__Any *list[2] = {&any[0], &any[1]};
	Google__Rpc__Status status = GOOGLE__RPC__STATUS__INIT;
	status.n_details = count;
	status.details = list;
	return google__rpc__status__pack(&status, out);
}

static void details_give_reason_facts_and_violations(void **state)
{
	(void)state;
	static uint8_t packed[PACKED_MAX], first[PACKED_MAX], second[PACKED_MAX];
	struct details details;
	Google__Protobuf__Any any[2];
	fill_facts(&details, 2);
	wrap(&any[0], "type.googleapis.com/google.rpc.ErrorInfo", &details.info.base, first);
	fill_violations(&details, 3);
	wrap(&any[1], "type.googleapis.com/google.rpc.BadRequest", &details.request.base, second);
	struct tally_error error;
	error_set(&error, 10, "no", 2);
	error_details(&error, packed, pack_status(any, 2, packed));
	assert_string_equal(error.message, "no");
	assert_string_equal(error.reason, "ETAG_MISMATCH");
	assert_int_equal(error.fact_count, 2);
	assert_string_equal(error.facts[0].key, "etag");
	assert_string_equal(error.facts[1].value, "descriptors[1].name");
	assert_int_equal(error.violation_count, 3);
	assert_string_equal(error.violations[2].field, "descriptors[2].name");
	assert_string_equal(error.violations[2].description, "must be an id");
}

static void more_details_than_there_is_room_for_are_left_out(void **state)
{
	(void)state;
	static uint8_t packed[PACKED_MAX], first[PACKED_MAX], second[PACKED_MAX];
	struct details details;
	Google__Protobuf__Any any[2];
	fill_facts(&details, FACTS);
	wrap(&any[0], "type.googleapis.com/google.rpc.ErrorInfo", &details.info.base, first);
	fill_violations(&details, VIOLATIONS);
	wrap(&any[1], "type.googleapis.com/google.rpc.BadRequest", &details.request.base, second);
	struct tally_error error;
	error_set(&error, 3, "no", 2);
	error_details(&error, packed, pack_status(any, 2, packed));
	assert_int_equal(error.fact_count, 8);
	assert_int_equal(error.violation_count, 8);
	assert_string_equal(error.violations[7].field, "descriptors[7].name");
}

static void bytes_that_are_not_details_change_nothing(void **state)
{
	(void)state;
	static uint8_t packed[PACKED_MAX];
	Google__Protobuf__Any any[2] = {GOOGLE__PROTOBUF__ANY__INIT, GOOGLE__PROTOBUF__ANY__INIT};
	any[0].type_url = (char *)(uintptr_t) "type.googleapis.com/google.rpc.ErrorInfo";
	any[0].value.len = 3;
	any[0].value.data = (uint8_t *)(uintptr_t) "\xff\xff\xff";
	any[1].type_url = (char *)(uintptr_t) "type.googleapis.com/google.rpc.Unheard";
	struct tally_error error;
	error_set(&error, 3, "no", 2);
	struct tally_error before = error;
	error_details(&error, "\xff\x01\x02", 3);
	error_details(&error, packed, pack_status(any, 2, packed));
	assert_memory_equal(&error, &before, sizeof(error));
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(name_rows) + 5];
	size_t count = CASES_ADD(tests, 0, name_rows, check_name);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(long_message_is_cut_at_a_characters_end);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(nothing_is_left_of_an_earlier_error);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(details_give_reason_facts_and_violations);
	tests[count++] =
		(struct CMUnitTest)cmocka_unit_test(more_details_than_there_is_room_for_are_left_out);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(bytes_that_are_not_details_change_nothing);
	return CASES_RUN_ALL(tests, count);
}
