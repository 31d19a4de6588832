/* Numbers from cells. Knows no column. */
#include "profile/decimal.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	DIGITS_EXACT = 19, /* as many fit into 64 bits whatever they are */
	POWER_EXACT = 22,  /* 10^22 is the last power of ten that is a double */
	EXPONENT_MAX = 100000,
	COPY_SIZE = 1200, /* no double needs more digits than 767 to be rounded right; longer text is rare */
};

static const double powers[POWER_EXACT + 1] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* The words of IEEE 754 for what is no finite number, after a sign. */
static bool is_not_finite_word(const char *at, size_t size)
{
	return (size == 3 && (strncasecmp(at, "inf", 3) == 0 || strncasecmp(at, "nan", 3) == 0)) ||
	       (size == 8 && strncasecmp(at, "infinity", 8) == 0);
}

/* Rounds by the C library. @param text  checked to be a decimal number */
static enum decimal_class read_slowly(const char *text, size_t size, enum decimal_class class, double *value)
{
	char copy[COPY_SIZE];
	char *long_copy = size < sizeof(copy) ? NULL : malloc(size + 1);
	char *bytes = long_copy ? long_copy : copy;
	if (size >= sizeof(copy) && !long_copy)
		abort();
	memcpy(bytes, text, size);
	bytes[size] = '\0';
	*value = strtod(bytes, NULL) + 0.0;
	free(long_copy);
	return isfinite(*value) ? class : DECIMAL_NOT_FINITE;
}

/* A number as its digits. */
struct digits {
	uint64_t mantissa; /* right while `count` is up to DIGITS_EXACT */
	int count;         /* without leading zeros */
	int exponent;
	bool any, fraction;
};

static const char *read_run(const char *at, const char *end, struct digits *digits)
{
	const char *start = at;
	for (; at < end; at++) {
		const unsigned digit = (unsigned char)*at - (unsigned)'0';
		if (digit > 9)
			break;
		digits->mantissa = digits->mantissa * 10 + digit;
		digits->count += digits->count > 0 || digit > 0;
	}
	digits->any |= at > start;
	return at;
}

/* Reads e, a sign and digits. @return NULL when it is not one */
static const char *read_exponent(const char *at, const char *end, struct digits *digits)
{
	int exponent = 0;
	at++;
	const bool negative = at < end && *at == '-';
	if (at < end && (*at == '-' || *at == '+'))
		at++;
	if (at == end)
		return NULL;
	for (; at < end && isdigit((unsigned char)*at); at++)
		exponent = exponent < EXPONENT_MAX ? exponent * 10 + (*at - '0') : exponent;
	digits->exponent += negative ? -exponent : exponent;
	digits->fraction = true;
	return at;
}

static double scaled(const struct digits *digits)
{
	const double mantissa = (double)digits->mantissa;
	return digits->exponent < 0 ? mantissa / powers[-digits->exponent]
				    : mantissa * powers[digits->exponent];
}

enum decimal_class decimal_read(const char *text, size_t size, double *value)
{
	const char *at = text, *end = text + size;
	const bool negative = size > 0 && *at == '-';
	struct digits digits = {0};
	if (size > 0 && (*at == '-' || *at == '+'))
		at++;
	const char *first = at;
	at = read_run(at, end, &digits);
	if (at < end && *at == '.') {
		const char *point = ++at;
		at = read_run(at, end, &digits);
		digits.exponent = (int)(point - at);
		digits.fraction = true;
	}
	if (!digits.any)
		return is_not_finite_word(first, (size_t)(end - first)) ? DECIMAL_NOT_FINITE : DECIMAL_TEXT;
	if (at < end && (*at == 'e' || *at == 'E') && !(at = read_exponent(at, end, &digits)))
		return DECIMAL_TEXT;
	if (at != end)
		return DECIMAL_TEXT;
	const enum decimal_class class = digits.fraction ? DECIMAL_FRACTION : DECIMAL_WHOLE;
	if (digits.count > DIGITS_EXACT || digits.mantissa > UINT64_C(1) << 53 ||
		digits.exponent < -POWER_EXACT || digits.exponent > POWER_EXACT)
		return read_slowly(text, size, class, value);
	const double magnitude = scaled(&digits);
	*value = negative ? 0.0 - magnitude : magnitude;
	return class;
}
