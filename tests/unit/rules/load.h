/*
 * Systems for tests, from JSON with the fields' names. Reads only what tests
 * write: what it does not understand ends the test.
 */
#ifndef RULES_LOAD_H
#define RULES_LOAD_H

#include <stdbool.h>

#include "model/descriptor.h"

enum {
	LOADED_MAX = 64
};

/* A system that a test puts together. */
struct loaded {
	struct model_system system;
	struct model_descriptor *descriptors[LOADED_MAX];
};

/**
 * Makes a descriptor.
 *
 * @param sei  its 0, "" and [] stand for "not given", as in the SEI's own documents
 * @return owned; NULL when the text is no JSON object
 */
struct model_descriptor *load_descriptor(enum model_kind kind, const char *name, const char *json, bool sei);

/** Puts a descriptor in its place; one of the same kind and name goes. @param descriptor taken */
void load_put(struct loaded *loaded, struct model_descriptor *descriptor);

/** Takes a descriptor out, if it is there. */
void load_drop(struct loaded *loaded, enum model_kind kind, const char *name);

/** Puts a descriptor made of a JSON object that has ' for ". */
void load_text(struct loaded *loaded, enum model_kind kind, const char *name, const char *text);

void load_done(struct loaded *loaded);

/** Reads a whole file. @return owned; NULL when there is none */
char *load_file(const char *path);

#endif
