/* The table of commands: one row each, and all that help and completion need to know of it. */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include <stddef.h>

#include "command/options.h"

struct session;

/* How a command ends: the process's exit code. */
enum command_exit {
	COMMAND_WELL = 0,
	COMMAND_BLOCKED = 1, /* the gate says no                              */
	COMMAND_FAILED = 2,  /* wrong usage, no connection, the server's no   */
	COMMAND_UNKNOWN = 3, /* the gate cannot say, or the wait expired      */
};

/* What the arguments of a command are, for completion. */
enum command_words {
	WORDS_NONE,
	WORDS_FILES,
	WORDS_KINDS,
	WORDS_COMMANDS,
	WORDS_SHELLS,
	WORDS_FORMATS, /* of import first, then files */
	WORDS_TEXT,    /* only the server or the user knows */
};

struct command {
	const char *name;  /* one or two words */
	const char *alias; /* or NULL */
	const char *summary;
	const char *arguments;        /* for the usage line, "" for none */
	const char *about;            /* what else is worth knowing; lines, or NULL */
	const struct option *options; /* its own; may be NULL */
	enum command_words words;
	int least, most; /* number of arguments; most -1: any */
	const char *example;
	enum command_exit (*run)(struct session *session);
};

/* The rows, one for each cmd_*.c, or two where they share everything. */
extern const struct command command_system_create, command_system_list, command_system_delete;
extern const struct command command_push, command_init;
extern const struct command command_import, command_import_auto, command_import_sei;
extern const struct command command_profile;
extern const struct command command_get, command_list, command_history, command_diff, command_delete;
extern const struct command command_findings, command_verdict, command_watch;
extern const struct command command_waive, command_waivers;
extern const struct command command_matrix, command_policy_preview;
extern const struct command command_rules, command_explain, command_impact, command_completion;
extern const struct command command_record, command_record_undo, command_deployments;

/* All of them in the order of the help, ended by NULL. */
extern const struct command *const commands[];

/* Options that every command takes. */
extern const struct option command_global_options[];

/**
 * Finds the command that words begin with.
 *
 * @param[out] used   how many words it took
 * @param[out] fault  FAULT_INVALID with the nearest word
 * @return NULL on failure
 */
const struct command *command_find(
	struct arena *arena, char *const *words, int count, int *used, struct fault *fault);

/** Does the command go by this first word? */
int command_is_group(const char *word);

/** Runs the program. @return its exit code */
int command_main(int count, char **words);

#endif
