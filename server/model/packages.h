/* Packages by name. */
#ifndef MODEL_PACKAGES_H
#define MODEL_PACKAGES_H

#include <stdbool.h>
#include <stddef.h>

enum {
	MODEL_PACKAGE_NAME_SIZE = 128
};

/**
 * Writes a package's name as indexes compare it (PEP 503): lower case, runs of
 * - _ . as one hyphen, no white space at its ends.
 *
 * @param[out] name  MODEL_PACKAGE_NAME_SIZE bytes; cut beyond
 * @return name
 */
char *model_package_name(const char *text, char *name);

/** Is it a machine-learning framework, which decides whether a stored model can be loaded? @param name as
 * model_package_name() writes it */
bool model_package_is_framework(const char *name);

#endif
