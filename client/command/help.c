/* Help, made from the table of commands. */
#include "command/help.h"

#include <string.h>

enum {
	NAME_COLUMNS = 19,
	OPTION_COLUMNS = 26,
	CHOICE_COLUMNS = 60,
	LINE_SIZE = 128,
};

static const char *const introduction =
	"tally finds ML mismatch: what the teams behind one ML system assume differently.\n"
	"\n"
	"Usage: tally COMMAND [OPTION...]\n";

static const char *const start =
	"Start here:\n"
	"  tally system create fraud\n"
	"  tally init trained_model --system fraud > model.yaml\n"
	"  tally push model.yaml\n"
	"  tally verdict fraud\n"
	"\n"
	"`tally COMMAND --help` explains a command. Exit codes: 0 well or allowed, 1 blocked,\n"
	"2 wrong usage, no connection or refused by the server, 3 the verdict is unknown.\n";

static void print_option(const struct option *option, struct buffer *out)
{
	char name[LINE_SIZE], letter[] = "-x, ";
	letter[1] = option->letter;
	snprintf(name, sizeof(name), "%s--%s%s%s", option->letter ? letter : "    ", option->name,
		option->value ? " " : "", option->value ? option->value : "");
	buffer_print(out, "  %-*s  %s\n", OPTION_COLUMNS, name, option->help);
}

/* Under the help of their option, broken where a line would get too long. */
static void print_choices(const struct option *option, struct buffer *out)
{
	size_t columns = 0;
	buffer_print(out, "  %-*s  one of", OPTION_COLUMNS, "");
	for (size_t i = 0; option->choices[i]; i++) {
		size_t length = strlen(option->choices[i]) + 2;
		if (columns + length > CHOICE_COLUMNS) {
			buffer_print(out, "\n  %-*s ", OPTION_COLUMNS, "");
			columns = 0;
		}
		buffer_print(out, " %s%s", option->choices[i], option->choices[i + 1] ? "," : "");
		columns += length;
	}
	buffer_text(out, "\n");
}

static void print_options(
	const char *title, const struct option *own, const struct option *hidden_by, struct buffer *out)
{
	/* The walk hides rows of the second table; those of the first are told apart by where they stand. */
	const struct option *tables[OPTION_TABLES] = {hidden_by ? hidden_by : own, hidden_by ? own : NULL};
	const struct option *option;
	size_t at = 0, first = 0;
	for (const struct option *row = hidden_by; row && row->name; row++)
		first++;
	buffer_print(out, "\n%s:\n", title);
	while ((option = options_next(tables, &at))) {
		if (at <= first)
			continue;
		print_option(option, out);
		if (option->choices && strcmp(option->name, "output") != 0)
			print_choices(option, out);
	}
}

void help_usage(const struct command *command, struct buffer *out)
{
	buffer_print(out, "Usage: tally %s%s%s [OPTION...]\n", command->name, *command->arguments ? " " : "",
		command->arguments);
}

void help_command(const struct command *command, struct buffer *out)
{
	buffer_print(out, "%s\n\n", command->summary);
	help_usage(command, out);
	if (command->alias)
		buffer_print(out, "Also: tally %s\n", command->alias);
	if (command->about)
		buffer_print(out, "\n%s\n", command->about);
	if (command->options && command->options->name)
		print_options("Options", command->options, NULL, out);
	print_options("Options of every command", command_global_options, command->options, out);
	buffer_print(out, "\nExample:\n%s\n", command->example);
}

void help_overview(struct buffer *out)
{
	buffer_print(out, "%s\nCommands:\n", introduction);
	for (size_t i = 0; commands[i]; i++)
		buffer_print(out, "  %-*s  %s\n", NAME_COLUMNS, commands[i]->name, commands[i]->summary);
	print_options("Options", command_global_options, NULL, out);
	buffer_print(out, "\n%s", start);
}
