/* tally init: a template to begin with. Asks no server. */
#include <string.h>

#include "command/session.h"
#include "command/words.h"
#include "document/document.h"

static enum command_exit run(struct session *session)
{
	struct fault fault;
	const char *word = session->options.arguments[0];
	const char *system = options_text(&session->options, "system");
	enum model_kind kind = target_kind(word, strlen(word));
	if (kind == KIND_NONE) {
		target_unknown_kind(word, &fault);
		return session_fault(&fault);
	}
	if (kind == KIND_CLOCK)
		return session_usage(session, "there is no template of a %s: only the server writes it",
			model_kind_info(kind)->title);
	if (system && !(system = session_system_id(session, system)))
		return COMMAND_FAILED;
	buffer_text(&session->out, "---\n"); /* so that templates can be written into one file */
	document_template(&session->out, kind, system ? system : "");
	return COMMAND_WELL;
}

static const struct option options[] = {
	{"system", 0, OPTION_TEXT, "SYSTEM", "written into the document", NULL, NULL},
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_init = {
	.name = "init",
	.summary = "Print a commented template of a kind of document",
	.arguments = "KIND",
	.about = "KIND is system_context, raw_data, data_pipeline, training_data, trained_model,\n"
		 "development_environment, production_environment, production_data, policy, waiver\n"
		 "or deployment.",
	.options = options,
	.words = WORDS_KINDS,
	.least = 1,
	.most = 1,
	.example = "  tally init trained_model --system fraud-scoring > model.yaml\n"
		   "  tally init policy --system fraud-scoring > policy.yaml",
	.run = run,
};
