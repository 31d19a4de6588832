/* Reads amounts. Knows the suffixes of each language, not what is measured. */
#include "import/quantity.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct suffix {
	const char *text;
	double factor;
};

static const struct suffix kubernetes_suffixes[] = {
	{"", 1},
	{"n", 1e-9},
	{"u", 1e-6},
	{"m", 1e-3},
	{"k", 1e3},
	{"M", 1e6},
	{"G", 1e9},
	{"T", 1e12},
	{"P", 1e15},
	{"E", 1e18},
	{"Ki", 0x1p10},
	{"Mi", 0x1p20},
	{"Gi", 0x1p30},
	{"Ti", 0x1p40},
	{"Pi", 0x1p50},
	{"Ei", 0x1p60},
	{NULL, 0},
};

static const struct suffix docker_suffixes[] = {
	{"", 1},
	{"b", 1},
	{"k", 0x1p10},
	{"kb", 0x1p10},
	{"kib", 0x1p10},
	{"m", 0x1p20},
	{"mb", 0x1p20},
	{"mib", 0x1p20},
	{"g", 0x1p30},
	{"gb", 0x1p30},
	{"gib", 0x1p30},
	{"t", 0x1p40},
	{"tb", 0x1p40},
	{"tib", 0x1p40},
	{NULL, 0},
};

static const struct suffix data_suffixes[] = {
	{"", 1},
	{"b", 1},
	{"bytes", 1},
	{"kb", 1e3},
	{"mb", 1e6},
	{"gb", 1e9},
	{"tb", 1e12},
	{"kib", 0x1p10},
	{"mib", 0x1p20},
	{"gib", 0x1p30},
	{"tib", 0x1p40},
	{NULL, 0},
};

/* Digits with at most one point among them, without a sign. @return what follows, or NULL */
static const char *after_digits(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	const char *at = text + digits;
	if (*at == '.') {
		size_t more = strspn(at + 1, "0123456789");
		digits += more;
		at += 1 + more;
	}
	return digits ? at : NULL;
}

/* Behind the digits: e3, E-6; not the suffix E. @return what follows */
static const char *after_exponent(const char *text)
{
	if (*text != 'e' && *text != 'E')
		return text;
	const char *at = text + 1;
	at += *at == '+' || *at == '-';
	size_t digits = strspn(at, "0123456789");
	return digits ? at + digits : text;
}

static const struct suffix *suffix_of(const struct suffix *table, const char *text, bool fold)
{
	for (; table->text; table++)
		if ((fold ? strcasecmp(table->text, text) : strcmp(table->text, text)) == 0)
			return table;
	return NULL;
}

static double number(const char *text, const char *end)
{
	char copy[64];
	size_t size = (size_t)(end - text);
	if (size >= sizeof(copy))
		size = sizeof(copy) - 1;
	memcpy(copy, text, size);
	copy[size] = '\0';
	return strtod(copy, NULL);
}

bool quantity_kubernetes(const char *text, double *value)
{
	const bool negative = *text == '-';
	text += *text == '-' || *text == '+';
	const char *end = after_digits(text);
	if (!end || end - text > 40)
		return false;
	const char *after = after_exponent(end);
	const struct suffix *suffix = suffix_of(kubernetes_suffixes, after, false);
	if (!suffix || (after > end && *after) || after - text > 48)
		return false;
	double amount = number(text, after);
	/* Thousandths are divided: 256m is the double nearest to 0.256. */
	amount = suffix->factor < 1 ? amount / (1 / suffix->factor) : amount * suffix->factor;
	*value = negative ? -amount : amount;
	return true;
}

bool quantity_is_milli(const char *text)
{
	size_t size = strlen(text);
	return size > 1 && text[size - 1] == 'm';
}

static bool read_bytes(const struct suffix *table, const char *text, bool spaces, double *bytes)
{
	const char *end = after_digits(text);
	if (!end || end - text > 40)
		return false;
	const char *after = end;
	while (spaces && *after == ' ')
		after++;
	const struct suffix *suffix = suffix_of(table, after, true);
	if (!suffix)
		return false;
	*bytes = number(text, end) * suffix->factor;
	return true;
}

bool quantity_docker_bytes(const char *text, double *bytes)
{
	return read_bytes(docker_suffixes, text, false, bytes);
}

bool quantity_bytes(const char *text, double *bytes)
{
	return read_bytes(data_suffixes, text, true, bytes);
}

double quantity_gigabytes(double bytes)
{
	return bytes / 1e9;
}
