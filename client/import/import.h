/*
 * Importers: what teams have on disk becomes facts of a draft.
 *
 * A format is one file of this folder and one row of the table in formats.c.
 * Its function reads one file and says what it found with import_text() and
 * the like; a value that is not there is simply not said, so that nothing
 * unknown becomes 0 or "". What a file says stays out of the draft when its
 * function fails. Nothing that is read is ever run.
 */
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "codec/codec.h"
#include "import/draft.h"
#include "import/file.h"
#include "model/kind.h"

struct import_run;

/* One file while its format's function reads it. */
struct import {
	struct arena *arena; /* what is made for the draft lives in it */
	const struct import_file *file;
	/* Which of several models or services the file speaks of; NULL: of the only one. */
	const char *subject;
	/* Read beside another file: what its packages and the like belong to; else KIND_NONE. */
	enum model_kind part;
	enum draft_strength strength; /* of what is said now */
	const char *prefix;           /* where in the file a text stands that is read by itself; else NULL */
	struct fault *fault;          /* import_refuse() fills it */
	struct import_run *run;
};

/** Reads a file. @return false after import_refuse(), or with the fault of a parser that was called */
typedef bool import_fn(struct import *import);

/** Do a file's first bytes look like the format? Only asked when its name fits. @param head no NUL ends it */
typedef bool import_looks_fn(const char *head, size_t size);

enum {
	IMPORT_NAMES_MAX = 14,
	IMPORT_HEAD_SIZE = 64 * 1024, /* bytes that import_looks_fn gets at most */
};

/* A row of the table. */
struct import_format {
	const char *name;  /* what the command line calls it: lower-case letters, digits, hyphens */
	const char *title; /* for people: "MLflow models" */
	const char *takes; /* what it reads, in a line: "MLmodel with conda.yaml, … beside it" */
	const char *names[IMPORT_NAMES_MAX]; /* patterns (fnmatch, case ignored) of file names, or of the last
						parts of a path where a pattern has a slash; NULL ends them */
	import_looks_fn *looks;              /* NULL: the name is enough */
	import_fn *read;
	bool beside_only; /* `import auto` leaves it alone unless another file brings it in */
};

/* All formats in the order of care: the first one whose name and bytes fit a file gets it, and where two
 * files contradict each other the earlier format's value stands. Ended by a row without a name. */
extern const struct import_format import_formats[];

/** @return the row of that name, or NULL */
const struct import_format *import_format_named(const char *name);

/** Tells by the name alone which formats a file may have. Start with *at = 0. @return NULL at the end */
const struct import_format *import_format_candidate(const char *path, size_t *at);

/** Tells a file's format by name and first bytes. @return NULL when it is none */
const struct import_format *import_recognise(const struct import_file *file);

/*
 * One call of the command: the draft, and which files were read.
 */

/** Starts one. @param arena borrowed; all that is made lives in it @return arena */
struct import_run *import_run_new(struct arena *arena);

/** Closes what is still open. NULL is fine; the arena stays. */
void import_run_done(struct import_run *run);

struct draft *import_run_draft(struct import_run *run);

/**
 * Reads one file into the draft. All of it or, on failure, nothing.
 *
 * @param file     borrowed for the call
 * @param[out] fault  set on failure only: "file:line:column: path: what was expected"
 */
enum fault_code import_read(struct import_run *run, const struct import_format *format,
	const struct import_file *file, struct fault *fault);

/** Was this path read already, e.g. beside another file? @param path borrowed */
bool import_was_read(const struct import_run *run, const char *path);

/** What was read so far, in that order. */
struct import_reading {
	const char *path;
	const struct import_format *format;
	enum model_kind part; /* beside another file; else KIND_NONE */
	size_t facts;         /* how many it gave */
};
const struct import_reading *import_readings(const struct import_run *run, size_t *count);

/*
 * For the formats' functions: where values go.
 */

/** The descriptor of a kind that this file speaks of (import->subject). */
const struct draft_place *import_descriptor(struct import *import, enum model_kind kind);

/** The descriptor that this file is part of, where it was read beside another one; else that of the kind. */
const struct draft_place *import_owner(struct import *import, enum model_kind kind);

/** The same for one of several that a single file holds. @param subject e.g. a service's name */
const struct draft_place *import_descriptor_of(
	struct import *import, enum model_kind kind, const char *subject);

/** A message inside: computing_resources of a production environment. Absent until something is put there. */
const struct draft_place *import_part(struct import *import, const struct draft_place *at, const char *field);

/**
 * An item of a list of messages. The same key is the same item, whichever file says it.
 *
 * @param key   what tells it from its neighbours, normally its name
 * @param path  where in the file it stands
 */
