/* Variables in a text, as shells, Dockerfiles and Compose write them. */
#ifndef IMPORT_VARIABLES_H
#define IMPORT_VARIABLES_H

#include <stdbool.h>

#include "base/arena.h"

/** @return the value of a variable; NULL when it is not known */
typedef const char *variables_fn(void *context, const char *name);

/**
 * Replaces $NAME, ${NAME}, ${NAME:-default} and ${NAME-default}. A variable
 * without a known value and without a default stays as it is written; $$ is $.
 *
 * @param look_up  may be NULL: nothing is known
 * @return arena
 */
const char *variables_resolve(struct arena *arena, const char *text, variables_fn *look_up, void *context);

/** Does a text still hold a variable? */
bool variables_left(const char *text);

#endif
