/*
 * 64-bit hashes of texts, the same on every machine: sketches that were made
 * in different places are compared.
 *
 * In the manner of wyhash (Wang Yi, public domain): 64 x 64 -> 128 bit
 * multiplications, folded. Not for security; nobody is kept from making two
 * texts of one hash.
 */
#ifndef PROFILE_HASH_H
#define PROFILE_HASH_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

__extension__ typedef unsigned __int128 hash_wide;

#define HASH_A UINT64_C(0xa0761d6478bd642f)
#define HASH_B UINT64_C(0xe7037ed1a0b428db)
#define HASH_C UINT64_C(0x8ebc6af09c88c6e3)

/** Multiplies and folds: every bit of the result depends on every bit of both. */
static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
	const hash_wide product = (hash_wide)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t hash_load8(const char *at)
{
	uint64_t word;
	memcpy(&word, at, sizeof(word));
	return le64toh(word);
}

/** Returns up to 8 bytes as one word, 0 for those that are missing. */
static inline uint64_t hash_word(const char *at, size_t size)
{
	uint64_t word = 0;
	memcpy(&word, at, size < 8 ? size : 8);
	return le64toh(word);
}

/** The same, faster. @param at  8 bytes may be read, whatever stands behind the text */
static inline uint64_t hash_word_padded(const char *at, size_t size)
{
	const uint64_t word = hash_load8(at);
	return size < 8 ? word & ((UINT64_C(1) << (8 * size)) - 1) : word;
}

/** Hashes text of which the first word is known. Reads no byte beyond it. */
static inline uint64_t hash_rest(uint64_t word, const char *text, size_t size)
{
	uint64_t seed = HASH_A, last = 0;
	const char *at = text;
	for (size_t left = size; left > 16; left -= 16, at += 16)
		seed = hash_mix(hash_load8(at) ^ HASH_B, hash_load8(at + 8) ^ seed);
	const size_t rest = size - (size_t)(at - text);
	if (size > 8) {
		word = hash_word(at, rest);
		last = rest >= 8 ? hash_load8(at + rest - 8) : 0;
	}
	return hash_mix(hash_mix(word ^ HASH_B, last ^ seed) ^ HASH_C, size ^ HASH_B);
}

/** Hashes text. Reads no byte beyond it. */
static inline uint64_t hash_text(const char *text, size_t size)
{
	return hash_rest(hash_word(text, size), text, size);
}

#endif
