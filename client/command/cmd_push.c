/* tally push: documents become versions. */
#include "command/documents.h"
#include "command/push.h"

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
