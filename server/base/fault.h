/*
 * Errors by value. A fault is filled by whoever understood the failure and
 * never rewritten above; one file (service/status.c) turns it into a gRPC
 * status.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fault_code {
	FAULT_NONE = 0,
	FAULT_INVALID,      /* the request must change before it can succeed     */
	FAULT_OUT_OF_RANGE, /* it asks for something that is past keeping        */
	FAULT_NOT_FOUND,    /* the thing it names does not exist                 */
	FAULT_EXISTS,       /* the thing it makes exists already                 */
	FAULT_CONFLICT,     /* another write won; run the whole call again       */
	FAULT_DENIED,       /* this caller may not                               */
	FAULT_EXHAUSTED,    /* a limit was reached                               */
	FAULT_UNAVAILABLE,  /* the database is away; the same call may work      */
	FAULT_UNCERTAIN,    /* a write was sent and its fate is not known        */
	FAULT_TIMEOUT,      /* it took longer than it may                        */
	FAULT_CANCELLED,    /* nobody waits for the answer any more              */
	FAULT_UNIMPLEMENTED,
	FAULT_INTERNAL, /* our own mistake                                   */
	FAULT_COUNT
};

enum {
	FAULT_VIOLATIONS_MAX = 8,
	FAULT_FACTS_MAX = 6,
};

/* One field of the request that is not as it must be. */
struct fault_violation {
	char field[200]; /* path as in the .proto, e.g. descriptors[1].name */
	char description[300];
};

/* One variable of the message, for machines. */
struct fault_fact {
	const char *key; /* a literal, snake_case */
	char value[400];
};

struct fault {
	enum fault_code code;
	const char *reason; /* a literal, UPPER_SNAKE_CASE; never NULL once set */
	char message[600];  /* one sentence for a person, never parsed */
	struct fault_violation violations[FAULT_VIOLATIONS_MAX];
	size_t violation_count; /* may be more than FAULT_VIOLATIONS_MAX: the rest was counted only */
	struct fault_fact facts[FAULT_FACTS_MAX];
	size_t fact_count;
	int64_t retry_after_ms; /* the same call may work then; 0: not known */
};

/**
 * Fills a fault. Text that does not fit is cut at a character's end.
 *
 * @param[out] fault  overwritten whole
 * @param reason      literal
 * @return code, so that `return fault_set(…)` reads well
 */
enum fault_code fault_set(struct fault *fault, enum fault_code code, const char *reason, const char *format,
	...) __attribute__((format(printf, 4, 5)));

/**
 * Adds a field violation to a fault that is set. The first one given to a
 * fault whose message is empty becomes its message too.
 */
void fault_violate(struct fault *fault, const char *field, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** Adds a variable to a fault that is set; past FAULT_FACTS_MAX it is dropped. @param key literal */
void fault_add(struct fault *fault, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * Sets an INVALID fault about one field: reason, message "field: text" and
 * the violation, in one call.
 *
 * @return FAULT_INVALID
 */
enum fault_code fault_field(struct fault *fault, const char *reason, const char *field, const char *format,
	...) __attribute__((format(printf, 4, 5)));

/** Returns the code's name for logs, e.g. "conflict". */
const char *fault_name(enum fault_code code);

#endif
