/* Numbers as YAML and JSON both write them. */
#ifndef CODEC_NUMBER_H
#define CODEC_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

enum number_result {
	NUMBER_OK,
	NUMBER_NOT_ONE,    /* it does not look like a number */
	NUMBER_NOT_FINITE, /* NaN, an infinity, or too large for a double */
	NUMBER_NOT_WHOLE,  /* integer only: it has a fraction */
	NUMBER_TOO_LARGE,  /* integer only: beyond 64 bits */
};

/** Reads an optional sign, digits without leading zeros, a fraction and an exponent. @param[out] value on
 * NUMBER_OK */
enum number_result number_double(const char *text, double *value);

/** Reads a whole number; 12.0 and 1e3 are whole too, up to 2^53. @param[out] value on NUMBER_OK */
enum number_result number_integer(const char *text, int64_t *value);

#endif
