/* Bytes of files. Understands none of them but their packing. */
#include "profile/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <zlib.h>
#include <zstd.h>

enum {
	PACKED_SIZE = 256 * 1024,
	MAGIC_SIZE = 4,
	NAME_SIZE = 200,
	ZSTD_WINDOW_BITS_MAX = 27, /* what zstd itself unpacks without being asked: 128 MiB */
	GZIP_BITS = 15 + 16,
};

enum packing {
	PACKING_UNKNOWN,
	PACKING_NONE,
	PACKING_GZIP,
	PACKING_ZSTD,
};

struct source {
	char name[NAME_SIZE];
	int fd; /* -1: memory */
	const char *memory;
	size_t memory_size, piece;
	enum packing packing;
	int64_t done, total;
	EVP_MD_CTX *digest;
	char digest_text[SOURCE_DIGEST_SIZE];
	unsigned char *packed; /* what was read of the file and not used yet: [at, end) */
	size_t at, end;
	bool ended;  /* of the file */
	bool inside; /* a packed part has begun and not ended */
	z_stream gzip;
	ZSTD_DStream *zstd;
};

static struct source *source_new(const char *name)
{
	struct source *source = calloc(1, sizeof(*source));
	if (!source || !(source->packed = malloc(PACKED_SIZE)) || !(source->digest = EVP_MD_CTX_new()) ||
		EVP_DigestInit_ex(source->digest, EVP_sha256(), NULL) != 1)
		abort();
	snprintf(source->name, sizeof(source->name), "%s", name);
	source->fd = -1;
	return source;
}

struct source *source_open(const char *path, struct fault *fault)
{
	const bool standard = strcmp(path, "-") == 0;
	const int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct stat about;
	if (fd < 0 || fstat(fd, &about) != 0) {
		fault_set(fault, FAULT_INVALID, "FILE_UNREADABLE", "%s: %s", path, strerror(errno));
		if (fd >= 0 && !standard)
			close(fd);
		return NULL;
	}
	struct source *source = source_new(standard ? "standard input" : path);
	source->fd = fd;
	source->total = S_ISREG(about.st_mode) ? about.st_size : 0;
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return source;
}

struct source *source_memory(const void *bytes, size_t size, size_t piece)
{
	struct source *source = source_new("memory");
	source->memory = bytes;
	source->memory_size = size;
	source->total = (int64_t)size;
	source->piece = piece;
	return source;
}

void source_free(struct source *source)
{
	if (!source)
		return;
	if (source->fd > STDERR_FILENO)
		close(source->fd);
	if (source->packing == PACKING_GZIP)
		inflateEnd(&source->gzip);
	ZSTD_freeDStream(source->zstd);
	EVP_MD_CTX_free(source->digest);
	free(source->packed);
	free(source);
}

const char *source_name(const struct source *source)
{
	return source->name;
}

int64_t source_done(const struct source *source)
{
	return source->done;
}

int64_t source_total(const struct source *source)
{
	return source->total;
}

static ssize_t read_memory(struct source *source, void *bytes, size_t size)
{
	size_t left = source->memory_size - (size_t)source->done;
	size = size < source->piece ? size : source->piece;
	size = size < left ? size : left;
	if (size > 0)
		memcpy(bytes, source->memory + source->done, size);
	return (ssize_t)size;
}

/* Reads bytes of the file as they are. */
static enum fault_code read_raw(
	struct source *source, void *bytes, size_t size, size_t *got, struct fault *fault)
{
	ssize_t part;
	do {
		part = source->memory ? read_memory(source, bytes, size) : read(source->fd, bytes, size);
	} while (part < 0 && errno == EINTR);
	if (part < 0)
		return fault_set(
			fault, FAULT_INVALID, "FILE_UNREADABLE", "%s: %s", source->name, strerror(errno));
	if (part > 0)
		EVP_DigestUpdate(source->digest, bytes, (size_t)part);
	source->ended = part == 0;
	source->done += part;
	*got = (size_t)part;
	return FAULT_NONE;
}

static enum fault_code fill_packed(struct source *source, struct fault *fault)
{
	size_t got;
	if (source->at > 0)
		memmove(source->packed, source->packed + source->at, source->end - source->at);
	source->end -= source->at;
	source->at = 0;
	if (read_raw(source, source->packed + source->end, PACKED_SIZE - source->end, &got, fault))
		return fault->code;
	source->end += got;
	return FAULT_NONE;
}

