/* Sizes of pages, and tokens that are bound to their list. */
#include "service/pages.h"

#include "cases.h"
#include "tally/v1/mismatch_service.pb-c.h"
#include "tally/v1/system.pb-c.h"

static const struct store_identity identity = {.id = "6f1c2a34-0000-4000-8000-000000000001", .secret = {7}};
static const struct store_identity other_identity = {
	.id = "6f1c2a34-0000-4000-8000-000000000002", .secret = {8}};
static struct service service = {.identity = &identity, .max_message_bytes = 100000};
static Tally__V1__ListFindingsRequest plain = TALLY__V1__LIST_FINDINGS_REQUEST__INIT;

/* ---- sizes ---- */

struct size_row {
	const char *name;
	int32_t asked;
	size_t size; /* 0: refused */
};

static const struct size_row size_rows[] = {
	{"0 means 50", 0, 50},
	{"1 is 1", 1, 1},
	{"1000 is 1000", 1000, 1000},
	{"1001 means 1000", 1001, 1000},
	{"the largest number means 1000", INT32_MAX, 1000},
	{"-1 is refused", -1, 0},
	{"the smallest number is refused", INT32_MIN, 0},
};

static void check_sizes(void **state)
{
	const struct size_row *row = *state;
	struct arena *arena = arena_new();
	struct fault fault = {0};
	struct page page;
	struct page_request request = {"/a", &plain, row->asked, ""};
	bool good = page_open(arena, &service, &request, &page, &fault);
	assert_int_equal(good, row->size != 0);
	if (good) {
		assert_int_equal(page.size, row->size);
		assert_string_equal(page.after, "");
		assert_int_equal(page.revision, 0);
	} else {
		assert_string_equal(fault.reason, "PAGE_SIZE_NEGATIVE");
		assert_string_equal(fault.violations[0].field, "page_size");
	}
	arena_free(arena);
}

/* ---- tokens ---- */

struct token_row {
	const char *name;
	const char *method;
	const char *parent;
	const struct store_identity *identity;
	const char *spoil; /* put behind the token */
	bool good;
};

static const struct token_row token_rows[] = {
	{"a token comes back with its revision and key", "/list", "systems/a", &identity, "", true},
	{"a token of another method is refused", "/other", "systems/a", &identity, "", false},
	{"a token of another argument is refused", "/list", "systems/b", &identity, "", false},
	{"a token of another store is refused", "/list", "systems/a", &other_identity, "", false},
	{"a token that goes on is refused", "/list", "systems/a", &identity, "A", false},
};

static bool open_with(struct arena *arena, const struct token_row *row, const char *token, struct page *page,
	struct fault *fault)
{
	struct service reader = service;
	reader.identity = row->identity;
	Tally__V1__ListFindingsRequest rest = plain;
	rest.parent = arena_text(arena, row->parent);
	struct page_request request = {row->method, &rest, 5, token};
	return page_open(arena, &reader, &request, page, fault);
}

static void check_tokens(void **state)
{
	const struct token_row *row = *state;
	static const struct token_row made_with = {NULL, "/list", "systems/a", &identity, "", true};
	struct arena *arena = arena_new();
	struct fault fault = {0};
	struct page page;
	assert_true(open_with(arena, &made_with, "", &page, &fault));
	const char *token = page_token(arena, &page, INT64_C(0x123456789abcdef), "f0123");
	token = arena_print(arena, "%s%s", token, row->spoil);
	assert_int_equal(open_with(arena, row, token, &page, &fault), row->good);
	if (row->good) {
		assert_true(page.revision == INT64_C(0x123456789abcdef));
		assert_string_equal(page.after, "f0123");
	} else {
		assert_int_equal(fault.code, FAULT_INVALID);
		assert_string_equal(fault.reason, "PAGE_TOKEN_INVALID");
		assert_string_equal(fault.violations[0].field, "page_token");
	}
	arena_free(arena);
}

/* ---- filling ---- */

static void fills_by_count(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct fault fault = {0};
	struct page page;
	struct page_request request = {"/a", &plain, 3, ""};
	Tally__V1__System small = TALLY__V1__SYSTEM__INIT;
	assert_true(page_open(arena, &service, &request, &page, &fault));
	for (int i = 0; i < 3; i++)
		assert_true(page_take(&page, &small));
	assert_false(page_take(&page, &small));
	arena_free(arena);
}

static void fills_by_bytes(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct fault fault = {0};
	struct page page;
	struct page_request request = {"/a", &plain, 1000, ""};
	Tally__V1__System large = TALLY__V1__SYSTEM__INIT;
	char text[40001];
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	large.description = text;
	assert_true(page_open(arena, &service, &request, &page, &fault));
	assert_true(page_take(&page, &large));
	assert_true(page_take(&page, &large));
	assert_false(page_take(&page, &large));
	/* What does not fit anywhere is still shown, alone. */
	page.taken = page.taken_bytes = 0;
	page.bytes = 10;
	assert_true(page_take(&page, &large));
	assert_false(page_take(&page, &large));
	arena_free(arena);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(size_rows) + CASES_COUNT(token_rows) + 2];
	size_t count = CASES_ADD(tests, 0, size_rows, check_sizes);
	count = CASES_ADD(tests, count, token_rows, check_tokens);
	tests[count++] =
		(struct CMUnitTest){"a page holds as many as asked for", fills_by_count, NULL, NULL, NULL};
	tests[count++] =
		(struct CMUnitTest){"a page stays below the message size", fills_by_bytes, NULL, NULL, NULL};
	return CASES_RUN_ALL(tests, count);
}
