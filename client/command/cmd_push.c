/* tally push: documents become versions. */
#include <string.h>

#include "command/input.h"
#include "command/push.h"

/* Appends the documents of one file. */
static enum fault_code read_file(
	struct session *session, const char *file, struct document **all, size_t *count, struct fault *fault)
{
	const char *text;
	size_t size, found_count;
	struct document *found;
	if (input_read(session->arena, file, &text, &size, fault))
		return fault->code;
	if (document_read(session->arena, file, text, size, &found, &found_count, fault))
		return fault->code;
	struct document *joined = arena_array(session->arena, *count + found_count + 1, sizeof(*joined));
	if (*count > 0)
		memcpy(joined, *all, *count * sizeof(*joined));
	if (found_count > 0)
		memcpy(joined + *count, found, found_count * sizeof(*joined));
	*all = joined;
	*count += found_count;
	return FAULT_NONE;
}

static enum command_exit run(struct session *session)
{
	struct document *documents = NULL;
	size_t count = 0;
	struct fault fault;
	for (size_t i = 0; i < session->options.argument_count; i++) {
		if (read_file(session, session->options.arguments[i], &documents, &count, &fault))
			return session_fault(&fault);
	}
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
