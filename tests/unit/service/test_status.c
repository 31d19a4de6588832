/* Every fault's way to the peer: code, ErrorInfo and BadRequest, unpacked again. */
#include "service/service.h"

#include "cases.h"
#include "google/rpc/status.pb-c.h"
#include "model/message.h"

struct row {
	const char *name;
	enum fault_code fault;
	int code;
};

static const struct row rows[] = {
	{"invalid is INVALID_ARGUMENT", FAULT_INVALID, 3},
	{"out of range is OUT_OF_RANGE", FAULT_OUT_OF_RANGE, 11},
	{"not found is NOT_FOUND", FAULT_NOT_FOUND, 5},
	{"exists is ALREADY_EXISTS", FAULT_EXISTS, 6},
	{"conflict is ABORTED", FAULT_CONFLICT, 10},
	{"denied is PERMISSION_DENIED", FAULT_DENIED, 7},
	{"exhausted is RESOURCE_EXHAUSTED", FAULT_EXHAUSTED, 8},
	{"unavailable is UNAVAILABLE", FAULT_UNAVAILABLE, 14},
	{"uncertain is UNAVAILABLE", FAULT_UNCERTAIN, 14},
	{"timeout is DEADLINE_EXCEEDED", FAULT_TIMEOUT, 4},
	{"cancelled is CANCELLED", FAULT_CANCELLED, 1},
	{"unimplemented is UNIMPLEMENTED", FAULT_UNIMPLEMENTED, 12},
	{"internal is INTERNAL", FAULT_INTERNAL, 13},
};

_Static_assert(CASES_COUNT(rows) == FAULT_COUNT - 1, "every fault has its row");

struct told {
	struct arena *arena;
	int code;
	const char *message;
	size_t size;
	Google__Rpc__Status *status;
	Google__Rpc__ErrorInfo *info;
	Google__Rpc__BadRequest *request; /* NULL: none */
};

static void *open_any(struct arena *arena, const Google__Protobuf__Any *any, const char *url,
	const ProtobufCMessageDescriptor *type)
{
	assert_string_equal(any->type_url, url);
	void *message = model_message_unpack(arena, type, any->value.data, any->value.len);
	assert_non_null(message);
	return message;
}

static struct told tell(const struct fault *fault)
{
	struct told told = {.arena = arena_new()};
	const void *details = NULL;
	service_status(fault, told.arena, &told.code, &told.message, &details, &told.size);
	told.status = model_message_unpack(told.arena, &google__rpc__status__descriptor, details, told.size);
	assert_non_null(told.status);
	assert_in_range(told.status->n_details, 1, 2);
	told.info = open_any(told.arena, told.status->details[0], "type.googleapis.com/google.rpc.ErrorInfo",
		&google__rpc__error_info__descriptor);
	if (told.status->n_details == 2)
		told.request = open_any(told.arena, told.status->details[1],
			"type.googleapis.com/google.rpc.BadRequest", &google__rpc__bad_request__descriptor);
	return told;
}

static void codes(void **state)
{
	const struct row *row = *state;
	struct fault fault;
	fault_set(&fault, row->fault, "SOME_REASON", "What happened to %s.", "fraud");
	fault_add(&fault, "system", "%s", "fraud");
	struct told told = tell(&fault);
	assert_int_equal(told.code, row->code);
	assert_int_equal(told.status->code, row->code);
	assert_string_equal(told.message, "What happened to fraud.");
	assert_string_equal(told.status->message, "What happened to fraud.");
	assert_string_equal(told.info->reason, "SOME_REASON");
	assert_string_equal(told.info->domain, "tally");
	assert_int_equal(told.info->n_metadata, 1);
	assert_string_equal(told.info->metadata[0]->key, "system");
	assert_string_equal(told.info->metadata[0]->value, "fraud");
	assert_null(told.request);
	arena_free(told.arena);
}

static void violations(void **state)
{
	(void)state;
	struct fault fault;
	fault_field(&fault, "NAME_INVALID", "descriptors[1].name", "must be so");
	fault_violate(&fault, "change_note", "must be short");
	struct told told = tell(&fault);
	assert_int_equal(told.code, 3);
	assert_string_equal(told.message, "descriptors[1].name: must be so");
	assert_non_null(told.request);
	assert_int_equal(told.request->n_field_violations, 2);
	assert_string_equal(told.request->field_violations[0]->field, "descriptors[1].name");
	assert_string_equal(told.request->field_violations[0]->description, "must be so");
	assert_string_equal(told.request->field_violations[1]->field, "change_note");
	assert_int_equal(told.info->n_metadata, 0);
	arena_free(told.arena);
}

static void many_violations(void **state)
{
	(void)state;
	struct fault fault;
	fault_field(&fault, "NAME_INVALID", "a", "wrong");
	for (int i = 0; i < 20; i++)
		fault_violate(&fault, "b", "wrong");
	struct told told = tell(&fault);
	assert_int_equal(told.request->n_field_violations, FAULT_VIOLATIONS_MAX);
	assert_string_equal(told.info->metadata[0]->key, "violation_count");
	assert_string_equal(told.info->metadata[0]->value, "21");
	arena_free(told.arena);
}

static void large(void **state)
{
	(void)state;
	struct fault fault;
	char text[1000];
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	fault_field(&fault, "NAME_INVALID", text, "%s", text);
	for (int i = 1; i < FAULT_VIOLATIONS_MAX; i++)
		fault_violate(&fault, text, "%s", text);
	for (int i = 0; i < FAULT_FACTS_MAX; i++)
		fault_add(&fault, "fact", "%s", text);
	struct told told = tell(&fault);
	assert_in_range(told.size, 1, 4096);
	assert_string_equal(told.info->reason, "NAME_INVALID");
	arena_free(told.arena);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + 3];
	size_t count = CASES_ADD(tests, 0, rows, codes);
	tests[count++] =
		(struct CMUnitTest){"violations arrive as a BadRequest", violations, NULL, NULL, NULL};
	tests[count++] = (struct CMUnitTest){
		"of many violations the number arrives", many_violations, NULL, NULL, NULL};
	tests[count++] = (struct CMUnitTest){"details fit in a peer's metadata", large, NULL, NULL, NULL};
	return CASES_RUN_ALL(tests, count);
}
