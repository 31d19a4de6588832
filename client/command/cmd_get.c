/* tally get: one version of a descriptor, as a document. */
#include <string.h>

#include "command/session.h"
#include "command/show.h"
#include "command/text.h"
#include "command/words.h"
#include "document/document.h"
#include "tally/v1/descriptor_service.pb-c.h"

static const char *const outputs[] = {"yaml", "json", "text", NULL};

static void print_comment(struct session *session, const Tally__V1__Descriptor *descriptor)
{
	struct arena *arena = session->arena;
	buffer_print(&session->out, "# version %d, revision %lld, pushed %s by %s\n",
		(int)descriptor->version, (long long)descriptor->revision,
		words_short_time(arena, descriptor->create_time),
		*descriptor->author ? text_clean(arena, descriptor->author) : "unknown");
	if (*descriptor->change_note)
		buffer_print(&session->out, "# %s\n", text_clean(arena, descriptor->change_note));
}

static enum command_exit run(struct session *session)
{
	struct target target;
	char name[MODEL_NAME_SIZE];
	Tally__V1__GetDescriptorRequest request = TALLY__V1__GET_DESCRIPTOR_REQUEST__INIT;
	if (!session_target(session, session->options.arguments[0], &target))
		return COMMAND_FAILED;
	request.name = target_resource(&target, target.system, name);
	const Tally__V1__Descriptor *descriptor =
		session_call(session, "/tally.v1.DescriptorService/GetDescriptor", &request.base,
			&tally__v1__descriptor__descriptor);
	if (!descriptor)
		return COMMAND_FAILED;
	if (session->json) {
		json_t *object = document_json(target.system, target.name, descriptor);
		json_object_set_new(object, "status", show_descriptor_json(descriptor));
		session_json(session, object);
	} else if (descriptor->deleted) {
		buffer_print(&session->out, "# version %d records that it was deleted\n",
			(int)descriptor->version);
	} else {
		print_comment(session, descriptor);
		document_print_yaml(&session->out, target.system, target.name, descriptor);
	}
	return COMMAND_WELL;
}

static const struct option options[] = {
	{"system", 0, OPTION_TEXT, "SYSTEM", "else $TALLY_SYSTEM", NULL, NULL},
	{"output", 'o', OPTION_CHOICE, "FORMAT", "yaml (default) or json", outputs, NULL},
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_get = {
	.name = "get",
	.summary = "Print a descriptor as a document",
	.arguments = "KIND[/NAME][@VERSION]",
	.about = "What it prints can be edited and pushed again.",
	.options = options,
	.words = WORDS_KINDS,
	.least = 1,
	.most = 1,
	.example = "  tally get trained_model --system fraud-scoring > model.yaml\n"
		   "  tally get production_environment/eu-west@3 --system fraud-scoring",
	.run = run,
};
