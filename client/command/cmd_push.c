/* tally push: documents become versions. */
#include <stdlib.h>

#include "command/documents.h"
#include "command/failure.h"
#include "command/push.h"

static bool system_is_known(const struct session *session, const struct document *documents, size_t count)
{
	const char *variable = getenv("TALLY_SYSTEM");
	if (options_given(&session->options, "system") || (variable && *variable))
		return true;
	for (size_t i = 0; i < count; i++) {
		if (*documents[i].system)
			continue;
		failure_say("%s:%d: metadata.system is missing: of which system is this?", documents[i].file,
			documents[i].line);
		failure_hint(
			"write metadata: {system: SYSTEM} into it, or name it with --system or TALLY_SYSTEM");
		return false;
	}
	return true;
}

static enum command_exit run(struct session *session)
{
	struct document *documents;
	size_t count;
	struct fault fault;
	const struct options *given = &session->options;
	if (documents_read(session, given->arguments, given->argument_count, &documents, &count, &fault))
		return session_fault(&fault);
	if (count == 0)
		return session_usage(session, "no document in what was given");
	if (!system_is_known(session, documents, count))
		return COMMAND_FAILED;
	return push_documents(session, documents, count);
}

static const struct option options[] = {
	{"system", 0, OPTION_TEXT, "SYSTEM", "for every document, whatever its metadata says", NULL, NULL},
	PUSH_OPTIONS,
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_push = {
	.name = "push",
	.summary = "Push documents: new versions of descriptors",
	.arguments = "FILE...",
	.about = "Reads YAML or JSON documents, several per file; - is standard input. The documents\n"
		 "of one system are stored together, all or none. It ends with 0 when they are stored,\n"
		 "whatever was found: `tally verdict` is the gate.",
	.options = options,
	.words = WORDS_FILES,
	.least = 1,
	.most = -1,
	.example = "  tally push model.yaml environment.yaml --note \"retrained\"\n"
		   "  tally init trained_model | tally push - --system fraud-scoring",
	.run = run,
};
