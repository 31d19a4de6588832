/* One run of a command: what it was given, its connection, and where its results go. */
#ifndef COMMAND_SESSION_H
#define COMMAND_SESSION_H

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "command/command.h"
#include "command/options.h"
#include "command/target.h"
#include "tally.h"

enum {
	SESSION_PAGE_SIZE = 500,
};

struct session {
	const struct command *command;
	struct options options;
	struct arena *arena; /* all that the command makes */
	const char *server;
	const char *system;          /* the one named last, for hints; NULL before */
	int timeout_ms;              /* 0: none */
	struct tally_client *client; /* NULL until session_client() */
	ProtobufCMessage **answers;  /* freed with the session */
	size_t answer_count, answer_capacity;
	bool json;
	bool colour;
	size_t width;      /* columns of the terminal; 0: no terminal */
	struct buffer out; /* results that are not written yet */
};

/**
 * Prepares a session. The options must be read already.
 *
 * @return FAULT_INVALID when the server's address is none
 */
enum fault_code session_init(struct session *session, struct fault *fault);

/** Frees all of it. */
void session_done(struct session *session);

/** Writes session->out to standard output. @return COMMAND_FAILED when that does not take it */
enum command_exit session_flush(struct session *session);

/** Connects with the first call. @return borrowed */
struct tally_client *session_client(struct session *session);

/**
 * Makes a call. What is UNAVAILABLE is tried again a few times within the
 * timeout: reads, and writes that carry a request id, may be repeated.
 *
 * @param[out] error  set in any case
 * @return the session's; NULL on failure
 */
void *session_try(struct session *session, const char *method, const ProtobufCMessage *request,
	const ProtobufCMessageDescriptor *type, struct tally_error *error);

/** The same, and complains on failure. */
void *session_call(struct session *session, const char *method, const ProtobufCMessage *request,
	const ProtobufCMessageDescriptor *type);

/** Finds the system: --system, $TALLY_SYSTEM. @return arena: its id; NULL after complaining */
const char *session_system(struct session *session);

/** The same for commands whose only argument may be the system. */
const char *session_system_argument(struct session *session);

/** Checks and trims a system's id, with or without "systems/". @return arena; NULL after complaining */
const char *session_system_id(struct session *session, const char *text);

/** Reads the command's descriptor argument and its system. @return false after complaining */
bool session_target(struct session *session, const char *text, struct target *target);

/** Appends JSON to the results, with a line's end. @param value taken */
void session_json(struct session *session, json_t *value);

/** Complains about a fault. @return COMMAND_FAILED */
enum command_exit session_fault(const struct fault *fault);

/** Complains about wrong usage and says where help is. @return COMMAND_FAILED */
enum command_exit session_usage(const struct session *session, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** Writes resource names, e.g. systems/fraud. @return arena */
char *session_system_name(struct session *session, const char *system);

#endif
