/* Spellings of units. Knows which texts mean one unit, not how units convert: a number has to be in the unit
 * that its reader expects. */
#include "model/units.h"

#include <stddef.h>
#include <string.h>

#include "model/types.h"

enum {
	SPELLINGS_MAX = 8
};

/* One row for each unit: the symbol, of which case counts, then words, of which it does not. */
static const char *const units[][SPELLINGS_MAX] = {
	{"m", "metre", "metres", "meter", "meters"},
	{"km", "kilometre", "kilometres", "kilometer", "kilometers"},
	{"cm", "centimetre", "centimetres", "centimeter", "centimeters"},
	{"mm", "millimetre", "millimetres", "millimeter", "millimeters"},
	{"ft", "foot", "feet"},
	{"in", "inch", "inches"},
	{"yd", "yard", "yards"},
	{"mi", "mile", "miles"},
	{"kg", "kilogram", "kilograms", "kilogramme", "kilogrammes"},
	{"g", "gram", "grams", "gramme", "grammes"},
	{"t", "tonne", "tonnes"},
	{"lb", "lbs", "pound", "pounds"},
	{"oz", "ounce", "ounces"},
	{"s", "sec", "secs", "second", "seconds"},
	{"ms", "msec", "millis", "millisecond", "milliseconds"},
	{"us", "microsecond", "microseconds"},
	{"ns", "nanosecond", "nanoseconds"},
	{"min", "mins", "minute", "minutes"},
	{"h", "hr", "hrs", "hour", "hours"},
	{"d", "day", "days"},
	{"\u00b0C", "degC", "C", "celsius", "degrees celsius", "degree celsius"},
	{"\u00b0F", "degF", "F", "fahrenheit", "degrees fahrenheit", "degree fahrenheit"},
	{"K", "kelvin"},
	{"%", "percent", "per cent", "pct"},
	{"B", "byte", "bytes"},
	{"kB", "kilobyte", "kilobytes"},
	{"MB", "megabyte", "megabytes"},
	{"GB", "gigabyte", "gigabytes"},
	{"MiB", "mebibyte", "mebibytes"},
	{"GiB", "gibibyte", "gibibytes"},
	{"EUR", "\u20ac", "euro", "euros"},
	{"USD", "US$", "US dollar", "US dollars"},
	{"GBP", "\u00a3", "pound sterling", "pounds sterling"},
	{"km/h", "kmh", "kph", "kilometres per hour", "kilometers per hour"},
	{"mph", "miles per hour"},
	{"m/s", "metres per second", "meters per second"},
	{"l", "L", "litre", "litres", "liter", "liters"},
	{"rad", "radian", "radians"},
	{"deg", "\u00b0", "degree", "degrees"},
};

static bool is_spelling(const char *const *spellings, const char *text)
{
	for (size_t i = 0; i < SPELLINGS_MAX && spellings[i]; i++) {
		const bool word = strlen(spellings[i]) > 3;
		if (word ? model_text_equal_nocase(text, spellings[i]) : model_text_equal(text, spellings[i]))
			return true;
	}
	return false;
}

bool model_units_equal(const char *a, const char *b)
{
	if (model_text_equal(a, b))
		return true;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (is_spelling(units[i], a))
			return is_spelling(units[i], b);
	}
	return false;
}
