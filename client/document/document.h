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
	int line;                      /* where it begins; 0 when it was not read from a file */
	const struct codec_node *node; /* what was read, for the lines of its fields; NULL likewise */
	enum model_kind kind;
	const char *system;                /* "" when the document does not say */
	const char *name;                  /* "default" when it does not say */
	Tally__V1__Descriptor *descriptor; /* spec, owner_team and sources set; name not */
	const char *const *ignored;        /* an import only: paths of what was there and has no place here */
	size_t ignored_count;
};

/**
 * Reads all documents of one text. All or none. metadata may also hold sources: [{field, file, path}].
 *
 * @param file  its name, for messages; "-" for standard input
 * @param[out] documents  arena
 * @param[out] fault  FAULT_INVALID with file, line, column and what would be right
 */
enum fault_code document_read(struct arena *arena, const char *file, const char *text, size_t size,
	struct document **documents, size_t *count, struct fault *fault);

/**
 * Tells where a field of a document stands: the line of the field, or of the
 * nearest thing around it when it is not there.
 *
 * @param field  from the descriptor on: waiver.expire_time, policy.rules[0].rule, name or owner_team
 * @return 0 when the document was not read from a file
 */
int document_line(const struct document *document, const char *field);

/** Writes a document as YAML, with its "---" line in front. @param system "" to leave it out */
void document_print_yaml(
	struct buffer *out, const char *system, const char *name, const Tally__V1__Descriptor *descriptor);

/** Makes the same as JSON. @return owned: json_decref() */
struct json_t *document_json(const char *system, const char *name, const Tally__V1__Descriptor *descriptor);

/**
 * Returns a commented template of a kind that pushes as it is (after --system
 * or with the system given; a deployment where the version that it names is).
 *
 * @param kind  any but KIND_CLOCK, which nobody writes
 * @param system  written into metadata
 */
void document_template(struct buffer *out, enum model_kind kind, const char *system);

/**
 * Makes a descriptor of a spec, e.g. for an importer.
 *
 * @param spec  borrowed by the result; the message of the kind
 * @return arena
 */
Tally__V1__Descriptor *document_descriptor(struct arena *arena, enum model_kind kind, ProtobufCMessage *spec);

/* One field that differs between two versions. Text is the arena's. */
struct document_difference {
	const char *field;  /* e.g. output_spec[0].item_type */
	const char *before; /* NULL: was not there */
	const char *after;  /* NULL: is not there any more */
};

/**
 * Compares two specs field by field, in the order of the fields. Items of a
 * list are told apart by their name, id or the like where that is unique on
 * both sides (output_spec[score].item_type), else by their place.
 *
 * @param before,after  borrowed; of one type
 * @param[out] count
 * @return arena
 */
struct document_difference *document_diff(
	struct arena *arena, const ProtobufCMessage *before, const ProtobufCMessage *after, size_t *count);

#endif
