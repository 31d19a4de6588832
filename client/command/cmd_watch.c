/*
 * tally watch: events as they happen.
 *
 * A lost connection is opened again, right behind the last token, for as long
 * as it takes; only a server that was never there is given up.
 */
#include <string.h>

#include "command/event_line.h"
#include "command/failure.h"
#include "command/filter.h"
#include "command/interrupt.h"
#include "command/session.h"
#include "command/words.h"
#include "tally/v1/event_service.pb-c.h"

enum {
	PAUSE_FIRST_MS = 200,
	PAUSE_LAST_MS = 10000,
	FIRST_ATTEMPTS = 4,
};

struct watch {
	struct session *session;
	struct interrupt *interrupt;
	Tally__V1__SubscribeRequest request;
	struct buffer token;     /* covers all that was printed */
	int64_t left;            /* events to print; less than 0: no end */
	bool reached;            /* the server has answered once */
	int attempts;            /* in vain, since the last message */
	struct tally_error away; /* why the latest of them was in vain */
};

static bool fill(struct session *session, Tally__V1__SubscribeRequest *request)
{
	size_t count;
	const char **more = options_all(&session->options, "system", &count);
	const struct options *options = &session->options;
	tally__v1__subscribe_request__init(request);
	request->systems =
		arena_array(session->arena, count + options->argument_count + 1, sizeof(*request->systems));
	for (size_t i = 0; i < count + options->argument_count; i++) {
		const char *text = i < count ? more[i] : options->arguments[i - count];
		const char *id = session_system_id(session, text);
		if (!id)
			return false;
		request->systems[request->n_systems++] = session_system_name(session, id);
	}
	request->kinds = filter_kinds(session, &request->n_kinds);
	request->rule_classes = filter_texts(session, "class", &request->n_rule_classes);
	request->teams = filter_texts(session, "team", &request->n_teams);
	request->min_severity = filter_severity(session);
	request->send_initial_state = options_given(options, "state");
	const char **types = options_all(options, "event", &count);
	request->event_types = arena_array(session->arena, count + 1, sizeof(*request->event_types));
	for (size_t i = 0; i < count; i++)
		request->event_types[request->n_event_types++] = words_event_named(types[i]);
	return true;
}

static void keep_token(struct watch *watch, const char *token)
{
	if (!*token)
		return;
	buffer_clear(&watch->token);
	buffer_text(&watch->token, token);
}

static enum command_exit print(struct watch *watch, const Tally__V1__SubscribeResponse *message)
{
	struct session *session = watch->session;
	struct arena *arena = arena_new();
	if (session->json)
		event_line_json(arena, message, &session->out);
	for (size_t i = 0; !session->json && i < message->n_events; i++)
		event_line_text(arena, message->events[i], session->colour, &session->out);
	arena_free(arena);
	keep_token(watch, message->resume_token);
	if (watch->left >= 0)
		watch->left = message->n_events < (size_t)watch->left
				      ? watch->left - (int64_t)message->n_events
				      : 0;
	return session_flush(session);
}

/* Reads until the stream ends. @param[out] error why */
static enum command_exit read_stream(
	struct watch *watch, struct tally_stream *stream, struct tally_error *error)
{
	ProtobufCMessage *message;
	enum command_exit code = COMMAND_WELL;
	memset(error, 0, sizeof(*error));
	while (code == COMMAND_WELL && watch->left != 0 && tally_stream_next(stream, &message, error)) {
		watch->reached = true;
		watch->attempts = 0;
		code = print(watch, (const Tally__V1__SubscribeResponse *)message);
		protobuf_c_message_free_unpacked(message, NULL);
	}
	return code;
}

static enum command_exit connect_once(struct watch *watch, struct tally_error *error)
{
	if (watch->token.size > 0) {
		watch->request.resume_token = watch->token.bytes;
		watch->request.send_initial_state = false;
	}
	struct tally_stream *stream =
		tally_stream_open(session_client(watch->session), "/tally.v1.EventService/Subscribe",
			&watch->request.base, &tally__v1__subscribe_response__descriptor);
	interrupt_watch(watch->interrupt, stream);
	enum command_exit code = read_stream(watch, stream, error);
	interrupt_watch(watch->interrupt, NULL);
	tally_stream_free(stream);
	return code;
}

/*
 * May it be tried again? A server that goes away says UNAVAILABLE, one that
 * only ends says nothing, and for a stream that comes while the last
 * connections are closed the core says CANCELLED: our own is asked for before.
 */
