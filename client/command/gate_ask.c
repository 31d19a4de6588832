/* From options to what the gate is asked. Asks no server. */
#include <string.h>

#include "command/failure.h"
#include "command/filter.h"
#include "command/gate.h"

/* ---- files ---- */

static bool read_with(struct session *session, struct gate_ask *ask)
{
	struct fault fault;
	struct document *documents;
	size_t file_count, count;
	const char **files = options_each(&session->options, "with", &file_count);
	if (documents_read(session, files, file_count, &documents, &count, &fault)) {
		session_fault(&fault);
		return false;
	}
	if (file_count > 0 && count == 0) {
		session_usage(session, "--with: no document in what was given");
		return false;
	}
	ask->with.items = arena_array(session->arena, count + 1, sizeof(struct document *));
	for (size_t i = 0; i < count; i++)
		ask->with.items[ask->with.count++] = &documents[i];
	return true;
}

/* Documents say which system they are of: it need not be named again. */
static bool find_system(struct session *session, struct gate_ask *ask)
{
	const char *variable = getenv("TALLY_SYSTEM");
	bool named = session->options.argument_count > 0 || options_given(&session->options, "system") ||
		     (variable && *variable);
	if (!named && ask->with.count > 0 && *ask->with.items[0]->system)
		ask->system = session_system_id(session, ask->with.items[0]->system);
	else
		ask->system = session_system_argument(session);
	if (!ask->system)
		return false;
	for (size_t i = 0; i < ask->with.count; i++) {
		const struct document *document = ask->with.items[i];
		if (!*document->system || strcmp(document->system, ask->system) == 0)
			continue;
		failure_say("%s:%d: metadata.system: is %s, but the question is about %s", document->file,
			document->line, document->system, ask->system);
		return false;
	}
	return true;
}

/* ---- versions ---- */

static bool read_version(struct session *session, const char *text, struct gate_ask *ask)
{
	struct target target;
	struct fault fault;
	char name[MODEL_NAME_SIZE];
	if (target_parse(text, &target, &fault)) {
		session_fault(&fault);
		return false;
	}
	if (target.version == 0) {
		session_usage(session, "--use: \"%s\" names no version: KIND[/NAME]@VERSION", text);
		return false;
	}
	if (*target.system && strcmp(target.system, ask->system) != 0) {
		session_usage(session, "--use: \"%s\" is not of %s", text, ask->system);
		return false;
	}
	ask->versions[ask->version_count++] =
		arena_text(session->arena, target_resource(&target, ask->system, name));
	return true;
}

static bool read_versions(struct session *session, struct gate_ask *ask)
{
	size_t count;
	const char **texts = options_all(&session->options, "use", &count);
	ask->versions = arena_array(session->arena, count + 1, sizeof(*ask->versions));
	for (size_t i = 0; i < count; i++) {
		if (!read_version(session, texts[i], ask))
			return false;
	}
	return true;
}

/* ---- what counts ---- */

/* Of several the least grave counts, as in filters. */
static Tally__V1__Severity read_fail_on(struct session *session)
{
	size_t count;
	const char **words = options_all(&session->options, "fail-on", &count);
	Tally__V1__Severity least = TALLY__V1__SEVERITY__SEVERITY_ERROR;
	for (size_t i = 0; i < count; i++) {
		Tally__V1__Severity one = words_severity_named(words[i]);
		least = one < least ? one : least;
	}
	return least;
}

static bool check(struct session *session, const struct gate_ask *ask)
{
	bool what_if = ask->version_count > 0 || ask->with.count > 0;
	if (ask->running && !*ask->environment) {
		session_usage(session, "--running: in which environment? Name it with --to-environment");
		return false;
	}
	if (ask->new_only && ask->baseline == 0 && !*ask->environment && !what_if) {
		session_usage(session,
			"--new-only: against what? Name --to-environment or --baseline, or what "
			"would be pushed with --with");
		return false;
	}
	return true;
}

