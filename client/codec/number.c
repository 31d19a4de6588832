/* Numbers between text and C. */
#include "codec/number.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <strings.h>

#include "codec/codec.h"

static size_t digits(const char *text)
{
	size_t count = 0;
	while (isdigit((unsigned char)text[count]))
		count++;
	return count;
}

/* Is it [-+]? (0 | [1-9][0-9]*)? (. [0-9]*)? ([eE] [-+]? [0-9]+)?, with a digit before the exponent? */
static bool looks_like_number(const char *text)
{
	text += *text == '-' || *text == '+';
	size_t whole = digits(text);
	if (whole > 1 && text[0] == '0')
		return false;
	text += whole;
	size_t fraction = 0;
	if (*text == '.') {
		fraction = digits(text + 1);
		text += 1 + fraction;
	}
	if (whole + fraction == 0)
		return false;
	if (*text == 'e' || *text == 'E') {
		text += 1 + (text[1] == '-' || text[1] == '+');
		size_t exponent = digits(text);
		if (exponent == 0)
			return false;
		text += exponent;
	}
	return *text == '\0';
}

static bool names_no_number(const char *text)
{
	static const char *const words[] = {"nan", ".nan", "inf", ".inf", "infinity"};
	text += *text == '-' || *text == '+';
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(text, words[i]) == 0)
			return true;
	return false;
}

enum number_result number_double(const char *text, double *value)
{
	if (!looks_like_number(text))
		return names_no_number(text) ? NUMBER_NOT_FINITE : NUMBER_NOT_ONE;
	double read = strtod(text, NULL);
	if (!isfinite(read))
		return NUMBER_NOT_FINITE;
	*value = read;
	return NUMBER_OK;
}

enum number_result number_integer(const char *text, int64_t *value)
{
	double read;
	enum number_result result = number_double(text, &read);
	if (result != NUMBER_OK)
		return result;
	const char *unsigned_text = text + (*text == '-' || *text == '+');
	if (unsigned_text[digits(unsigned_text)] == '\0') {
		errno = 0;
		long long whole = strtoll(text, NULL, 10);
		if (errno == ERANGE)
			return NUMBER_TOO_LARGE;
		*value = whole;
		return NUMBER_OK;
	}
	if (read != trunc(read))
		return NUMBER_NOT_WHOLE;
	if (fabs(read) > 9007199254740992.0)
		return NUMBER_TOO_LARGE;
	*value = (int64_t)read;
	return NUMBER_OK;
}

char *codec_number_text(double value, char *text)
{
	for (int precision = 15; precision <= 17; precision++) {
		snprintf(text, CODEC_NUMBER_SIZE, "%.*g", precision, value);
		if (strtod(text, NULL) == value)
			break;
	}
	return text;
}
