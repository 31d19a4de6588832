/* tally import sei: the SEI's own documents become ours. */
#include <string.h>

#include "command/failure.h"
#include "command/input.h"
#include "command/push.h"
#include "command/words.h"
#include "import/sei.h"

static const char *const outputs[] = {"yaml", "json", "text", NULL};

static enum fault_code read_file(
	struct session *session, const char *file, struct document *document, struct fault *fault)
{
	const char *text, *kind = options_text(&session->options, "kind");
	const char *name = options_text(&session->options, "name");
	size_t size;
	if (input_read(session->arena, file, &text, &size, fault))
		return fault->code;
	if (import_sei(session->arena, file, text, size, kind ? model_kind_by_id(kind) : KIND_NONE, document,
		    fault))
		return fault->code;
	if (name)
		document->name = name;
	return FAULT_NONE;
}

static void note_ignored(const struct document *document)
{
	for (size_t i = 0; i < document->ignored_count; i++)
		failure_say(
			"%s: left out, there is no place for it: %s", document->file, document->ignored[i]);
}

static void print(struct session *session, const char *system, const struct document *documents, size_t count)
{
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++) {
		const struct document *document = &documents[i];
		if (session->json)
			json_array_append_new(
				list, document_json(system, document->name, document->descriptor));
		else
			document_print_yaml(&session->out, system, document->name, document->descriptor);
	}
	if (session->json)
		session_json(session, json_incref(count == 1 ? json_array_get(list, 0) : list));
	json_decref(list);
}

static enum command_exit run(struct session *session)
{
	size_t count = session->options.argument_count;
	struct document *documents = arena_array(session->arena, count, sizeof(*documents));
	struct fault fault;
	const char *system = options_text(&session->options, "system");
	const char *name = options_text(&session->options, "name");
	if (name && !model_id_valid(name))
		return session_usage(session,
			"--name: \"%s\" is not a name: lower-case letters, digits and hyphens, a letter "
			"first",
			name);
	if (system && !(system = session_system_id(session, system)))
		return COMMAND_FAILED;
	for (size_t i = 0; i < count; i++) {
		if (read_file(session, session->options.arguments[i], &documents[i], &fault))
			return session_fault(&fault);
		note_ignored(&documents[i]);
	}
	if (options_given(&session->options, "push"))
		return push_documents(session, documents, count);
	print(session, system ? system : "", documents, count);
	return COMMAND_WELL;
}

static const struct option options[] = {
	{"system", 0, OPTION_TEXT, "SYSTEM", "the system they belong to", NULL, NULL},
	{"name", 0, OPTION_TEXT, "NAME", "the descriptor's name instead of default", NULL, NULL},
	{"kind", 0, OPTION_KIND, "KIND", "the kind, where the file's name does not tell it", words_kinds,
		NULL},
	{"push", 0, OPTION_FLAG, NULL, "push them instead of printing them", NULL, NULL},
	{"output", 'o', OPTION_CHOICE, "FORMAT",
		"yaml (default) or json documents; with --push: text or json", outputs, NULL},
	PUSH_OPTIONS,
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_import_sei = {
	.name = "import sei",
	.summary = "Read the SEI's descriptor documents (JSON, v1.0 to v1.2)",
	.arguments = "FILE...",
	.about = "The kind is told from the file's name, e.g. trained_model.json. What the SEI's tool\n"
		 "writes for \"not given\" (\"\", 0 and []) becomes absent.",
	.options = options,
	.words = WORDS_FILES,
	.least = 1,
	.most = -1,
	.example = "  tally import sei --system fraud-scoring raw_data.json trained_model.json > all.yaml\n"
		   "  tally import sei --system fraud-scoring *.json --push",
	.run = run,
};
