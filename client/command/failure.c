/* Complaints and hints. Decides no exit code. */
#include "command/failure.h"

#include <stdarg.h>
#include <string.h>

#include "base/buffer.h"
#include "command/text.h"

static void line(const char *head, const char *format, va_list arguments)
{
	struct arena *arena = arena_new();
	fprintf(stderr, "%s%s\n", head, text_clean(arena, arena_vprint(arena, format, arguments)));
	arena_free(arena);
}

void failure_say(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	line("tally: ", format, arguments);
	va_end(arguments);
}

void failure_hint(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	line("hint: ", format, arguments);
	va_end(arguments);
}

static const char *fact(const struct tally_error *error, const char *key)
{
	for (size_t i = 0; i < error->fact_count; i++) {
		if (strcmp(error->facts[i].key, key) == 0)
			return error->facts[i].value;
	}
	return NULL;
}

struct subject {
	const struct tally_error *error;
	const char *server;
	const char *system;
};

static void hint_create(const struct subject *subject)
{
	const char *system = subject->system ? subject->system : fact(subject->error, "system");
	if (system && strncmp(system, "systems/", 8) == 0)
		system += 8;
	failure_hint("create it with: tally system create %s", system ? system : "SYSTEM");
}

static void hint_list(const struct subject *subject)
{
	failure_hint("see what there is with: tally list %s", subject->system ? subject->system : "SYSTEM");
}

static void hint_record(const struct subject *subject)
{
	const char *environment = fact(subject->error, "environment");
	failure_hint("record what runs there with: tally record-deployment %s --environment %s",
		subject->system ? subject->system : "SYSTEM", environment ? environment : "NAME");
}

static void hint_history(const struct subject *subject)
{
	failure_hint("see which versions there are with: tally history KIND --system %s",
		subject->system ? subject->system : "SYSTEM");
}

static void hint_oldest(const struct subject *subject)
{
	const char *oldest = fact(subject->error, "oldest_token");
	if (oldest)
		failure_hint("the oldest place to resume at: --resume %s", oldest);
	failure_hint("or begin with the current state: --state");
}

static void hint_filter(const struct subject *subject)
{
	(void)subject;
	failure_hint("a token goes with the filters it was given for, and with one database");
}

static void hint_rules(const struct subject *subject)
{
	(void)subject;
	failure_hint("tally rules lists them");
}

static void hint_read_again(const struct subject *subject)
{
	(void)subject;
	failure_hint("somebody else was faster: read again, then repeat");
}

static const struct hint {
	const char *reason;
	void (*give)(const struct subject *subject);
} hints[] = {
	{"SYSTEM_NOT_FOUND", hint_create},
	{"DESCRIPTOR_NOT_FOUND", hint_list},
	{"VERSION_NOT_FOUND", hint_history},
	{"DEPLOYMENT_NOT_FOUND", hint_record},
	{"RESUME_TOKEN_TOO_OLD", hint_oldest},
	{"RESUME_TOKEN_INVALID", hint_filter},
	{"ETAG_MISMATCH", hint_read_again},
	{"RULE_UNKNOWN", hint_rules},
};

static void hint_of(const struct subject *subject)
{
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
		if (strcmp(hints[i].reason, subject->error->reason) == 0)
			hints[i].give(subject);
	}
	if (strcmp(tally_code_name(subject->error->code), "DEADLINE_EXCEEDED") == 0)
		failure_hint("--timeout gives it more time");
}

/* The C core tells a long story; people need its end. */
static const char *core_message(const char *message)
{
	static const char *const stories[] = {"failed to connect", "DNS resolution failed"};
	const char *end = message;
	bool long_story = false;
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++)
		long_story = long_story || strncmp(message, stories[i], strlen(stories[i])) == 0;
	if (!long_story)
		return message;
	for (const char *at = message; (at = strstr(at, ": ")); at += 2)
		end = at + 2;
	return end;
}

/* Did this end by itself, without a word from the server? */
static bool without_word(const struct tally_error *error, const char *code)
{
	return strcmp(tally_code_name(error->code), code) == 0 && !*error->reason;
}

static void say_away(const struct tally_error *error, const char *server)
{
	failure_say("cannot reach a Tally server at %s: %s", server, core_message(error->message));
	failure_hint("start one with: tallyd; or name another one with --server ADDRESS or TALLY_SERVER");
}

/* Does the message consist of this violation? Then it need not be said again. */
static bool is_message(struct arena *arena, const struct tally_error *error, size_t i)
{
	const char *text =
		arena_print(arena, "%s: %s", error->violations[i].field, error->violations[i].description);
	return strcmp(text, error->message) == 0;
}

/* Where the author of the request finds the field that a violation is about. */
static const char *place_of(struct arena *arena, const struct tally_error *error, size_t i,
	failure_place_fn *place, void *context)
{
	const char *known = place ? place(context, arena, error->violations[i].field) : NULL;
	return known ? known : error->violations[i].field;
}

/* What happened, in the server's words, but for what it cannot know: files, and names of options. */
static const char *message_of(
	struct arena *arena, const struct tally_error *error, failure_place_fn *place, void *context)
{
	const char *wanted = fact(error, "as_of_revision"), *newest = fact(error, "revision");
	if (strcmp(error->reason, "REVISION_IN_FUTURE") == 0 && wanted && newest)
		return arena_print(
			arena, "there is no revision %s yet; the newest one is %s", wanted, newest);
	for (size_t i = 0; i < error->violation_count; i++)
		if (is_message(arena, error, i))
			return arena_print(arena, "%s: %s", place_of(arena, error, i, place, context),
				error->violations[i].description);
	return *error->message ? error->message : "the server gave no reason";
}

static void say_refused(const struct tally_error *error, failure_place_fn *place, void *context)
{
	struct arena *arena = arena_new();
	failure_say("%s (%s)", message_of(arena, error, place, context),
		*error->reason ? error->reason : tally_code_name(error->code));
	arena_free(arena);
}

static void say_violations(const struct tally_error *error, failure_place_fn *place, void *context)
{
	struct arena *arena = arena_new();
	for (size_t i = 0; i < error->violation_count; i++) {
		if (is_message(arena, error, i))
			continue;
		fprintf(stderr, "  %s: %s\n", text_clean(arena, place_of(arena, error, i, place, context)),
			text_clean(arena, error->violations[i].description));
	}
	arena_free(arena);
}

void failure_call(const struct tally_error *error, const char *server, const char *system,
	failure_place_fn *place, void *context)
{
	struct subject subject = {error, server, system};
	if (without_word(error, "UNAVAILABLE")) {
		say_away(error, server);
		return;
	}
	if (without_word(error, "DEADLINE_EXCEEDED"))
		failure_say("no answer from %s in time (DEADLINE_EXCEEDED)", server);
	else
		say_refused(error, place, context);
	say_violations(error, place, context);
	hint_of(&subject);
}
