/* From words to a command that has run. */
#include <locale.h>
#include <string.h>

#include "command/failure.h"
#include "command/help.h"
#include "command/session.h"

static enum command_exit print_and_end(struct session *session, enum command_exit code)
{
	enum command_exit written = session_flush(session);
	return written == COMMAND_WELL ? code : written;
}

static enum command_exit version(struct session *session)
{
	buffer_text(&session->out, "tally " TALLY_VERSION "\n");
	return print_and_end(session, COMMAND_WELL);
}

static enum command_exit overview(struct session *session)
{
	help_overview(&session->out);
	return print_and_end(session, COMMAND_WELL);
}

/* Words after a mistake may still ask for help. */
static bool asks_for_help(int count, char *const *words)
{
	for (int i = 0; i < count && strcmp(words[i], "--") != 0; i++) {
		if (strcmp(words[i], "--help") == 0 || strcmp(words[i], "-h") == 0)
			return true;
	}
	return false;
}

/* What several commands share: "system", "import". */
static enum command_exit help_of_group(struct session *session, const char *word)
{
	size_t length = strlen(word);
	for (size_t i = 0; commands[i]; i++) {
		if (strncmp(commands[i]->name, word, length) == 0 && commands[i]->name[length] == ' ')
			buffer_print(&session->out, "  tally %-16s  %s\n", commands[i]->name,
				commands[i]->summary);
	}
	return print_and_end(session, COMMAND_WELL);
}

static enum command_exit help_of(struct session *session, int count, char *const *words)
{
	struct fault fault;
	int used;
	if (count == 0 || words[0][0] == '-')
		return overview(session);
	if (command_is_group(words[0]) && (count == 1 || words[1][0] == '-'))
		return help_of_group(session, words[0]);
	const struct command *command = command_find(session->arena, words, count, &used, &fault);
	if (!command)
		return session_fault(&fault);
	help_command(command, &session->out);
	return print_and_end(session, COMMAND_WELL);
}

static enum command_exit check_arguments(struct session *session)
{
	const struct command *command = session->command;
	int count = (int)session->options.argument_count;
	if (count < command->least)
		return session_usage(session, "%s needs %s", command->name, command->arguments);
	if (command->most >= 0 && count > command->most)
		return session_usage(session, "%s: \"%s\" is one argument too many", command->name,
			session->options.arguments[command->most]);
	return COMMAND_WELL;
}

static enum command_exit run(struct session *session, int count, char *const *words, int at)
{
	struct fault fault;
	int used;
	session->command = command_find(session->arena, words + at, count - at, &used, &fault);
	if (!session->command) {
		session_fault(&fault);
		failure_hint("tally --help lists the commands");
		return COMMAND_FAILED;
	}
	at += used;
	session->options.tables[0] = session->command->options;
	session->options.tables[1] = command_global_options;
	if (options_read(&session->options, count, words, &at, false, &fault))
		return session_usage(session, "%s: %s", session->command->name, fault.message);
	if (options_given(&session->options, "version"))
		return version(session);
	if (check_arguments(session))
		return COMMAND_FAILED;
	if (session_init(session, &fault))
		return session_fault(&fault);
	return print_and_end(session, session->command->run(session));
}

/* Options may stand before the command too. */
static enum command_exit start(struct session *session, int count, char *const *words)
{
	struct fault fault;
	int at = 1;
	session->options.tables[0] = command_global_options;
	if (options_read(&session->options, count, words, &at, true, &fault))
		return session_usage(session, "%s", fault.message);
	if (options_given(&session->options, "version"))
		return version(session);
	if (options_given(&session->options, "help"))
		return help_of(session, count - at, words + at);
	if (at == count) {
		struct buffer help = {0};
		help_overview(&help);
		fputs(buffer_string(&help), stderr);
		buffer_done(&help);
		return COMMAND_FAILED;
	}
	if (strcmp(words[at], "help") == 0)
		return help_of(session, count - at - 1, words + at + 1);
	if (asks_for_help(count - at, words + at))
		return help_of(session, count - at, words + at);
	return run(session, count, words, at);
}

int command_main(int count, char **words)
{
	struct session session = {.arena = arena_new()};
	setlocale(LC_CTYPE, "C.UTF-8");
	/* What the core logs, our own messages say better. */
	setenv("GRPC_VERBOSITY", "NONE", 0);
	options_init(&session.options, session.arena, count);
	enum command_exit code = start(&session, count, words);
	session_done(&session);
	return (int)code;
}
