/*
 * Memory that dies together. What a call makes lives in the call's arena.
 * An arena belongs to one thread at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

/** Makes an empty arena. @return owned; free with arena_free() */
struct arena *arena_new(void);

/** Frees the arena and all that was made in it. NULL is fine. */
void arena_free(struct arena *arena);

/** Frees all that was made in the arena, and keeps memory for the next. */
void arena_clear(struct arena *arena);

/**
 * Allocates zeroed bytes, aligned for any type. Aborts when the machine has no
 * memory; bounds on what peers send are the defence against that.
 *
 * Under AddressSanitizer every piece is an allocation of its own, so that an
 * overrun is seen.
 *
 * @param size  bytes; 0 gives a pointer that must not be read
 * @return arena; never NULL
 */
void *arena_alloc(struct arena *arena, size_t size);

/** Allocates bytes that hold anything: for whoever fills them all at once. Else like arena_alloc(). @return
 * arena */
void *arena_raw(struct arena *arena, size_t size);

/** Allocates count zeroed elements of size bytes each. @return arena */
void *arena_array(struct arena *arena, size_t count, size_t size);

/** Copies bytes and puts a NUL behind them. @return arena */
void *arena_copy(struct arena *arena, const void *bytes, size_t size);

/** Copies text; NULL gives "". @return arena, NUL-terminated */
char *arena_text(struct arena *arena, const char *text);

/** Formats text. @return arena, NUL-terminated */
char *arena_print(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprint(struct arena *arena, const char *format, va_list arguments);

/** Returns the bytes handed out so far. */
size_t arena_size(const struct arena *arena);

#endif
