/*
 * tally record-deployment and record-undeployment: what runs in which
 * environment. It is a push, or the deletion, of a deployment.
 */
#include <string.h>
#include <time.h>

#include "command/delete.h"
#include "command/failure.h"
#include "command/push.h"
#include "command/words.h"
#include "tally/v1/descriptor_service.pb-c.h"

/* The versions that are recorded, by {collection}/{name}. */
struct record {
	struct session *session;
	const char *system;
	const char *environment;
	int64_t judged; /* the revision whose verdict was asked for; 0: nobody says */
	Tally__V1__Deployment *deployment;
	size_t capacity;
};

static void put(struct record *record, const char *descriptor, int32_t version)
{
	struct arena *arena = record->session->arena;
	Tally__V1__Deployment *deployment = record->deployment;
	for (size_t i = 0; i < deployment->n_versions; i++) {
		if (strcmp(deployment->versions[i]->descriptor, descriptor) == 0) {
			deployment->versions[i]->version = version;
			return;
		}
	}
	if (deployment->n_versions == record->capacity) {
		record->capacity = 2 * record->capacity + 16;
		Tally__V1__DeployedVersion **larger = arena_array(arena, record->capacity, sizeof(*larger));
		if (deployment->n_versions > 0)
			memcpy(larger, deployment->versions, deployment->n_versions * sizeof(*larger));
		deployment->versions = larger;
	}
	Tally__V1__DeployedVersion *runs = arena_alloc(arena, sizeof(*runs));
	tally__v1__deployed_version__init(runs);
	runs->descriptor = arena_text(arena, descriptor);
	runs->version = version;
	deployment->versions[deployment->n_versions++] = runs;
}

static const char *descriptor_text(struct arena *arena, enum model_kind kind, const char *name)
{
	return arena_print(arena, "%s/%s", model_kind_info(kind)->collection, name);
}

/* ---- the current versions ---- */

/* Another environment does not run in this one. @param[out] found is it this one? */
static bool belongs(const struct record *record, const struct model_name *name, bool *found)
{
	if (name->kind >= KIND_END)
		return false;
	if (name->kind != KIND_PRODUCTION_ENVIRONMENT)
		return true;
	bool same = strcmp(name->descriptor, record->environment) == 0;
	*found = *found || same;
	return same;
}

static bool take_page(struct record *record, const Tally__V1__ListDescriptorsResponse *page, bool *found)
{
	struct model_name name;
	const char *why;
	for (size_t i = 0; i < page->n_descriptors; i++) {
		const Tally__V1__Descriptor *descriptor = page->descriptors[i];
		if (!model_name_parse(descriptor->name, &name, &why) || !belongs(record, &name, found))
			continue;
		if (record->judged > 0 && descriptor->revision > record->judged) {
			failure_say("%s/%s is at version %d since revision %lld: that is not what was judged "
				    "at revision %lld",
				model_kind_info(name.kind)->id, name.descriptor, (int)descriptor->version,
				(long long)descriptor->revision, (long long)record->judged);
			return false;
		}
		put(record, descriptor_text(record->session->arena, name.kind, name.descriptor),
			descriptor->version);
	}
	return true;
}

/* @return false after complaining */
static bool take_current(struct record *record)
{
	struct session *session = record->session;
	bool found = false;
	Tally__V1__ListDescriptorsRequest request = TALLY__V1__LIST_DESCRIPTORS_REQUEST__INIT;
	request.parent = session_system_name(session, record->system);
	request.page_size = SESSION_PAGE_SIZE;
	do {
		const Tally__V1__ListDescriptorsResponse *page =
			session_call(session, "/tally.v1.DescriptorService/ListDescriptors", &request.base,
				&tally__v1__list_descriptors_response__descriptor);
		if (!page || !take_page(record, page, &found))
			return false;
		request.page_token = page->next_page_token;
	} while (*request.page_token);
	if (found)
		return true;
	failure_say("%s has no production environment %s", record->system, record->environment);
	failure_hint("see which there are with: tally list %s --kind production_environment", record->system);
	return false;
}

/* ---- what runs already ---- */

/* @return false after complaining */
static bool take_running(struct record *record)
{
	struct session *session = record->session;
	struct target target = {.kind = KIND_DEPLOYMENT};
	char name[MODEL_NAME_SIZE];
	Tally__V1__GetDescriptorRequest request = TALLY__V1__GET_DESCRIPTOR_REQUEST__INIT;
	snprintf(target.name, sizeof(target.name), "%s", record->environment);
	request.name = target_resource(&target, record->system, name);
	const Tally__V1__Descriptor *answer =
		session_call(session, "/tally.v1.DescriptorService/GetDescriptor", &request.base,
			&tally__v1__descriptor__descriptor);
	if (!answer)
		return false;
	if (answer->spec_case != TALLY__V1__DESCRIPTOR__SPEC_DEPLOYMENT)
		return true;
	for (size_t i = 0; i < answer->deployment->n_versions; i++)
		put(record, answer->deployment->versions[i]->descriptor,
			answer->deployment->versions[i]->version);
	return true;
}

/* ---- chosen versions ---- */

