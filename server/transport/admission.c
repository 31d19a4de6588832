/* Counting of calls, streams and bytes against their limits. Answering the refused is server.c's work. */
#include "transport/admission.h"

#include <assert.h>

struct connection {
	char *peer;
	int streams;
};

static bool is_told_apart(const char *peer)
{
	return strncmp(peer, "unix:", 5) != 0;
}

void admission_done(struct admission *admission)
{
	assert(admission->connections.count == 0);
	map_done(&admission->connections);
	rates_done(&admission->rates);
}

static struct connection *connection_of(struct admission *admission, const char *peer)
{
	struct connection *connection = map_get(&admission->connections, peer);
	if (connection)
		return connection;
	connection = calloc(1, sizeof(*connection));
	if (!connection || !(connection->peer = strdup(peer)))
		abort();
	map_put(&admission->connections, connection->peer, connection);
	return connection;
}

static enum fault_code refuse(struct fault *fault, const char *reason, const char *what, int limit)
{
	fault_set(
		fault, FAULT_EXHAUSTED, reason, "%s are open: the limit is %d; try again later", what, limit);
	fault_add(fault, "limit", "%d", limit);
	return FAULT_EXHAUSTED;
}

static enum fault_code enter_stream(struct admission *admission, const char *peer, struct fault *fault)
{
	if (admission->streams >= admission->max_streams)
		return refuse(fault, "TOO_MANY_STREAMS", "too many streams", admission->max_streams);
	if (is_told_apart(peer)) {
		const struct connection *known = map_get(&admission->connections, peer);
		if ((known ? known->streams : 0) >= admission->max_streams_per_connection)
			return refuse(fault, "TOO_MANY_STREAMS", "too many streams of this connection",
				admission->max_streams_per_connection);
		connection_of(admission, peer)->streams++;
	}
	admission->streams++;
	return FAULT_NONE;
}

enum fault_code admission_enter(
	struct admission *admission, bool stream, const char *peer, int64_t now_us, struct fault *fault)
{
	if (rates_take(&admission->rates, peer, now_us, fault))
		return fault->code;
	if (stream)
		return enter_stream(admission, peer, fault);
	if (admission->calls >= admission->max_calls)
		return refuse(fault, "TOO_MANY_CALLS", "too many calls", admission->max_calls);
	admission->calls++;
	return FAULT_NONE;
}

static void leave_connection(struct admission *admission, const char *peer)
{
	struct connection *connection = map_get(&admission->connections, peer);
	assert(connection && connection->streams > 0);
	if (--connection->streams > 0)
		return;
	map_remove(&admission->connections, peer);
	free(connection->peer);
	free(connection);
}

void admission_leave(struct admission *admission, bool stream, const char *peer)
{
	assert((stream ? admission->streams : admission->calls) > 0);
	if (!stream) {
		admission->calls--;
		return;
	}
	admission->streams--;
	if (is_told_apart(peer))
		leave_connection(admission, peer);
}

enum fault_code admission_take(struct admission *admission, size_t size, struct fault *fault)
{
	size_t max = admission->max_bytes;
	if (admission->bytes > 0 && (size > max || admission->bytes > max - size)) {
		fault_set(fault, FAULT_EXHAUSTED, "TOO_MANY_BYTES",
			"the requests that are worked on have %zu bytes and leave no room for another %zu: the "
			"limit is %zu; try again later",
			admission->bytes, size, max);
		fault_add(fault, "limit_bytes", "%zu", max);
		return FAULT_EXHAUSTED;
	}
	admission->bytes += size;
	return FAULT_NONE;
}

void admission_give_back(struct admission *admission, size_t size)
{
	assert(admission->bytes >= size);
	admission->bytes -= size;
}
