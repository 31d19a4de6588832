/* Which bug is planted, and when: PLANTED_BUG=name:n strikes at each n-th chance. Only in tallyd-planted. */
#include "base/plant.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

bool planted(const char *bug)
{
	static _Atomic unsigned long chances;
	const char *wish = getenv("PLANTED_BUG");
	size_t length = strlen(bug);
	if (!wish || strncmp(wish, bug, length) != 0 || wish[length] != ':')
		return false;
	unsigned long every = strtoul(wish + length + 1, NULL, 10);
	return every && (atomic_fetch_add(&chances, 1) + 1) % every == 0;
}
