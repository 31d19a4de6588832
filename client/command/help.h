/* What the program says about itself. */
#ifndef COMMAND_HELP_H
#define COMMAND_HELP_H

#include "base/buffer.h"
#include "command/command.h"

/** Writes the list of commands. */
void help_overview(struct buffer *out);

/** Writes all about one command: usage, options, example. */
void help_command(const struct command *command, struct buffer *out);

/** Writes the usage line of one command. */
void help_usage(const struct command *command, struct buffer *out);

#endif
