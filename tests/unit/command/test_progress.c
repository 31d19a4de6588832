/* What the line says of how far work is. */
#include "command/progress.h"

#include "cases.h"

#define SECOND INT64_C(1000000)

static const struct counted {
	const char *name;
	int64_t done, total, elapsed_us;
	const char *text;
} counts[] = {
	{"the rate tells what is left", 3000, 9000, 2 * SECOND, "revisions  3000 of 9000, 1500/s, 4 s left"},
	{"more than a minute is told in minutes", 100, 20000, SECOND,
		"revisions  100 of 20000, 100/s, 3 min 19 s left"},
	{"nothing is left of what is done", 9000, 9000, 3 * SECOND, "revisions  9000 of 9000, 3000/s"},
	{"nothing yet has no time left", 0, 9000, SECOND, "revisions  0 of 9000, 0/s"},
	{"without a total only what is done is told", 30, 0, SECOND, "revisions  30, 30/s"},
};

static void check_count(void **state)
{
	const struct counted *counted = *state;
	struct arena *arena = arena_new();
	assert_string_equal(
		progress_count_text(arena, "revisions", counted->done, counted->total, counted->elapsed_us),
		counted->text);
	arena_free(arena);
}

int main(void)
{
	return CASES_RUN(counts, check_count);
}
