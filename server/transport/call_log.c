/* The one line that each finished call leaves behind. */
#include "base/clock.h"
#include "base/log.h"
#include "transport/call.h"

static const char *const status_names[] = {"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT",
	"DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
	"FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE",
	"DATA_LOSS", "UNAUTHENTICATED"};

/* What the client saw, as far as we know: a call that the core ended did not get our status. */
static const char *status_of(const struct rpc_call *call, int64_t now_us)
{
	if (call->cancelled)
		return call->deadline_us <= now_us ? "DEADLINE_EXCEEDED" : "CANCELLED";
	if (call->code < 0 || (size_t)call->code >= sizeof(status_names) / sizeof(status_names[0]))
		return "UNKNOWN";
	return status_names[call->code];
}

/* Health checks and reflection come every few seconds and say nothing about the service's use. */
static enum log_level level_of(const struct rpc_call *call)
{
	return strncmp(call->path, "/grpc.", 6) == 0 ? LOG_DEBUG : LOG_INFO;
}

void call_log(const struct rpc_call *call)
{
	enum log_level level = level_of(call);
	if (!log_wants(level))
		return;
	int64_t now_us = clock_steady_us();
	const struct log_field fields[] = {
		log_text("method", call->path),
		log_text("status", status_of(call, now_us)),
		log_number("duration_us", now_us - call->started_us),
		log_text("principal", call->principal.name),
		log_text("peer", call->peer),
		log_number("request_bytes", (int64_t)call->request_bytes),
		log_number("messages_sent", (int64_t)call->messages_sent),
	};
	size_t count = sizeof(fields) / sizeof(fields[0]);
	bool streams = call->method && call->method->writes_stream;
	log_line(level, "call", fields, streams ? count : count - 1);
}
