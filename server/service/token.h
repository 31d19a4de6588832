/*
 * Opaque tokens: where a page or a stream goes on. A token is signed with the
 * store's secret over what it is for and what it is bound to, so one that was
 * made up, changed, cut, or made by another store or for another request is
 * refused. It hides nothing.
 */
#ifndef SERVICE_TOKEN_H
#define SERVICE_TOKEN_H

#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"
#include "model/digest.h"
#include "store/store.h"

/* Never renumber: it is signed. */
enum token_purpose {
	TOKEN_RESUME = 1, /* where a stream goes on */
	TOKEN_PAGE = 2,   /* where a list goes on   */
};

enum {
	TOKEN_PAYLOAD_MAX = 32768 /* bytes */
};

/* What a token is good for. */
struct token_scope {
	const struct store_identity *identity; /* borrowed */
	enum token_purpose purpose;
	struct model_digest binding; /* of all that must be the same when the token comes back */
};

/**
 * Makes a token.
 *
 * @param scope    borrowed
 * @param payload  borrowed; at most TOKEN_PAYLOAD_MAX bytes
 * @return arena; base64url text without padding
 */
char *token_make(struct arena *arena, const struct token_scope *scope, const void *payload, size_t size);

/**
 * Opens a token that was made with the same scope.
 *
 * @param scope  borrowed
 * @param text   borrowed, NUL-terminated
 * @param field  path of the request's field that had it, for the fault
 * @param[out] payload, size  arena; set on success only
 * @return FAULT_NONE; FAULT_INVALID (RESUME_TOKEN_INVALID or PAGE_TOKEN_INVALID) about the field
 */
enum fault_code token_open(struct arena *arena, const struct token_scope *scope, const char *text,
	const char *field, const void **payload, size_t *size, struct fault *fault);

#endif
