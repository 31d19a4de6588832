/* Comparing what people write: blanks, types, units. IMPORTERS lists the spellings. */
#ifndef MODEL_TYPES_H
#define MODEL_TYPES_H

#include <stdbool.h>
#include <stddef.h>

/** Is it NULL, empty or only white space? */
bool model_blank(const char *text);

/** Equal after white space at both ends is left out? Case counts. */
bool model_text_equal(const char *a, const char *b);

/** The same, but case does not count (of ASCII letters). */
bool model_text_equal_nocase(const char *a, const char *b);

enum model_type {
	TYPE_UNKNOWN, /* a text we do not know: only equal to itself */
	TYPE_INTEGER,
	TYPE_FLOAT,
	TYPE_STRING,
	TYPE_BOOLEAN,
	TYPE_DATETIME,
	TYPE_IMAGE,
	TYPE_END
};

/** Returns what a type's text means, e.g. TYPE_INTEGER for "int64", "long" or "Integer". */
enum model_type model_type_of(const char *text);

/** Do the two texts mean the same type? Unknown ones are compared as trimmed text, ignoring case. */
bool model_types_equal(const char *a, const char *b);

/**
 * May a number that was declared in JSON Schema's own words stand where
 * another type is asked for? Its "number" does not tell whole numbers from
 * others, and its "integer" widens.
 *
 * @param given  counts as JSON Schema's only as it writes it: "number" or "integer"
 */
bool model_json_number_fits(const char *given, const char *wanted);

/**
 * Turns a time into milliseconds.
 *
 * @param unit  Milliseconds, Seconds, Minutes, Hours or their usual short forms
 * @param[out] ms  set on success only
 * @return false when the unit is not one of them
 */
bool model_time_ms(double time, const char *unit, double *ms);

/** Returns a unit that model_time_ms() knows, or NULL past the last one. */
const char *model_time_unit(size_t at);

#endif
