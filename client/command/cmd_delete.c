/* tally delete: a descriptor goes, its versions stay readable. */
#include "command/delete.h"

static enum command_exit run(struct session *session)
{
	struct target target;
	if (!session_target(session, session->options.arguments[0], &target))
		return COMMAND_FAILED;
	if (target.version)
		return session_usage(session, "a version cannot be deleted: name the descriptor without @%d",
			(int)target.version);
	return delete_descriptor(session, &target);
}

static const struct option options[] = {
	{"system", 0, OPTION_TEXT, "SYSTEM", "else $TALLY_SYSTEM", NULL, NULL},
	DELETE_OPTIONS,
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_delete = {
	.name = "delete",
	.summary = "Delete a descriptor; its versions stay readable",
	.arguments = "KIND[/NAME]",
	.options = options,
	.words = WORDS_KINDS,
	.least = 1,
	.most = 1,
	.example = "  tally delete production_environment/staging --system fraud-scoring --note \"switched "
		   "off\"",
	.run = run,
};
