/* tally deployments: what runs where. */
#include <string.h>

#include "command/session.h"
#include "command/show.h"
#include "command/table.h"
#include "command/words.h"
#include "tally/v1/descriptor_service.pb-c.h"

static const struct table_column columns[] = {{"ENVIRONMENT", 0, false}, {"RECORDED", 0, false},
	{"REVISION", 0, true}, {"NOTE", 12, false}, {"RUNS", 0, false}};

/* "trainedModels/scorer" as the command line says it: trained_model/scorer. */
static const char *runs_what(struct arena *arena, const Tally__V1__DeployedVersion *runs)
{
	size_t length = strcspn(runs->descriptor, "/");
	enum model_kind kind = model_kind_by_collection(runs->descriptor, length);
	const char *name = runs->descriptor + length + (runs->descriptor[length] == '/');
	const char *what =
		kind == KIND_NONE ? runs->descriptor : show_place(arena, model_kind_info(kind)->id, name);
	return arena_print(arena, "%s@%d", what, (int)runs->version);
}

static void add_row(struct session *session, struct table *table, const Tally__V1__Descriptor *descriptor)
{
	const Tally__V1__Deployment *deployment = descriptor->deployment;
	const char *all = "";
	for (size_t i = 0; i < deployment->n_versions; i++)
		all = arena_print(session->arena, "%s%s%s", all, *all ? ", " : "",
			runs_what(session->arena, deployment->versions[i]));
	table_add(table,
		(struct table_cell[]){{words_last(descriptor->name), COLOUR_PLAIN},
			{words_short_time(session->arena, deployment->deploy_time), COLOUR_PLAIN},
			{arena_print(session->arena, "%lld", (long long)descriptor->revision), COLOUR_PLAIN},
			{deployment->note, COLOUR_PLAIN}, {all, COLOUR_PLAIN}});
}

static json_t *deployment_json(struct arena *arena, const Tally__V1__Descriptor *descriptor)
{
	const Tally__V1__Deployment *deployment = descriptor->deployment;
	json_t *versions = json_array();
	for (size_t i = 0; i < deployment->n_versions; i++)
		json_array_append_new(versions, json_string(runs_what(arena, deployment->versions[i])));
	return json_pack("{s:s, s:i, s:I, s:s, s:s, s:s, s:o}", "environment", words_last(descriptor->name),
		"version", (int)descriptor->version, "revision", (json_int_t)descriptor->revision, "time",
		words_time(arena, deployment->deploy_time), "note", deployment->note, "author",
		descriptor->author, "runs", versions);
}

/* Lists come without specs. @return NULL after complaining */
static const Tally__V1__Descriptor *read_one(struct session *session, char *name)
{
	Tally__V1__GetDescriptorRequest request = TALLY__V1__GET_DESCRIPTOR_REQUEST__INIT;
	request.name = name;
	return session_call(session, "/tally.v1.DescriptorService/GetDescriptor", &request.base,
		&tally__v1__descriptor__descriptor);
}

/* @return false after complaining */
static bool read_all(struct session *session, const char *system, struct table *table, json_t *list)
{
	Tally__V1__Kind kinds[] = {TALLY__V1__KIND__KIND_DEPLOYMENT};
	Tally__V1__ListDescriptorsRequest request = TALLY__V1__LIST_DESCRIPTORS_REQUEST__INIT;
	request.parent = session_system_name(session, system);
	request.page_size = SESSION_PAGE_SIZE;
	request.kinds = kinds;
	request.n_kinds = 1;
	do {
		const Tally__V1__ListDescriptorsResponse *page =
			session_call(session, "/tally.v1.DescriptorService/ListDescriptors", &request.base,
				&tally__v1__list_descriptors_response__descriptor);
		for (size_t i = 0; page && i < page->n_descriptors; i++) {
			const Tally__V1__Descriptor *one = read_one(session, page->descriptors[i]->name);
			if (!one || one->spec_case != TALLY__V1__DESCRIPTOR__SPEC_DEPLOYMENT)
				return false;
			json_array_append_new(list, deployment_json(session->arena, one));
			add_row(session, table, one);
		}
		if (!page)
			return false;
		request.page_token = page->next_page_token;
	} while (*request.page_token);
	return true;
}

static enum command_exit run(struct session *session)
{
	const char *system = session_system_argument(session);
	if (!system)
		return COMMAND_FAILED;
	struct table *table = table_new(session->arena, columns, sizeof(columns) / sizeof(columns[0]));
	json_t *list = json_array();
	bool well = read_all(session, system, table, list);
	if (well && session->json)
		session_json(session, json_pack("{s:s, s:O}", "system", system, "deployments", list));
	else if (well && table_rows(table) == 0)
		fprintf(stderr, "nothing of %s is recorded to run anywhere\n", system);
	else if (well)
		table_print(table, session->width, session->colour, &session->out);
	json_decref(list);
	return well ? COMMAND_WELL : COMMAND_FAILED;
}

static const struct option options[] = {
	{"system", 0, OPTION_TEXT, "SYSTEM", "else the argument or $TALLY_SYSTEM", NULL, NULL},
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_deployments = {
	.name = "deployments",
	.summary = "List which versions run in which environment",
	.arguments = "[SYSTEM]",
	.about = "As `tally record-deployment` recorded it; `tally history deployment/NAME` lists the past.",
	.options = options,
	.words = WORDS_TEXT,
	.most = 1,
	.example = "  tally deployments fraud-scoring",
	.run = run,
};