static bool is_report(const char *text)
{
	size_t length = strcspn(text, "=");
	for (size_t i = 0; report_outputs[i]; i++) {
		if (strlen(report_outputs[i]) == length && strncmp(report_outputs[i], text, length) == 0)
			return strcmp(report_outputs[i], "text") != 0 && text[length] && text[length + 1];
	}
	return false;
}

static bool check_reports(struct session *session)
{
	size_t count;
	const char **reports = options_each(&session->options, "report", &count);
	for (size_t i = 0; i < count; i++) {
		if (is_report(reports[i]))
			continue;
		session_usage(session, "--report: \"%s\" is not FORMAT=FILE, such as sarif=tally.sarif",
			reports[i]);
		return false;
	}
	return true;
}

/* ---- in words ---- */

static void add_words(struct session *session, struct gate_ask *ask, const char *words)
{
	ask->scope = arena_print(session->arena, "%s%s%s", ask->scope, *ask->scope ? "; " : "", words);
}

/* "model.yaml, trained_model/scorer@3" */
static const char *candidate(struct session *session)
{
	size_t file_count, version_count;
	const char **files = options_each(&session->options, "with", &file_count);
	const char **versions = options_all(&session->options, "use", &version_count);
	const char *text = "";
	for (size_t i = 0; i < file_count + version_count; i++) {
		const char *one = i < file_count ? files[i] : versions[i - file_count];
		text = arena_print(session->arena, "%s%s%s", text, *text ? ", " : "", one);
	}
	return text;
}

static const char *base_words(struct session *session, const struct gate_ask *ask)
{
	if (ask->baseline > 0)
		return arena_print(session->arena, "revision %lld", (long long)ask->baseline);
	if (*ask->environment)
		return arena_print(session->arena, "what runs in %s", ask->environment);
	return "the current versions";
}

static const char *teams(struct session *session, const struct gate_ask *ask)
{
	const char *text = ask->teams[0];
	for (size_t i = 1; i < ask->team_count; i++)
		text = arena_print(session->arena, "%s and %s", text, ask->teams[i]);
	return text;
}

static void describe(struct session *session, struct gate_ask *ask)
{
	struct arena *arena = session->arena;
	const char *what = candidate(session);
	const char *base = ask->running ? arena_print(arena, "what runs in %s", ask->environment)
					: "the current versions";
	ask->scope = "";
	if (*what)
		add_words(session, ask, arena_print(arena, "%s on top of %s", what, base));
	else if (ask->running)
		add_words(session, ask, base);
	if (ask->new_only)
		add_words(session, ask,
			arena_print(arena, "only what is new against %s counts", base_words(session, ask)));
	if (ask->team_count > 0)
		add_words(session, ask, arena_print(arena, "only what %s owe counts", teams(session, ask)));
	if (ask->fail_on == TALLY__V1__SEVERITY__SEVERITY_WARNING)
		add_words(session, ask, "warnings block too");
	if (ask->fail_on == TALLY__V1__SEVERITY__SEVERITY_NOTE)
		add_words(session, ask, "warnings and notes block too");
}

bool gate_ask_read(struct session *session, struct gate_ask *ask)
{
	const struct options *options = &session->options;
	*ask = (struct gate_ask){
		.environment = arena_text(session->arena, options_text(options, "environment")),
		.running = options_given(options, "running"),
		.new_only = options_given(options, "new-only") || options_given(options, "baseline"),
		.baseline = options_number(options, "baseline", 0),
		.fail_on = read_fail_on(session),
		.min_revision = options_number(options, "min-revision", 0),
		.wait_ms = options_duration_ms(options, "wait", 0),
	};
	ask->teams = filter_texts(session, "team", &ask->team_count);
	if (!read_with(session, ask) || !find_system(session, ask) || !read_versions(session, ask) ||
		!check(session, ask) || !check_reports(session))
		return false;
	describe(session, ask);
	return true;
}