const struct draft_place *import_item(struct import *import, const struct draft_place *at, const char *list,
	const char *key, const char *path);

/** The same, and puts the key into one of its fields. @param name_field e.g. "item_name" */
const struct draft_place *import_named(struct import *import, const struct draft_place *at, const char *list,
	const char *name_field, const char *name, const char *path);

/**
 * Puts a value into a field. NULL and blank text are no value. Text that is
 * not UTF-8 or too long, and a number that the field cannot hold, are left out
 * and told.
 *
 * @param at    a place whose message has the field: anything else is our own mistake and aborts
 * @param path  where in the file the value stands, e.g. signature.outputs[0].type or "line 3"
 */
void import_text(struct import *import, const struct draft_place *at, const char *field, const char *text,
	const char *path);
void import_number(struct import *import, const struct draft_place *at, const char *field, double value,
	const char *path);
void import_integer(struct import *import, const struct draft_place *at, const char *field, int64_t value,
	const char *path);
void import_flag(
	struct import *import, const struct draft_place *at, const char *field, bool value, const char *path);

/** The same as import_number(), and keeps how the file wrote it: 2147483648 of "2Gi". */
void import_quantity(struct import *import, const struct draft_place *at, const char *field, double value,
	const char *original, const char *path);

/**
 * Puts a whole message into a field, where nobody puts two of them together
 * part by part: a profile.
 *
 * @param message  a mapping that codec_message() takes; arena
 */
void import_message(struct import *import, const struct draft_place *at, const char *field,
	const struct codec_node *message, const char *path);

/** Adds one to a list of texts; one that is there already is not added again. */
void import_add(struct import *import, const struct draft_place *at, const char *list, const char *text,
	const char *path);

/** Adds a whole number or a number to a list of them: dimensions. They stay in order and may repeat. */
void import_add_integer(struct import *import, const struct draft_place *at, const char *list, int64_t value,
	const char *path);
void import_add_number(struct import *import, const struct draft_place *at, const char *list, double value,
	const char *path);

/*
 * For the formats' functions: what is told about the file.
 */

/** Formats text, e.g. a path. @return arena */
const char *import_print(struct import *import, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * Refuses the file.
 *
 * @param node  where, for its line; may be NULL
 * @param path  of it in the file, or ""
 * @return false
 */
bool import_refuse(struct import *import, const struct codec_node *node, const char *path, const char *format,
	...) __attribute__((format(printf, 4, 5)));

/** The same with a line's number; 0: none. */
bool import_refuse_line(struct import *import, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** Something was there and was not understood: told, and an error with --strict. */
void import_leave(struct import *import, const char *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** Something was taken but looks like a mistake: told. */
void import_warn(struct import *import, const char *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** Something was understood and no descriptor has a place for it: seen with -o facts only. */
void import_note(struct import *import, const char *path, const char *value);

/** The same for an amount. @param original as the file writes it */
void import_note_quantity(struct import *import, const char *path, double value, const char *original);

/*
 * For the formats' functions: other files.
 */

/**
 * Reads a file of the same folder as part of this one, with the same subject. One that is not there, or was
 * read so already, is no matter; one that fails is told with import_leave() and gives nothing.
 *
 * @param name    relative to the file's folder; may begin with ../ and never leaves the folder that is walked
 * @param format  of the table
 * @param part    what its packages and the like belong to
 */
void import_beside(struct import *import, const char *name, const char *format, enum model_kind part);

/** Keeps `import auto` from reading a file by itself that this one says is of no interest. */
void import_skip_beside(struct import *import, const char *name);

/**
 * Reads a text inside this file as if it were a file of its own: rules in a
 * ConfigMap. Its format is told by name and first bytes. A text of no known
 * format, or one that fails, is told with import_leave().
 *
 * @param name  what it would be called as a file
 * @param text  NUL-terminated
 * @param path  where in the file it stands; paths inside go on from there
 */
void import_inside(struct import *import, const char *name, const char *text, const char *path);

/** Opens a file relative to this one's folder, for the length of the reading. @return borrowed; NULL: not
 * there */
const struct import_file *import_open_beside(struct import *import, const char *name);

/** Lists the regular files of a folder relative to this one's, sorted, at most 10,000. @return arena; NULL
 * when there is none */
const char **import_list_beside(struct import *import, const char *folder, size_t *count);

/** Returns the last part of the folder that the file is in: "churn" of models/churn/MLmodel; NULL when the
 * path has none. @return arena */
const char *import_folder(struct import *import);

/** The same for a file of a model; where that is the number of a version, with the folder above it:
 * "census/1". @return arena; NULL as above */
const char *import_model_folder(struct import *import);

#endif
