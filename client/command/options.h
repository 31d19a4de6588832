/* Options by table: what a command takes, and what it was given. */
#ifndef COMMAND_OPTIONS_H
#define COMMAND_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"

enum option_type {
	OPTION_FLAG,     /* takes no value                               */
	OPTION_TEXT,     /* any text                                     */
	OPTION_CHOICE,   /* one of `choices`                             */
	OPTION_KIND,     /* a kind's id or document name; kept as its id */
	OPTION_NUMBER,   /* a whole number from 0 on                     */
	OPTION_DURATION, /* 30s, 500ms, 2m, 1d; a bare number is seconds */
};

/* One option. A table of them ends with a row without a name. */
struct option {
	const char *name; /* without dashes */
	char letter;      /* its short form, or 0 */
	enum option_type type;
	const char *value; /* what the help calls the value */
	const char *help;
	const char *const *choices; /* ends with NULL */
	const char *means;          /* the name of the option that this is another word for, or NULL */
};

enum {
	OPTION_TABLES = 2,
};

struct option_value {
	const char *name;
	const char *text;
};

/* What was given. All of it is the arena's. */
struct options {
	struct arena *arena;
	const struct option
		*tables[OPTION_TABLES]; /* the command's own first: they hide the other's; may be NULL */
	struct option_value *values;
	size_t value_count;
	const char **arguments;
	size_t argument_count;
};

/** Prepares for at most `words` words. @param arena borrowed; keeps what is parsed */
void options_init(struct options *options, struct arena *arena, int words);

/**
 * Reads words until their end, or until the first one that is no option.
 *
 * Knows --name value, --name=value, -n value, -nvalue, and -- before words
 * that are arguments whatever they look like. "-" is an argument.
 *
 * @param at               words[*at] is the first one; left behind the last one read
 * @param stop_at_argument leave arguments to the caller
 * @param[out] fault       FAULT_INVALID
 */
enum fault_code options_read(struct options *options, int count, char *const *words, int *at,
	bool stop_at_argument, struct fault *fault);

/** Was the option given? */
bool options_given(const struct options *options, const char *name);

/** Returns the value that was given last, or NULL. */
const char *options_text(const struct options *options, const char *name);

/** Returns a number option's value. @param otherwise when it was not given */
int64_t options_number(const struct options *options, const char *name, int64_t otherwise);

/** Returns a duration option's value in milliseconds. @param otherwise when it was not given */
int options_duration_ms(const struct options *options, const char *name, int otherwise);

/** Returns all values of an option, those that commas join apart. @param[out] count @return arena */
const char **options_all(const struct options *options, const char *name, size_t *count);

/** The same, but values with commas stay whole: names of files may hold them. */
const char **options_each(const struct options *options, const char *name, size_t *count);

/** Walks the options of all tables that are not hidden. Start with *at = 0. @return NULL at the end */
const struct option *options_next(const struct option *const *tables, size_t *at);

/** Reads 30s, 500ms, 2m, 1h, 1d, as documents have them, or seconds. @param[out] ms set on success only; up
 * to INT_MAX */
bool options_parse_duration(const char *text, int *ms);

/** Reads a whole number from 0 on. @param[out] number set on success only */
bool options_parse_number(const char *text, int64_t *number);

#endif
