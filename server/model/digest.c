/* SHA-256 over sized parts. */
#include "model/digest.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Found once: looking an algorithm up takes longer than digesting some hundred bytes. */
static EVP_MD *sha256;
static pthread_once_t found = PTHREAD_ONCE_INIT;

static void find_sha256(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (!sha256)
		abort();
}

struct model_digest model_digest_of(const struct model_digest_part *parts, size_t count)
{
	struct model_digest digest;
	pthread_once(&found, find_sha256);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	int well = context && EVP_DigestInit_ex(context, sha256, NULL);
	for (size_t i = 0; well && i < count; i++) {
		uint64_t size = parts[i].size;
		uint8_t prefix[8];
		for (int byte = 0; byte < 8; byte++)
			prefix[byte] = (uint8_t)(size >> (8 * byte));
		well = EVP_DigestUpdate(context, prefix, sizeof(prefix)) &&
		       EVP_DigestUpdate(context, parts[i].bytes, parts[i].size);
	}
	if (!well || !EVP_DigestFinal_ex(context, digest.bytes, NULL))
		abort(); /* only without memory */
	EVP_MD_CTX_free(context);
	return digest;
}

char *model_digest_hex(const struct model_digest *digest, size_t count, char *text)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < count; i++) {
		text[2 * i] = digits[digest->bytes[i] >> 4];
		text[2 * i + 1] = digits[digest->bytes[i] & 15];
	}
	text[2 * count] = '\0';
	return text;
}

char *model_digest_text(const struct model_digest *digest, char *text)
{
	static const char method[] = "sha256:";
	memcpy(text, method, sizeof(method));
	model_digest_hex(digest, MODEL_DIGEST_SIZE, text + sizeof(method) - 1);
	return text;
}
