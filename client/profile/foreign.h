/* Files that are no text in UTF-8, by how they begin. */
#ifndef PROFILE_FOREIGN_H
#define PROFILE_FOREIGN_H

#include <stddef.h>

/**
 * Tells what a file is that is no table of text, and how it becomes one.
 *
 * @param bytes  its first ones
 * @return how a sentence goes on after "this is"; NULL when it may be a table. Static
 */
const char *foreign_kind(const char *bytes, size_t size);

#endif
