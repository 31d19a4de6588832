/* tally profile: a table of data becomes a descriptor with its profile. */
#include <string.h>
#include <unistd.h>

#include "codec/moment.h"
#include "command/against.h"
#include "command/failure.h"
#include "command/input.h"
#include "command/progress.h"
#include "command/push.h"
#include "command/words.h"
#include "profile/describe.h"
#include "profile/member.h"
#include "profile/merge.h"
#include "tally/v1/descriptor_service.pb-c.h"

static const char *const outputs[] = {"yaml", "json", "text", NULL};
static const char *const kinds[] = {"training_data", "production_data", "raw_data", NULL};

struct wish {
	struct profile_settings settings;
	struct describe_settings describe;
	enum model_kind kind;
	Google__Protobuf__Timestamp *window_start, *window_end;
};

struct watched {
	struct progress progress;
	const char *file;
};

static void tell(void *context, const struct source *source, int64_t rows)
{
	struct watched *watched = context;
	progress_tell(&watched->progress, watched->file, source_done(source), source_total(source), rows);
}

/* ---- what is wanted ---- */

static bool read_delimiter(struct session *session, struct wish *wish)
{
	const char *text = options_text(&session->options, "delimiter");
	if (!text)
		return true;
	if (strcmp(text, "tab") == 0 || strcmp(text, "\\t") == 0)
		text = "\t";
	if (strlen(text) != 1 || strchr("\"\r\n", *text)) {
		session_usage(session, "--delimiter: \"%s\" is not one character or tab", text);
		return false;
	}
	wish->settings.delimiter = *text;
	return true;
}

static bool read_header(struct session *session, struct wish *wish)
{
	const char *text = options_text(&session->options, "header");
	int64_t number;
	wish->settings.header = DIALECT_HEADER_INFER;
	if (!text || strcmp(text, "auto") == 0)
		return true;
	if (strcmp(text, "none") == 0) {
		wish->settings.header = DIALECT_HEADER_NONE;
		return true;
	}
	if (!options_parse_number(text, &number) || number < 1 || number > DIALECT_HEADER_LAST) {
		session_usage(session, "--header: \"%s\" is not auto, none or a line from 1 to %d", text,
			DIALECT_HEADER_LAST);
		return false;
	}
	wish->settings.header = (int)number;
	return true;
}

static bool read_types(struct session *session, struct wish *wish)
{
	static const struct {
		const char *word;
		enum column_wanted wanted;
	} words[] = {{"string", COLUMN_AS_TEXT}, {"text", COLUMN_AS_TEXT}, {"number", COLUMN_AS_NUMBER},
		{"auto", COLUMN_AS_IT_IS}};
	size_t count;
	const char **all = options_all(&session->options, "type", &count);
	struct profile_type *types = arena_array(session->arena, count, sizeof(*types));
	wish->settings.types = types;
	for (size_t i = 0; i < count; i++) {
		const char *sign = strrchr(all[i], '=');
		size_t at = 0;
		while (sign && at < sizeof(words) / sizeof(words[0]) && strcmp(words[at].word, sign + 1) != 0)
			at++;
		if (!sign || at == sizeof(words) / sizeof(words[0])) {
			session_usage(
				session, "--type: \"%s\" is not COLUMN=string, =number or =auto", all[i]);
			return false;
		}
		types[wish->settings.type_count++] = (struct profile_type){
			arena_copy(session->arena, all[i], (size_t)(sign - all[i])), words[at].wanted};
	}
	return true;
}

static bool read_time(struct session *session, const char *option, Google__Protobuf__Timestamp **time)
{
	const char *text = options_text(&session->options, option);
	struct moment moment;
	if (!text)
		return true;
	if (!moment_read_time(text, &moment)) {
		session_usage(session,
			"--%s: \"%s\" is not a time such as 2026-11-23 or 2026-11-23T04:45:00Z", option,
			text);
		return false;
	}
	*time = member_new(session->arena, &google__protobuf__timestamp__descriptor);
	(*time)->seconds = moment.seconds;
	(*time)->nanos = moment.nanos;
	return true;
}

