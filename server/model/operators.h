/* How one number has to stand to another: the operators that metrics and goals name. */
#ifndef MODEL_OPERATORS_H
#define MODEL_OPERATORS_H

#include <stdbool.h>
#include <stddef.h>

enum model_operator {
	OPERATOR_NONE, /* blank, or a text that we do not know */
	OPERATOR_GREATER,
	OPERATOR_GREATER_EQUAL,
	OPERATOR_LESS,
	OPERATOR_LESS_EQUAL,
	OPERATOR_EQUAL,
	OPERATOR_DIFFERENT,
};

/** Returns what an operator's text means: "less or equal than", "<=" and so on. */
enum model_operator model_operator_of(const char *text);

/** Returns a text that model_operator_of() knows, or NULL past the last one. */
const char *model_operator_spelling(size_t at);

/** Returns how it is said: "at most" and so on. @param operator not OPERATOR_NONE */
const char *model_operator_words(enum model_operator operator);

/** Does the value stand to the threshold as the operator wants? @param operator not OPERATOR_NONE */
bool model_operator_holds(enum model_operator operator, double value, double threshold);

#endif
