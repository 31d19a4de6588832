/*
 * tally import FORMAT FILE... and tally import auto DIR: what teams have on
 * disk becomes documents. What formats mean is for the import room; here it is
 * told what was taken, left and contradictory.
 */
#include <string.h>
#include <unistd.h>

#include "codec/codec.h"
#include "command/failure.h"
#include "command/input.h"
#include "command/push.h"
#include "command/table.h"
#include "command/text.h"
#include "command/words.h"
#include "import/walk.h"

static const char *const outputs[] = {"yaml", "json", "facts", "text", NULL};

/* One call. */
struct importing {
	struct session *session;
	struct import_run *run;
	struct walk_result walked; /* auto only */
	size_t problems;           /* what --strict does not stand */
};

static void list_formats(struct session *session)
{
	static const struct table_column columns[] = {{"FORMAT", 0, false}, {"READS", 0, false}};
	struct table *table = table_new(session->arena, columns, 2);
	for (const struct import_format *row = import_formats; row->name; row++)
		table_add(table, (struct table_cell[]){{row->name, COLOUR_PLAIN},
					 {arena_print(session->arena, "%s: %s", row->title, row->takes),
						 COLOUR_PLAIN}});
	table_print(table, session->width, session->colour, &session->out);
}

static const struct import_format *format_named(struct session *session, const char *name)
{
	const struct import_format *format = import_format_named(name);
	if (format)
		return format;
	session_usage(session, "import: there is no format \"%s\"", name);
	failure_hint("tally import --list names the formats; tally import auto DIR tells them by itself");
	return NULL;
}

static bool read_standard_input(
	struct importing *importing, const struct import_format *format, struct fault *fault)
{
	const char *text;
	size_t size;
	if (input_read(importing->session->arena, "-", &text, &size, fault))
		return false;
	const struct import_file file = file_of_bytes("-", text, size);
	return import_read(importing->run, format, &file, fault) == FAULT_NONE;
}

static bool read_file(struct importing *importing, const struct import_format *format, const char *path)
{
	struct import_file file;
	struct fault fault;
	bool well = false;
	if (strcmp(path, "-") == 0)
		well = read_standard_input(importing, format, &fault);
	else if (file_open(importing->session->arena, path, path, &file, &fault) == FAULT_NONE) {
		well = import_was_read(importing->run, path) ||
		       import_read(importing->run, format, &file, &fault) == FAULT_NONE;
		file_close(&file);
	}
	if (!well)
		session_fault(&fault);
	return well;
}

static void tell_remarks(struct importing *importing)
{
	size_t count;
	const struct draft_remark *remarks = draft_remarks(import_run_draft(importing->run), &count);
	for (size_t i = 0; i < count; i++) {
		const struct draft_remark *remark = &remarks[i];
		importing->problems += remark->kind == DRAFT_LEFT;
		failure_say("%s: %s: %s%s", remark->source.file, remark->source.path,
			remark->kind == DRAFT_LEFT ? "left out: " : "", remark->text);
	}
}

/* The two descriptors, or the files, that do not agree. */
static void tell_conflicts(struct importing *importing, const struct draft_result *result)
{
	for (size_t i = 0; i < result->conflict_count; i++) {
		const struct draft_conflict *conflict = &result->conflicts[i];
		const char *text = "";
		for (size_t k = 0; k < conflict->count; k++)
			text = arena_print(importing->session->arena, "%s%s%.200s (%s: %s)", text,
				k ? "; " : "", conflict->claims[k].value, conflict->claims[k].source.file,
				conflict->claims[k].source.path);
		failure_say("conflict: %s/%s %s: %s; the first one stands",
			model_kind_info(conflict->kind)->id, conflict->name, conflict->field, text);
	}
	importing->problems += result->conflict_count;
}

/* ": README.txt, notes.txt and 3 more"; "" for none */
static const char *unknown_files(struct arena *arena, const struct walk_result *walked)
{
	const char *text = "";
	size_t named = 0;
	for (; named < walked->unknown && named < WALK_UNKNOWN_MAX; named++)
		text = arena_print(arena, "%s%s %s", text, named ? "," : ":", walked->unknown_paths[named]);
	if (named < walked->unknown)
		text = arena_print(arena, "%s and %zu more", text, walked->unknown - named);
	return text;
}

