/*
 * Training data with profiles as anyone may send them, as protobuf. What is
 * accepted merges with itself into something that is accepted again, and
 * counts double.
 */
#include <stdint.h>

#include "profile/describe.h"
#include "profile/member.h"
#include "profile/merge.h"
#include "tally/v1/training_data.pb-c.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void merge_with_itself(struct arena *arena, const struct profile_data *profile)
{
	static struct fault fault;
	struct profile_data merged, again;
	/* Names that come twice cannot be told apart. */
	if (merge_profiles(arena, profile, profile, &merged, &fault))
		return;
	if (merged.dataset->rows != 2 * profile->dataset->rows)
		abort();
	void *spec = member_new(arena, &tally__v1__training_data__descriptor);
	describe_fill(arena, spec, &merged, &(struct describe_settings){0});
	/* Counts may have grown beyond what is accepted; nothing else may be wrong. */
	if (!describe_read(arena, "merged", spec, &again, &fault) && merged.dataset->rows < INT64_MAX / 8) {
		for (size_t i = 0; i < merged.count; i++) {
			if (merged.columns[i].profile->count > INT64_MAX / 8)
				return;
		}
		fprintf(stderr, "%s\n", fault.message);
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fault fault;
	Tally__V1__TrainingData *spec = tally__v1__training_data__unpack(NULL, size, data);
	if (!spec)
		return 0;
	struct arena *arena = arena_new();
	struct profile_data profile;
	if (describe_read(arena, "fuzz", spec, &profile, &fault))
		merge_with_itself(arena, &profile);
	else if (fault.code != FAULT_INVALID || !fault.message[0])
		abort();
	arena_free(arena);
	tally__v1__training_data__free_unpacked(spec, NULL);
	return 0;
}
