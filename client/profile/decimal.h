/* What a cell's text is: a whole number, a decimal one, something that is no finite number, or text. */
#ifndef PROFILE_DECIMAL_H
#define PROFILE_DECIMAL_H

#include <stddef.h>

enum decimal_class {
	DECIMAL_TEXT,       /* no number                                          */
	DECIMAL_WHOLE,      /* sign and digits                                    */
	DECIMAL_FRACTION,   /* any other decimal number: 1.0, .5, 1e3             */
	DECIMAL_NOT_FINITE, /* inf, infinity, nan in any case, or beyond a double */
};

/**
 * Reads a decimal number, correctly rounded.
 *
 * Up to 19 digits with a power of ten up to 22 take the exact short way
 * (W. D. Clinger, "How to read floating point numbers accurately", PLDI 1990:
 * both factors are doubles, so that one operation rounds once); the rest goes
 * to strtod(), for which the program's numeric locale must be "C".
 *
 * @param text        without blanks at its ends, not NUL-terminated
 * @param[out] value  set for WHOLE and FRACTION; -0 becomes 0
 */
enum decimal_class decimal_read(const char *text, size_t size, double *value);

#endif
