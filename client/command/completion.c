/* Writes shell functions that know the same words as the parser. Asks no server. */
#include "command/completion.h"

#include <string.h>

#include "command/command.h"
#include "command/words.h"
#include "import/import.h"

static void put_options(struct buffer *out, const struct option *own)
{
	const struct option *tables[OPTION_TABLES] = {
		own ? own : command_global_options, own ? command_global_options : NULL};
	const struct option *option;
	const char *separator = "";
	size_t at = 0;
	while ((option = options_next(tables, &at))) {
		buffer_print(out, "%s--%s", separator, option->name);
		separator = " ";
	}
}

static void put_list(struct buffer *out, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		buffer_print(out, "%s%s", i > 0 ? " " : "", words[i]);
}

/* First words of all commands, or second words of one group. */
static void put_commands(struct buffer *out, const char *group)
{
	const char *last = "", *separator = "";
	for (size_t i = 0; commands[i]; i++) {
		const char *name = commands[i]->name;
		size_t first = strcspn(name, " ");
		if (group && (strncmp(name, group, first) != 0 || group[first] || !name[first]))
			continue;
		if (!group && strncmp(last, name, first) == 0 && (last[first] == ' ' || !last[first]))
			continue;
		buffer_print(out, "%s%.*s", separator, group ? (int)strlen(name) : (int)first,
			group ? name + first + 1 : name);
		if (!group && commands[i]->alias)
			buffer_print(out, " %s", commands[i]->alias);
		separator = " ";
		last = name;
	}
	if (!group)
		buffer_text(out, " help");
}

static bool is_second_word(const char *group, const char *word)
{
	const size_t first = strlen(group);
	for (size_t i = 0; commands[i]; i++)
		if (strncmp(commands[i]->name, group, first) == 0 && commands[i]->name[first] == ' ' &&
			strcmp(commands[i]->name + first + 1, word) == 0)
			return true;
	return false;
}

/* Those that are no command of their own. */
static void put_formats(struct buffer *out, const char *group)
{
	const char *separator = "";
	for (const struct import_format *row = import_formats; row->name; row++) {
		if (is_second_word(group, row->name))
			continue;
		buffer_print(out, "%s%s", separator, row->name);
		separator = " ";
	}
}

static void put_arguments(struct buffer *out, const struct command *command)
{
	if (command->words == WORDS_KINDS)
		put_list(out, words_every_kind);
	else if (command->words == WORDS_SHELLS)
		buffer_text(out, "bash zsh fish");
	else if (command->words == WORDS_FORMATS)
		put_formats(out, command->name);
}

static void put_pattern(struct buffer *out, const struct command *command)
{
	buffer_print(out, "\"%s\"", command->name);
	if (command->alias)
		buffer_print(out, "|\"%s\"", command->alias);
}

/* case "$command" in: options and arguments of each command; first: arguments are one word, then files */
static void put_command_cases(struct buffer *out)
{
	for (size_t i = 0; commands[i]; i++) {
		const struct command *command = commands[i];
		buffer_text(out, "\t");
		put_pattern(out, command);
		buffer_text(out, ") options=\"");
		put_options(out, command->options);
		buffer_text(out, "\"; arguments=\"");
		put_arguments(out, command);
		buffer_print(out, "\"; files=%s; first=%s ;;\n",
			command->words == WORDS_FILES || command->words == WORDS_FORMATS ? "yes" : "",
			command->words == WORDS_FORMATS ? "yes" : "");
	}
}

static void put_value_case(struct buffer *out, const char *command, const struct option *option)
{
	if (option->type == OPTION_FLAG)
		return;
	buffer_print(out, "\t\"%s --%s\"", command, option->name);
	if (option->letter)
		buffer_print(out, "|\"%s -%c\"", command, option->letter);
	buffer_text(out, ") values=\"");
	if (option->choices)
		put_list(out, option->choices);
	buffer_text(out, "\" ;;\n");
}

/* Of a case: a branch for each option that takes a value. */
static void put_value_cases(struct buffer *out)
{
	for (size_t i = 0; commands[i]; i++) {
		const struct option *tables[OPTION_TABLES] = {
			commands[i]->options ? commands[i]->options : command_global_options,
			commands[i]->options ? command_global_options : NULL};
		const struct option *option;
		size_t at = 0;
		while ((option = options_next(tables, &at))) {
			put_value_case(out, commands[i]->name, option);
			if (commands[i]->alias)
				put_value_case(out, commands[i]->alias, option);
		}
	}
}

static void put_groups(struct buffer *out)
{
	const char *last = "";
	for (size_t i = 0; commands[i]; i++) {
		const char *name = commands[i]->name;
		size_t first = strcspn(name, " ");
		char group[32];
		if (!name[first] || strncmp(last, name, first + 1) == 0)
			continue;
		snprintf(group, sizeof(group), "%.*s", (int)first, name);
		buffer_print(out, "\t%s) words=\"", group);
		put_commands(out, group);
		buffer_print(out, "\"; alone=%s ;;\n", command_is_group(group) ? "" : "yes");
		last = name;
	}
}

/* _tally_values: sets $values for a command and its option, if that takes any. _tally_takes_value: is the
 * word behind this one its value, when these are the words before that are none? bash has = as a word. */
