/* The text of a card, below its front matter. */
#ifndef IMPORT_MODEL_CARD_TEXT_H
#define IMPORT_MODEL_CARD_TEXT_H

#include "import/import.h"

/**
 * Reads sections.
 *
 * @param data  the raw data that the card describes; NULL: a model
 * @param text  a part of the file's bytes; not NUL-terminated
 */
void model_card_text(struct import *import, const struct draft_place *data, const char *text, size_t size);

#endif
