/* Content digests: SHA-256. */
#ifndef MODEL_DIGEST_H
#define MODEL_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum {
	MODEL_DIGEST_SIZE = 32,
	MODEL_DIGEST_TEXT_SIZE = 7 + 64 + 1 /* "sha256:" and hexadecimal digits */
};

struct model_digest {
	uint8_t bytes[MODEL_DIGEST_SIZE];
};

/* One piece of what is digested; its size counts too, so pieces cannot run together. */
struct model_digest_part {
	const void *bytes;
	size_t size;
};

struct model_digest model_digest_of(const struct model_digest_part *parts, size_t count);

/** Writes the first `count` bytes as hexadecimal digits. @param[out] text 2 * count + 1 bytes @return text */
char *model_digest_hex(const struct model_digest *digest, size_t count, char *text);

/** @param[out] text MODEL_DIGEST_TEXT_SIZE bytes @return text */
char *model_digest_text(const struct model_digest *digest, char *text);

#endif