static bool read_wish(struct session *session, struct wish *wish)
{
	const struct options *options = &session->options;
	const char *kind = options_text(options, "kind");
	*wish = (struct wish){.kind = KIND_TRAINING_DATA};
	if (kind)
		wish->kind = model_kind_by_id(kind);
	wish->settings.label = options_text(options, "label");
	wish->settings.missing = options_all(options, "missing", &wish->settings.missing_count);
	wish->describe.keep_unmapped = options_given(options, "no-mapping");
	if (!read_delimiter(session, wish) || !read_header(session, wish) || !read_types(session, wish) ||
		!read_time(session, "window-start", &wish->window_start) ||
		!read_time(session, "window-end", &wish->window_end))
		return false;
	if (wish->window_start && wish->window_end &&
		wish->window_end->seconds < wish->window_start->seconds) {
		session_usage(session, "--window-end is before --window-start");
		return false;
	}
	return true;
}

/* ---- profiles ---- */

/* What one should know of a file that could be read. */
static void note_rows(struct arena *arena, const struct profile_data *data)
{
	const struct csv_ragged *ragged = &data->ragged;
	if (ragged->count > 0)
		failure_say("%s: %s left out; the first in line %lld: it has %s, and there are %s",
			data->file, words_count(arena, ragged->count, "row"), (long long)ragged->line,
			words_count(arena, (int64_t)ragged->cells, "cell"),
			words_count(arena, (int64_t)data->count, "column"));
	if (data->dataset->rows == 0)
		failure_say("%s: no rows, only %s", data->file,
			words_count(arena, (int64_t)data->count, "column"));
}

static enum fault_code profile_file(struct session *session, const struct wish *wish, const char *file,
	struct profile_data *data, struct fault *fault)
{
	struct watched watched;
	struct profile_settings settings = wish->settings;
	struct source *source = source_open(file, fault);
	if (!source)
		return fault->code;
	watched.file = source_name(source);
	settings.progress = tell;
	settings.context = &watched;
	progress_start(&watched.progress);
	const enum fault_code code = profile_read(session->arena, source, &settings, data, fault);
	progress_end(&watched.progress);
	source_free(source);
	if (code)
		return code;
	note_rows(session->arena, data);
	data->dataset->window_start = wish->window_start;
	data->dataset->window_end = wish->window_end;
	return FAULT_NONE;
}

/* Reads a document that has a profile. @param[out] document  arena */
static enum fault_code read_document(
	struct session *session, const char *file, struct document *document, struct fault *fault)
{
	const char *text;
	size_t size, count;
	struct document *documents;
	if (input_read(session->arena, file, &text, &size, fault) ||
		document_read(session->arena, file, text, size, &documents, &count, fault))
		return fault->code;
	for (size_t i = 0; i < count; i++) {
		if (!describe_has(documents[i].kind))
			continue;
		*document = documents[i];
		return FAULT_NONE;
	}
	return fault_set(fault, FAULT_INVALID, "PROFILE_MISSING",
		"%s: none of its documents is raw, training or production data", file);
}

static void *spec_of(const struct document *document)
{
	return *(void **)member_at(document->descriptor, model_kind_info(document->kind)->id);
}

/* Profiles all files that were given as parts of one table. */
static enum fault_code profile_all(
	struct session *session, const struct wish *wish, struct profile_data *data, struct fault *fault)
{
	for (size_t i = 0; i < session->options.argument_count; i++) {
		struct profile_data next;
		if (profile_file(session, wish, session->options.arguments[i], &next, fault))
			return fault->code;
		if (i == 0)
			*data = next;
		else if (merge_profiles(session->arena, data, &next, data, fault))
			return fault->code;
	}
	return FAULT_NONE;
}

/* Merges the profiles of all documents that were given. @param[out] first  what else the first one says */
static enum fault_code merge_all(
	struct session *session, struct profile_data *data, struct document *first, struct fault *fault)
{
	for (size_t i = 0; i < session->options.argument_count; i++) {
		const char *file = session->options.arguments[i];
		struct document document;
		struct profile_data next;
		if (read_document(session, file, &document, fault) ||
			!describe_read(session->arena, file, spec_of(&document), &next, fault))
			return fault->code;
		if (i == 0) {
			*first = document;
			*data = next;
		} else if (merge_profiles(session->arena, data, &next, data, fault)) {
			return fault->code;
		}
	}
	return FAULT_NONE;
}

