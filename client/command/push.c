/* One request for each system that the documents name, and what came of it. */
#include "command/push.h"

#include <string.h>

#include "command/documents.h"
#include "command/failure.h"
#include "command/request_id.h"
#include "command/show.h"
#include "command/table.h"
#include "command/text.h"
#include "command/words.h"
#include "tally/v1/descriptor_service.pb-c.h"

/* The documents of one system. */
struct batch {
	const char *system;
	struct document_list documents;
	bool dry_run;
	Tally__V1__PushDescriptorsRequest request;
	const Tally__V1__PushDescriptorsResponse *answer;
};

static const char *system_of(struct session *session, const struct document *document)
{
	if (options_text(&session->options, "system") || !*document->system)
		return session_system(session);
	if (model_id_valid(document->system))
		return document->system;
	failure_say("%s:%d: metadata.system: \"%s\" is not a system's id", document->file, document->line,
		document->system);
	return NULL;
}

/* Sorts documents into batches, in the order in which systems first appear. */
static bool sort_out(struct session *session, struct document *documents, size_t count, struct batch *batches,
	size_t *batch_count)
{
	for (size_t i = 0; i < count; i++) {
		const char *system = system_of(session, &documents[i]);
		size_t at = 0;
		if (!system)
			return false;
		while (at < *batch_count && strcmp(batches[at].system, system) != 0)
			at++;
		if (at == *batch_count) {
			batches[at].system = system;
			batches[at].documents.items =
				arena_array(session->arena, count, sizeof(struct document *));
			(*batch_count)++;
		}
		struct document_list *list = &batches[at].documents;
		list->items[list->count++] = &documents[i];
	}
	return true;
}

static void fill(struct session *session, struct batch *batch)
{
	char id[REQUEST_ID_SIZE];
	const char *given = options_text(&session->options, "request-id");
	Tally__V1__PushDescriptorsRequest *request = &batch->request;
	tally__v1__push_descriptors_request__init(request);
	request->parent = session_system_name(session, batch->system);
	request->change_note = arena_text(session->arena, options_text(&session->options, "note"));
	request->request_id = arena_text(session->arena, given ? given : request_id_new(id));
	request->validate_only = batch->dry_run;
	request->n_descriptors = batch->documents.count;
	request->descriptors = documents_descriptors(session, batch->system, &batch->documents);
}

static bool send(struct session *session, struct batch *batch)
{
	struct tally_error error;
	fill(session, batch);
	batch->answer = session_try(session, "/tally.v1.DescriptorService/PushDescriptors",
		&batch->request.base, &tally__v1__push_descriptors_response__descriptor, &error);
	if (batch->answer)
		return true;
	failure_call(&error, session->server, batch->system, documents_place, &batch->documents);
	if (strcmp(error.reason, "COMMIT_UNKNOWN") == 0)
		failure_hint("repeat it safely with: --request-id %s", batch->request.request_id);
	return false;
}

/* A version of an earlier revision was there before. */
static bool is_unchanged(const struct batch *batch, const Tally__V1__Descriptor *descriptor)
{
	return batch->answer->unchanged || descriptor->revision != batch->answer->revision;
}

static json_t *descriptors_json(const struct batch *batch)
{
	json_t *list = json_array();
	for (size_t i = 0; i < batch->answer->n_descriptors; i++) {
		const Tally__V1__Descriptor *descriptor = batch->answer->descriptors[i];
		json_t *object = show_descriptor_json(descriptor);
		json_object_set_new(object, "unchanged", json_boolean(is_unchanged(batch, descriptor)));
		json_array_append_new(list, object);
	}
	return list;
}

static void print_json(struct session *session, const struct batch *batch)
{
	const Tally__V1__PushDescriptorsResponse *answer = batch->answer;
	static const Tally__V1__Verdict no_verdict = TALLY__V1__VERDICT__INIT;
	json_t *object = show_verdict_json(answer->verdict ? answer->verdict : &no_verdict);
	json_object_set_new(object, "system", json_string(batch->system));
	json_object_set_new(object, "revision", json_integer(answer->revision));
	json_object_set_new(object, "unchanged", json_boolean(answer->unchanged));
	json_object_set_new(object, "dry_run", json_boolean(batch->dry_run));
	json_object_set_new(object, "descriptors", descriptors_json(batch));
	json_object_set_new(object, "opened", show_findings_json(answer->opened, answer->n_opened));
	json_object_set_new(object, "changed", show_findings_json(answer->changed, answer->n_changed));
	json_object_set_new(object, "resolved", show_findings_json(answer->resolved, answer->n_resolved));
	session_json(session, object);
}

static void print_descriptors(struct session *session, const struct batch *batch)
{
	static const struct table_column columns[] = {
		{"DESCRIPTOR", 0, false}, {"VERSION", 0, true}, {"", 0, false}};
	struct table *table = table_new(session->arena, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < batch->answer->n_descriptors; i++) {
		const Tally__V1__Descriptor *descriptor = batch->answer->descriptors[i];
		enum model_kind kind = show_kind_of(descriptor);
		const char *kind_id = kind != KIND_NONE ? model_kind_info(kind)->id : "unknown";
		bool unchanged = is_unchanged(batch, descriptor);
		table_add(table,
			(struct table_cell[]){
				{show_place(session->arena, kind_id, words_last(descriptor->name)),
					COLOUR_PLAIN},
				{arena_print(session->arena, "%d", (int)descriptor->version), COLOUR_PLAIN},
				{unchanged                         ? "unchanged"
					: descriptor->version == 1 ? "first version"
								   : "new version",
					unchanged ? COLOUR_FAINT : COLOUR_GREEN}});
	}
	table_print(table, session->width, session->colour, &session->out);
}

static void print_text(struct session *session, const struct batch *batch)
{
	const Tally__V1__PushDescriptorsResponse *answer = batch->answer;
	if (batch->dry_run)
		buffer_print(&session->out, "dry run: nothing is stored; %s would be at revision %lld\n",
			batch->system, (long long)answer->revision);
	else
		buffer_print(&session->out, "%s is at revision %lld%s\n", batch->system,
			(long long)answer->revision, answer->unchanged ? ": nothing new" : "");
	print_descriptors(session, batch);
	show_changes(session, "Opened", answer->opened, answer->n_opened, show_findings_table);
	show_changes(session, "Changed", answer->changed, answer->n_changed, show_findings_table);
	show_changes(session, "Resolved", answer->resolved, answer->n_resolved, show_resolved_table);
	buffer_text(&session->out, "\n");
	if (answer->verdict)
		show_verdict_line(session, answer->verdict);
}

enum command_exit push_documents(struct session *session, struct document *documents, size_t count)
{
	struct batch *batches = arena_array(session->arena, count + 1, sizeof(*batches));
	size_t batch_count = 0;
	if (!sort_out(session, documents, count, batches, &batch_count))
		return COMMAND_FAILED;
	if (batch_count > 1 && options_given(&session->options, "request-id"))
		return session_usage(session, "--request-id goes with one system, not with %zu", batch_count);
	for (size_t i = 0; i < batch_count; i++) {
		batches[i].dry_run = options_given(&session->options, "dry-run");
		if (!send(session, &batches[i]))
			return COMMAND_FAILED;
		if (session->json)
			print_json(session, &batches[i]);
		else
			print_text(session, &batches[i]);
	}
	return COMMAND_WELL;
}
