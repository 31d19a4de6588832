/* The bytes of a subscription. Receiving is streams.c's. */
#include "subscription.h"

#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "message.h"
#include "streams.h"
#include "tally/v1/event_service.pb-c.h"

enum {
	PATIENCE_US = 30 * 1000 * 1000,
};

grpc_slice subscription_request(const char *token)
{
	Tally__V1__SubscribeRequest request = TALLY__V1__SUBSCRIBE_REQUEST__INIT;
	if (token)
		request.resume_token = (char *)(uintptr_t)token;
	grpc_slice packed = grpc_slice_malloc(tally__v1__subscribe_request__get_packed_size(&request));
	tally__v1__subscribe_request__pack(&request, GRPC_SLICE_START_PTR(packed));
	return packed;
}

/* ---- a token ---- */

static void note_token(void *context, int stream, const uint8_t *bytes, size_t size)
{
	char **token = context;
	size_t length;
	(void)stream;
	const uint8_t *found = message_bytes(bytes, size, SUBSCRIPTION_TOKEN_FIELD, &length);
	if (length == 0 || *token)
		return;
	*token = strndup((const char *)found, length);
	if (!*token)
		abort();
}

static bool has_token(void *context)
{
	return *(char **)context != NULL;
}

char *subscription_token(const char *address)
{
	char *token = NULL;
	struct streams_options options = {.address = address,
		.method = SUBSCRIBE_METHOD,
		.request = subscription_request(NULL),
		.count = 1,
		.connections = 1,
		.message = note_token,
		.context = &token};
	struct streams *streams = streams_open(&options);
	if (!streams_receive(streams, PATIENCE_US, has_token))
		give_up("a subscription gives no token");
	streams_close(streams);
	grpc_slice_unref(options.request);
	return token;
}

/* ---- a message ---- */

grpc_slice subscription_message(const uint8_t *event, size_t size, int events, size_t size_bytes)
{
	enum {
		TOKEN_OVERHEAD = 3,
		TOKEN_MAX = 4000,
	};
	static char token[TOKEN_MAX + 1];
	Tally__V1__SubscribeResponse response = TALLY__V1__SUBSCRIBE_RESPONSE__INIT;
	response.n_events = (size_t)events;
	response.events = calloc((size_t)events, sizeof(*response.events));
	Tally__V1__Event *unpacked = tally__v1__event__unpack(NULL, size, event);
	if (!response.events || !unpacked)
		give_up("an event cannot be read");
	for (int i = 0; i < events; i++)
		response.events[i] = unpacked;
	response.phase = TALLY__V1__PHASE__PHASE_LIVE;
	size_t packed_size = tally__v1__subscribe_response__get_packed_size(&response) + TOKEN_OVERHEAD;
	if (packed_size < size_bytes) {
		size_t length = size_bytes - packed_size;
		memset(token, 't', length < TOKEN_MAX ? length : TOKEN_MAX);
		token[length < TOKEN_MAX ? length : TOKEN_MAX] = '\0';
		response.resume_token = token;
	}
	grpc_slice packed = grpc_slice_malloc(tally__v1__subscribe_response__get_packed_size(&response));
	tally__v1__subscribe_response__pack(&response, GRPC_SLICE_START_PTR(packed));
	tally__v1__event__free_unpacked(unpacked, NULL);
	free(response.events);
	return packed;
}
