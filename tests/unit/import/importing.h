/* For tests of formats: gives a text to a format and writes down what came of it. */
#ifndef TESTS_IMPORT_IMPORTING_H
#define TESTS_IMPORT_IMPORTING_H

#include "base/arena.h"

/**
 * Imports a text as a file of that path. What comes out, a line each: facts
 * "kind field = value @ path" (values without a place have no kind), then
 * "left path: why" and "warned path: why"; or "refused: " and the message.
 *
 * @param format  of the table
 * @param size    bytes of text
 * @return arena
 */
const char *importing_lines(
	struct arena *arena, const char *format, const char *path, const char *text, size_t size);

/** The same for NUL-terminated text: the documents' specs as compact JSON "kind/name {…}", a line each, then
 * "conflict kind/name field: a (path) | b (path)". */
const char *importing_documents(struct arena *arena, const char *format, const char *path, const char *text);

/** The same for bytes. */
const char *importing_documents_of(
	struct arena *arena, const char *format, const char *path, const char *bytes, size_t size);

/**
 * Fails unless each line of `says` is a line of importing_lines(). A line that
 * begins with ! must not be there, also not as a part of another one.
 */
void importing_expect(const char *format, const char *path, const char *text, const char *says);

#endif
