/* Where packages, languages, metrics and types of data items go in a descriptor: the same for every format.
 */
#ifndef IMPORT_PACKAGES_H
#define IMPORT_PACKAGES_H

#include "import/import.h"
#include "import/requirement.h"

/**
 * Puts a package into a trained model, a data pipeline or an environment:
 * packages, and where the kind has them ml_frameworks and
 * system_dependencies. Python itself goes to languages.
 *
 * @param at  a descriptor's place
 */
void packages_put(struct import *import, const struct draft_place *at, const struct requirement *requirement,
	const char *path);

/**
 * Puts a language and which version: languages, and where the kind has them
 * programming_languages.
 *
 * @param name         as its own ecosystem writes it, e.g. python
 * @param version      exact; or NULL
 * @param requirement  e.g. >=3.8; or NULL
 */
void packages_language(struct import *import, const struct draft_place *at, const char *name,
	const char *version, const char *requirement, const char *path);

/**
 * Puts a measured metric into a list of them: evaluation_metrics or
 * test_metrics of a trained model. Names that the SEI's list has are told by
 * their usual spellings; all others are Other.
 */
void packages_metric(struct import *import, const struct draft_place *at, const char *list, const char *name,
	double value, const char *path);

/** Puts a hyper-parameter into a trained model. @param value as text */
void packages_parameter(struct import *import, const struct draft_place *at, const char *name,
	const char *value, const char *path);

#endif
