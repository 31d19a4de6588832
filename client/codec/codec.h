/*
 * Between text (YAML, JSON) and messages. Generic: it walks protobuf-c's own
 * descriptors, so a new field needs no code. JSON is read by the YAML parser
 * (YAML 1.2 contains it), because that one knows every value's line.
 */
#ifndef CODEC_CODEC_H
#define CODEC_CODEC_H

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"

/* What one text may be; more is refused. */
enum {
	CODEC_SIZE_MAX = 16 * 1024 * 1024, /* bytes, also with its aliases written out */
	CODEC_DEPTH_MAX = 64,
	CODEC_VALUES_MAX = 2000 * 1000, /* with its aliases written out */
	CODEC_NUMBER_SIZE = 32,
};

enum codec_node_type {
	CODEC_NULL,
	CODEC_SCALAR,
	CODEC_SEQUENCE,
	CODEC_MAPPING,
};

/* One value of a document and where it stood. All of it is the arena's. */
struct codec_node {
	enum codec_node_type type;
	const char *text; /* scalar: as written, quotes taken off */
	size_t text_size;
	bool quoted;               /* scalar: so it is text, whatever it looks like */
	struct codec_node **items; /* sequence: items; mapping: values */
	struct codec_node **keys;  /* mapping */
	size_t count;
	int line, column; /* from 1 */
};

/**
 * Parses all documents of one text, bounded in size, depth and aliases.
 * Aliases share the anchored node, merge keys (<<) are merged, repeated keys
 * are refused with both lines.
 *
 * @param file  its name, for messages
 * @param[out] documents  arena
 * @param[out] count  0 for a text that has only comments
 * @param[out] fault  FAULT_INVALID: SYNTAX, NOT_TEXT, REPEATED_KEY, TOO_DEEP or
 *                    TOO_LARGE, with "file:line:column: …"
 */
enum fault_code codec_parse(struct arena *arena, const char *file, const char *text, size_t size,
	struct codec_node ***documents, size_t *count, struct fault *fault);

/** @return the value of a mapping's key, or NULL */
const struct codec_node *codec_get(const struct codec_node *mapping, const char *key);

/* Where in a text something is, for messages. */
struct codec_place {
	const char *file;
	const char *path; /* in its document, e.g. spec.goals[0].id; "" for the whole */
	int line, column;
};

/**
 * Sets an INVALID fault "file:line:column: path: what is wrong", with the path
 * as its violation and file, line and column as facts.
 *
 * @param reason  literal
 * @return FAULT_INVALID
 */
enum fault_code codec_refuse(struct fault *fault, const char *reason, const struct codec_place *place,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/**
 * Refuses a name that is not among the known ones, with the nearest of them.
 *
 * @param what  of the name, e.g. "field"
 * @param known  borrowed
 * @return FAULT_INVALID
 */
enum fault_code codec_refuse_name(struct fault *fault, const char *reason, const struct codec_place *place,
	const char *what, const char *name, const char *const *known, size_t count);

/**
 * Fills a message from a mapping. Unknown fields, wrong types, numbers out of
 * range, NaN, infinities and repeated keys are refused, with the field's path,
 * file:line:column and, for a slip, the nearest known name.
 *
 * Nothing is converted silently: a text field keeps what was written (3.10
 * stays "3.10"), a number in quotes is not a number, only true and false are
 * booleans. A null is an absent field.
 *
 * @param file  for messages
 * @param path  of this mapping in its document, e.g. "spec"; for messages
 * @param[out] fault  FAULT_INVALID: UNKNOWN_FIELD, WRONG_TYPE, OUT_OF_RANGE, UNKNOWN_VALUE or CONTRADICTION
 * @return arena; NULL on failure
 */
ProtobufCMessage *codec_message(struct arena *arena, const char *file, const char *path,
	const struct codec_node *node, const ProtobufCMessageDescriptor *type, struct fault *fault);

/**
 * Writes a number the shortest way that reads back as the same double.
 *
 * @param value  finite
 * @param[out] text  CODEC_NUMBER_SIZE bytes
 * @return text
 */
char *codec_number_text(double value, char *text);

/**
 * Makes JSON of a message: its fields by their .proto names in the order of
 * their numbers, without absent ones; enums by name; 64-bit integers as
 * numbers; google.protobuf.Timestamp as RFC 3339 text; maps as objects.
 *
 * @return owned: json_decref()
 */
json_t *codec_json(const ProtobufCMessage *message);

/** Writes JSON, or YAML as people write it, that codec_parse() reads back as the same. */
void codec_print_json(const json_t *value, struct buffer *out);
void codec_print_yaml(const json_t *value, struct buffer *out);

#endif
