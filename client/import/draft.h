/*
 * A draft: what several files say about the parts of one system, fact by fact.
 *
 * Facts are only kept until draft_build() makes documents of them; there two
 * sources that give one field different values become a conflict. Knows no
 * format.
 */
#ifndef IMPORT_DRAFT_H
#define IMPORT_DRAFT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "codec/codec.h"
#include "document/document.h"
#include "model/kind.h"

struct draft;

/* A message of a descriptor that facts are put into. Immutable; the arena's. */
struct draft_place {
	enum model_kind kind;
	const char *subject; /* which of several descriptors of the kind; NULL: the only one */
	const ProtobufCMessageDescriptor *type; /* of the message */
	const struct draft_place *parent;       /* NULL: the spec itself */
	const char *field;                      /* of the parent */
	const char *key;                        /* of the item in a list; NULL: the field is no list */
	const char *path;                       /* input_spec[amount]; "" for the spec */
};

/* How much a value counts beside others. */
enum draft_strength {
	DRAFT_FIRM,
	DRAFT_WEAK,  /* stands where no other file says anything of the spec's field that it is in */
	DRAFT_SPARE, /* stands where no descriptor of the kind has a subject: a service beside the model's */
	DRAFT_SUMMARY,  /* in words, for people; stands where no other file has this very value */
	DRAFT_ATTACHED, /* of that subject where another fact has it, else as without one: an autoscaler */
};

/* Where a value was read. */
struct draft_source {
	const char *file;
	const char *path;
};

/* A value that a file gave. */
struct draft_fact {
	const struct draft_place *place; /* NULL: it was understood and has no place */
	const char *field;               /* NULL: the item itself */
	const char *key;                 /* of a value in a list of values; NULL: the field is no list */
	const char *value;
	const char *original;             /* as the file wrote it; NULL: the same */
	const struct codec_node *message; /* of a field that is a message and is put in whole; else NULL */
	bool bare;                        /* a number or a boolean, not text */
	enum draft_strength strength;
	struct draft_source source;
};

enum draft_remark_kind {
	DRAFT_LEFT,   /* was there and was not understood */
	DRAFT_WARNED, /* was taken, and looks like a mistake */
};

struct draft_remark {
	enum draft_remark_kind kind;
	struct draft_source source;
	const char *text;
};

enum {
	DRAFT_FACTS_MAX = 400 * 1000,
	DRAFT_REMARKS_MAX = 20 * 1000,
};

/** Makes an empty draft. @param arena borrowed by the draft @return arena */
struct draft *draft_new(struct arena *arena);

/** A descriptor's spec. @param subject NULL: the only one of its kind */
const struct draft_place *draft_root(struct draft *draft, enum model_kind kind, const char *subject);

/** A message in a place. @param field of one message, not of a list */
const struct draft_place *draft_part(struct draft *draft, const struct draft_place *at, const char *field);

/** An item in a list of messages. It is absent until a fact puts something, or itself (no field), there. */
const struct draft_place *draft_item(
	struct draft *draft, const struct draft_place *at, const char *list, const char *key);

/** Keeps a fact. @return false when there are DRAFT_FACTS_MAX already */
bool draft_put(struct draft *draft, const struct draft_fact *fact);

/** Keeps a remark; past DRAFT_REMARKS_MAX it is only counted. */
void draft_remark(struct draft *draft, const struct draft_remark *remark);

/** What is in the draft. */
const struct draft_fact *draft_facts(const struct draft *draft, size_t *count);
const struct draft_remark *draft_remarks(const struct draft *draft, size_t *count);

/* How far the draft had grown. */
struct draft_mark {
	size_t facts, remarks;
};

struct draft_mark draft_mark(const struct draft *draft);

/** Forgets what came after the mark. */
void draft_rewind(struct draft *draft, struct draft_mark mark);

/* Two or more values for one field. */
struct draft_conflict {
	enum model_kind kind;
	const char *name;  /* of the descriptor */
	const char *field; /* input_spec[amount].item_type */
	struct draft_claim {
		const char *value;
		struct draft_source source;
	} * claims; /* the first one is what the document has */
	size_t count;
};

struct draft_result {
	struct document *documents; /* in the order of the kinds, then of the first fact */
	size_t count;
	struct draft_conflict *conflicts;
	size_t conflict_count;
};

/**
 * Makes documents: one for each kind and subject. The only one of its kind is
 * called "default", several are called after their subjects. What is said of
 * production without a subject is said of each production environment.
 *
 * @param name  for every descriptor instead; NULL: none
 * @param[out] result  arena; on success only
 * @param[out] fault  FAULT_INVALID: a name was given and there are several of one kind
 */
enum fault_code draft_build(
	struct draft *draft, const char *name, struct draft_result *result, struct fault *fault);

#endif
