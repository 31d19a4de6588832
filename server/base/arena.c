/* Bump allocation in blocks that double up to a limit; large pieces stand alone. */
#include "base/arena.h"

#include <stdint.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_PIECEWISE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_PIECEWISE 1
#endif
#endif
#ifndef ARENA_PIECEWISE
#define ARENA_PIECEWISE 0
#endif

enum {
	FIRST_BLOCK = 2048 - 64,
	LARGEST_BLOCK = 256 * 1024 - 64,
};

struct block {
	struct block *next;
	_Alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct block *blocks;
	unsigned char *at; /* in blocks->bytes */
	size_t left;
	size_t next_size;
	size_t handed_out;
};

struct arena *arena_new(void)
{
	struct arena *arena = calloc(1, sizeof(*arena));
	if (!arena)
		abort();
	arena->next_size = FIRST_BLOCK;
	return arena;
}

static void free_blocks(struct block *block)
{
	while (block) {
		struct block *next = block->next;
		free(block);
		block = next;
	}
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	free_blocks(arena->blocks);
	free(arena);
}

void arena_clear(struct arena *arena)
{
	/* The first block is the one that pieces are cut from, once there is one. */
	struct block *kept = arena->at ? arena->blocks : NULL;
	free_blocks(kept ? kept->next : arena->blocks);
	arena->blocks = kept;
	arena->handed_out = 0;
	if (!kept)
		return;
	kept->next = NULL;
	arena->left += (size_t)(arena->at - kept->bytes);
	arena->at = kept->bytes;
}

static struct block *block_new(size_t size)
{
	if (size > SIZE_MAX - sizeof(struct block))
		abort();
	struct block *block = malloc(sizeof(*block) + size);
	if (!block)
		abort();
	return block;
}

/* A piece of its own goes behind the first block, which may have room left. */
static void *alone(struct arena *arena, size_t size)
{
	struct block *block = block_new(size);
	struct block **behind = arena->blocks ? &arena->blocks->next : &arena->blocks;
	block->next = *behind;
	*behind = block;
	return block->bytes;
}

void *arena_raw(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX / 2)
		abort();
	arena->handed_out += size;
	if (ARENA_PIECEWISE)
		return alone(arena, size);
	size_t rounded = (size + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
	if (rounded > arena->left) {
		if (rounded > arena->next_size / 2)
			return alone(arena, rounded);
		struct block *block = block_new(arena->next_size);
		block->next = arena->blocks;
		arena->blocks = block;
		arena->at = block->bytes;
		arena->left = arena->next_size;
		if (arena->next_size < LARGEST_BLOCK)
			arena->next_size =
				arena->next_size * 2 < LARGEST_BLOCK ? arena->next_size * 2 : LARGEST_BLOCK;
	}
	void *piece = arena->at;
	arena->at += rounded;
	arena->left -= rounded;
	return piece;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return memset(arena_raw(arena, size), 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / 2 / size)
		abort();
	return arena_alloc(arena, count * size);
}

void *arena_copy(struct arena *arena, const void *bytes, size_t size)
{
	char *copy = arena_raw(arena, size + 1);
	if (size)
		memcpy(copy, bytes, size);
	copy[size] = '\0';
	return copy;
}

char *arena_text(struct arena *arena, const char *text)
{
	return text ? arena_copy(arena, text, strlen(text)) : arena_copy(arena, "", 0);
}

char *arena_vprint(struct arena *arena, const char *format, va_list arguments)
{
	va_list again;
	va_copy(again, arguments);
	/* Most texts fit where the next piece would be: one pass then does. */
	size_t room = arena->left;
	int length = vsnprintf((char *)arena->at, room, format, arguments);
	if (length < 0)
		abort();
	bool fits = (size_t)length < room;
	char *text = arena_raw(arena, (size_t)length + 1);
	if (!fits)
		vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	return text;
}

char *arena_print(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	char *text = arena_vprint(arena, format, arguments);
	va_end(arguments);
	return text;
}

size_t arena_size(const struct arena *arena)
{
	return arena->handed_out;
}
