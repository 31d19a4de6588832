/* Resource names in requests. */
#ifndef SERVICE_NAMES_H
#define SERVICE_NAMES_H

#include <stdbool.h>

#include "base/fault.h"
#include "model/name.h"

/**
 * Takes a resource name apart that must have one form.
 *
 * @param fault  as for check_refuse(); NAME_INVALID
 * @param field  path of the field that has it
 * @param form   NAME_DESCRIPTOR does not take the name of a version
 * @param[out] name  set on success only
 */
bool names_take(struct fault *fault, const char *field, const char *text, enum model_name_form form,
	struct model_name *name);

#endif
