/*
 * Tokens: signing, checking, and their text. What a payload means and when it
 * is too old is not decided here.
 *
 * A token is base64url(MAC, payload) with MAC = the first 16 bytes of
 * HMAC-SHA-256(secret, purpose, binding, payload). Purpose and binding have a
 * fixed size, so the three cannot run together.
 */
#include "service/token.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

enum {
	MAC_SIZE = 16,
	HEAD_SIZE = 1 + MODEL_DIGEST_SIZE,
	TEXT_MAX =
		((MAC_SIZE + TOKEN_PAYLOAD_MAX) * 4 + 2) / 3, /* characters; longer ones are refused unread */
};

struct purpose_words {
	const char *reason;
	const char *text;
};

static const struct purpose_words words[] = {
	[TOKEN_RESUME] = {"RESUME_TOKEN_INVALID",
		"this is not a resume token of this server's store and these filters"},
	[TOKEN_PAGE] = {"PAGE_TOKEN_INVALID",
		"this is not a page token of this server's store and this request"},
};

static void sign(
	struct arena *arena, const struct token_scope *scope, const void *payload, size_t size, uint8_t *mac)
{
	uint8_t *text = arena_alloc(arena, HEAD_SIZE + size);
	text[0] = (uint8_t)scope->purpose;
	memcpy(text + 1, scope->binding.bytes, MODEL_DIGEST_SIZE);
	if (size)
		memcpy(text + HEAD_SIZE, payload, size);
	uint8_t whole[EVP_MAX_MD_SIZE];
	unsigned whole_size = 0;
	const struct store_identity *identity = scope->identity;
	if (!HMAC(EVP_sha256(), identity->secret, sizeof(identity->secret), text, HEAD_SIZE + size, whole,
		    &whole_size))
		abort(); /* only without memory */
	memcpy(mac, whole, MAC_SIZE);
}

/* Replaces one alphabet's last two characters by the other's. */
static void translate(char *text, size_t size, const char *from, const char *to)
{
	for (size_t i = 0; i < size; i++) {
		if (text[i] == from[0])
			text[i] = to[0];
		else if (text[i] == from[1])
			text[i] = to[1];
	}
}

char *token_make(struct arena *arena, const struct token_scope *scope, const void *payload, size_t size)
{
	assert(size <= TOKEN_PAYLOAD_MAX);
	size_t all = MAC_SIZE + size;
	uint8_t *bytes = arena_alloc(arena, all);
	sign(arena, scope, payload, size, bytes);
	if (size)
		memcpy(bytes + MAC_SIZE, payload, size);
	char *text = arena_alloc(arena, (all + 2) / 3 * 4 + 1);
	EVP_EncodeBlock((unsigned char *)text, bytes, (int)all);
	size_t length = (all * 4 + 2) / 3; /* what follows is padding */
	text[length] = '\0';
	translate(text, length, "+/", "-_");
	return text;
}

/* @return arena; NULL when the text is not base64url of a MAC at least */
static uint8_t *decode(struct arena *arena, const char *text, size_t *size)
{
	size_t length = strnlen(text, TEXT_MAX + 1);
	if (length > TEXT_MAX || length % 4 == 1)
		return NULL;
	size_t padded = (length + 3) / 4 * 4;
	char *copy = arena_alloc(arena, padded + 1);
	memset(copy, '=', padded);
	memcpy(copy, text, length);
	translate(copy, length, "-_", "+/");
	uint8_t *bytes = arena_alloc(arena, padded / 4 * 3 + 1);
	if (EVP_DecodeBlock(bytes, (const unsigned char *)copy, (int)padded) < 0)
		return NULL;
	*size = length * 3 / 4;
	return *size < MAC_SIZE ? NULL : bytes;
}

enum fault_code token_open(struct arena *arena, const struct token_scope *scope, const char *text,
	const char *field, const void **payload, size_t *size, struct fault *fault)
{
	size_t all = 0;
	const uint8_t *bytes = decode(arena, text, &all);
	if (bytes) {
		/* The text is compared, not only the MAC: base64 can write the same bytes in several ways. */
		const char *right = token_make(arena, scope, bytes + MAC_SIZE, all - MAC_SIZE);
		size_t length = strlen(right);
		if (strlen(text) == length && CRYPTO_memcmp(text, right, length) == 0) {
			*payload = bytes + MAC_SIZE;
			*size = all - MAC_SIZE;
			return FAULT_NONE;
		}
	}
	return fault_field(fault, words[scope->purpose].reason, field, "%s", words[scope->purpose].text);
}
