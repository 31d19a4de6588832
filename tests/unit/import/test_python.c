/* Python's own files: requirements.txt, pyproject.toml, conda environments. */
#include "importing.h"

#include "cases.h"

struct row {
	const char *name;
	const char *format;
	const char *text;
	size_t size; /* 0: up to the NUL */
	const char *expected;
};

static void check(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	const char *got = importing_lines(
		arena, row->format, "file", row->text, row->size ? row->size : strlen(row->text));
	assert_string_equal(got, row->expected);
	arena_free(arena);
}

#define DE         "development_environment "
#define PACKAGE(n) DE "packages[" n "].name = " n " @ "

static const struct row rows[] = {
	{"a pin and its hashes on continued lines are one requirement", "requirements",
		"a==1 \\\n  --hash=sha256:00 \\\n  --hash=sha256:01\nb\n", 0,
		PACKAGE("a") "line 1\n" DE "packages[a].version = 1 @ line 1\n" PACKAGE("b") "line 4\n"},
	{"UTF-16 of PowerShell is read", "requirements", "\xff\xfe\x61\x00\x3d\x00\x3d\x00\x31\x00", 10,
		PACKAGE("a") "line 1\n" DE "packages[a].version = 1 @ line 1\n"},
	{"where packages come from is noted, not taken", "requirements", "--extra-index-url https://u\n", 0,
		"--extra-index-url https://u @ line 1\n"},
	{"a comment behind a requirement is cut", "requirements", "a>=2 # why\n#b\n", 0,
		PACKAGE("a") "line 1\n" DE "packages[a].requirement = >=2 @ line 1\n"},
	{"what is no requirement is left", "requirements", "git+https://u/x.git\n", 0,
		"left line 1: \"git+https://u/x.git\" is no requirement that pip understands\n"},
	{"bytes that are no text are refused with their line", "requirements", "a\n\xff\xff\n", 0,
		"refused: file:2:1: byte 0xff is not UTF-8 text\n"},
	{"a project's table is read", "pyproject",
		"[project]\nrequires-python = \">=3.8\"\ndependencies = [\n  \"a==1\", # one\n]\n", 0,
		DE "languages[python].name = python @ project.requires-python\n" DE
		   "languages[python].requirement = >=3.8 @ project.requires-python\n" DE
		   "programming_languages = Python @ project.requires-python\n" PACKAGE(
			   "a") "project.dependencies[0]\n" DE
				"packages[a].version = 1 @ project.dependencies[0]\n"},
	{"a caret is up to the next major", "pyproject", "[tool.poetry.dependencies]\na = \"^1.2.3\"\n", 0,
		PACKAGE("a") "tool.poetry.dependencies.a\n" DE
			     "packages[a].requirement = >=1.2.3,<2 @ tool.poetry.dependencies.a\n"},
	{"a caret at 0 is up to the next minor", "pyproject",
		"[tool.poetry.dependencies]\na = {version = \"^0.2.3\"}\n", 0,
		PACKAGE("a") "tool.poetry.dependencies.a\n" DE
			     "packages[a].requirement = >=0.2.3,<0.3 @ tool.poetry.dependencies.a\n"},
	{"a tilde is up to the next minor", "pyproject", "[tool.poetry.dependencies]\na = '~1.2'\n", 0,
		PACKAGE("a") "tool.poetry.dependencies.a\n" DE
			     "packages[a].requirement = >=1.2,<1.3 @ tool.poetry.dependencies.a\n"},
	{"broken TOML is refused with its line", "pyproject", "[project]\nname = \"a\nb = 1\n", 0,
		"refused: file:2:1: the quote that ends the text is expected here\n"},
	{"a key that is given twice is refused", "pyproject", "a = 1\na = 2\n", 0,
		"refused: file:2:1: a is given a second time\n"},
	{"an unquoted version keeps its zero", "conda", "dependencies: [python=3.10]\n", 0,
		DE "languages[python].name = python @ dependencies[0]\n" DE
		   "languages[python].requirement = ==3.10.* @ dependencies[0]\n" DE
		   "programming_languages = Python @ dependencies[0]\n"},
	{"pip's list inside conda's is read as pip's", "conda", "dependencies: [{pip: [a==1, --pre]}]\n", 0,
		PACKAGE("a") "dependencies[0].pip[0]\n" DE
			     "packages[a].version = 1 @ dependencies[0].pip[0]\n"
			     "left dependencies[0].pip[1]: an option of pip is not followed: --pre\n"},
	{"an environment without dependencies is refused", "conda", "name: a\n", 0,
		"refused: file:1:1: dependencies: a conda environment has a list of packages here\n"},
};

int main(void)
{
	return CASES_RUN(rows, check);
}
