/*
 * Versions as a damaged database may hold them: two bytes say how long the
 * difference is, which follows, and the rest is the base. What can be read is
 * read again from a difference of our own.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "model/difference.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(
	struct arena *arena, const uint8_t *base_bytes, size_t base_size, const uint8_t *bytes, size_t size)
{
	size_t small, again_size;
	struct model_base *base = model_base_new(1, base_bytes, base_size);
	void *difference = base ? model_difference(arena, base, bytes, size, &small) : NULL;
	if (difference) {
		void *again =
			model_difference_apply(arena, base_bytes, base_size, difference, small, &again_size);
		assert(again && again_size == size && memcmp(again, bytes, size) == 0);
	}
	model_base_unref(base);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	size_t long_enough = (size_t)data[0] << 8 | data[1];
	size_t length = long_enough < size - 2 ? long_enough : size - 2;
	const uint8_t *difference = data + 2, *base = difference + length;
	size_t base_size = size - 2 - length, made;
	struct arena *arena = arena_new();
	void *bytes = model_difference_apply(arena, base, base_size, difference, length, &made);
	if (bytes)
		check(arena, base, base_size, bytes, made);
	arena_free(arena);
	return 0;
}
