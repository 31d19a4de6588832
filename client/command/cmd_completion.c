/* tally completion: a script for the shell. */
#include <string.h>

#include "command/completion.h"
#include "command/session.h"

static const struct {
	const char *name;
	void (*write)(struct buffer *out);
} shells[] = {
	{"bash", completion_bash},
	{"zsh", completion_zsh},
	{"fish", completion_fish},
};

static enum command_exit run(struct session *session)
{
	const char *shell = session->options.arguments[0];
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
		if (strcmp(shells[i].name, shell) == 0) {
			shells[i].write(&session->out);
			return COMMAND_WELL;
		}
	}
	return session_usage(session, "there is no completion for \"%s\": bash, zsh or fish", shell);
}

const struct command command_completion = {
	.name = "completion",
	.summary = "Print a completion script for bash, zsh or fish",
	.arguments = "SHELL",
	.words = WORDS_SHELLS,
	.least = 1,
	.most = 1,
	.example = "  source <(tally completion bash)\n"
		   "  tally completion fish | source",
	.run = run,
};
