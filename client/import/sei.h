/* The SEI's own descriptor documents (JSON), v1.0 to v1.2. */
#ifndef IMPORT_SEI_H
#define IMPORT_SEI_H

#include "base/arena.h"
#include "base/fault.h"
#include "document/document.h"

/**
 * Reads one SEI document. "", 0 and [] that stand for "not given" become
 * absent, so that a 0 that is left is a value; older versions' fields get
 * their v1.2 names. Blank items of lists stay. A field that v1.2 does not have
 * is left out and told in document->ignored; the document has one source, the
 * file.
 *
 * @param file  its name; the kind is told from it (e.g. trained_model.json), else from
 *              the fields, when `kind` is KIND_NONE
 * @param[out] document  set on success only; arena
 * @param[out] fault  FAULT_INVALID with file, line, column
 */
enum fault_code import_sei(struct arena *arena, const char *file, const char *text, size_t size,
	enum model_kind kind, struct document *document, struct fault *fault);

#endif
