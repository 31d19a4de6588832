/*
 * Documents: apiVersion: tally/v1, kind: TrainedModel, metadata: {system,
 * name, ownerTeam}, spec: {...}; several per file.
 */
#ifndef DOCUMENT_DOCUMENT_H
#define DOCUMENT_DOCUMENT_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "model/kind.h"
#include "tally/v1/descriptor.pb-c.h"

struct document {
	const char *file;
	int line;
	enum model_kind kind;
	const char *system; /* "" when the document does not say */
	const char *name;   /* "default" when it does not say */
	Tally__V1__Descriptor *descriptor; /* spec, owner_team and sources set; name not */
};

/**
 * Reads all documents of one text. All or none.
 *
 * @param file  its name, for messages; "-" for standard input
 * @param[out] documents  arena
 * @param[out] fault  FAULT_INVALID with file, line, column and what would be right
 */
enum fault_code document_read(struct arena *arena, const char *file, const char *text, size_t size,
	struct document **documents, size_t *count, struct fault *fault);

/** Writes a document as YAML, with its "---" line in front. @param system "" to leave it out */
void document_print_yaml(struct buffer *out, const char *system, const char *name,
	const Tally__V1__Descriptor *descriptor);

/** Makes the same as JSON. @return owned: json_decref() */
struct json_t *document_json(const char *system, const char *name, const Tally__V1__Descriptor *descriptor);

/**
 * Returns a commented template of a kind that pushes as it is (after --system
 * or with the system given).
 *
 * @param system  written into metadata
 */
void document_template(struct buffer *out, enum model_kind kind, const char *system);

/* One field that differs between two versions. Text is the arena's. */
struct document_difference {
	const char *field;  /* e.g. output_spec[0].item_type */
	const char *before; /* NULL: was not there */
	const char *after;  /* NULL: is not there any more */
};

/** Compares two specs field by field, in the order of the fields. @param[out] count @return arena */
struct document_difference *document_diff(struct arena *arena, const ProtobufCMessage *before,
	const ProtobufCMessage *after, size_t *count);

#endif
