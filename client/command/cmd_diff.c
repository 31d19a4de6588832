/* tally diff: two versions of a descriptor, field by field. */
#include <string.h>

#include "command/colour.h"
#include "command/session.h"
#include "command/show.h"
#include "command/text.h"
#include "document/document.h"
#include "tally/v1/descriptor_service.pb-c.h"

static const Tally__V1__Descriptor *get(struct session *session, const struct target *target)
{
	char name[MODEL_NAME_SIZE];
	Tally__V1__GetDescriptorRequest request = TALLY__V1__GET_DESCRIPTOR_REQUEST__INIT;
	request.name = target_resource(target, target->system, name);
	return session_call(session, "/tally.v1.DescriptorService/GetDescriptor", &request.base,
		&tally__v1__descriptor__descriptor);
}

/* A version that records a deletion has no spec: all its fields are absent. */
static const ProtobufCMessage *spec_of(
	struct session *session, const Tally__V1__Descriptor *descriptor, enum model_kind kind)
{
	if (descriptor->spec_case != TALLY__V1__DESCRIPTOR__SPEC__NOT_SET)
		return &descriptor->system_context->base; /* all members of the oneof begin alike */
	const ProtobufCMessageDescriptor *type = model_kind_info(kind)->spec;
	ProtobufCMessage *empty = arena_alloc(session->arena, type->sizeof_message);
	protobuf_c_message_init(type, empty);
	return empty;
}

/* The second argument is @VERSION, VERSION or a whole descriptor. */
static bool read_second(
	struct session *session, const char *text, const struct target *first, struct target *second)
{
	const char *digits = *text == '@' ? text + 1 : text;
	int64_t version;
	if (!options_parse_number(digits, &version))
		return session_target(session, text, second);
	*second = *first;
	second->version = (int32_t)version;
	if (version >= 1 && version <= INT32_MAX)
		return true;
	session_usage(session, "\"%s\" is not a version: 1, 2, 3 ...", text);
	return false;
}

/* Without versions the last two are compared; without the second, one is compared with the current one. */
static bool find_pair(struct session *session, const Tally__V1__Descriptor **before,
	const Tally__V1__Descriptor **after, struct target *target)
{
	struct target second;
	const char **arguments = session->options.arguments;
	if (!session_target(session, arguments[0], target))
		return false;
	second = *target;
	second.version = 0;
	if (session->options.argument_count > 1 && !read_second(session, arguments[1], target, &second))
		return false;
	*after = get(session, &second);
	if (!*after)
		return false;
	if (target->kind != second.kind) {
		session_usage(session, "%s and %s have no fields in common",
			model_kind_info(target->kind)->id, model_kind_info(second.kind)->id);
		return false;
	}
	bool last_two = session->options.argument_count == 1 && target->version == 0;
	if (last_two && (*after)->version == 1) {
		session_usage(session, "there is only one version yet");
		return false;
	}
	if (last_two)
		target->version = (*after)->version - 1;
	*before = get(session, target);
	return *before != NULL;
}

static void print_line(
	struct session *session, enum colour colour, char sign, const char *field, const char *value)
{
	buffer_print(&session->out, "%s%c %s: %s%s\n", colour_start(colour, session->colour), sign,
		text_clean(session->arena, field), text_clean(session->arena, value),
		colour_end(colour, session->colour));
}

static void print_text(struct session *session, const struct document_difference *differences, size_t count,
	const Tally__V1__Descriptor *before, const Tally__V1__Descriptor *after, const struct target *target)
{
	const char *place = show_place(session->arena, model_kind_info(target->kind)->id, target->name);
	buffer_print(&session->out, "%s: version %d to %d, %s\n", place, (int)before->version,
		(int)after->version,
		count == 0   ? "no difference"
		: count == 1 ? "1 field differs"
			     : arena_print(session->arena, "%zu fields differ", count));
	for (size_t i = 0; i < count; i++) {
		if (differences[i].before)
			print_line(session, COLOUR_RED, '-', differences[i].field, differences[i].before);
		if (differences[i].after)
			print_line(session, COLOUR_GREEN, '+', differences[i].field, differences[i].after);
	}
}

static void print_json(struct session *session, const struct document_difference *differences, size_t count,
	const Tally__V1__Descriptor *before, const Tally__V1__Descriptor *after, const struct target *target)
{
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(
			list, json_pack("{s:s, s:s?, s:s?}", "field", differences[i].field, "before",
				      differences[i].before, "after", differences[i].after));
	session_json(session, json_pack("{s:s, s:s, s:s, s:i, s:i, s:o}", "system", target->system, "kind",
				      model_kind_info(target->kind)->id, "name", target->name, "from",
				      (int)before->version, "to", (int)after->version, "differences", list));
}

static enum command_exit run(struct session *session)
{
	struct target target;
	const Tally__V1__Descriptor *before, *after;
	size_t count;
	if (!find_pair(session, &before, &after, &target))
		return COMMAND_FAILED;
	const struct document_difference *differences = document_diff(session->arena,
		spec_of(session, before, target.kind), spec_of(session, after, target.kind), &count);
	if (session->json)
		print_json(session, differences, count, before, after, &target);
	else
		print_text(session, differences, count, before, after, &target);
	return COMMAND_WELL;
}

static const struct option options[] = {
	{"system", 0, OPTION_TEXT, "SYSTEM", "else $TALLY_SYSTEM", NULL, NULL},
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_diff = {
	.name = "diff",
	.summary = "Compare two versions of a descriptor, field by field",
	.arguments = "KIND[/NAME][@VERSION] [@VERSION]",
	.about = "With one version: that one and the current one. With none: the last two. The second\n"
		 "argument may also be another descriptor of the same kind.",
	.options = options,
	.words = WORDS_KINDS,
	.least = 1,
	.most = 2,
	.example = "  tally diff trained_model@2 @3 --system fraud-scoring\n"
		   "  tally diff production_environment/staging production_environment/eu-west --system "
		   "fraud-scoring",
	.run = run,
};
