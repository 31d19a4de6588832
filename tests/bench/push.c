/* How long a push takes that really changes something, from the client's call to its answer. */
#include <inttypes.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench.h"
#include "tally/v1/system.pb-c.h"

static void *call(struct tally_client *client, const char *method, const void *request,
	const ProtobufCMessageDescriptor *type)
{
	ProtobufCMessage *answer;
	struct tally_error error;
	if (!tally_call(client, method, request, type, 30000, &answer, &error))
		give_up("%s: %s %s", method, tally_code_name(error.code), error.message);
	return answer;
}

static void create(struct tally_client *client, const char *system)
{
	Tally__V1__CreateSystemRequest request = TALLY__V1__CREATE_SYSTEM_REQUEST__INIT;
	request.system_id = (char *)(uintptr_t)system;
	protobuf_c_message_free_unpacked(call(client, "/tally.v1.SystemService/CreateSystem", &request,
						 &tally__v1__system__descriptor),
		NULL);
}

static void push(
	struct tally_client *client, const char *system, Tally__V1__Descriptor **descriptors, size_t count)
{
	Tally__V1__PushDescriptorsRequest request = TALLY__V1__PUSH_DESCRIPTORS_REQUEST__INIT;
	char parent[80];
	snprintf(parent, sizeof(parent), "systems/%s", system);
	request.parent = parent;
	request.descriptors = descriptors;
	request.n_descriptors = count;
	Tally__V1__PushDescriptorsResponse *answer =
		call(client, "/tally.v1.DescriptorService/PushDescriptors", &request,
			&tally__v1__push_descriptors_response__descriptor);
	if (answer->unchanged)
		give_up("the push changed nothing");
	protobuf_c_message_free_unpacked(&answer->base, NULL);
}

void bench_push_one(struct tally_client *client, const char *system, Tally__V1__Descriptor *descriptor)
{
	push(client, system, &descriptor, 1);
}

void bench_create_system(struct tally_client *client, char *system, size_t size)
{
	static _Atomic int made;
	struct arena *arena = arena_new();
	snprintf(system, size, "bench-%" PRId64 "-%d", clock_wall_us(), made++);
	create(client, system);
	push(client, system, bench_descriptors(arena, system), 8);
	arena_free(arena);
}

static int by_value(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a;
	int64_t right = *(const int64_t *)b;
	return left < right ? -1 : left > right;
}

static void print(const char *what, int64_t *times_us, int count)
{
	qsort(times_us, (size_t)count, sizeof(*times_us), by_value);
	printf("%-34s %9.3f %9.3f %9.3f\n", what, (double)times_us[count / 2] / 1e3,
		(double)times_us[count * 9 / 10] / 1e3, (double)times_us[count * 99 / 100] / 1e3);
}

void bench_push(const struct options *options)
{
	struct tally_client *client = tally_client_new(options->server);
	struct baseline *baseline = baseline_open(options->database);
	char system[40];
	bench_create_system(client, system, sizeof(system));

	int64_t *push_us = calloc((size_t)options->pushes, sizeof(*push_us));
	int64_t *plain_us = calloc((size_t)options->pushes, sizeof(*plain_us));
	if (!push_us || !plain_us)
		abort();
	for (int turn = 1; turn <= options->pushes; turn++) {
		struct arena *scratch = arena_new();
		Tally__V1__Descriptor *raw = bench_raw_data(scratch, system, options->size, turn);
		size_t size = tally__v1__descriptor__get_packed_size(raw);
		uint8_t *bytes = arena_alloc(scratch, size);
		tally__v1__descriptor__pack(raw, bytes);
		int64_t begin = clock_steady_us();
		push(client, system, &raw, 1);
		int64_t between = clock_steady_us();
		baseline_commit(baseline, bytes, size);
		push_us[turn - 1] = between - begin;
		plain_us[turn - 1] = clock_steady_us() - between;
		arena_free(scratch);
	}
	printf("push: 1 client, %d pushes of %zu bytes into a system with all eight kinds, in turns\n",
		options->pushes, options->size);
	printf("%-34s %9s %9s %9s\n", "milliseconds", "p50", "p90", "p99");
	print("tally push, findings answered", push_us, options->pushes);
	print("libpq transaction, same bytes", plain_us, options->pushes);
	printf("%-34s %9.2f\n", "ratio of medians",
		(double)push_us[options->pushes / 2] / (double)plain_us[options->pushes / 2]);
	free(push_us);
	free(plain_us);
	baseline_close(baseline);
	tally_client_free(client);
}
