/*
 * Pages of lists (AIP-158). A page token carries the revision that the list
 * shows and the key of the last item, so that all pages are of one revision.
 */
#ifndef SERVICE_PAGES_H
#define SERVICE_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "service/service.h"
#include "service/token.h"

enum {
	PAGE_SIZE_DEFAULT = 50,
	PAGE_SIZE_MAX = 1000,
};

/* What a list is asked for. Borrowed. */
struct page_request {
	const char *method;
	const void *rest; /* the request's message with page_size and page_token cleared: a token is bound to
			     it */
	int32_t size;
	const char *token;
};

/* One page being filled. */
struct page {
	size_t size;       /* items, at most */
	size_t bytes;      /* of their messages, at most; the first one always fits */
	int64_t revision;  /* that the first page showed; 0: this is the first */
	const char *after; /* arena; key of the last item of the page before; "" on the first */
	struct token_scope scope;
	size_t taken, taken_bytes;
};

/**
 * Reads what a list is asked for.
 *
 * @param fault  as for check_refuse(); PAGE_SIZE_NEGATIVE, PAGE_TOKEN_INVALID
 * @param[out] page  set on success only
 */
bool page_open(struct arena *arena, const struct service *service, const struct page_request *request,
	struct page *page, struct fault *fault);

/** Counts a message in if it still has room. @param message borrowed, any packable one */
bool page_take(struct page *page, const void *message);

/** Makes the token for what follows an item. @param key text @return arena */
char *page_token(struct arena *arena, const struct page *page, int64_t revision, const char *key);

#endif
