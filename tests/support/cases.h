/*
 * Tables of cases: each row is a cmocka test of its own, and its name is a
 * sentence that can be true or false.
 *
 *   struct row { const char *name; ...; };          name comes first
 *   static void check(void **state) { const struct row *row = *state; ... }
 *   int main(void) { return CASES_RUN(rows, check); }
 */
#ifndef SUPPORT_CASES_H
#define SUPPORT_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* Appends one test for each row of an array of structs whose first member is the name. */
static inline size_t cases_add(struct CMUnitTest *tests, size_t at, const void *rows, size_t count,
	size_t size, CMUnitTestFunction check)
{
	for (size_t i = 0; i < count; i++) {
		const void *row = (const char *)rows + i * size;
		tests[at++] = (struct CMUnitTest){
			*(const char *const *)row, check, NULL, NULL, (void *)(uintptr_t)row};
	}
	return at;
}

#define CASES_COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define CASES_ADD(tests, at, rows, check)                                                                    \
	cases_add(tests, at, rows, CASES_COUNT(rows), sizeof((rows)[0]), check)

/* Runs `count` tests that were put together with CASES_ADD. */
#define CASES_RUN_ALL(tests, count) _cmocka_run_group_tests(__FILE__, tests, count, NULL, NULL)

#define CASES_RUN(rows, check)                                                                               \
	__extension__({                                                                                      \
		struct CMUnitTest cases_tests[CASES_COUNT(rows)];                                            \
		CASES_RUN_ALL(cases_tests, CASES_ADD(cases_tests, 0, rows, check));                          \
	})

#endif
