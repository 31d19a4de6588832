/* Sizes and tokens of pages. Which items there are, the lists know. */
#include "service/pages.h"

#include "model/message.h"
#include "service/check.h"

enum {
	REVISION_SIZE = 8, /* bytes, most significant first */
	FRAME_BYTES = 16,  /* at most, around one item in a list */
	REST_BYTES = 4096, /* kept for the token and the other fields of an answer */
};

static struct model_digest binding_of(struct arena *arena, const struct page_request *request)
{
	struct model_digest_part parts[2] = {{request->method, strlen(request->method)}};
	parts[1].bytes = model_message_pack(arena, request->rest, &parts[1].size);
	return model_digest_of(parts, 2);
}

static bool open_token(struct arena *arena, const char *text, struct page *page, struct fault *fault)
{
	const void *payload = NULL;
	size_t size = 0;
	struct fault refused;
	if (token_open(arena, &page->scope, text, "page_token", &payload, &size, &refused)) {
		if (fault->code == FAULT_NONE)
			*fault = refused;
		return false;
	}
	if (size < REVISION_SIZE)
		return check_refuse(fault, "PAGE_TOKEN_INVALID", "page_token", "is not a token of this list");
	const uint8_t *bytes = payload;
	uint64_t revision = 0;
	for (int i = 0; i < REVISION_SIZE; i++)
		revision = revision << 8 | bytes[i];
	page->revision = (int64_t)revision;
	page->after = arena_copy(arena, bytes + REVISION_SIZE, size - REVISION_SIZE);
	return true;
}

bool page_open(struct arena *arena, const struct service *service, const struct page_request *request,
	struct page *page, struct fault *fault)
{
	size_t max = service->max_message_bytes;
	if (request->size < 0)
		return check_refuse(fault, "PAGE_SIZE_NEGATIVE", "page_size", "is %d, but must be 0 or more",
			request->size);
	struct page made = {
		.size = request->size == 0              ? PAGE_SIZE_DEFAULT
			: request->size > PAGE_SIZE_MAX ? PAGE_SIZE_MAX
							: (size_t)request->size,
		.bytes = max > REST_BYTES ? max - REST_BYTES : 0,
		.after = "",
		.scope = {service->identity, TOKEN_PAGE, binding_of(arena, request)},
	};
	if (request->token[0] && !open_token(arena, request->token, &made, fault))
		return false;
	*page = made;
	return true;
}

bool page_take(struct page *page, const void *message)
{
	size_t bytes = protobuf_c_message_get_packed_size(message) + FRAME_BYTES;
	if (page->taken == page->size || (page->taken > 0 && page->taken_bytes + bytes > page->bytes))
		return false;
	page->taken++;
	page->taken_bytes += bytes;
	return true;
}

char *page_token(struct arena *arena, const struct page *page, int64_t revision, const char *key)
{
	size_t size = strlen(key);
	uint8_t *payload = arena_alloc(arena, REVISION_SIZE + size);
	for (int i = 0; i < REVISION_SIZE; i++)
		payload[i] = (uint8_t)((uint64_t)revision >> (8 * (REVISION_SIZE - 1 - i)));
	memcpy(payload + REVISION_SIZE, key, size);
	return token_make(arena, &page->scope, payload, REVISION_SIZE + size);
}
