/* The files of migrations/, as they are in the program. */
#ifndef STORE_MIGRATION_H
#define STORE_MIGRATION_H

#include <stddef.h>

struct migration {
	char version[32]; /* the digits that its file's name begins with */
	const char *up;   /* borrowed; SQL, up_size bytes */
	size_t up_size;
	const char *down;
	size_t down_size;
};

/** Returns how many there are. */
size_t migration_count(void);

/** Returns one of them, in the order of their versions. */
struct migration migration_at(size_t index);

#endif
