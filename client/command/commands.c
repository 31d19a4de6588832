/* The table of commands, and how words find their row. */
#include "command/command.h"

#include <string.h>

#include "base/nearest.h"

enum {
	NAMES_MAX = 64,
};

const struct command *const commands[] = {
	&command_system_create,
	&command_system_list,
	&command_system_delete,
	&command_init,
	&command_push,
	&command_import,
	&command_import_auto,
	&command_import_sei,
	&command_profile,
	&command_verdict,
	&command_findings,
	&command_waive,
	&command_waivers,
	&command_matrix,
	&command_policy_preview,
	&command_record,
	&command_record_undo,
	&command_deployments,
	&command_watch,
	&command_list,
	&command_get,
	&command_history,
	&command_diff,
	&command_delete,
	&command_rules,
	&command_explain,
	&command_impact,
	&command_completion,
	NULL,
};

static const char *const outputs[] = {"text", "json", NULL};

const struct option command_global_options[] = {
	{"server", 's', OPTION_TEXT, "ADDRESS",
		"host:port or unix:/path; else $TALLY_SERVER, else localhost:7443", NULL, NULL},
	{"output", 'o', OPTION_CHOICE, "FORMAT", "text for people (default) or json for programs", outputs,
		NULL},
	{"timeout", 0, OPTION_DURATION, "TIME",
		"how long to wait for the server, e.g. 30s (default), 500ms, 2m; 0: for ever", NULL, NULL},
	{"no-color", 0, OPTION_FLAG, NULL, "no colours, as with $NO_COLOR", NULL, NULL},
	{"help", 'h', OPTION_FLAG, NULL, "explain the command", NULL, NULL},
	{"version", 0, OPTION_FLAG, NULL, "print the version", NULL, NULL},
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

/* Does the name's first word equal this one? @return what follows it, or NULL */
static const char *after_first(const char *name, const char *word)
{
	size_t length = strlen(word);
	if (length == 0 || strncmp(name, word, length) != 0 || (name[length] != ' ' && name[length] != '\0'))
		return NULL;
	return name[length] == ' ' ? name + length + 1 : name + length;
}

static const struct command *find_single(const char *word)
{
	for (size_t i = 0; commands[i]; i++) {
		const struct command *command = commands[i];
		if (strcmp(command->name, word) == 0 || (command->alias && strcmp(command->alias, word) == 0))
			return command;
	}
	return NULL;
}

int command_is_group(const char *word)
{
	if (find_single(word))
		return 0;
	for (size_t i = 0; commands[i]; i++) {
		const char *rest = after_first(commands[i]->name, word);
		if (rest && *rest)
			return 1;
	}
	return 0;
}

/* Two words go before one: "import auto" before "import" with an argument. */
static const struct command *find_pair(const char *first, const char *second)
{
	for (size_t i = 0; commands[i]; i++) {
		const char *rest = after_first(commands[i]->name, first);
		if (rest && *rest && strcmp(rest, second) == 0)
			return commands[i];
	}
	return NULL;
}

static const struct command *unknown(
	const char *group, const char *word, const char *const *names, size_t count, struct fault *fault)
{
	const char *near = nearest_word(word, names, count);
	fault_set(fault, FAULT_INVALID, "COMMAND_UNKNOWN", "there is no command \"%s%s%s\"%s%s%s%s%s", group,
		*group ? " " : "", word, near ? "; did you mean \"" : "", near ? group : "",
		near && *group ? " " : "", near ? near : "", near ? "\"?" : "");
	return NULL;
}

/* The second words of a group. */
static const struct command *find_in_group(
	struct arena *arena, const char *group, const char *word, struct fault *fault)
{
	const char *names[NAMES_MAX];
	const char *list = "";
	size_t count = 0;
	for (size_t i = 0; commands[i]; i++) {
		const char *rest = after_first(commands[i]->name, group);
		if (!rest || !*rest)
			continue;
		if (word && strcmp(rest, word) == 0)
			return commands[i];
		names[count++] = rest;
		list = arena_print(arena, "%s%s%s", list, *list ? ", " : "", rest);
	}
	if (word)
		return unknown(group, word, names, count, fault);
	fault_set(fault, FAULT_INVALID, "COMMAND_INCOMPLETE", "\"%s\" needs one more word: %s", group, list);
	return NULL;
}

const struct command *command_find(
	struct arena *arena, char *const *words, int count, int *used, struct fault *fault)
{
	const struct command *command = count > 1 ? find_pair(words[0], words[1]) : NULL;
	*used = command ? 2 : 1;
	if (!command)
		command = find_single(words[0]);
	if (command)
		return command;
	if (command_is_group(words[0])) {
		*used = count > 1 ? 2 : 1;
		return find_in_group(arena, words[0], count > 1 ? words[1] : NULL, fault);
	}
	const char *names[NAMES_MAX];
	size_t name_count = 0;
	for (size_t i = 0; commands[i] && name_count + 2 < NAMES_MAX; i++) {
		names[name_count++] = arena_copy(arena, commands[i]->name, strcspn(commands[i]->name, " "));
		names[name_count++] = commands[i]->alias;
	}
	names[name_count++] = "help";
	return unknown("", words[0], names, name_count, fault);
}
