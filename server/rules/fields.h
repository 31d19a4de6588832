/*
 * Reading messages by the names of their fields, for rules that are tables;
 * private to this room. Names that do not exist are our own mistake.
 */
#ifndef RULES_FIELDS_H
#define RULES_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include <protobuf-c/protobuf-c.h>

/** Finds a field. @param name of `size` bytes @return never NULL */
const ProtobufCFieldDescriptor *fields_find(
	const ProtobufCMessageDescriptor *type, const char *name, size_t size);

/** Returns the number of values: 0 or 1 unless the field is repeated; an absent optional one has none. */
size_t fields_count(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

/** Returns the text of a string field. @param index below fields_count() */
const char *fields_text(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, size_t index);

/** Returns the message of a message field. @param index below fields_count() @return NULL when absent */
const ProtobufCMessage *fields_message(
	const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, size_t index);

/** Returns the type of a message field. */
const ProtobufCMessageDescriptor *fields_type(const ProtobufCFieldDescriptor *field);

/** Returns the number of a number field that has one. */
double fields_number(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

/** Is a boolean given and true? */
bool fields_true(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

/**
 * Does a field say nothing? Text: blank. Number: absent. Message: every field
 * of it says nothing; booleans never do. List: every entry says nothing.
 *
 * @param message    NULL says nothing
 * @param zero_blank a number 0 says nothing either
 */
bool fields_blank(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, bool zero_blank);

#endif
