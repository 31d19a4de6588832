/*
 * Resume tokens: a stream's place as the payload of a token.
 *
 * The payload is a byte that says how it is written, then for AT the position
 * of each partition that the filter wants, ascending, as varints. Which ones
 * those are follows from the filter, which the token is bound to. OLDEST means
 * whatever is the oldest when it is used, so it never becomes too old itself.
 */
#include <assert.h>
#include <inttypes.h>

#include "base/plant.h"
#include "service/subscribe.h"

/* Never renumber. */
enum {
	AT = 1,
	OLDEST = 2,
};

enum {
	VARINT_MAX = 10
};

static size_t put_varint(uint8_t *out, uint64_t number)
{
	size_t size = 0;
	for (; number >= 0x80; number >>= 7)
		out[size++] = (uint8_t)(number | 0x80);
	out[size++] = (uint8_t)number;
	return size;
}

/* @return false when there is no whole varint of a position */
static bool get_varint(const uint8_t **at, const uint8_t *end, int64_t *number)
{
	uint64_t value = 0;
	for (unsigned shift = 0; shift < 63 && *at < end; shift += 7) {
		uint8_t byte = *(*at)++;
		value |= (uint64_t)(byte & 0x7f) << shift;
		*number = (int64_t)value;
		if (byte < 0x80)
			return true;
	}
	return false;
}

char *subscribe_token_make(
	struct arena *arena, const struct token_scope *scope, const struct hub_cursor *cursor)
{
	assert(!cursor->inside);
	uint8_t *payload = arena_alloc(arena, 1 + (size_t)cursor->partition_count * VARINT_MAX);
	size_t size = 0;
	payload[size++] = AT;
	for (int i = 0; i < cursor->partition_count; i++)
		if (hub_cursor_wants(cursor, i))
			size += put_varint(
				payload + size, (uint64_t)cursor->positions[i] -
							(cursor->positions[i] && PLANTED("old-token")));
	return token_make(arena, scope, payload, size);
}

char *subscribe_token_oldest(struct arena *arena, const struct token_scope *scope)
{
	const uint8_t payload = OLDEST;
	return token_make(arena, scope, &payload, sizeof(payload));
}

enum fault_code subscribe_too_old(struct arena *arena, const struct token_scope *scope, struct fault *fault)
{
	fault_set(fault, FAULT_OUT_OF_RANGE, "RESUME_TOKEN_TOO_OLD",
		"events after this resume token are no longer kept; take the state again, or resume at "
		"oldest_token");
	fault_add(fault, "oldest_token", "%s", subscribe_token_oldest(arena, scope));
	return FAULT_OUT_OF_RANGE;
}

static enum fault_code ahead(struct arena *arena, const struct token_scope *scope, struct fault *fault)
{
	fault_set(fault, FAULT_OUT_OF_RANGE, "RESUME_TOKEN_AHEAD",
		"this resume token is ahead of the store, which may have been restored from a backup; take "
		"the state "
		"again, or resume at oldest_token");
	fault_add(fault, "oldest_token", "%s", subscribe_token_oldest(arena, scope));
	return FAULT_OUT_OF_RANGE;
}

/* Reads positions; those of partitions that the cursor does not want stay. @return false when the payload is
 * not one */
static bool positions_of(const uint8_t *at, size_t size, const struct store_head *heads,
	const struct hub_cursor *cursor, int64_t *positions)
{
	const uint8_t *end = at + size;
	if (size == 0 || (*at == OLDEST && size != 1) || (*at != AT && *at != OLDEST))
		return false;
	bool oldest = *at++ == OLDEST;
	for (int i = 0; i < cursor->partition_count; i++) {
		positions[i] = cursor->positions[i];
		if (!hub_cursor_wants(cursor, i))
			continue;
		if (oldest)
			positions[i] = heads[i].trimmed;
		else if (!get_varint(&at, end, &positions[i]))
			return false;
	}
	return at == end;
}

enum fault_code subscribe_token_apply(struct arena *arena, const struct token_scope *scope, const char *token,
	const struct store_head *heads, struct hub_cursor *cursor, struct fault *fault)
{
	const void *payload = NULL;
	size_t size = 0;
	if (token_open(arena, scope, token, "resume_token", &payload, &size, fault))
		return fault->code;
	int64_t *positions = arena_array(arena, (size_t)cursor->partition_count, sizeof(*positions));
	if (!positions_of(payload, size, heads, cursor, positions))
		return fault_field(fault, "RESUME_TOKEN_INVALID", "resume_token",
			"this token was made by a version of the server that writes tokens in another way");
	for (int i = 0; i < cursor->partition_count; i++) {
		assert(heads[i].partition == i);
		if (hub_cursor_wants(cursor, i) && positions[i] > heads[i].head)
			return ahead(arena, scope, fault);
		if (hub_cursor_wants(cursor, i) && positions[i] < heads[i].trimmed)
			return subscribe_too_old(arena, scope, fault);
	}
	for (int i = 0; i < cursor->partition_count; i++)
		cursor->positions[i] = positions[i];
	cursor->inside = false;
	return FAULT_NONE;
}
