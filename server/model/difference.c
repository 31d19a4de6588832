/* Differences by zstd, which takes the base for what has gone before. Its contexts are large: each thread
 * keeps its own. */
#include "model/difference.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <zstd.h>

enum {
	LEVEL = 2,       /* the least that finds what repeats the largest base */
	WINDOW_LOG = 21, /* base and bytes: 2 * MODEL_BASE_MAX */
};

struct model_base {
	_Atomic unsigned references;
	int32_t version;
	size_t size;
	uint8_t bytes[];
};

struct model_base *model_base_new(int32_t version, const void *bytes, size_t size)
{
	if (size < MODEL_BASE_MIN || size > MODEL_BASE_MAX)
		return NULL;
	struct model_base *base = malloc(sizeof(*base) + size);
	if (!base)
		abort();
	atomic_init(&base->references, 1);
	base->version = version;
	base->size = size;
	memcpy(base->bytes, bytes, size);
	return base;
}

struct model_base *model_base_ref(struct model_base *base)
{
	if (base)
		atomic_fetch_add_explicit(&base->references, 1, memory_order_relaxed);
	return base;
}

void model_base_unref(struct model_base *base)
{
	if (base && atomic_fetch_sub_explicit(&base->references, 1, memory_order_acq_rel) == 1)
		free(base);
}

int32_t model_base_version(const struct model_base *base)
{
	return base->version;
}

size_t model_base_memory(const struct model_base *base)
{
	return base ? sizeof(*base) + base->size : 0;
}

/* ---- zstd ---- */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t writers, readers;

static void free_writer(void *context)
{
	ZSTD_freeCCtx(context);
}

static void free_reader(void *context)
{
	ZSTD_freeDCtx(context);
}

static void make_keys(void)
{
	if (pthread_key_create(&writers, free_writer) || pthread_key_create(&readers, free_reader))
		abort();
}

/* Settings within their bounds are never refused. */
static ZSTD_CCtx *writer(void)
{
	pthread_once(&once, make_keys);
	ZSTD_CCtx *context = pthread_getspecific(writers);
	if (context)
		return context;
	context = ZSTD_createCCtx();
	if (!context || pthread_setspecific(writers, context))
		abort();
	ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, WINDOW_LOG);
	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	return context;
}

static ZSTD_DCtx *reader(void)
{
	pthread_once(&once, make_keys);
	ZSTD_DCtx *context = pthread_getspecific(readers);
	if (context)
		return context;
	context = ZSTD_createDCtx();
	if (!context || pthread_setspecific(readers, context))
		abort();
	return context;
}

/* Who has room for the base has room for the bytes: a frame of some bytes could else become any number of
 * them. */
static bool may_differ(size_t base_size, size_t size)
{
	return size >= MODEL_BASE_MIN && size <= MODEL_BASE_MAX && size / 2 <= base_size;
}

void *model_difference(struct arena *arena, const struct model_base *base, const void *bytes, size_t size,
	size_t *difference_size)
{
	if (!may_differ(base->size, size))
		return NULL;
	ZSTD_CCtx *context = writer();
	size_t room = size / 2;
	void *difference = arena_alloc(arena, room);
	ZSTD_CCtx_refPrefix(context, base->bytes, base->size);
	size_t made = ZSTD_compress2(context, difference, room, bytes, size);
	if (ZSTD_isError(made)) { /* no room */
		ZSTD_CCtx_reset(context, ZSTD_reset_session_only);
		return NULL;
	}
	*difference_size = made;
	return difference;
}

void *model_difference_apply(struct arena *arena, const void *base, size_t base_size, const void *difference,
	size_t difference_size, size_t *size)
{
	unsigned long long whole = ZSTD_getFrameContentSize(difference, difference_size);
	if (whole > MODEL_BASE_MAX || !may_differ(base_size, (size_t)whole)) /* what is no frame is larger */
		return NULL;
	ZSTD_DCtx *context = reader();
	void *bytes = arena_alloc(arena, (size_t)whole);
	ZSTD_DCtx_refPrefix(context, base, base_size);
	size_t made = ZSTD_decompressDCtx(context, bytes, (size_t)whole, difference, difference_size);
	if (ZSTD_isError(made) || made != whole)
		return NULL;
	*size = made;
	return bytes;
}
