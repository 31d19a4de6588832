/* Members of messages by their .proto names: the three kinds that describe data are alike but for their
 * types. */
#ifndef PROFILE_MEMBER_H
#define PROFILE_MEMBER_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/** Makes an empty message. @return arena */
void *member_new(struct arena *arena, const ProtobufCMessageDescriptor *type);

/** Copies a message with all that it holds. @return arena */
void *member_copy(struct arena *arena, const void *message);

/** Does the message have such a member? */
bool member_known(const void *message, const char *name);

/** Returns a text, message or number member's place. @return NULL when the message has no such member */
void *member_at(const void *message, const char *name);

/** Returns a text member, "" when there is none. @return borrowed */
const char *member_text(const void *message, const char *name);

/** Sets a text member, if the message has it. @param text borrowed by the message */
void member_set_text(void *message, const char *name, const char *text);

/** Sets a message member, if the message has it. @param value borrowed by the message */
void member_set_message(void *message, const char *name, void *value);

/** Sets a number or boolean with presence, if the message has it. @param value of the member's own type */
void member_set_value(void *message, const char *name, const void *value);

/* A repeated member of messages. */
struct member_list {
	void **items;
	size_t count;
};

/** Returns a repeated member; empty when the message has none. @return borrowed */
struct member_list member_list(const void *message, const char *name);

/** Sets a repeated member, if the message has it. @param items borrowed by the message */
void member_set_list(void *message, const char *name, void *items, size_t count);

/** Returns the type of a member's messages. @return NULL when the message has no such member */
const ProtobufCMessageDescriptor *member_type(const void *message, const char *name);

#endif