static enum fault_code find_packing(struct source *source, struct fault *fault)
{
	static const unsigned char gzip[] = {0x1f, 0x8b}, zstd[] = {0x28, 0xb5, 0x2f, 0xfd};
	while (source->end < MAGIC_SIZE && !source->ended) {
		if (fill_packed(source, fault))
			return fault->code;
	}
	source->packing = PACKING_NONE;
	if (source->end >= sizeof(gzip) && memcmp(source->packed, gzip, sizeof(gzip)) == 0) {
		source->packing = PACKING_GZIP;
		if (inflateInit2(&source->gzip, GZIP_BITS) != Z_OK)
			abort();
	} else if (source->end >= sizeof(zstd) && memcmp(source->packed, zstd, sizeof(zstd)) == 0) {
		source->packing = PACKING_ZSTD;
		if (!(source->zstd = ZSTD_createDStream()))
			abort();
		ZSTD_DCtx_setParameter(source->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_BITS_MAX);
	}
	return FAULT_NONE;
}

static enum fault_code broken(const struct source *source, const char *what, struct fault *fault)
{
	return fault_set(fault, FAULT_INVALID, "FILE_BROKEN", "%s: %s at byte %lld of it", source->name, what,
		(long long)(source->done - (int64_t)(source->end - source->at)));
}

static enum fault_code unpack_gzip(
	struct source *source, void *bytes, size_t size, size_t *got, struct fault *fault)
{
	z_stream *gzip = &source->gzip;
	/* Several parts may follow each other. */
	if (!source->inside && inflateReset(gzip) != Z_OK)
		abort();
	gzip->next_in = source->packed + source->at;
	gzip->avail_in = (unsigned)(source->end - source->at);
	gzip->next_out = bytes;
	gzip->avail_out = (unsigned)size;
	const int result = inflate(gzip, Z_NO_FLUSH);
	source->at = source->end - gzip->avail_in;
	*got = size - gzip->avail_out;
	source->inside = result != Z_STREAM_END;
	if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
		return broken(source, "this is no whole gzip data", fault);
	return FAULT_NONE;
}

static enum fault_code unpack_zstd(
	struct source *source, void *bytes, size_t size, size_t *got, struct fault *fault)
{
	ZSTD_inBuffer in = {source->packed, source->end, source->at};
	ZSTD_outBuffer out = {bytes, size, 0};
	const size_t result = ZSTD_decompressStream(source->zstd, &out, &in);
	if (ZSTD_isError(result))
		return broken(source, ZSTD_getErrorName(result), fault);
	source->at = in.pos;
	*got = out.pos;
	source->inside = result != 0;
	return FAULT_NONE;
}

static enum fault_code unpack(
	struct source *source, void *bytes, size_t size, size_t *got, struct fault *fault)
{
	for (;;) {
		if (source->at == source->end && !source->ended && fill_packed(source, fault))
			return fault->code;
		*got = 0;
		if (source->at == source->end && !source->inside)
			return FAULT_NONE;
		const size_t before = source->at;
		const enum fault_code code = source->packing == PACKING_GZIP
						     ? unpack_gzip(source, bytes, size, got, fault)
						     : unpack_zstd(source, bytes, size, got, fault);
		if (code || *got > 0)
			return code;
		if (source->at == before && source->ended)
			return broken(source, "the packed data end too early", fault);
		if (source->at == before && fill_packed(source, fault))
			return fault->code;
	}
}

enum fault_code source_read(struct source *source, void *bytes, size_t size, size_t *got, struct fault *fault)
{
	if (source->packing == PACKING_UNKNOWN && find_packing(source, fault))
		return fault->code;
	if (source->packing != PACKING_NONE)
		return unpack(source, bytes, size, got, fault);
	if (source->at == source->end)
		return read_raw(source, bytes, size, got, fault);
	*got = source->end - source->at < size ? source->end - source->at : size;
	memcpy(bytes, source->packed + source->at, *got);
	source->at += *got;
	return FAULT_NONE;
}

const char *source_digest(struct source *source)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned size;
	if (source->digest_text[0])
		return source->digest_text;
	if (EVP_DigestFinal_ex(source->digest, bytes, &size) != 1)
		abort();
	int at = snprintf(source->digest_text, sizeof(source->digest_text), "sha256:");
	for (unsigned i = 0; i < size; i++)
		at += snprintf(
			source->digest_text + at, sizeof(source->digest_text) - (size_t)at, "%02x", bytes[i]);
	return source->digest_text;
}
