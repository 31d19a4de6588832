/* One request, and what came of it. */
#include "command/delete.h"

#include "command/request_id.h"
#include "command/show.h"
#include "command/words.h"
#include "tally/v1/descriptor_service.pb-c.h"

static void print_json(struct session *session, const struct target *target,
	const Tally__V1__DeleteDescriptorResponse *answer)
{
	static const Tally__V1__Verdict no_verdict = TALLY__V1__VERDICT__INIT;
	json_t *object = show_verdict_json(answer->verdict ? answer->verdict : &no_verdict);
	json_object_set_new(object, "system", json_string(target->system));
	json_object_set_new(object, "revision", json_integer(answer->revision));
	json_object_set_new(object, "dry_run", json_boolean(options_given(&session->options, "dry-run")));
	json_object_set_new(object, "opened", show_findings_json(answer->opened, answer->n_opened));
	json_object_set_new(object, "changed", show_findings_json(answer->changed, answer->n_changed));
	json_object_set_new(object, "resolved", show_findings_json(answer->resolved, answer->n_resolved));
	session_json(session, object);
}

static void print_text(struct session *session, const struct target *target,
	const Tally__V1__DeleteDescriptorResponse *answer)
{
	struct arena *arena = session->arena;
	bool dry_run = options_given(&session->options, "dry-run");
	buffer_print(&session->out, "%s %s from %s, revision %lld\n",
		dry_run ? "dry run: nothing is stored; it would delete" : "deleted",
		show_place(arena, model_kind_info(target->kind)->id, target->name), target->system,
		(long long)answer->revision);
	show_changes(session, "Opened", answer->opened, answer->n_opened, show_findings_table);
	show_changes(session, "Changed", answer->changed, answer->n_changed, show_findings_table);
	show_changes(session, "Resolved", answer->resolved, answer->n_resolved, show_resolved_table);
	buffer_text(&session->out, "\n");
	if (answer->verdict)
		show_verdict_line(session, answer->verdict);
}

enum command_exit delete_descriptor(struct session *session, const struct target *target)
{
	char name[MODEL_NAME_SIZE], id[REQUEST_ID_SIZE];
	const char *given = options_text(&session->options, "request-id");
	Tally__V1__DeleteDescriptorRequest request = TALLY__V1__DELETE_DESCRIPTOR_REQUEST__INIT;
	request.name = target_resource(target, target->system, name);
	request.change_note = arena_text(session->arena, options_text(&session->options, "note"));
	request.etag = arena_text(session->arena, options_text(&session->options, "etag"));
	request.validate_only = options_given(&session->options, "dry-run");
	request.request_id = arena_text(session->arena, given ? given : request_id_new(id));
	const Tally__V1__DeleteDescriptorResponse *answer =
		session_call(session, "/tally.v1.DescriptorService/DeleteDescriptor", &request.base,
			&tally__v1__delete_descriptor_response__descriptor);
	if (!answer)
		return COMMAND_FAILED;
	if (session->json)
		print_json(session, target, answer);
	else
		print_text(session, target, answer);
	return COMMAND_WELL;
}
