/* SHA-256 over sized parts. */
#include "model/digest.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

struct model_digest model_digest_of(const struct model_digest_part *parts, size_t count)
{
	struct model_digest digest;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	int well = context && EVP_DigestInit_ex(context, EVP_sha256(), NULL);
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

char *model_digest_text(const struct model_digest *digest, char *text)
{
	int at = snprintf(text, MODEL_DIGEST_TEXT_SIZE, "sha256:");
	for (size_t i = 0; i < MODEL_DIGEST_SIZE; i++)
		at += snprintf(text + at, (size_t)(MODEL_DIGEST_TEXT_SIZE - at), "%02x", digest->bytes[i]);
	return text;
}
