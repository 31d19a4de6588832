/* Chance that can be repeated, memory, and how the program speaks and ends. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

static void say(const char *kind, const char *format, va_list arguments)
{
	char text[8192];
	int head = snprintf(text, sizeof(text), "%s", kind);
	vsnprintf(text + head, sizeof(text) - (size_t)head, format, arguments);
	fflush(stdout);
	fprintf(stderr, "%s\n", text);
}

/* Other threads may be in the middle of something: no destructors. */
_Noreturn static void end(int code)
{
	fflush(NULL);
	_exit(code);
}

void violation(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	say("tally-check: VIOLATION: ", format, arguments);
	va_end(arguments);
	end(EXIT_VIOLATION);
}

void trouble(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	say("tally-check: ", format, arguments);
	va_end(arguments);
	end(EXIT_TROUBLE);
}

void progress(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	say("tally-check: ", format, arguments);
	va_end(arguments);
}

void *check_array(size_t count, size_t size)
{
	void *made = calloc(count ? count : 1, size);
	if (!made)
		abort();
	return made;
}

void *check_room(void *array, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return array;
	*room = *room ? *room * 2 : 64;
	void *wider = reallocarray(array, *room, size);
	if (!wider)
		abort();
	return wider;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *check_ids(struct arena *arena, const char **ids, size_t count)
{
	if (count)
		qsort(ids, count, sizeof(*ids), by_text);
	struct model_digest_part *parts = arena_array(arena, count, sizeof(*parts));
	for (size_t i = 0; i < count; i++)
		parts[i] = (struct model_digest_part){ids[i], strlen(ids[i])};
	char text[MODEL_DIGEST_TEXT_SIZE];
	struct model_digest digest = model_digest_of(parts, count);
	return arena_print(arena, "%zu:%.24s", count, model_digest_text(&digest, text));
}

/* splitmix64, Steele, Lea and Flood 2014 */
static uint64_t next(struct dice *dice)
{
	uint64_t mixed = dice->state += UINT64_C(0x9E3779B97F4A7C15);
	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
	return mixed ^ (mixed >> 31);
}

struct dice dice_new(uint64_t seed, uint64_t number)
{
	struct dice dice = {seed * UINT64_C(1000003) + number};
	next(&dice);
	return dice;
}

int dice_roll(struct dice *dice, int sides)
{
	return (int)(next(dice) % (uint64_t)sides);
}