static void put_values(struct buffer *out)
{
	buffer_text(out, "_tally_values() {\n\tcase \"$1\" in\n");
	put_value_cases(out);
	buffer_text(out, "\t*) return 1 ;;\n\tesac\n}\n\n"
			 "_tally_takes_value() {\n"
			 "\tlocal values=\"\"\n"
			 "\t[[ $1 == --server || $1 == -s || $1 == --timeout || $1 == '=' ]] ||\n"
			 "\t\t_tally_values \"$2 $1\" || _tally_values \"$2 $3 $1\"\n"
			 "}\n\n");
}

/* Both shells run the same function; it reads $current, $previous and the words before, and sets $offer and
 * $files. */
static void put_core(struct buffer *out)
{
	put_values(out);
	buffer_text(out, "_tally_offer() {\n"
			 "\tlocal command=\"$1\" second=\"$2\" previous=\"$3\" current=\"$4\"\n"
			 "\tlocal options=\"\" arguments=\"\" values=\"\" words=\"\" alone=\"\" first=\"\"\n"
			 "\toffer=\"\"; files=\"\"\n"
			 "\tif [[ -z $command ]]; then\n"
			 "\t\tif _tally_takes_value \"$previous\" \"\" \"\"; then return; fi\n"
			 "\t\tif [[ $current == -* ]]; then offer=\"");
	put_options(out, NULL);
	buffer_text(out, "\"; else offer=\"");
	put_commands(out, NULL);
	buffer_text(out, "\"; fi\n\t\treturn\n\tfi\n\tcase \"$command\" in\n");
	put_groups(out);
	buffer_text(out, "\tesac\n"
			 "\tif [[ -n $words ]]; then\n"
			 "\t\tif [[ -z $second && -z $alone ]]; then offer=\"$words\"; return; fi\n"
			 "\t\tif [[ -z $alone || \" $words \" == *\" $second \"* ]]; then command=\"$command "
			 "$second\"; fi\n"
			 "\tfi\n"
			 "\tif _tally_values \"$command $previous\"; then offer=\"$values\"; return; fi\n"
			 "\tcase \"$command\" in\n");
	put_command_cases(out);
	buffer_text(out,
		"\tesac\n"
		"\tif [[ -n $first && -z $second ]]; then arguments=\"$words $arguments\"; files=\"\"\n"
		"\telif [[ -n $first ]]; then arguments=\"\"; fi\n"
		"\tif [[ $current == -* ]]; then offer=\"$options\"; files=\"\"; else "
		"offer=\"$arguments\"; fi\n"
		"}\n\n");
}

void completion_bash(struct buffer *out)
{
	buffer_text(out, "# Completion of tally for bash: source <(tally completion bash)\n\n");
	put_core(out);
	buffer_text(out,
		"_tally() {\n"
		"\tlocal offer files word found=() at\n"
		"\tfor ((at = 1; at < COMP_CWORD; at++)); do\n"
		"\t\tword=\"${COMP_WORDS[at]}\"\n"
		"\t\tif [[ $word != -* ]] &&\n"
		"\t\t\t! _tally_takes_value \"${COMP_WORDS[at-1]}\" \"${found[0]-}\" \"${found[1]-}\"; then\n"
		"\t\t\tfound+=(\"$word\")\n"
		"\t\tfi\n"
		"\tdone\n"
		"\t_tally_offer \"${found[0]-}\" \"${found[1]-}\" \"${COMP_WORDS[COMP_CWORD-1]}\" "
		"\"${COMP_WORDS[COMP_CWORD]}\"\n"
		"\tmapfile -t COMPREPLY < <(compgen -W \"$offer\" -- \"${COMP_WORDS[COMP_CWORD]}\")\n"
		"\tif [[ -n $files ]]; then\n"
		"\t\tmapfile -t -O \"${#COMPREPLY[@]}\" COMPREPLY < <(compgen -f -- "
		"\"${COMP_WORDS[COMP_CWORD]}\")\n"
		"\tfi\n"
		"}\n"
		"complete -o filenames -F _tally tally\n");
}

void completion_zsh(struct buffer *out)
{
	buffer_text(out, "#compdef tally\n# Completion of tally for zsh: source <(tally completion zsh)\n\n");
	put_core(out);
	buffer_text(out, "_tally() {\n"
			 "\tlocal offer files word previous=\"\" at\n"
			 "\tlocal -a found\n"
			 "\tfor ((at = 2; at < CURRENT; at++)); do\n"
			 "\t\tword=\"${words[at]}\"\n"
			 "\t\tif [[ $word != -* ]] &&\n"
			 "\t\t\t! _tally_takes_value \"$previous\" \"${found[1]-}\" \"${found[2]-}\"; then\n"
			 "\t\t\tfound+=(\"$word\")\n"
			 "\t\tfi\n"
			 "\t\tprevious=\"$word\"\n"
			 "\tdone\n"
			 "\t_tally_offer \"${found[1]-}\" \"${found[2]-}\" \"${words[CURRENT-1]}\" "
			 "\"${words[CURRENT]}\"\n"
			 "\tcompadd -- ${=offer}\n"
			 "\tif [[ -n $files ]]; then _files; fi\n"
			 "}\n"
			 "compdef _tally tally\n");
}
