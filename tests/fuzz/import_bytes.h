/* Gives bytes to a format and checks what must hold whatever they are. */
#ifndef TESTS_FUZZ_IMPORT_BYTES_H
#define TESTS_FUZZ_IMPORT_BYTES_H

#include <stddef.h>

#include "import/import.h"

/**
 * Imports bytes as a file that has no folder. Aborts unless it is refused with
 * a message, or everything that was read has a source, can be built, printed
 * and read again.
 *
 * @param bytes  borrowed, exactly `size` of them
 * @return whether it was taken
 */
bool import_bytes(const struct import_format *format, const char *bytes, size_t size);

#endif
