/* Completion scripts, made from the table of commands. */
#ifndef COMMAND_COMPLETION_H
#define COMMAND_COMPLETION_H

#include "base/buffer.h"

void completion_bash(struct buffer *out);
void completion_zsh(struct buffer *out);
void completion_fish(struct buffer *out);

#endif