static void tell_readings(struct importing *importing)
{
	size_t count;
	struct arena *arena = importing->session->arena;
	const struct import_reading *readings = import_readings(importing->run, &count);
	for (size_t i = 0; i < count; i++)
		failure_say("%s: %s, %s", readings[i].path, readings[i].format->title,
			words_count(arena, (int64_t)readings[i].facts, "value"));
	for (size_t i = 0; i < importing->walked.left_count; i++)
		failure_say("%s: left: %s", importing->walked.left[i].path, importing->walked.left[i].why);
	failure_say("%s, %zu of no format that is known%s",
		words_count(arena, (int64_t)importing->walked.files, "file"), importing->walked.unknown,
		unknown_files(arena, &importing->walked));
	importing->problems += importing->walked.left_count;
}

static json_t *fact_json(struct importing *importing, const struct draft_fact *fact)
{
	json_t *json = json_object();
	if (fact->place) {
		struct arena *arena = importing->session->arena;
		const char *path = fact->place->path, *field = fact->field ? fact->field : "";
		json_object_set_new(json, "kind", json_string(model_kind_info(fact->place->kind)->id));
		if (fact->place->subject)
			json_object_set_new(json, "subject", json_string(fact->place->subject));
		json_object_set_new(json, "field",
			json_string(arena_print(arena, "%s%s%s", path, *path && *field ? "." : "", field)));
	}
	if (fact->value)
		json_object_set_new(json, "value", json_string(fact->value));
	if (fact->original)
		json_object_set_new(json, "original", json_string(fact->original));
	json_object_set_new(json, "file", json_string(fact->source.file));
	json_object_set_new(json, "path", json_string(fact->source.path));
	return json;
}

/* One line for each value that was read, also for those that no descriptor has a place for. */
static void print_facts(struct importing *importing)
{
	size_t count;
	const struct draft_fact *facts = draft_facts(import_run_draft(importing->run), &count);
	for (size_t i = 0; i < count; i++) {
		json_t *json = fact_json(importing, &facts[i]);
		char *text = json_dumps(json, JSON_COMPACT);
		buffer_print(&importing->session->out, "%s\n", text);
		free(text);
		json_decref(json);
	}
}

static void print_documents(
	struct importing *importing, const char *system, const struct draft_result *result)
{
	struct session *session = importing->session;
	json_t *list = json_array();
	for (size_t i = 0; i < result->count; i++) {
		const struct document *document = &result->documents[i];
		if (session->json)
			json_array_append_new(
				list, document_json(system, document->name, document->descriptor));
		else
			document_print_yaml(&session->out, system, document->name, document->descriptor);
	}
	if (session->json)
		session_json(session, json_incref(result->count == 1 ? json_array_get(list, 0) : list));
	json_decref(list);
}

static enum command_exit finish(struct importing *importing, const char *system)
{
	struct session *session = importing->session;
	struct draft_result result;
	struct fault fault;
	const char *output = options_text(&session->options, "output");
	if (draft_build(import_run_draft(importing->run), options_text(&session->options, "name"), &result,
		    &fault) != FAULT_NONE)
		return session_fault(&fault);
	tell_remarks(importing);
	tell_conflicts(importing, &result);
	if (options_given(&session->options, "strict") && importing->problems) {
		failure_say(
			"--strict: %s", words_count(session->arena, (int64_t)importing->problems, "problem"));
		return COMMAND_FAILED;
	}
	if (output && strcmp(output, "facts") == 0) {
		print_facts(importing);
		return COMMAND_WELL;
	}
	if (result.count == 0) {
		failure_say("nothing was found that a descriptor has a place for");
		return COMMAND_FAILED;
	}
	if (options_given(&session->options, "push"))
		return push_documents(session, result.documents, result.count);
	print_documents(importing, system ? system : "", &result);
	return COMMAND_WELL;
}

/* @return false after complaining; *system NULL when it is not given */
static bool read_names(struct session *session, const char **system)
{
	const char *name = options_text(&session->options, "name");
	*system = options_text(&session->options, "system");
	if (name && !model_id_valid(name)) {
		session_usage(session,
			"--name: \"%s\" is not a name: lower-case letters, digits and hyphens, a letter "
			"first",
			name);
		return false;
	}
	return !*system || (*system = session_system_id(session, *system));
}

