/* A client is a channel with the settings that every call needs. */
#include <stdlib.h>
#include <string.h>

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>

#include "wire.h"

enum {
	ANSWER_SIZE_MAX = 64 << 20, /* 1,000 long findings in one page are far less */
	KEEPALIVE_MS = 30000,       /* a stream's server writes every 10 s, so these are not too many pings */
	KEEPALIVE_TIMEOUT_MS = 10000,
	RECONNECT_FIRST_MS = 200,
	RECONNECT_LAST_MS = 5000,
};

/* A proxy of the environment has no business between a program and its own machine. */
static bool is_local(const char *server)
{
	static const char *const prefixes[] = {"unix:", "localhost", "127.", "[::1]"};
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (strncmp(server, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return false;
}

static grpc_arg setting(const char *key, int value)
{
	return (grpc_arg){.type = GRPC_ARG_INTEGER, .key = (char *)(uintptr_t)key, .value.integer = value};
}

static grpc_channel *connect_to(const char *server)
{
	grpc_arg settings[] = {
		setting(GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, ANSWER_SIZE_MAX),
		setting(GRPC_ARG_ENABLE_RETRIES, 0),
		setting(GRPC_ARG_ENABLE_HTTP_PROXY, is_local(server) ? 0 : 1),
		setting(GRPC_ARG_KEEPALIVE_TIME_MS, KEEPALIVE_MS),
		setting(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, KEEPALIVE_TIMEOUT_MS),
		setting(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, RECONNECT_FIRST_MS),
		setting(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, RECONNECT_LAST_MS),
	};
	grpc_channel_args args = {sizeof(settings) / sizeof(settings[0]), settings};
	grpc_channel_credentials *credentials = grpc_insecure_credentials_create();
	grpc_channel *channel = grpc_channel_create(server, credentials, &args);
	grpc_channel_credentials_release(credentials);
	return channel;
}

struct tally_client *tally_client_new(const char *server)
{
	struct tally_client *client = calloc(1, sizeof(*client));
	if (!client)
		abort();
	grpc_init();
	client->channel = connect_to(server);
	return client;
}

void tally_client_free(struct tally_client *client)
{
	if (!client)
		return;
	grpc_channel_destroy(client->channel);
	free(client);
	/* Else the core's threads may still be at work when the program's memory is checked. */
	grpc_shutdown_blocking();
}
