/* Versions that agree, and what requirements accept. */
#include "model/requirement.h"

#include "cases.h"

struct agree_row {
	const char *name;
	const char *a;
	const char *b;
	int parts;
	bool agree;
};

static const struct agree_row agrees[] = {
	{"patches do not count in two numbers", "3.8.10", "3.8.2", 2, true},
	{"another minor counts in two numbers", "3.8.10", "3.10.1", 2, false},
	{"another minor does not count in one number", "1.4", "1.9", 1, true},
	{"what is not given agrees", "3", "3.10.2", 3, true},
	{"a v in front does not count", "v1.2", "1.2.5", 2, true},
	{"what stands behind the release does not count", "2.1.0+cu118", "2.1.0", 3, true},
	{"texts that are no versions are compared as such", "latest", " latest", 2, true},
	{"different texts that are no versions differ", "latest", "stable", 2, false},
};

static void check_agree(void **state)
{
	const struct agree_row *row = *state;
	assert_int_equal(model_versions_agree(row->a, row->b, row->parts), row->agree);
	assert_int_equal(model_versions_agree(row->b, row->a, row->parts), row->agree);
}

struct accept_row {
	const char *name;
	const char *requirement;
	const char *version;
	enum model_answer answer;
	bool bounded;
};

static const struct accept_row accepts[] = {
	{"nothing asked for accepts all", "", "1.0", ANSWER_YES, false},
	{"a version alone is that version", "1.2.3", "1.2.3", ANSWER_YES, true},
	{"missing numbers are 0", "==1.2", "1.2.0", ANSWER_YES, true},
	{"== refuses another patch", "==1.2.3", "1.2.4", ANSWER_NO, true},
	{"==1.2.* accepts every patch", "==1.2.*", "1.2.9", ANSWER_YES, true},
	{"==1.2.* refuses another minor", "==1.2.*", "1.3", ANSWER_NO, true},
	{"!= refuses that version only", "!=1.2", "1.2", ANSWER_NO, false},
	{">= accepts later ones and has no end", ">= 1.2", "7", ANSWER_YES, false},
	{"numbers are compared as numbers", ">=1.9", "1.10", ANSWER_YES, false},
	{"a list wants all", ">=1.2, <2", "2.0", ANSWER_NO, true},
	{"a list inside accepts", ">=1.2,<2", "1.9.9", ANSWER_YES, true},
	{"~=1.4.2 keeps the minor", "~=1.4.2", "1.5.0", ANSWER_NO, true},
	{"~=1.4.2 accepts later patches", "~=1.4.2", "1.4.9", ANSWER_YES, true},
	{"~=1.4 keeps the major", "~=1.4", "1.9", ANSWER_YES, true},
	{"conda's = is a prefix", "=1.0", "1.0.4", ANSWER_YES, true},
	{"conda's = refuses another minor", "=1.0", "1.1", ANSWER_NO, true},
	{"^ keeps the major", "^1.4", "2.0", ANSWER_NO, true},
	{"^ below 1 keeps the minor", "^0.4.2", "0.5", ANSWER_NO, true},
	{"^ accepts later minors", "^1.4", "1.9", ANSWER_YES, true},
	{"~1.4.2 keeps the minor", "~1.4.2", "1.5", ANSWER_NO, true},
	{"alternatives are not understood", "1.2||1.3", "1.3", ANSWER_UNKNOWN, true},
	{"words are not understood", "latest", "1.3", ANSWER_UNKNOWN, true},
	{"a version that is none is not judged", ">=1", "nightly", ANSWER_UNKNOWN, false},
};

static void check_accept(void **state)
{
	const struct accept_row *row = *state;
	assert_int_equal(model_requirement_accepts(row->requirement, row->version), row->answer);
	assert_int_equal(model_requirement_bounded(row->requirement), row->bounded);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(agrees) + CASES_COUNT(accepts)];
	size_t count = CASES_ADD(tests, 0, agrees, check_agree);
	count = CASES_ADD(tests, count, accepts, check_accept);
	return CASES_RUN_ALL(tests, count);
}