/* ---- documents ---- */

/* Gets a descriptor of a system. @return NULL when there is none, or after complaining */
static const Tally__V1__Descriptor *fetch(
	struct session *session, const char *system, enum model_kind kind, const char *name, bool needed)
{
	char resource[MODEL_NAME_SIZE];
	struct target target = {.kind = kind};
	struct tally_error error;
	Tally__V1__GetDescriptorRequest request = TALLY__V1__GET_DESCRIPTOR_REQUEST__INIT;
	snprintf(target.name, sizeof(target.name), "%s", name);
	request.name = target_resource(&target, system, resource);
	const Tally__V1__Descriptor *found = session_try(session, "/tally.v1.DescriptorService/GetDescriptor",
		&request.base, &tally__v1__descriptor__descriptor, &error);
	if (!found && (needed || strcmp(tally_code_name(error.code), "NOT_FOUND") != 0))
		failure_call(&error, session->server, system, NULL, NULL);
	return found && !found->deleted ? found : NULL;
}

/*
 * Finds what the server has of this descriptor, so that what people wrote into
 * it stays. @return false after complaining
 */
static bool find_current(struct session *session, const char *system, struct document *document)
{
	char name[MODEL_NAME_SIZE];
	struct target target = {.kind = document->kind};
	struct tally_error error;
	Tally__V1__GetDescriptorRequest request = TALLY__V1__GET_DESCRIPTOR_REQUEST__INIT;
	snprintf(target.name, sizeof(target.name), "%s", document->name);
	request.name = target_resource(&target, system, name);
	Tally__V1__Descriptor *current = session_try(session, "/tally.v1.DescriptorService/GetDescriptor",
		&request.base, &tally__v1__descriptor__descriptor, &error);
	if (!current) {
		if (strcmp(tally_code_name(error.code), "NOT_FOUND") == 0)
			return true;
		failure_call(&error, session->server, system, NULL, NULL);
		return false;
	}
	void **spec = member_at(current, model_kind_info(document->kind)->id);
	if (current->deleted || !*spec)
		return true;
	Tally__V1__Descriptor *descriptor =
		document_descriptor(session->arena, document->kind, member_copy(session->arena, *spec));
	descriptor->etag = current->etag;
	descriptor->owner_team = current->owner_team;
	descriptor->sources = current->sources;
	descriptor->n_sources = current->n_sources;
	document->descriptor = descriptor;
	return true;
}

/* ---- --against ---- */

/* Any kind of data may be the reference: it takes the place of the training data. */
static const Tally__V1__Descriptor *as_kind(struct session *session, enum model_kind kind,
	const struct profile_data *data, const struct describe_settings *settings)
{
	void *spec = member_new(session->arena, model_kind_info(kind)->spec);
	describe_fill(session->arena, spec, data, settings);
	return document_descriptor(session->arena, kind, spec);
}

static bool find_reference(
	struct session *session, const struct wish *wish, const char *word, struct against *against)
{
	static struct fault fault;
	struct document document;
	struct profile_data data;
	const char *name = options_text(&session->options, "name");
	against->reference = word;
	if (model_id_valid(word) && access(word, F_OK) != 0) {
		against->system = word;
		against->training = fetch(session, word, KIND_TRAINING_DATA, name ? name : "default", true);
		against->policy =
			against->training ? fetch(session, word, KIND_POLICY, "default", false) : NULL;
		return against->training != NULL;
	}
	if (read_document(session, word, &document, &fault) ||
		!describe_read(session->arena, word, spec_of(&document), &data, &fault)) {
		session_fault(&fault);
		return false;
	}
	against->system = "local";
	against->training = document.kind == KIND_TRAINING_DATA
				    ? document.descriptor
				    : as_kind(session, KIND_TRAINING_DATA, &data, &wish->describe);
	return true;
}

