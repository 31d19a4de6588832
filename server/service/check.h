/*
 * What the requests have in common and how it must be. Every check notes what
 * is wrong in one fault, so that a caller hears of all fields at once.
 */
#ifndef SERVICE_CHECK_H
#define SERVICE_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

/**
 * Notes what is wrong with a field. The first reason is the fault's.
 *
 * @param fault  FAULT_NONE, or INVALID from an earlier field
 * @param reason literal
 * @return false
 */
bool check_refuse(struct fault *fault, const char *reason, const char *field, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/** Is the text at most `max` bytes? TEXT_TOO_LONG */
bool check_size(struct fault *fault, const char *field, const char *text, size_t max);

/** Checks an optional UUID and writes it in lower case. REQUEST_ID_INVALID @param id "" for none; changed in
 * place */
bool check_request_id(struct fault *fault, char *id);

/** Is the revision 0 (not asked for) or more? REVISION_NEGATIVE */
bool check_revision(struct fault *fault, const char *field, int64_t revision);

/**
 * Turns the kinds of a filter into a set; all kinds when there are none. KIND_UNSPECIFIED
 *
 * @param kinds  numbers of tally.v1.Kind, known ones
 * @param[out] set  kind_set; set on success only
 */
bool check_kinds(struct fault *fault, const char *field, const int *kinds, size_t count, uint32_t *set);

#endif
