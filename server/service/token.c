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
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

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

/*
 * The MAC's context, keyed. Making one costs four times what a MAC does, and a
 * stream signs a token with each message. All threads share it.
 */
static struct {
	pthread_mutex_t lock;
	/* under lock */
	EVP_MAC_CTX *context; /* NULL until the first token */
	uint8_t secret[sizeof(((struct store_identity *)NULL)->secret)];
} signer = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* libcrypto fails here only without memory. */
static void must(bool good)
{
	if (!good)
		abort();
}

/* Makes the signer ready for one MAC. Under its lock. */
static void signer_begin(const uint8_t *secret)
{
	if (signer.context && CRYPTO_memcmp(signer.secret, secret, sizeof(signer.secret)) == 0) {
		must(EVP_MAC_init(signer.context, NULL, 0, NULL));
		return;
	}
	EVP_MAC_CTX_free(signer.context);
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	must(hmac && (signer.context = EVP_MAC_CTX_new(hmac)));
	EVP_MAC_free(hmac);
	char digest[] = "SHA256";
	const OSSL_PARAM parameters[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	memcpy(signer.secret, secret, sizeof(signer.secret));
	must(EVP_MAC_init(signer.context, secret, sizeof(signer.secret), parameters));
}

static void sign(const struct token_scope *scope, const void *payload, size_t size, uint8_t *mac)
{
	uint8_t head[HEAD_SIZE] = {(uint8_t)scope->purpose};
	memcpy(head + 1, scope->binding.bytes, MODEL_DIGEST_SIZE);
	uint8_t whole[EVP_MAX_MD_SIZE];
	size_t whole_size = 0;
	pthread_mutex_lock(&signer.lock);
	signer_begin(scope->identity->secret);
	must(EVP_MAC_update(signer.context, head, sizeof(head)) &&
		EVP_MAC_update(signer.context, payload, size) &&
		EVP_MAC_final(signer.context, whole, &whole_size, sizeof(whole)));
	pthread_mutex_unlock(&signer.lock);
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
	sign(scope, payload, size, bytes);
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