static bool lasts(struct watch *watch, const struct tally_error *error)
{
	static const char *const away[] = {"OK", "UNAVAILABLE", "CANCELLED"};
	const char *code = tally_code_name(error->code);
	bool well = false;
	for (size_t i = 0; i < sizeof(away) / sizeof(away[0]); i++)
		well = well || strcmp(code, away[i]) == 0;
	return well && (watch->reached || watch->attempts < FIRST_ATTEMPTS);
}

static void pause_before(struct watch *watch, const struct tally_error *error)
{
	int pause_ms = PAUSE_FIRST_MS;
	if (watch->attempts == 0 && watch->reached)
		failure_say("connection lost (%s); %s",
			*error->message ? error->message : "the server ended it",
			watch->token.size > 0 ? "resuming where it stopped"
					      : "there is no token yet: events may be missed");
	for (int i = 0; i < watch->attempts && pause_ms < PAUSE_LAST_MS; i++)
		pause_ms *= 2;
	watch->attempts++;
	interrupt_sleep(watch->interrupt, pause_ms < PAUSE_LAST_MS ? pause_ms : PAUSE_LAST_MS);
}

static enum command_exit give_up(const struct watch *watch, const struct tally_error *error)
{
	const Tally__V1__SubscribeRequest *request = &watch->request;
	failure_call(error, watch->session->server,
		request->n_systems == 1 ? request->systems[0] + strlen("systems/") : NULL, NULL, NULL);
	return COMMAND_FAILED;
}

/* ^C or the end of its time; nothing was watched where no server was there. */
static enum command_exit interrupted(const struct watch *watch)
{
	return watch->reached || watch->attempts == 0 ? COMMAND_WELL : give_up(watch, &watch->away);
}

static enum command_exit follow(struct watch *watch)
{
	struct tally_error error;
	for (;;) {
		enum command_exit code = connect_once(watch, &error);
		if (code != COMMAND_WELL || watch->left == 0)
			return code;
		if (interrupt_came(watch->interrupt))
			return interrupted(watch);
		if (!lasts(watch, &error))
			return give_up(watch, &error);
		watch->away = error;
		pause_before(watch, &error);
		if (interrupt_came(watch->interrupt))
			return interrupted(watch);
	}
}

static enum command_exit run(struct session *session)
{
	struct watch watch = {.session = session, .left = options_number(&session->options, "count", -1)};
	if (options_given(&session->options, "resume") && options_given(&session->options, "state"))
		return session_usage(session, "--resume and --state exclude each other");
	if (!fill(session, &watch.request))
		return COMMAND_FAILED;
	keep_token(&watch,
		options_given(&session->options, "resume") ? options_text(&session->options, "resume") : "");
	watch.interrupt = interrupt_new(options_duration_ms(&session->options, "timeout", 0));
	enum command_exit code = follow(&watch);
	if (watch.reached && watch.token.size > 0)
		fprintf(stderr, "to resume: the same filters and --resume %s\n", buffer_string(&watch.token));
	interrupt_free(watch.interrupt);
	buffer_done(&watch.token);
	return code;
}

static const struct option options[] = {
	{"system", 0, OPTION_TEXT, "SYSTEM", "only these systems; also as arguments", NULL, NULL},
	FILTER_OPTIONS,
	{"event", 0, OPTION_CHOICE, "TYPE", "only these types of events", words_events, NULL},
	{"resume", 0, OPTION_TEXT, "TOKEN", "begin right behind this token", NULL, NULL},
	{"state", 0, OPTION_FLAG, NULL, "begin with the open findings and verdicts", NULL, NULL},
	{"count", 0, OPTION_NUMBER, "N", "end after so many events and the rest of their message", NULL,
		NULL},
	{"timeout", 0, OPTION_DURATION, "TIME", "end after this time, e.g. 5m; else only with ^C", NULL,
		NULL},
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_watch = {
	.name = "watch",
	.summary = "Print events as they happen",
	.arguments = "[SYSTEM...]",
	.about = "Without a system: all of them. ^C prints the token to resume with. --output json prints\n"
		 "one object a line; its \"token\" is null where a later line's token covers it.",
	.options = options,
	.words = WORDS_TEXT,
	.most = -1,
	.example = "  tally watch fraud-scoring --state --severity error\n"
		   "  tally watch --event verdict_changed --output json",
	.run = run,
};
