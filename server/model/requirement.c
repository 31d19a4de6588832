/* Reading versions and requirements. What is not understood is never taken for a yes or a no. */
#include "model/requirement.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "model/types.h"

enum {
	PARTS_MAX = 6,
	PART_MAX = 100 * 1000 * 1000, /* also dates such as 20240601 */
};

/* The numbers of a release. */
struct release {
	int parts[PARTS_MAX];
	int count;
	bool wildcard; /* ends in .* */
};

static const char *skip_blanks(const char *text)
{
	while (*text == ' ' || *text == '\t')
		text++;
	return text;
}

/* Reads one number. @return false when there is none */
static bool take_part(const char **at, struct release *release)
{
	if (!isdigit((unsigned char)**at) || release->count == PARTS_MAX)
		return false;
	int part = 0;
	for (; isdigit((unsigned char)**at); (*at)++) {
		if (part < PART_MAX)
			part = part * 10 + (**at - '0');
	}
	release->parts[release->count++] = part;
	return true;
}

/* Reads v1.2.3 and steps over what may stand behind it (rc1, .post1, +cu118) up to a blank or a comma. */
static bool take_release(const char **at, struct release *release)
{
	*release = (struct release){0};
	*at = skip_blanks(*at);
	*at += **at == 'v' || **at == 'V';
	if (!take_part(at, release))
		return false;
	while (**at == '.' && isdigit((unsigned char)(*at)[1])) {
		(*at)++;
		if (!take_part(at, release))
			return false;
	}
	if ((*at)[0] == '.' && (*at)[1] == '*')
		release->wildcard = true;
	*at += strcspn(*at, ", \t|;");
	return true;
}

static int part_of(const struct release *release, int at)
{
	return at < release->count ? release->parts[at] : 0;
}

static int compare(const struct release *a, const struct release *b)
{
	for (int i = 0; i < PARTS_MAX; i++) {
		if (part_of(a, i) != part_of(b, i))
			return part_of(a, i) < part_of(b, i) ? -1 : 1;
	}
	return 0;
}

/* Does the version begin with the first `count` numbers of the other? */
static bool begins(const struct release *version, const struct release *with, int count)
{
	for (int i = 0; i < count; i++) {
		if (part_of(version, i) != part_of(with, i))
			return false;
	}
	return true;
}

bool model_versions_agree(const char *a, const char *b, int parts)
{
	struct release left;
	struct release right;
	if (!take_release(&a, &left) || !take_release(&b, &right))
		return model_text_equal(a, b);
	int shorter = left.count < right.count ? left.count : right.count;
	return begins(&left, &right, parts < shorter ? parts : shorter);
}

/* ---- requirements ---- */

static bool equal(const struct release *version, const struct release *wanted)
{
	return wanted->wildcard ? begins(version, wanted, wanted->count) : compare(version, wanted) == 0;
}

static bool different(const struct release *version, const struct release *wanted)
{
	return !equal(version, wanted);
}

static bool at_least(const struct release *version, const struct release *wanted)
{
	return compare(version, wanted) >= 0;
}

static bool at_most(const struct release *version, const struct release *wanted)
{
	return compare(version, wanted) <= 0;
}

static bool more(const struct release *version, const struct release *wanted)
{
	return compare(version, wanted) > 0;
}

static bool less(const struct release *version, const struct release *wanted)
{
	return compare(version, wanted) < 0;
}

/* ~=1.4.2 is >=1.4.2 and ==1.4.* */
static bool compatible(const struct release *version, const struct release *wanted)
{
	return compare(version, wanted) >= 0 && begins(version, wanted, wanted->count - 1);
}

/* conda's =1.4 is 1.4 and all of its patches */
static bool prefix(const struct release *version, const struct release *wanted)
{
	return begins(version, wanted, wanted->count);
}

/* ~1.4.2 is >=1.4.2 and <1.5; ~1 is 1.anything */
static bool tilde(const struct release *version, const struct release *wanted)
{
	return compare(version, wanted) >= 0 && begins(version, wanted, wanted->count > 1 ? 2 : 1);
}

/* ^1.4 is >=1.4 and <2; ^0.4.2 is >=0.4.2 and <0.5: the first number that is not 0 stays. */
static bool caret(const struct release *version, const struct release *wanted)
{
	int first = 0;
	while (first < wanted->count - 1 && wanted->parts[first] == 0)
		first++;
	return compare(version, wanted) >= 0 && begins(version, wanted, first + 1);
}

struct specifier {
	const char *text;
	bool (*accepts)(const struct release *version, const struct release *wanted);
	bool bounded;
};

/* Longer texts before their beginnings; the last is a version alone. */
static const struct specifier specifiers[] = {
	{"===", equal, true},
	{"==", equal, true},
	{"!=", different, false},
	{">=", at_least, false},
	{"<=", at_most, true},
	{"~=", compatible, true},
	{">", more, false},
	{"<", less, true},
	{"=", prefix, true},
	{"~", tilde, true},
	{"^", caret, true},
	{"", equal, true},
};

static const struct specifier *take_specifier(const char **at)
{
	*at = skip_blanks(*at);
	const struct specifier *specifier = specifiers;
	while (strncmp(*at, specifier->text, strlen(specifier->text)) != 0)
		specifier++;
	*at += strlen(specifier->text);
	return specifier;
}

/* One step of a list: a specifier and its release. @return false when it is not understood */
static bool take_wanted(const char **at, const struct specifier **specifier, struct release *wanted)
{
	*specifier = take_specifier(at);
	if (!take_release(at, wanted))
		return false;
	*at = skip_blanks(*at);
	if (**at == '\0')
		return true;
	return *(*at)++ == ',';
}

enum model_answer model_requirement_accepts(const char *requirement, const char *version)
{
	struct release release;
	if (!take_release(&version, &release))
		return ANSWER_UNKNOWN;
	enum model_answer answer = ANSWER_YES;
	for (const char *at = skip_blanks(requirement); *at;) {
		const struct specifier *specifier;
		struct release wanted;
		if (!take_wanted(&at, &specifier, &wanted))
			return ANSWER_UNKNOWN;
		if (!specifier->accepts(&release, &wanted))
			answer = ANSWER_NO;
	}
	return answer;
}

bool model_requirement_bounded(const char *requirement)
{
	for (const char *at = skip_blanks(requirement); *at;) {
		const struct specifier *specifier;
		struct release wanted;
		if (!take_wanted(&at, &specifier, &wanted))
			return true; /* something is said, though we do not know what */
		if (specifier->bounded)
			return true;
	}
	return false;
}
