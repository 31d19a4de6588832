/* Versions of packages and what a requirement accepts, as package managers write them. */
#ifndef MODEL_REQUIREMENT_H
#define MODEL_REQUIREMENT_H

#include <stdbool.h>

/**
 * Do two versions have the same first numbers? A number that one of them does
 * not give agrees with any: 3.10 and 3.10.4 agree in three.
 *
 * @param parts  how many numbers count: 2 is major and minor
 */
bool model_versions_agree(const char *a, const char *b, int parts);

enum model_answer {
	ANSWER_YES,
	ANSWER_NO,
	ANSWER_UNKNOWN, /* not understood */
};

/**
 * Does a requirement accept a version? Understands lists of ==, !=, >=, <=, >,
 * <, ~=, =, ^ and ~ with a version, and .* at its end (PEP 440; = and ~ and ^
 * as conda and poetry have them). Only the numbers of a release are compared:
 * 1.2rc1 counts as 1.2.
 */
enum model_answer model_requirement_accepts(const char *requirement, const char *version);

/** Does a requirement keep later versions out? A blank one does not, >=1.2 does not, <2 does. */
bool model_requirement_bounded(const char *requirement);

#endif
