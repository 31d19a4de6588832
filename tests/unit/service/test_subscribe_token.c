/* Resume tokens: where they put a cursor, and when they are refused. */
#include "cases.h"

#include <string.h>

#include "service/subscribe.h"

enum {
	PARTITIONS = 70
};

struct fixture {
	struct arena *arena;
	struct store_identity identity;
	struct token_scope scope;
	struct store_head heads[PARTITIONS];
	uint64_t wanted[2];
	int64_t positions[PARTITIONS];
	struct hub_cursor cursor;
	struct fault fault;
};

/* Where the heads are, and where a token puts the cursor. */
static int64_t head_of(int partition)
{
	return (int64_t)1 << (partition % 62);
}

static void begin(struct fixture *fixture)
{
	*fixture = (struct fixture){.arena = arena_new(), .identity.partitions = PARTITIONS};
	fixture->scope = (struct token_scope){.identity = &fixture->identity, .purpose = TOKEN_RESUME};
	fixture->cursor = (struct hub_cursor){
		.partition_count = PARTITIONS, .wanted = fixture->wanted, .positions = fixture->positions};
	for (int i = 0; i < PARTITIONS; i++) {
		fixture->heads[i] = (struct store_head){i, head_of(i), head_of(i) / 4};
		fixture->positions[i] = head_of(i) - head_of(i) / 3;
		if (i % 3)
			fixture->wanted[i / 64] |= (uint64_t)1 << (i % 64);
	}
}

static enum fault_code apply(struct fixture *fixture, const char *token)
{
	return subscribe_token_apply(
		fixture->arena, &fixture->scope, token, fixture->heads, &fixture->cursor, &fixture->fault);
}

static const char *make(struct fixture *fixture)
{
	return subscribe_token_make(fixture->arena, &fixture->scope, &fixture->cursor);
}

/* The oldest token of a fault must itself work. */
static void oldest_works(struct fixture *fixture, const char *reason)
{
	assert_string_equal(fixture->fault.reason, reason);
	assert_int_equal(fixture->fault.fact_count, 1);
	assert_string_equal(fixture->fault.facts[0].key, "oldest_token");
	assert_int_equal(apply(fixture, fixture->fault.facts[0].value), FAULT_NONE);
	for (int i = 0; i < PARTITIONS; i++)
		if (hub_cursor_wants(&fixture->cursor, i))
			assert_int_equal(fixture->positions[i], fixture->heads[i].trimmed);
}

static void round_trip(struct fixture *fixture)
{
	const char *token = make(fixture);
	for (int i = 0; i < PARTITIONS; i++)
		fixture->positions[i] = -1;
	assert_int_equal(apply(fixture, token), FAULT_NONE);
	for (int i = 0; i < PARTITIONS; i++)
		assert_int_equal(fixture->positions[i], i % 3 ? head_of(i) - head_of(i) / 3 : -1);
}

static void at_the_bounds(struct fixture *fixture)
{
	fixture->positions[1] = fixture->heads[1].head;
	fixture->positions[2] = fixture->heads[2].trimmed;
	assert_int_equal(apply(fixture, make(fixture)), FAULT_NONE);
}

static void too_old(struct fixture *fixture)
{
	fixture->positions[67] = fixture->heads[67].trimmed - 1;
	int64_t before = fixture->positions[1];
	assert_int_equal(apply(fixture, make(fixture)), FAULT_OUT_OF_RANGE);
	assert_int_equal(fixture->positions[1], before);
	oldest_works(fixture, "RESUME_TOKEN_TOO_OLD");
}

static void ahead(struct fixture *fixture)
{
	fixture->positions[67] = fixture->heads[67].head + 1;
	assert_int_equal(apply(fixture, make(fixture)), FAULT_OUT_OF_RANGE);
	oldest_works(fixture, "RESUME_TOKEN_AHEAD");
}

static void unwanted(struct fixture *fixture)
{
	fixture->positions[66] = fixture->heads[66].head + 1;
	assert_int_equal(apply(fixture, make(fixture)), FAULT_NONE);
}

/* Signed, as only another version of the server could. */
static void other_payloads(struct fixture *fixture)
{
	static const struct {
		const char *bytes;
		size_t size;
	} payloads[] = {{"", 0}, {"\0", 1}, {"\3", 1}, {"\1", 1}, {"\1\5", 2}, {"\2\2", 2},
		{"\1\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12}};
	for (size_t i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
		const char *token =
			token_make(fixture->arena, &fixture->scope, payloads[i].bytes, payloads[i].size);
		assert_int_equal(apply(fixture, token), FAULT_INVALID);
		assert_string_equal(fixture->fault.reason, "RESUME_TOKEN_INVALID");
		assert_string_equal(fixture->fault.violations[0].field, "resume_token");
	}
}

static void longer_payload(struct fixture *fixture)
{
	uint8_t payload[PARTITIONS * 10] = {1};
	const char *token = token_make(fixture->arena, &fixture->scope, payload, sizeof(payload));
	assert_int_equal(apply(fixture, token), FAULT_INVALID);
}

static void other_filter(struct fixture *fixture)
{
	const char *token = make(fixture);
	fixture->scope.binding.bytes[0] ^= 1;
	assert_int_equal(apply(fixture, token), FAULT_INVALID);
	assert_string_equal(fixture->fault.reason, "RESUME_TOKEN_INVALID");
	assert_string_equal(fixture->fault.violations[0].field, "resume_token");
}

static void a_page_token(struct fixture *fixture)
{
	fixture->scope.purpose = TOKEN_PAGE;
	const char *token = make(fixture);
	fixture->scope.purpose = TOKEN_RESUME;
	assert_int_equal(apply(fixture, token), FAULT_INVALID);
}

struct row {
	const char *name;
	void (*run)(struct fixture *fixture);
};

static const struct row rows[] = {
	{"a token puts every wanted partition where it was", round_trip},
	{"the head and what is trimmed are places to resume at", at_the_bounds},
	{"a token before what is trimmed is too old, and the oldest is given", too_old},
	{"a token ahead of the head is refused, and the oldest is given", ahead},
	{"partitions that are not wanted do not matter", unwanted},
	{"a payload that says something else is refused", other_payloads},
	{"a payload that says more is refused", longer_payload},
	{"another filter's token is refused", other_filter},
	{"a page token is refused", a_page_token},
};

static void check(void **state)
{
	const struct row *row = *state;
	struct fixture fixture;
	begin(&fixture);
	fixture.scope.identity = &fixture.identity;
	row->run(&fixture);
	arena_free(fixture.arena);
}

int main(void)
{
	return CASES_RUN(rows, check);
}
