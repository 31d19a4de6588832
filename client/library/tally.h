/*
 * libtally: the C client of Tally. Blocking calls; a client may be used by
 * several threads, a stream by one.
 *
 * Messages are protobuf-c's (tally/v1/....pb-c.h). What a call returns is
 * owned by the caller and freed with protobuf_c_message_free_unpacked(m, NULL).
 */
#ifndef TALLY_H
#define TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#ifdef __cplusplus
extern "C" {
#endif

struct tally_client;
struct tally_stream;

/* How a call ended. All zero: well. */
struct tally_error {
	int code;           /* gRPC status code; 0 is OK */
	char message[1024]; /* for a person */
	char reason[64];    /* ErrorInfo.reason, "" when there is none */
	size_t violation_count;
	struct {
		char field[200];
		char description[300];
	} violations[8];
	size_t fact_count;
	struct {
		char key[40];
		char value[400];
	} facts[8]; /* ErrorInfo.metadata */
};

/**
 * Makes a client; connects with its first call.
 *
 * @param server  host:port or unix:/path
 * @return owned; never NULL
 */
struct tally_client *tally_client_new(const char *server);

/** Frees a client without open streams. NULL is fine. */
void tally_client_free(struct tally_client *client);

/**
 * Makes one call and waits for its answer. Retries nothing.
 *
 * @param method      e.g. "/tally.v1.SystemService/GetSystem"
 * @param request     borrowed
 * @param type        of the answer
 * @param timeout_ms  0 for none
 * @param[out] answer  owned; set on success only
 * @param[out] error   set in any case
 * @return true on success
 */
bool tally_call(struct tally_client *client, const char *method, const ProtobufCMessage *request,
	const ProtobufCMessageDescriptor *type, int timeout_ms, ProtobufCMessage **answer,
	struct tally_error *error);

/** Opens a stream that the server sends. @return owned; never NULL: errors come with tally_stream_next() */
struct tally_stream *tally_stream_open(struct tally_client *client, const char *method,
	const ProtobufCMessage *request, const ProtobufCMessageDescriptor *type);

/**
 * Waits for the next message.
 *
 * @param[out] message  owned; NULL at the end
 * @param[out] error    set when message is NULL: code 0 for a regular end
 * @return true when there is a message
 */
bool tally_stream_next(struct tally_stream *stream, ProtobufCMessage **message, struct tally_error *error);

/** Ends a stream from another thread or a signal-safe place's thread: next() then returns CANCELLED. */
void tally_stream_cancel(struct tally_stream *stream);

/** Frees a stream; cancels it if it is open. */
void tally_stream_free(struct tally_stream *stream);

/** Returns the name of a gRPC status code, e.g. "NOT_FOUND". */
const char *tally_code_name(int code);

#ifdef __cplusplus
}
#endif

#endif
