/* Where a file's bytes come from: a file, standard input or memory; gzip and zstd are unpacked. */
#ifndef PROFILE_SOURCE_H
#define PROFILE_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

enum {
	SOURCE_DIGEST_SIZE = 72, /* "sha256:", 64 digits and NUL */
};

struct source;

/**
 * Opens a file. What it is packed with is told from its first bytes.
 *
 * @param path        "-" is standard input
 * @param[out] fault  FAULT_INVALID when it cannot be read
 * @return owned: source_free(); NULL on failure
 */
struct source *source_open(const char *path, struct fault *fault);

/** Reads from memory, in pieces of at most `piece` bytes. @param bytes borrowed as long as the source @return
 * owned */
struct source *source_memory(const void *bytes, size_t size, size_t piece);

/** NULL is fine. */
void source_free(struct source *source);

/** Returns its name for messages. */
const char *source_name(const struct source *source);

/**
 * Reads on.
 *
 * @param[out] got    bytes, 0 at the end only
 * @param[out] fault  FAULT_INVALID when it cannot be read or unpacked
 */
enum fault_code source_read(
	struct source *source, void *bytes, size_t size, size_t *got, struct fault *fault);

/** Returns how many bytes of the file were read so far, as it is packed. */
int64_t source_done(const struct source *source);

/** Returns how many there are, or 0 when that is not known. */
int64_t source_total(const struct source *source);

/** Returns the digest of all bytes of the file, as it is packed. At the end only. @return borrowed */
const char *source_digest(struct source *source);

#endif