static enum command_exit compare(
	struct session *session, const struct wish *wish, const char *word, const struct profile_data *data)
{
	struct against against = {.current = session->options.arguments[0]};
	if (!find_reference(session, wish, word, &against))
		return COMMAND_FAILED;
	against.production = as_kind(session, KIND_PRODUCTION_DATA, data, &wish->describe);
	return against_show(session, &against);
}

/* ---- --test-data-of ---- */

/* Finds the trained model: a document, or one of the system's. @return false after complaining */
static bool find_model(
	struct session *session, const char *word, const char *system, struct document *document)
{
	static struct fault fault;
	const char *text;
	size_t size, count;
	struct document *documents;
	if (access(word, F_OK) != 0 && model_id_valid(word)) {
		document->name = word;
		if (!system && !(system = session_system(session)))
			return false;
		document->system = system;
		return find_current(session, system, document);
	}
	if (input_read(session->arena, word, &text, &size, &fault) ||
		document_read(session->arena, word, text, size, &documents, &count, &fault)) {
		session_fault(&fault);
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		if (documents[i].kind == KIND_TRAINED_MODEL) {
			*document = documents[i];
			return true;
		}
	}
	failure_say("%s: none of its documents is a trained model", word);
	return false;
}

/* The test set's profile goes into the model's descriptor: its columns are not the model's to describe. */
static void fill_test_data(
	struct session *session, const struct profile_data *data, Tally__V1__TrainedModel *model)
{
	Tally__V1__ModelTestDataset *test = model->test_dataset;
	if (!test)
		test = model->test_dataset =
			member_new(session->arena, &tally__v1__model_test_dataset__descriptor);
	test->profile = data->dataset;
	if (!*test->file)
		test->file = arena_text(session->arena, data->file);
	if (!*test->name)
		test->name = arena_text(session->arena, data->file);
}

static enum command_exit put_out(
	struct session *session, const char *system, const struct document *document, bool push)
{
	struct document copy = *document;
	if (push)
		return push_documents(session, &copy, 1);
	if (session->json)
		session_json(
			session, document_json(system ? system : "", document->name, document->descriptor));
	else
		document_print_yaml(&session->out, system ? system : document->system, document->name,
			document->descriptor);
	return COMMAND_WELL;
}

static enum command_exit put_test_data(
	struct session *session, const char *word, const char *system, const struct profile_data *data)
{
	struct document document = {
		.file = data->file, .line = 1, .kind = KIND_TRAINED_MODEL, .system = "", .name = "default"};
	if (!find_model(session, word, system, &document))
		return COMMAND_FAILED;
	if (!document.descriptor)
		document.descriptor = document_descriptor(session->arena, KIND_TRAINED_MODEL,
			member_new(session->arena, &tally__v1__trained_model__descriptor));
	fill_test_data(session, data, document.descriptor->trained_model);
	return put_out(session, system, &document, options_given(&session->options, "push"));
}

static bool check_words(struct session *session, const char **system)
{
	const char *name = options_text(&session->options, "name");
	*system = options_text(&session->options, "system");
	if (name && !model_id_valid(name)) {
		session_usage(session,
			"--name: \"%s\" is not a name: lower-case letters, digits and hyphens, a letter first",
			name);
		return false;
	}
	if (options_given(&session->options, "push"))
		return (*system = session_system(session)) != NULL;
	return !*system || (*system = session_system_id(session, *system)) != NULL;
}

static enum command_exit run(struct session *session)
{
	const bool push = options_given(&session->options, "push");
	const bool merge = options_given(&session->options, "merge");
	const char *against = options_text(&session->options, "against");
	const char *model_word = options_text(&session->options, "test-data-of");
	const char *system, *name = options_text(&session->options, "name");
	static struct fault fault;
	struct wish wish;
	struct profile_data data;
	if (!read_wish(session, &wish) || !check_words(session, &system))
		return COMMAND_FAILED;
	if (against && push)
		return session_usage(session, "--against only shows; push without it");
	struct document document = {.file = session->options.arguments[0],
		.line = 1,
		.kind = wish.kind,
		.system = "",
		.name = "default"};
	if (merge ? merge_all(session, &data, &document, &fault) : profile_all(session, &wish, &data, &fault))
		return session_fault(&fault);
	if (model_word)
		return put_test_data(session, model_word, system, &data);
	if (against)
		return compare(session, &wish, against, &data);
	if (name)
		document.name = name;
	if (!merge) {
		void *spec = member_new(session->arena, model_kind_info(wish.kind)->spec);
		document.descriptor = document_descriptor(session->arena, wish.kind, spec);
		if (push && !find_current(session, system, &document))
			return COMMAND_FAILED;
	}
	describe_fill(session->arena, spec_of(&document), &data, &wish.describe);
	return put_out(session, system, &document, push);
}

