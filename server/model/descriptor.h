/* One version of one descriptor, and a system as the rules see it. */
#ifndef MODEL_DESCRIPTOR_H
#define MODEL_DESCRIPTOR_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/difference.h"
#include "model/digest.h"
#include "model/kind.h"
#include "model/name.h"
#include "tally/v1/descriptor.pb-c.h"

/* What a version row and a push have in common; text is borrowed and never NULL. */
struct model_version {
	enum model_kind kind;
	const char *name; /* last part of the resource name */
	int32_t version;
	int64_t revision;
	int64_t created_at_us; /* wall clock */
	const char *owner_team;
	const char *author;
	const char *author_team;
	const char *change_note;
	struct model_digest digest;
};

/** Copies a version with its text. @return text is the arena's */
struct model_version model_version_copy(struct arena *arena, const struct model_version *version);

/*
 * A descriptor in memory: immutable and counted, so that views of several
 * revisions share it. `message` holds only spec and sources.
 */
struct model_descriptor;

/**
 * Makes a descriptor from its stored bytes.
 *
 * @param version  borrowed; copied
 * @param body     borrowed; packed tally.v1.Descriptor with spec and sources only
 * @return owned (one reference), or NULL when the bytes are not such a message
 */
struct model_descriptor *model_descriptor_new(
	const struct model_version *version, const void *body, size_t size);

/**
 * Makes a descriptor from a message, which is less work than reading its bytes.
 *
 * @param message  borrowed; copied; of the version's kind
 * @return owned (one reference)
 */
struct model_descriptor *model_descriptor_of(
	const struct model_version *version, const Tally__V1__Descriptor *message);

/**
 * Says what the descriptor's next version may be the difference to: this one,
 * or the one that it is the difference to itself. Before anybody else sees it.
 *
 * @param base  taken over; NULL for none
 */
void model_descriptor_take_base(struct model_descriptor *descriptor, struct model_base *base);

/** Returns what it was told, NULL when that was nothing. @return borrowed */
struct model_base *model_descriptor_base(const struct model_descriptor *descriptor);

struct model_descriptor *model_descriptor_ref(struct model_descriptor *descriptor);
void model_descriptor_unref(struct model_descriptor *descriptor);

const struct model_version *model_descriptor_version(const struct model_descriptor *descriptor);
const Tally__V1__Descriptor *model_descriptor_message(const struct model_descriptor *descriptor);

/** Returns the spec's message, e.g. a Tally__V1__TrainedModel for KIND_TRAINED_MODEL. Never NULL. */
const void *model_descriptor_spec(const struct model_descriptor *descriptor);

/** Returns the bytes it keeps in memory, for budgets. */
size_t model_descriptor_memory(const struct model_descriptor *descriptor);

/**
 * Finds where a field was imported from: the source of the field itself, or
 * else of what holds it.
 *
 * @param field  e.g. output_spec[0].item_type
 * @return borrowed; NULL: not imported
 */
const Tally__V1__Source *model_descriptor_source(
	const struct model_descriptor *descriptor, const char *field);

/**
 * Packs spec and sources canonically, the sources by their fields, and digests the content (kind, owning
 * team, spec).
 *
 * @param message    borrowed; has a spec
 * @param[out] size  bytes
 * @param[out] digest
 * @return arena; the body as model_descriptor_new() takes it
 */
void *model_descriptor_pack(
	struct arena *arena, const Tally__V1__Descriptor *message, size_t *size, struct model_digest *digest);

/** Returns the kind of the message's spec, KIND_NONE without one. */
enum model_kind model_message_kind(const Tally__V1__Descriptor *message);

/* The current descriptors of a system, ordered by kind, then name. Borrowed all through. */
struct model_system {
	const char *id;
	struct model_descriptor *const *descriptors;
	size_t count;
};

/** Compares by kind, then by name, which is the order of a system's descriptors. */
int model_version_compare(const struct model_version *a, const struct model_version *b);

/** The same for qsort(). @param a, b each the place of a pointer to a descriptor */
int model_descriptor_compare(const void *a, const void *b);

/**
 * Returns the descriptors of one kind.
 *
 * @param[out] count
 * @return borrowed; the first of them
 */
struct model_descriptor *const *model_system_of_kind(
	const struct model_system *system, enum model_kind kind, size_t *count);

/** Returns the descriptor, or NULL. */
struct model_descriptor *model_system_find(
	const struct model_system *system, enum model_kind kind, const char *name);

enum {
	MODEL_ETAG_SIZE = 32
};

/** Writes the etag of a version: quoted, of its number and digest. @param[out] etag MODEL_ETAG_SIZE bytes
 * @return etag */
char *model_version_etag(const struct model_version *version, char *etag);

/* The versions that are, or were, current. Borrowed. */
struct model_versions {
	const struct model_version *const *items;
	size_t count;
	struct model_descriptor *const *descriptors; /* the same ones whole, or NULL */
};

/** Returns the versions of a system's descriptors. @return arena; borrows from the system */
struct model_versions model_system_versions(struct arena *arena, const struct model_system *system);

/**
 * Makes the API's message of a version.
 *
 * @param system   id
 * @param version  borrowed
 * @param content  spec and sources to show, borrowed by the result; NULL for none
 * @return arena
 */
Tally__V1__Descriptor *model_descriptor_message_of(struct arena *arena, const char *system,
	const struct model_version *version, const Tally__V1__Descriptor *content);

#endif