/* @return false after complaining */
static bool take_chosen(struct record *record)
{
	struct session *session = record->session;
	size_t count;
	const char **texts = options_all(&session->options, "use", &count);
	for (size_t i = 0; i < count; i++) {
		struct target target;
		struct fault fault;
		if (target_parse(texts[i], &target, &fault)) {
			session_fault(&fault);
			return false;
		}
		if (target.version == 0 || (*target.system && strcmp(target.system, record->system) != 0)) {
			session_usage(session, "--use: \"%s\" is not KIND[/NAME]@VERSION of %s", texts[i],
				record->system);
			return false;
		}
		put(record, descriptor_text(session->arena, target.kind, target.name), target.version);
	}
	return true;
}

/* ---- the commands ---- */

/* @return arena, or NULL after complaining */
static const char *environment_of(struct session *session)
{
	const char *environment = options_text(&session->options, "environment");
	if (environment && model_id_valid(environment))
		return environment;
	if (environment)
		session_usage(session, "--environment: \"%s\" is not the name of a production environment",
			environment);
	else
		session_usage(session, "in which environment? Name it with --environment");
	return NULL;
}

static enum command_exit push(struct record *record)
{
	Tally__V1__Deployment *deployment = record->deployment;
	Google__Protobuf__Timestamp now = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
	now.seconds = time(NULL);
	deployment->deploy_time = &now;
	deployment->note =
		arena_text(record->session->arena, options_text(&record->session->options, "note"));
	struct document document = {.file = "deployment",
		.kind = KIND_DEPLOYMENT,
		.system = record->system,
		.name = record->environment,
		.descriptor =
			document_descriptor(record->session->arena, KIND_DEPLOYMENT, &deployment->base)};
	return push_documents(record->session, &document, 1);
}

static enum command_exit run_record(struct session *session)
{
	Tally__V1__Deployment deployment = TALLY__V1__DEPLOYMENT__INIT;
	struct record record = {.session = session,
		.judged = options_number(&session->options, "judged", 0),
		.deployment = &deployment};
	record.environment = environment_of(session);
	record.system = record.environment ? session_system_argument(session) : NULL;
	if (!record.system)
		return COMMAND_FAILED;
	bool running = options_given(&session->options, "running");
	if (running && record.judged > 0)
		return session_usage(session, "--judged is about the current versions, not about --running");
	if (running ? !take_running(&record) : !take_current(&record))
		return COMMAND_FAILED;
	return take_chosen(&record) ? push(&record) : COMMAND_FAILED;
}

static enum command_exit run_undo(struct session *session)
{
	struct target target = {.kind = KIND_DEPLOYMENT, .named = true};
	const char *environment = environment_of(session);
	const char *system = environment ? session_system_argument(session) : NULL;
	if (!system)
		return COMMAND_FAILED;
	snprintf(target.system, sizeof(target.system), "%s", system);
	snprintf(target.name, sizeof(target.name), "%s", environment);
	return delete_descriptor(session, &target);
}

#define SHARED_OPTIONS                                                                                       \
	{"system", 0, OPTION_TEXT, "SYSTEM", "else the argument or $TALLY_SYSTEM", NULL, NULL},              \
		{"environment", 'e', OPTION_TEXT, "NAME", "required: the name of a production environment",  \
			NULL, NULL},                                                                         \
	{                                                                                                    \
		"to-environment", 0, OPTION_TEXT, "NAME", "another word for --environment", NULL,            \
			"environment"                                                                        \
	}

static const struct option record_options[] = {
	SHARED_OPTIONS,
	{"use", 0, OPTION_TEXT, "KIND[/NAME]@VERSION", "this version instead; repeat it for more", NULL,
		NULL},
	{"running", 0, OPTION_FLAG, NULL, "begin with what runs there already, not with the current versions",
		NULL, NULL},
	{"judged", 0, OPTION_NUMBER, "REVISION",
		"the verdict's revision: refuse when newer versions were pushed since", NULL, NULL},
	PUSH_OPTIONS,
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_record = {
	.name = "record-deployment",
	.summary = "Record which versions run in an environment",
	.arguments = "[SYSTEM]",
	.about = "Records the current versions, or with --running those that run there already; --use\n"
		 "takes the place of some of them. `tally verdict --running` and --new-only go by it. The\n"
		 "same options name the same set there as here.",
	.options = record_options,
	.words = WORDS_TEXT,
	.most = 1,
	.example = "  tally record-deployment fraud-scoring --environment eu-west --note \"release 7\"\n"
		   "  tally record-deployment fraud-scoring -e eu-west --running --use trained_model@3",
	.run = run_record,
};

static const struct option undo_options[] = {
	SHARED_OPTIONS,
	DELETE_OPTIONS,
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_record_undo = {
	.name = "record-undeployment",
	.summary = "Record that nothing runs in an environment any more",
	.arguments = "[SYSTEM]",
	.options = undo_options,
	.words = WORDS_TEXT,
	.most = 1,
	.example = "  tally record-undeployment fraud-scoring --environment eu-west --note \"moved\"",
	.run = run_undo,
};