static const struct option options[] = {
	{"kind", 0, OPTION_KIND, "KIND", "training_data (default), production_data or raw_data", kinds, NULL},
	{"label", 0, OPTION_TEXT, "COLUMN", "the column that the model learns to predict", NULL, NULL},
	{"system", 0, OPTION_TEXT, "SYSTEM", "the system it belongs to", NULL, NULL},
	{"name", 0, OPTION_TEXT, "NAME", "the descriptor's name instead of default", NULL, NULL},
	{"push", 0, OPTION_FLAG, NULL,
		"push it instead of printing it; what people wrote into the current version stays", NULL,
		NULL},
	{"window-start", 0, OPTION_TEXT, "TIME", "when the first row happened, e.g. 2026-11-01", NULL, NULL},
	{"window-end", 0, OPTION_TEXT, "TIME", "when the last row happened", NULL, NULL},
	{"delimiter", 0, OPTION_TEXT, "CHAR", "what parts the cells, or tab; else found out: , ; tab |", NULL,
		NULL},
	{"header", 0, OPTION_TEXT, "LINE", "the record with the names from 1 on, none, or auto (default)",
		NULL, NULL},
	{"missing", 0, OPTION_TEXT, "TOKEN",
		"one more word for a missing value, besides ? NA NULL null NaN nan and nothing", NULL, NULL},
	{"type", 0, OPTION_TEXT, "COLUMN=TYPE", "string, or number: then what is no number counts as missing",
		NULL, NULL},
	{"no-mapping", 0, OPTION_FLAG, NULL, "do not map columns to production data of the same name", NULL,
		NULL},
	{"against", 0, OPTION_TEXT, "REFERENCE",
		"compare with the training data of this system, or with this document, and push nothing",
		NULL, NULL},
	{"test-data-of", 0, OPTION_TEXT, "MODEL",
		"the file is what this trained model, by name or document, is tested with: its digest and row "
		"sketch go into the model's descriptor",
		NULL, NULL},
	{"merge", 0, OPTION_FLAG, NULL, "the files are documents with profiles: make one of them", NULL,
		NULL},
	{"output", 'o', OPTION_CHOICE, "FORMAT", "yaml (default) or json document; with --push: text or json",
		outputs, NULL},
	PUSH_OPTIONS,
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_profile = {
	.name = "profile",
	.summary = "Summarise a table of data; no row leaves this machine",
	.arguments = "FILE...",
	.about =
		"Reads CSV or TSV once, from a file or - for standard input, also packed with gzip or zstd,\n"
		"in bounded memory. Several files are parts of one table.\n"
		"\n"
		"Push the training data and the production data of a system, and differences between\n"
		"the two show as findings: each column of the training data is compared with the\n"
		"production column that it is mapped to, which is the one of its own name unless the\n"
		"descriptor says otherwise (mapping_production_data) or --no-mapping is given.",
	.options = options,
	.words = WORDS_FILES,
	.least = 1,
	.most = -1,
	.example = "  tally profile train.csv --label churned --system churn --push\n"
		   "  tally profile requests.csv.gz --kind production_data --window-start 2026-11-01 \\\n"
		   "    --window-end 2026-11-08 --system churn --push\n"
		   "  tally profile requests.csv --against churn\n"
		   "  tally profile test.csv --label churned --test-data-of default --system churn --push\n"
		   "  tally profile --merge monday.yaml tuesday.yaml > both.yaml",
	.run = run,
};
