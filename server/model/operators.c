/* The operators and their spellings. Equality is exact: a threshold is a number that someone wrote. */
#include "model/operators.h"

#include <assert.h>
#include <string.h>

#include "model/types.h"

struct spelling {
	const char *text;
	enum model_operator operator;
};

/* The first of each are the SEI's. */
static const struct spelling spellings[] = {
	{"greater than", OPERATOR_GREATER},
	{">", OPERATOR_GREATER},
	{"greater or equal than", OPERATOR_GREATER_EQUAL},
	{"greater than or equal to", OPERATOR_GREATER_EQUAL},
	{"at least", OPERATOR_GREATER_EQUAL},
	{">=", OPERATOR_GREATER_EQUAL},
	{"less than", OPERATOR_LESS},
	{"<", OPERATOR_LESS},
	{"less or equal than", OPERATOR_LESS_EQUAL},
	{"less than or equal to", OPERATOR_LESS_EQUAL},
	{"at most", OPERATOR_LESS_EQUAL},
	{"<=", OPERATOR_LESS_EQUAL},
	{"equal to", OPERATOR_EQUAL},
	{"==", OPERATOR_EQUAL},
	{"=", OPERATOR_EQUAL},
	{"different than", OPERATOR_DIFFERENT},
	{"different from", OPERATOR_DIFFERENT},
	{"!=", OPERATOR_DIFFERENT},
};

enum model_operator model_operator_of(const char *text)
{
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		if (model_text_equal_nocase(text, spellings[i].text))
			return spellings[i].operator;
	}
	return OPERATOR_NONE;
}

const char *model_operator_spelling(size_t at)
{
	return at < sizeof(spellings) / sizeof(spellings[0]) ? spellings[at].text : NULL;
}

const char *model_operator_words(enum model_operator operator)
{
	static const char *const words[] = {
		[OPERATOR_GREATER] = "more than",
		[OPERATOR_GREATER_EQUAL] = "at least",
		[OPERATOR_LESS] = "less than",
		[OPERATOR_LESS_EQUAL] = "at most",
		[OPERATOR_EQUAL] = "exactly",
		[OPERATOR_DIFFERENT] = "anything but",
	};
	assert(operator!= OPERATOR_NONE);
	return words[operator];
}

bool model_operator_holds(enum model_operator operator, double value, double threshold)
{
	switch (operator) {
	case OPERATOR_GREATER: return value > threshold;
	case OPERATOR_GREATER_EQUAL: return value >= threshold;
	case OPERATOR_LESS: return value < threshold;
	case OPERATOR_LESS_EQUAL: return value <= threshold;
	case OPERATOR_EQUAL: return value == threshold;
	case OPERATOR_DIFFERENT: return value != threshold;
	case OPERATOR_NONE: break;
	}
	assert(false && "no operator");
	return false;
}
