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

enum codec_node_type {
	CODEC_NULL,
	CODEC_SCALAR,
	CODEC_SEQUENCE,
	CODEC_MAPPING,
};

/* One value of a document and where it stood. All of it is the arena's. */
struct codec_node {
	enum codec_node_type type;
	const char *text;  /* scalar: as written, quotes taken off */
	size_t text_size;
	bool quoted;       /* scalar: so it is text, whatever it looks like */
	struct codec_node **items; /* sequence: items; mapping: values */
	struct codec_node **keys;  /* mapping */
	size_t count;
	int line, column;  /* from 1 */
};

/**
 * Parses all documents of one text, bounded in size, depth and aliases.
 *
 * @param file  its name, for messages
 * @param[out] documents  arena
 * @param[out] fault  FAULT_INVALID: SYNTAX, with "file:line:column: …"
 */
enum fault_code codec_parse(struct arena *arena, const char *file, const char *text, size_t size,
	struct codec_node ***documents, size_t *count, struct fault *fault);

/** @return the value of a mapping's key, or NULL */
const struct codec_node *codec_get(const struct codec_node *mapping, const char *key);

/**
 * Fills a message from a mapping. Unknown fields, wrong types, numbers out of
 * range, NaN, infinities and repeated keys are refused, with the field's path,
 * file:line:column and, for a slip, the nearest known name.
 *
 * @param file  for messages
 * @param path  of this mapping in its document, e.g. "spec"; for messages
 * @return arena; NULL on failure
 */
ProtobufCMessage *codec_message(struct arena *arena, const char *file, const char *path, const struct codec_node *node,
	const ProtobufCMessageDescriptor *type, struct fault *fault);

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
