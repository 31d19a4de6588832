/*
 * A set of versions that may be put together in thought: the current ones, or
 * others in their place. On a reader.
 */
#ifndef SERVICE_CANDIDATE_H
#define SERVICE_CANDIDATE_H

#include "model/name.h"
#include "rules/rules.h"
#include "service/reading.h"

struct candidate {
	struct reading *reading; /* with a view */
	struct store *store;
	struct model_system system; /* ordered once it is evaluated */
	struct model_descriptor **descriptors;
	size_t count, capacity;
	size_t bytes; /* read from the store */
	bool changed; /* does anything differ from the view's? */
	struct rules_evaluation *evaluation;
};

/** Starts with the current versions. @param reading, store borrowed until candidate_done() */
void candidate_init(struct candidate *candidate, struct reading *reading, struct store *store);

/** Starts with what another one has. */
void candidate_copy(struct candidate *candidate, const struct candidate *from);

/** Frees. One that is all zero is fine. */
void candidate_done(struct candidate *candidate);

/**
 * Puts a stored version in the place of its descriptor.
 *
 * @return FAULT_NOT_FOUND (VERSION_NOT_FOUND), also where it says that the descriptor was deleted,
 *         FAULT_EXHAUSTED (VERSIONS_TOO_LARGE) or the store's fault
 */
enum fault_code candidate_put_version(struct candidate *candidate, enum model_kind kind, const char *name,
	int32_t version, struct fault *fault);

/** Puts a descriptor that is not pushed in its place, as the version that it would get. */
void candidate_put_item(struct candidate *candidate, const struct ledger_item *item);

/**
 * Puts what runs in an environment by its deployment in the place of the
 * current versions.
 *
 * @return FAULT_NOT_FOUND (DEPLOYMENT_NOT_FOUND), and as candidate_put_version()
 */
enum fault_code candidate_put_deployed(
	struct candidate *candidate, const char *environment, struct fault *fault);

/** Evaluates it as a push at this time would. @param now_us wall clock */
void candidate_evaluate(struct candidate *candidate, int64_t now_us);

#endif
