/*
 * Parsing of single values. It knows no setting and no bound; settings.c has
 * those.
 */
#include "config/value.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <strings.h>

struct unit {
	const char *name;
	int64_t factor;
};

static const struct unit sizes[] = {
	{"", 1}, {"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {NULL, 0}};

static const struct unit durations[] = {
	{"ms", 1}, {"s", 1000}, {"m", INT64_C(60) * 1000}, {"h", INT64_C(3600) * 1000}, {NULL, 0}};

static const struct unit counts[] = {{"", 1}, {NULL, 0}};

/* Digits only: strtoll() would take spaces, signs and hexadecimal too. */
static bool read_number(const char *text, const struct unit *units, int64_t *number)
{
	if (!isdigit((unsigned char)text[0]))
		return false;
	char *end = NULL;
	errno = 0;
	long long plain = strtoll(text, &end, 10);
	if (errno != 0)
		return false;
	while (units->name && strcmp(units->name, end) != 0)
		units++;
	if (!units->name || plain > INT64_MAX / units->factor)
		return false;
	*number = plain * units->factor;
	return true;
}

const char *value_count(const char *text, int64_t *number)
{
	return read_number(text, counts, number) ? NULL : "a whole number";
}

const char *value_size(const char *text, int64_t *bytes)
{
	return read_number(text, sizes, bytes) ? NULL : "bytes, such as 65536, 64KiB, 4MiB or 1GiB";
}

const char *value_duration(const char *text, int64_t *ms)
{
	return read_number(text, durations, ms) ? NULL : "a duration with its unit, such as 500ms, 10s or 1m";
}

const char *value_switch(const char *text, bool *on)
{
	static const char *const words[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(words[i], text) != 0)
			continue;
		*on = i % 2 == 1;
		return NULL;
	}
	return "yes or no";
}

static bool is_port(const char *text)
{
	int64_t port = 0;
	return !value_count(text, &port) && port <= 65535;
}

const char *value_address(const char *text)
{
	static const char wanted[] = "host:port, [address]:port or unix:/path";
	if (strncmp(text, "unix:", 5) == 0)
		return text[5] == '/' && text[6] != '\0' ? NULL : wanted;
	const char *colon = strrchr(text, ':');
	if (!colon || colon == text || !is_port(colon + 1))
		return wanted;
	bool bracketed = text[0] == '[' && colon[-1] == ']';
	bool has_more = memchr(text, ':', (size_t)(colon - text)) != NULL;
	return has_more && !bracketed ? wanted : NULL;
}
