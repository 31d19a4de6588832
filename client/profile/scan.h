/*
 * Where the characters are that mean something in a CSV file: 64 bytes at a
 * time, one bit for each byte.
 */
#ifndef PROFILE_SCAN_H
#define PROFILE_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
	SCAN_WIDTH = 64,
};

/* The characters that are looked for. Two of them may be the same. */
struct scan_marks {
	char delimiter, newline, quote;
};

/** The plain form, for machines without SSE2 and to test the other one. @param at  64 readable bytes */
static inline uint64_t scan_plain(const char *at, const struct scan_marks *marks)
{
	uint64_t found = 0;
	for (unsigned i = 0; i < SCAN_WIDTH; i++) {
		const bool is = at[i] == marks->delimiter || at[i] == marks->newline || at[i] == marks->quote;
		found |= (uint64_t)is << i;
	}
	return found;
}

#ifdef __SSE2__
static inline uint64_t scan_sse2_16(const char *at, __m128i delimiter, __m128i newline, __m128i quote)
{
	const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
	const __m128i found =
		_mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, delimiter), _mm_cmpeq_epi8(bytes, newline)),
			_mm_cmpeq_epi8(bytes, quote));
	return (uint64_t)(uint32_t)_mm_movemask_epi8(found);
}
#endif

/** Returns bit i for byte i where it is one of the marks. @param at  64 readable bytes */
static inline uint64_t scan(const char *at, const struct scan_marks *marks)
{
#ifdef __SSE2__
	const __m128i delimiter = _mm_set1_epi8(marks->delimiter);
	const __m128i newline = _mm_set1_epi8(marks->newline);
	const __m128i quote = _mm_set1_epi8(marks->quote);
	return scan_sse2_16(at, delimiter, newline, quote) |
	       scan_sse2_16(at + 16, delimiter, newline, quote) << 16 |
	       scan_sse2_16(at + 32, delimiter, newline, quote) << 32 |
	       scan_sse2_16(at + 48, delimiter, newline, quote) << 48;
#else
	return scan_plain(at, marks);
#endif
}

#endif
