/* Descriptors to push: complete, consistent with each other, of a chosen size. */
#ifndef BENCH_DESCRIPTORS_H
#define BENCH_DESCRIPTORS_H

#include <stddef.h>

#include "base/arena.h"
#include "tally/v1/descriptor.pb-c.h"

enum {
	DESCRIPTOR_KINDS = 8,
	DESCRIPTOR_TRAINING_DATA = 3,
	DESCRIPTOR_MODEL = 4,    /* place of the model among them */
	DESCRIPTOR_RAW_DATA = 1, /* and of the raw data */
	DESCRIPTOR_PRODUCTION_DATA = 7,
};

/**
 * Makes a descriptor of each of the eight kinds, complete as teams write them, without a mismatch.
 *
 * @param system  id, borrowed
 * @param columns how many the data have, and the interfaces
 * @return arena; DESCRIPTOR_KINDS elements
 */
Tally__V1__Descriptor **descriptors_make(struct arena *arena, const char *system, int columns);

/** Gives the model an output of another type than the planner takes. */
void descriptors_mismatch(Tally__V1__Descriptor *model);

/** Gives every column of the production data a type, another one than "Float" for a mismatch. @param type a
 * literal */
void descriptors_retype(Tally__V1__Descriptor *production_data, const char *type);

/**
 * Gives every column of training and production data a profile: of ten columns six are measured numbers, two
 * are texts and two whole numbers with few categories.
 *
 * @param drifted  so many of the production data's columns, the first ones, are distributed differently
 */
void descriptors_profile(struct arena *arena, Tally__V1__Descriptor *training_data,
	Tally__V1__Descriptor *production_data, size_t drifted);

/**
 * Lengthens the descriptor's documentation until it has so many packed bytes.
 * The text does not compress, so that the database keeps as many bytes.
 *
 * @param mark  borrowed; stands in the text once
 */
void descriptors_lengthen(
	struct arena *arena, Tally__V1__Descriptor *descriptor, size_t size_bytes, const char *mark);

#endif
