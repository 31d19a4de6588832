/* What every command needs around its own work. */
#include "command/session.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "codec/codec.h"
#include "command/colour.h"
#include "command/failure.h"

enum {
	TIMEOUT_MS = 30000,
	ATTEMPTS = 5,
	PAUSE_FIRST_MS = 100, /* doubled each time: 1.5 s in all */
};

static size_t terminal_width(void)
{
	struct winsize size = {0};
	if (!isatty(STDOUT_FILENO))
		return 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 80;
}

/* An address without a port means ours, not that of gRPC. */
static const char *with_port(struct arena *arena, const char *server)
{
	const char *colon = strrchr(server, ':');
	const char *bracket = strrchr(server, ']');
	if (strncmp(server, "unix:", 5) == 0 || (colon && (!bracket || colon > bracket)))
		return server;
	return arena_print(arena, "%s:7443", server);
}

static bool is_port(const char *text)
{
	const size_t digits = strspn(text, "0123456789");
	const long port = digits > 0 && digits < 6 && !text[digits] ? strtol(text, NULL, 10) : 0;
	return port > 0 && port < 65536;
}

/* @param server with a port, or unix: */
static bool is_address(const char *server)
{
	if (strstr(server, "://") || strchr(server, ' '))
		return false;
	if (strncmp(server, "unix:", 5) == 0)
		return true;
	const char *colon = strrchr(server, ':');
	return colon != server && is_port(colon + 1);
}

static enum fault_code find_server(struct session *session, struct fault *fault)
{
	const char *server = options_text(&session->options, "server");
	if (!server)
		server = getenv("TALLY_SERVER");
	if (!server || !*server)
		server = "localhost:7443";
	session->server = with_port(session->arena, server);
	if (!is_address(session->server))
		return fault_set(fault, FAULT_INVALID, "SERVER_INVALID",
			"\"%s\" is not a server's address: host:port or unix:/path", server);
	return FAULT_NONE;
}

enum fault_code session_init(struct session *session, struct fault *fault)
{
	const char *output = options_text(&session->options, "output");
	session->json = output && strcmp(output, "json") == 0;
	session->colour = colour_wanted(STDOUT_FILENO) && !options_given(&session->options, "no-color");
	session->width = terminal_width();
	session->timeout_ms = options_duration_ms(&session->options, "timeout", TIMEOUT_MS);
	return find_server(session, fault);
}

void session_done(struct session *session)
{
	for (size_t i = 0; i < session->answer_count; i++)
		protobuf_c_message_free_unpacked(session->answers[i], NULL);
	free(session->answers);
	tally_client_free(session->client);
	buffer_done(&session->out);
	arena_free(session->arena);
}

enum command_exit session_flush(struct session *session)
{
	size_t size = session->out.size;
	bool well = fwrite(buffer_string(&session->out), 1, size, stdout) == size && fflush(stdout) == 0;
	buffer_clear(&session->out);
	if (well)
		return COMMAND_WELL;
	failure_say("cannot write to standard output: %s", strerror(errno));
	return COMMAND_FAILED;
}

struct tally_client *session_client(struct session *session)
{
	if (!session->client)
		session->client = tally_client_new(session->server);
	return session->client;
}

static void *keep(struct session *session, ProtobufCMessage *answer)
{
	if (session->answer_count == session->answer_capacity) {
		session->answer_capacity = session->answer_capacity ? 2 * session->answer_capacity : 8;
		session->answers =
			realloc(session->answers, session->answer_capacity * sizeof(*session->answers));
		if (!session->answers)
			abort();
	}
	session->answers[session->answer_count++] = answer;
	return answer;
}

static bool is_unavailable(const struct tally_error *error)
{
	return strcmp(tally_code_name(error->code), "UNAVAILABLE") == 0;
}

void *session_try(struct session *session, const char *method, const ProtobufCMessage *request,
	const ProtobufCMessageDescriptor *type, struct tally_error *error)
{
	int64_t end_us = clock_steady_us() + (int64_t)session->timeout_ms * 1000;
	int left_ms = session->timeout_ms;
	int pause_ms = PAUSE_FIRST_MS;
	for (int attempt = 1;; attempt++, pause_ms *= 2) {
		ProtobufCMessage *answer;
		if (tally_call(session_client(session), method, request, type, left_ms, &answer, error))
			return keep(session, answer);
		if (!is_unavailable(error) || attempt == ATTEMPTS)
			return NULL;
		usleep((unsigned)pause_ms * 1000);
		left_ms = session->timeout_ms ? (int)((end_us - clock_steady_us()) / 1000) : 0;
		if (session->timeout_ms && left_ms <= 0)
			return NULL;
	}
}

void *session_call(struct session *session, const char *method, const ProtobufCMessage *request,
	const ProtobufCMessageDescriptor *type)
{
	struct tally_error error;
	void *answer = session_try(session, method, request, type, &error);
	if (!answer)
		failure_call(&error, session->server, session->system, NULL, NULL);
	return answer;
}

const char *session_system_id(struct session *session, const char *text)
{
	const char *id = strncmp(text, "systems/", 8) == 0 ? text + 8 : text;
	if (model_id_valid(id))
		return session->system = arena_text(session->arena, id);
	failure_say("\"%s\" is not a system's id: lower-case letters, digits and hyphens, a letter first, at "
		    "most 63",
		text);
	return NULL;
}

const char *session_system(struct session *session)
{
	const char *text = options_text(&session->options, "system");
	if (!text)
		text = getenv("TALLY_SYSTEM");
	if (text && *text)
		return session_system_id(session, text);
	session_usage(session, "which system? Name it with --system, or once and for all with TALLY_SYSTEM");
	return NULL;
}

const char *session_system_argument(struct session *session)
{
	const struct options *options = &session->options;
	if (options->argument_count == 0)
		return session_system(session);
	const char *id = session_system_id(session, options->arguments[0]);
	const char *other = options_text(options, "system");
	if (!id || !other || strcmp(id, other) == 0)
		return id;
	session_usage(session, "two systems, \"%s\" and \"%s\": name one", id, other);
	return NULL;
}

bool session_target(struct session *session, const char *text, struct target *target)
{
	struct fault fault;
	if (target_parse(text, target, &fault)) {
		session_fault(&fault);
		return false;
	}
	const char *system = *target->system ? target->system : session_system(session);
	if (!system)
		return false;
	if (system != target->system)
		snprintf(target->system, sizeof(target->system), "%s", system);
	return true;
}

void session_json(struct session *session, json_t *value)
{
	codec_print_json(value, &session->out);
	json_decref(value);
	if (session->out.size > 0 && session->out.bytes[session->out.size - 1] != '\n')
		buffer_text(&session->out, "\n");
}

enum command_exit session_fault(const struct fault *fault)
{
	failure_say("%s", fault->message);
	return COMMAND_FAILED;
}

enum command_exit session_usage(const struct session *session, const char *format, ...)
{
	char text[600];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	failure_say("%s", text);
	if (session->command)
		failure_hint("tally %s --help", session->command->name);
	else
		failure_hint("tally --help");
	return COMMAND_FAILED;
}

char *session_system_name(struct session *session, const char *system)
{
	return arena_print(session->arena, "systems/%s", system);
}
