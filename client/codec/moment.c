/* Times between text and (seconds, nanos). */
#include "codec/moment.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

enum {
	NANOS_PER_SECOND = 1000 * 1000 * 1000,
	SECONDS_PER_DAY = 24 * 60 * 60,
};

static const int64_t first_second = -62135596800; /* 0001-01-01T00:00:00Z */
static const int64_t last_second = 253402300799;  /* 9999-12-31T23:59:59Z */
static const int64_t longest_duration = 315576000000;

/* Reads exactly `count` digits and steps over them. */
static bool take(const char **at, int count, int64_t *value)
{
	*value = 0;
	for (int i = 0; i < count; i++, (*at)++) {
		if (!isdigit((unsigned char)**at))
			return false;
		*value = *value * 10 + (**at - '0');
	}
	return true;
}

static bool take_one(const char **at, char wanted)
{
	if (**at != wanted)
		return false;
	(*at)++;
	return true;
}

/* Reads ".5" and so on, up to nine digits; nothing is 0. */
static bool take_fraction(const char **at, int32_t *nanos)
{
	*nanos = 0;
	if (!take_one(at, '.'))
		return true;
	int32_t unit = NANOS_PER_SECOND / 10;
	const char *start = *at;
	for (; isdigit((unsigned char)**at); (*at)++, unit /= 10) {
		if (unit == 0)
			return false;
		*nanos += unit * (**at - '0');
	}
	return *at > start;
}

/* Days since 1970-01-01 of a Gregorian date; Howard Hinnant's days_from_civil. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	year -= month <= 2;
	int64_t era = year / 400;
	int64_t of_era = year - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t days_in_month(int64_t year, int64_t month)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return lengths[month - 1] + (month == 2 && leap);
}

static bool take_date(const char **at, int64_t *seconds)
{
	int64_t year, month, day;
	if (!take(at, 4, &year) || !take_one(at, '-') || !take(at, 2, &month) || !take_one(at, '-') ||
		!take(at, 2, &day))
		return false;
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
		return false;
	*seconds = days_of(year, month, day) * SECONDS_PER_DAY;
	return true;
}

static bool take_clock(const char **at, struct moment *moment)
{
	int64_t hour, minute, second;
	if (!take(at, 2, &hour) || !take_one(at, ':') || !take(at, 2, &minute) || !take_one(at, ':') ||
		!take(at, 2, &second) || !take_fraction(at, &moment->nanos))
		return false;
	moment->seconds += hour * 3600 + minute * 60 + second;
	return hour < 24 && minute < 60 && second < 60;
}

static bool take_offset(const char **at, int64_t *seconds)
{
	*seconds = 0;
	if (take_one(at, 'Z') || take_one(at, 'z'))
		return true;
	const int sign = **at == '-' ? -1 : 1;
	int64_t hours, minutes;
	if ((!take_one(at, '-') && !take_one(at, '+')) || !take(at, 2, &hours) || !take_one(at, ':') ||
		!take(at, 2, &minutes))
		return false;
	*seconds = sign * (hours * 3600 + minutes * 60);
	return hours < 24 && minutes < 60;
}

bool moment_read_time(const char *text, struct moment *moment)
{
	struct moment read = {0};
	int64_t offset = 0;
	if (!take_date(&text, &read.seconds))
		return false;
	if (*text && ((!take_one(&text, 'T') && !take_one(&text, 't')) || !take_clock(&text, &read) ||
			     !take_offset(&text, &offset) || *text))
		return false;
	read.seconds -= offset;
	if (read.seconds < first_second || read.seconds > last_second)
		return false;
	*moment = read;
	return true;
}

/* @return milliseconds, or 0 when it is no unit */
static int64_t unit_ms(const char *text)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}, {"w", 604800000}};
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(units[i].name, text) == 0)
			return units[i].ms;
	return 0;
}

bool moment_read_duration(const char *text, struct moment *moment)
{
	const int sign = take_one(&text, '-') ? -1 : 1;
	const int64_t longest_ms = longest_duration * 1000;
	int64_t whole = 0;
	const char *start = text;
	for (; isdigit((unsigned char)*text); text++) {
		whole = whole * 10 + (*text - '0');
		if (whole > longest_ms)
			return false;
	}
	int32_t billionths;
	if (text == start || !take_fraction(&text, &billionths))
		return false;
	const int64_t unit = unit_ms(text);
	if (unit == 0 || whole > longest_ms / unit)
		return false;
	const int64_t nanos = whole * unit % 1000 * 1000000 + billionths * unit / 1000;
	const int64_t seconds = whole * unit / 1000 + nanos / NANOS_PER_SECOND;
	if (seconds > longest_duration)
		return false;
	*moment = (struct moment){sign * seconds, sign * (int32_t)(nanos % NANOS_PER_SECOND)};
	return true;
}

/* Writes ".5" with 3, 6 or 9 digits, nothing for 0. */
static const char *fraction_text(int32_t nanos, char *text, size_t size)
{
	if (nanos == 0)
		return "";
	if (nanos % 1000000 == 0)
		snprintf(text, size, ".%03d", nanos / 1000000);
	else if (nanos % 1000 == 0)
		snprintf(text, size, ".%06d", nanos / 1000);
	else
		snprintf(text, size, ".%09d", nanos);
	return text;
}

bool moment_write_time(const struct moment *moment, char *text)
{
	if (moment->seconds < first_second || moment->seconds > last_second || moment->nanos < 0 ||
		moment->nanos >= NANOS_PER_SECOND)
		return false;
	time_t seconds = (time_t)moment->seconds;
	struct tm parts;
	gmtime_r(&seconds, &parts);
	char fraction[16];
	snprintf(text, MOMENT_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d%sZ", parts.tm_year + 1900,
		parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
		fraction_text(moment->nanos, fraction, sizeof(fraction)));
	return true;
}

bool moment_write_duration(const struct moment *moment, char *text)
{
	if (moment->seconds < -longest_duration || moment->seconds > longest_duration ||
		moment->nanos <= -NANOS_PER_SECOND || moment->nanos >= NANOS_PER_SECOND)
		return false;
	const bool negative = moment->seconds < 0 || moment->nanos < 0;
	const int64_t seconds = negative ? -moment->seconds : moment->seconds;
	const int32_t nanos = negative ? -moment->nanos : moment->nanos;
	if (seconds < 0 || nanos < 0)
		return false;
	char fraction[16];
	snprintf(text, MOMENT_TEXT_SIZE, "%s%lld%ss", negative ? "-" : "", (long long)seconds,
		fraction_text(nanos, fraction, sizeof(fraction)));
	return true;
}
