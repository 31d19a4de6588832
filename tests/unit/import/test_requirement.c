/* Requirements as pip and conda write them. */
#include "import/requirement.h"

#include "cases.h"

#include <string.h>

struct row {
	const char *name;
	bool (*read)(struct arena *arena, const char *text, struct requirement *requirement);
	const char *text;
	const char *expected; /* package|extras|specifier|version|prefix|marker|url; NULL: refused */
};

static const char *shown(const char *text)
{
	return text ? text : "-";
}

static void check(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	struct requirement got;
	if (!row->expected) {
		assert_false(row->read(arena, row->text, &got));
	} else {
		assert_true(row->read(arena, row->text, &got));
		assert_string_equal(
			arena_print(arena, "%s|%s|%s|%s|%s|%s|%s", got.package, got.extras, got.specifier,
				shown(got.version), shown(got.prefix), shown(got.marker), shown(got.url)),
			row->expected);
	}
	arena_free(arena);
}

static const struct row rows[] = {
	{"a bare name asks for any version", requirement_pip, "numpy", "numpy|||-|-|-|-"},
	{"a pin is a version", requirement_pip, "numpy==1.2.3", "numpy||==1.2.3|1.2.3|-|-|-"},
	{"names are compared as PEP 503 says", requirement_pip, "Scikit_Learn==1.0",
		"scikit-learn||==1.0|1.0|-|-|-"},
	{"white space is left out", requirement_pip, "mlserver == 1.1.0", "mlserver||==1.1.0|1.1.0|-|-|-"},
	{"a range is no version", requirement_pip, "protobuf<4.0.0,>=3", "protobuf||<4.0.0,>=3|-|-|-|-"},
	{"a star is a prefix", requirement_pip, "numpy==1.19.*", "numpy||==1.19.*|-|1.19|-|-"},
	{"extras are kept", requirement_pip, "gym[Box2D, atari]~=0.21.0", "gym|Box2D,atari|~=0.21.0|-|-|-|-"},
	{"a marker is kept", requirement_pip, "tf==2 ; python_version < \"3.9\"",
		"tf||==2|2|-|python_version < \"3.9\"|-"},
	{"a URL is kept", requirement_pip, "pkg @ https://x/y.whl", "pkg|||-|-|-|https://x/y.whl"},
	{"an option is refused", requirement_pip, "--no-index", NULL},
	{"a URL alone is refused", requirement_pip, "https://x/y.whl", NULL},
	{"a file is refused", requirement_pip, "./local", NULL},
	{"an operator without a version is refused", requirement_pip, "a==", NULL},
	{"conda: one equals sign is a prefix", requirement_conda, "numpy=1.19", "numpy||=1.19|-|1.19|-|-"},
	{"conda: three parts are a release", requirement_conda, "python=3.12.11",
		"python||==3.12.11|3.12.11|-|-|-"},
	{"conda: two equals signs are exact", requirement_conda, "python == 3.8", "python||==3.8|3.8|-|-|-"},
	{"conda: a build makes it exact", requirement_conda, "scikit-learn=1.0=py38_0",
		"scikit-learn||==1.0|1.0|-|-|-"},
	{"conda: a channel is left out", requirement_conda, "conda-forge::pip>=20", "pip||>=20|-|-|-|-"},
	{"conda: words are version and build", requirement_conda, "python 3.8 h123",
		"python||==3.8|3.8|-|-|-"},
	{"conda: a star ends a prefix", requirement_conda, "python=3.8.*", "python||=3.8|-|3.8|-|-"},
	{"conda: nothing is refused", requirement_conda, "", NULL},
};

static void check_frameworks(void **state)
{
	(void)state;
	assert_string_equal(requirement_framework("torch"), "PyTorch");
	assert_string_equal(requirement_framework("sklearn"), "scikit-learn");
	assert_null(requirement_framework("requests"));
}

static const struct row frameworks[] = {
	{"packages that are frameworks are known by their usual names", NULL, NULL, NULL}};

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + 1];
	size_t at = CASES_ADD(tests, 0, rows, check);
	at = CASES_ADD(tests, at, frameworks, check_frameworks);
	return CASES_RUN_ALL(tests, at);
}
