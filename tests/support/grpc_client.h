/*
 * A small gRPC client on the C core, for tests: bytes in, bytes out, one
 * thread per client. Every client has connections of its own.
 */
#ifndef SUPPORT_GRPC_CLIENT_H
#define SUPPORT_GRPC_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct client;
struct client_stream;

/* How a call ended. */
struct client_answer {
	int code;         /* of gRPC; -1: it did not end in time */
	char *message;    /* owned */
	uint8_t *details; /* owned; grpc-status-details-bin */
	size_t details_size;
	uint8_t *bytes; /* owned; the last message received, NULL when there was none */
	size_t size;
};

enum client_received {
	CLIENT_MESSAGE,
	CLIENT_END,
	CLIENT_TIMEOUT,
};

/** Connects when the first call is made. @param address as the server prints it @return owned */
struct client *client_new(const char *address);

/** Closes the connections; every stream must have been freed. */
void client_free(struct client *client);

/** Lets the connections move for some time, while the test waits for something else. */
void client_pump(struct client *client, int for_ms);

/** Makes a unary call and waits up to a minute. @param timeout_ms 0: no deadline @param[out] answer owned */
void client_unary(struct client *client, const char *path, const void *bytes, size_t size, int timeout_ms,
	struct client_answer *answer);

/** Frees what is in an answer. */
void client_answer_done(struct client_answer *answer);

/** Opens a call of any shape. @param gzip compress what is sent @return owned */
struct client_stream *client_open(struct client *client, const char *path, int timeout_ms, bool gzip);

/** Cancels the call if it has not ended, and frees it. */
void client_stream_free(struct client_stream *stream);

/** Sends one message; waits until it is on its way. @return did it go? */
bool client_send(struct client_stream *stream, const void *bytes, size_t size);

/** Says that no message follows. */
void client_half_close(struct client_stream *stream);

/** Waits for the server's initial metadata. */
bool client_opened(struct client_stream *stream, int wait_ms);

/** Waits for the next message. @param[out] bytes owned; free() */
enum client_received client_receive(struct client_stream *stream, int wait_ms, uint8_t **bytes, size_t *size);

void client_cancel(struct client_stream *stream);

/** Waits for the status; messages must have been read. @param[out] answer owned */
void client_status(struct client_stream *stream, int wait_ms, struct client_answer *answer);

#endif
