/* Tokens: only the very text that was made for the same purpose opens. */
#include "cases.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "service/token.h"

static const char payload[] = "partition 7, position 41";

struct fixture {
	struct arena *arena;
	struct store_identity identity;
	struct token_scope scope;
};

static struct fixture fixture_new(void)
{
	struct fixture fixture = {.arena = arena_new(), .identity = {.partitions = 64}};
	memset(fixture.identity.secret, 0x5a, sizeof(fixture.identity.secret));
	fixture.scope.purpose = TOKEN_RESUME;
	memset(fixture.scope.binding.bytes, 0x33, MODEL_DIGEST_SIZE);
	return fixture;
}

static enum fault_code open_text(struct fixture *fixture, const char *text, struct fault *fault)
{
	const void *bytes = NULL;
	size_t size = 0;
	enum fault_code code =
		token_open(fixture->arena, &fixture->scope, text, "resume_token", &bytes, &size, fault);
	if (code == FAULT_NONE) {
		assert_int_equal(size, sizeof(payload));
		assert_memory_equal(bytes, payload, size);
	}
	return code;
}

static void refuses(struct fixture *fixture, const char *text)
{
	struct fault fault = {0};
	assert_int_equal(open_text(fixture, text, &fault), FAULT_INVALID);
	const char *reason =
		fixture->scope.purpose == TOKEN_PAGE ? "PAGE_TOKEN_INVALID" : "RESUME_TOKEN_INVALID";
	assert_string_equal(fault.reason, reason);
	assert_int_equal(fault.violation_count, 1);
	assert_string_equal(fault.violations[0].field, "resume_token");
}

struct row {
	const char *name;
	void (*run)(struct fixture *fixture, char *token);
};

static void opens(struct fixture *fixture, char *token)
{
	struct fault fault = {0};
	assert_int_equal(open_text(fixture, token, &fault), FAULT_NONE);
}

/* As RFC 2104 has it, so that every server of a store agrees with every other. */
static void is_hmac(struct fixture *fixture, char *token)
{
	uint8_t signed_bytes[1 + MODEL_DIGEST_SIZE + sizeof(payload)] = {TOKEN_RESUME};
	memcpy(signed_bytes + 1, fixture->scope.binding.bytes, MODEL_DIGEST_SIZE);
	memcpy(signed_bytes + 1 + MODEL_DIGEST_SIZE, payload, sizeof(payload));
	uint8_t mac[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	assert_non_null(HMAC(EVP_sha256(), fixture->identity.secret, sizeof(fixture->identity.secret),
		signed_bytes, sizeof(signed_bytes), mac, &size));
	char text[16 / 3 * 4 + 8];
	EVP_EncodeBlock((unsigned char *)text, mac, 15); /* 15 bytes end with a whole group of characters */
	for (char *at = text; *at; at++)
		*at = *at == '+' ? '-' : *at == '/' ? '_' : *at;
	assert_memory_equal(token, text, 20);
}

static void every_bit_counts(struct fixture *fixture, char *token)
{
	for (size_t i = 0; token[i]; i++) {
		for (int bit = 0; bit < 8; bit++) {
			token[i] = (char)(token[i] ^ (1 << bit));
			if (token[i])
				refuses(fixture, token);
			token[i] = (char)(token[i] ^ (1 << bit));
		}
	}
	opens(fixture, token);
}

static void every_cut_counts(struct fixture *fixture, char *token)
{
	for (size_t length = strlen(token); length > 0; length--) {
		refuses(fixture, arena_copy(fixture->arena, token, length - 1));
		refuses(fixture, arena_print(fixture->arena, "%.*s ", (int)length, token));
		refuses(fixture, arena_print(fixture->arena, "%.*s=", (int)length, token));
	}
	refuses(fixture, arena_print(fixture->arena, " %s", token));
	refuses(fixture, arena_print(fixture->arena, "%s%s", token, token));
	refuses(fixture, arena_print(fixture->arena, "%sA", token));
}

static void other_binding(struct fixture *fixture, char *token)
{
	fixture->scope.binding.bytes[31] ^= 1;
	refuses(fixture, token);
}

static void other_store(struct fixture *fixture, char *token)
{
	fixture->identity.secret[0] ^= 1;
	refuses(fixture, token);
}

static void other_purpose(struct fixture *fixture, char *token)
{
	fixture->scope.purpose = TOKEN_PAGE;
	refuses(fixture, token);
}

static void long_text(struct fixture *fixture, char *token)
{
	(void)token;
	for (size_t size = 1; size < (size_t)4 << 20; size *= 2) {
		char *text = arena_alloc(fixture->arena, size + 1);
		memset(text, 'A', size);
		refuses(fixture, text);
	}
}

static void safe_characters(struct fixture *fixture, char *token)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	assert_int_equal(strspn(token, alphabet), strlen(token));
	uint8_t bytes[300];
	for (size_t size = 0; size < sizeof(bytes); size++) {
		memset(bytes, 0xff - (int)size, sizeof(bytes));
		const char *text = token_make(fixture->arena, &fixture->scope, bytes, size);
		assert_int_equal(strspn(text, alphabet), strlen(text));
		const void *back = NULL;
		size_t back_size = 1;
		struct fault fault = {0};
		assert_int_equal(
			token_open(fixture->arena, &fixture->scope, text, "f", &back, &back_size, &fault),
			FAULT_NONE);
		assert_int_equal(back_size, size);
		assert_memory_equal(back, bytes, size);
	}
}

static void largest(struct fixture *fixture, char *token)
{
	(void)token;
	uint8_t *bytes = arena_alloc(fixture->arena, TOKEN_PAYLOAD_MAX);
	const char *text = token_make(fixture->arena, &fixture->scope, bytes, TOKEN_PAYLOAD_MAX);
	const void *back = NULL;
	size_t size = 0;
	struct fault fault = {0};
	assert_int_equal(
		token_open(fixture->arena, &fixture->scope, text, "f", &back, &size, &fault), FAULT_NONE);
	assert_int_equal(size, TOKEN_PAYLOAD_MAX);
}

static const struct row rows[] = {
	{"a token opens with the scope it was made with", opens},
	{"a token begins with HMAC-SHA-256 of purpose, binding and payload", is_hmac},
	{"a token with any bit flipped is refused", every_bit_counts},
	{"a token cut or lengthened anywhere is refused", every_cut_counts},
	{"a token for another request is refused", other_binding},
	{"a token of another store is refused", other_store},
	{"a resume token is no page token", other_purpose},
	{"a text of any length that is no token is refused", long_text},
	{"a token of any size has only characters that are safe in URLs", safe_characters},
	{"the largest payload comes back", largest},
};

static void check(void **state)
{
	const struct row *row = *state;
	struct fixture fixture = fixture_new();
	fixture.scope.identity = &fixture.identity;
	row->run(&fixture, token_make(fixture.arena, &fixture.scope, payload, sizeof(payload)));
	arena_free(fixture.arena);
}

int main(void)
{
	return CASES_RUN(rows, check);
}
