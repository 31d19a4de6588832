/* Counting of calls and streams against their limits. Answering the refused is server.c's work. */
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
	struct admission *admission, bool stream, const char *peer, struct fault *fault)
{
	if (admission->calls >= admission->max_calls)
		return refuse(fault, "TOO_MANY_CALLS", "too many calls", admission->max_calls);
	if (stream && enter_stream(admission, peer, fault))
		return fault->code;
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
	assert(admission->calls > 0);
	admission->calls--;
	if (!stream)
		return;
	admission->streams--;
	if (is_told_apart(peer))
		leave_connection(admission, peer);
}
