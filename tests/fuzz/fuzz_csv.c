/*
 * Any bytes as a table; the first byte chooses the settings. Whatever it is,
 * the pieces in which it arrives make no difference, and the profile is one
 * that is accepted again.
 */
#include <stdint.h>
#include <string.h>

#include "profile/check.h"
#include "profile/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct buffer_of {
	uint8_t *bytes;
	size_t size;
} profile_bytes(struct arena *arena, const uint8_t *data, size_t size, size_t piece,
	const struct profile_settings *settings)
{
	static struct fault fault;
	struct profile_data profile;
	struct buffer_of all = {0};
	struct source *source = source_memory(data, size, piece);
	const enum fault_code code = profile_read(arena, source, settings, &profile, &fault);
	source_free(source);
	if (code != FAULT_NONE) {
		if (code != FAULT_INVALID || !fault.reason || !fault.message[0])
			abort();
		return all;
	}
	if (!check_dataset("fuzz", profile.dataset, &fault))
		abort();
	for (size_t i = 0; i < profile.count; i++) {
		if (!check_column("fuzz", "fuzz", profile.columns[i].profile, &fault)) {
			fprintf(stderr, "%s\n", fault.message);
			abort();
		}
		all.size += protobuf_c_message_get_packed_size(&profile.columns[i].profile->base);
	}
	all.size += protobuf_c_message_get_packed_size(&profile.dataset->base);
	all.bytes = arena_alloc(arena, all.size);
	size_t at = protobuf_c_message_pack(&profile.dataset->base, all.bytes);
	for (size_t i = 0; i < profile.count; i++)
		at += protobuf_c_message_pack(&profile.columns[i].profile->base, all.bytes + at);
	return all;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const missing[] = {"-1"};
	if (size == 0)
		return 0;
	struct profile_settings settings = {
		.header = data[0] % 4 - 1, .missing = missing, .missing_count = data[0] >> 2 & 1};
	if (data[0] & 8)
		settings.delimiter = ";,\t|"[data[0] >> 4 & 3];
	struct arena *arena = arena_new();
	const struct buffer_of whole = profile_bytes(arena, data + 1, size - 1, size, &settings);
	const struct buffer_of pieces = profile_bytes(arena, data + 1, size - 1, 1 + data[0] % 7, &settings);
	if (whole.size != pieces.size ||
		(whole.size > 0 && memcmp(whole.bytes, pieces.bytes, whole.size) != 0))
		abort();
	arena_free(arena);
	return 0;
}
