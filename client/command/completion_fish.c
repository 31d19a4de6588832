/* The same words as in completion.c, in fish's own way: a row for each word instead of a function. */
#include <string.h>

#include "command/command.h"
#include "command/completion.h"
#include "command/words.h"
#include "import/import.h"

/* In single quotes, with those inside escaped. */
static void put_quoted(struct buffer *out, const char *text)
{
	buffer_text(out, "'");
	for (; *text; text++)
		buffer_print(out, *text == '\'' || *text == '\\' ? "\\%c" : "%c", *text);
	buffer_text(out, "'");
}

static void put_list(struct buffer *out, const char *const *words)
{
	buffer_text(out, " -a '");
	for (size_t i = 0; words[i]; i++)
		buffer_print(out, "%s%s", i > 0 ? " " : "", words[i]);
	buffer_text(out, "'");
}

/* One row up to its condition. @param where __tally_at or __tally_first */
static void put_row(struct buffer *out, const char *where, const char *name, const char *alias)
{
	buffer_print(out, "complete -c tally -n '%s \"%s\"", where, name);
	if (alias)
		buffer_print(out, " \"%s\"", alias);
	buffer_text(out, "'");
}

static void put_word(
	struct buffer *out, const char *where, const char *after, const char *word, const char *about)
{
	put_row(out, where, after, NULL);
	buffer_print(out, " -a %s -d ", word);
	put_quoted(out, about);
	buffer_text(out, "\n");
}

/* The words that commands begin with; of two words, the second behind the first. */
static void put_commands(struct buffer *out)
{
	const char *last = "";
	for (size_t i = 0; commands[i]; i++) {
		const struct command *command = commands[i];
		char first[32];
		snprintf(first, sizeof(first), "%.*s", (int)strcspn(command->name, " "), command->name);
		const char *second = command->name + strlen(first);
		if (*second)
			put_word(out, "__tally_first", first, second + 1, command->summary);
		if (strcmp(last, first) != 0 && (!*second || command_is_group(first)))
			put_word(out, "__tally_at", "", first, *second ? "" : command->summary);
		if (command->alias)
			put_word(out, "__tally_at", "", command->alias, command->summary);
		last = command->name;
	}
	put_word(out, "__tally_at", "", "help", "explain a command");
}

static void put_option(struct buffer *out, const struct command *command, const struct option *option)
{
	put_row(out, "__tally_at", command->name, command->alias);
	buffer_print(out, " -l %s", option->name);
	if (option->letter)
		buffer_print(out, " -s %c", option->letter);
	if (option->type != OPTION_FLAG)
		buffer_text(out, " -x");
	if (option->choices)
		put_list(out, option->choices);
	buffer_text(out, " -d ");
	put_quoted(out, option->help ? option->help : "");
	buffer_text(out, "\n");
}

static void put_arguments(struct buffer *out, const struct command *command)
{
	static const char *const shells[] = {"bash", "zsh", "fish", NULL};
	if (command->words == WORDS_FORMATS) {
		for (const struct import_format *row = import_formats; row->name; row++)
			put_word(out, "__tally_first", command->name, row->name, row->title);
		buffer_print(out,
			"complete -c tally -n '__tally_at \"%s\"; and not __tally_first \"%s\"' -F\n",
			command->name, command->name);
		return;
	}
	if (command->words != WORDS_FILES && command->words != WORDS_KINDS && command->words != WORDS_SHELLS)
		return;
	put_row(out, "__tally_at", command->name, command->alias);
	if (command->words == WORDS_FILES)
		buffer_text(out, " -F");
	else
		put_list(out, command->words == WORDS_KINDS ? words_every_kind : shells);
	buffer_text(out, "\n");
}

static const struct option *next_option(const struct command *command, size_t *at)
{
	const struct option *tables[OPTION_TABLES] = {
		command->options ? command->options : command_global_options,
		command->options ? command_global_options : NULL};
	return options_next(tables, at);
}

/* Options whose next word is their value, for those that look for the command. */
static void put_valued(struct buffer *out)
{
	for (size_t i = 0; commands[i]; i++) {
		const struct option *option;
		size_t at = 0;
		while ((option = next_option(commands[i], &at))) {
			if (option->type == OPTION_FLAG)
				continue;
			buffer_print(out, " --%s", option->name);
			if (option->letter)
				buffer_print(out, " -%c", option->letter);
		}
	}
}

static void put_functions(struct buffer *out)
{
	buffer_text(out, "function __tally_words\n"
			 "\tset -l all (commandline -opc)\n"
			 "\tset -e all[1]\n"
			 "\tset -l value ''\n"
			 "\tfor word in $all\n"
			 "\t\tif test -n \"$value\"\n\t\t\tset value ''\n\t\t\tcontinue\n\t\tend\n"
			 "\t\tswitch $word\n"
			 "\t\t\tcase");
	put_valued(out);
	buffer_text(out, "\n\t\t\t\tset value yes\n"
			 "\t\t\tcase '-*'\n"
			 "\t\t\tcase '*'\n\t\t\t\techo -- $word\n"
			 "\t\tend\n\tend\nend\n\n"
			 "function __tally_command\n"
			 "\tset -l found (__tally_words)\n"
			 "\tswitch \"$found[1] $found[2]\"\n"
			 "\t\tcase");
	for (size_t i = 0; commands[i]; i++)
		if (strchr(commands[i]->name, ' '))
			buffer_print(out, " '%s'", commands[i]->name);
	buffer_text(out, "\n\t\t\techo \"$found[1] $found[2]\"\n"
			 "\t\tcase '*'\n\t\t\techo \"$found[1]\"\n"
			 "\tend\nend\n\n"
			 "function __tally_at\n\tcontains -- (__tally_command) $argv\nend\n\n"
			 "function __tally_first\n"
			 "\t__tally_at $argv; and test (count (__tally_words)) -eq 1\n"
			 "end\n\n");
}

void completion_fish(struct buffer *out)
{
	buffer_text(out, "# Completion of tally for fish: tally completion fish | source\n\n");
	put_functions(out);
	buffer_text(out, "complete -c tally -f\n");
	put_commands(out);
	static const struct command none = {.name = ""};
	for (const struct option *option = command_global_options; option->name; option++)
		put_option(out, &none, option);
	for (size_t i = 0; commands[i]; i++) {
		const struct option *option;
		size_t at = 0;
		while ((option = next_option(commands[i], &at)))
			put_option(out, commands[i], option);
		put_arguments(out, commands[i]);
	}
}
