/* Protobuf's text format (config.pbtxt, schema.pbtxt) as codec nodes. Knows no schema. */
#ifndef IMPORT_PROTOBUF_TEXT_H
#define IMPORT_PROTOBUF_TEXT_H

#include "import/import.h"

/**
 * Parses the import's file. A message is a mapping whose every value is a
 * list, also of one, because only a schema could tell; values are scalars or
 * messages. Understands "a {", "a: {", "a: [1, 2]", "a < >", comments, quoted
 * texts that follow each other, extensions in brackets.
 *
 * @return NULL with the import's fault
 */
const struct codec_node *protobuf_text(struct import *import);

/** @return the first value of a field, or NULL */
const struct codec_node *protobuf_text_first(const struct codec_node *message, const char *field);

/** @return the list of a field's values; NULL when there is none */
const struct codec_node *protobuf_text_all(const struct codec_node *message, const char *field);

#endif
