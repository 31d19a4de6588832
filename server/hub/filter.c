/* What passes a filter. */
#include "hub/hub.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *key, const void *element)
{
	return strcmp(key, *(const char *const *)element);
}

bool hub_filter_passes(const struct hub_filter *filter, const struct model_event_facts *facts)
{
	if (filter->types && !(filter->types >> facts->type & 1))
		return false;
	if (filter->kinds && !(filter->kinds & facts->kinds))
		return false;
	if (filter->classes && !(facts->class != CLASS_NONE && filter->classes >> facts->class & 1))
		return false;
	if (facts->severity < filter->min_severity)
		return false;
	if (filter->teams && !(filter->teams & facts->teams))
		return false;
	return filter->system_count == 0 || bsearch(facts->system, filter->systems, filter->system_count,
						    sizeof(*filter->systems), compare);
}