static enum command_exit run_format(struct session *session)
{
	struct importing importing = {.session = session};
	const char *system;
	if (options_given(&session->options, "list")) {
		list_formats(session);
		return COMMAND_WELL;
	}
	if (session->options.argument_count < 2)
		return session_usage(session, "import needs FORMAT FILE..., or auto DIR");
	const struct import_format *format = format_named(session, session->options.arguments[0]);
	if (!format || !read_names(session, &system))
		return COMMAND_FAILED;
	importing.run = import_run_new(session->arena);
	bool well = true;
	for (size_t i = 1; i < session->options.argument_count && well; i++)
		well = read_file(&importing, format, session->options.arguments[i]);
	enum command_exit code = well ? finish(&importing, system) : COMMAND_FAILED;
	import_run_done(importing.run);
	return code;
}

static void show_progress(void *context, size_t done, size_t total)
{
	(void)context;
	if (total)
		fprintf(stderr, "\r\033[Kreading: %zu of %zu files", done, total);
	else
		fprintf(stderr, "\r\033[Klooking: %zu files", done);
}

static enum command_exit run_auto(struct session *session)
{
	struct importing importing = {.session = session};
	const char *system;
	struct fault fault;
	const bool terminal = isatty(STDERR_FILENO) == 1;
	if (!read_names(session, &system))
		return COMMAND_FAILED;
	importing.run = import_run_new(session->arena);
	enum fault_code failed = walk_import(importing.run, session->arena, session->options.arguments[0],
		terminal ? show_progress : NULL, NULL, &importing.walked, &fault);
	if (terminal)
		fputs("\r\033[K", stderr);
	enum command_exit code = COMMAND_FAILED;
	if (failed)
		session_fault(&fault);
	else {
		tell_readings(&importing);
		code = finish(&importing, system);
	}
	import_run_done(importing.run);
	return code;
}

#define IMPORT_OPTIONS                                                                                       \
	{"system", 0, OPTION_TEXT, "SYSTEM", "the system they belong to", NULL, NULL},                       \
		{"name", 0, OPTION_TEXT, "NAME", "the descriptors' name instead of default", NULL, NULL},    \
		{"push", 0, OPTION_FLAG, NULL, "push them instead of printing them", NULL, NULL},            \
		{"strict", 0, OPTION_FLAG, NULL,                                                             \
			"fail when something was not understood, left or contradictory", NULL, NULL},        \
	{                                                                                                    \
		"output", 'o', OPTION_CHOICE, "FORMAT",                                                      \
			"yaml (default) or json documents, or facts: a JSON line for each value and its "    \
			"source; with --push: text or json",                                                 \
			outputs, NULL                                                                        \
	}

static const struct option format_options[] = {
	IMPORT_OPTIONS,
	{"list", 0, OPTION_FLAG, NULL, "name the formats and end", NULL, NULL},
	PUSH_OPTIONS,
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

static const struct option auto_options[] = {
	IMPORT_OPTIONS,
	PUSH_OPTIONS,
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_import = {
	.name = "import",
	.summary = "Make descriptors of files that a team has; --list names the formats",
	.arguments = "FORMAT FILE...",
	.about = "Every value carries its source: file, and path in the file. What is not known stays\n"
		 "absent. What was not understood is told on standard error; --strict makes it a failure.",
	.options = format_options,
	.words = WORDS_FORMATS,
	.least = 0,
	.most = -1,
	.example = "  tally import mlflow models/churn/MLmodel > churn.yaml\n"
		   "  tally import mlflow models/churn/MLmodel --system churn --push\n"
		   "  tally import --list",
	.run = run_format,
};

const struct command command_import_auto = {
	.name = "import auto",
	.summary = "Make descriptors of all that is recognised in a project's folder",
	.arguments = "DIR",
	.about = "Tells what it took from where, what it left and why. Two files that contradict each\n"
		 "other in one field are shown as a conflict; the value that was read first stands.",
	.options = auto_options,
	.words = WORDS_FILES,
	.least = 1,
	.most = 1,
	.example = "  tally import auto . > descriptors.yaml\n"
		   "  tally import auto . --system churn --push",
	.run = run_auto,
};
