/* Packed requests with places for the system and the turn. What descriptors say is descriptors.c's. */
#include "pushes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "descriptors.h"
#include "load.h"
#include "message.h"
#include "tally/v1/descriptor_service.pb-c.h"
#include "tally/v1/system.pb-c.h"

#define TURN_MARK "0turn-mark00"

enum {
	MARKS_MAX = 24,
	COLUMNS = 12,
	TEMPLATES = DESCRIPTOR_KINDS + 1,
	MODEL_MISMATCH = DESCRIPTOR_KINDS, /* the template of the model that does not fit */
	TURN_SIZE = sizeof(TURN_MARK) - 1,
	UNCHANGED_FIELD = 7, /* of PushDescriptorsResponse */
};

static const char system_mark[] = "system-mark";

/* A packed message and where its marks are. */
struct template
{
	size_t size;
	uint8_t *bytes;
	size_t system_at[MARKS_MAX];
	size_t system_count;
	size_t turn_at[MARKS_MAX];
	size_t turn_count;
};

struct pushes {
	struct template one[TEMPLATES]; /* a push of one descriptor */
	struct template all;            /* of all eight */
};

static size_t find_marks(const struct template *template, const char *mark, size_t *places)
{
	size_t count = 0, length = strlen(mark);
	const uint8_t *end = template->bytes + template->size;
	for (const uint8_t *at = template->bytes; (at = memmem(at, (size_t)(end - at), mark, length));
		at += length) {
		if (count == MARKS_MAX)
			abort();
		places[count++] = (size_t)(at - template->bytes);
	}
	return count;
}

static void make_template(struct template *template, Tally__V1__Descriptor **descriptors, size_t count)
{
	Tally__V1__PushDescriptorsRequest request = TALLY__V1__PUSH_DESCRIPTORS_REQUEST__INIT;
	char parent[40];
	snprintf(parent, sizeof(parent), "systems/%s", system_mark);
	request.parent = parent;
	request.descriptors = descriptors;
	request.n_descriptors = count;
	template->size = tally__v1__push_descriptors_request__get_packed_size(&request);
	template->bytes = malloc(template->size);
	if (!template->bytes)
		abort();
	tally__v1__push_descriptors_request__pack(&request, template->bytes);
	template->system_count = find_marks(template, system_mark, template->system_at);
	template->turn_count = find_marks(template, TURN_MARK, template->turn_at);
}

struct pushes *pushes_new(size_t size_bytes)
{
	struct pushes *pushes = calloc(1, sizeof(*pushes));
	if (!pushes)
		abort();
	struct arena *arena = arena_new();
	Tally__V1__Descriptor **all = descriptors_make(arena, system_mark, COLUMNS);
	for (size_t i = 0; i < DESCRIPTOR_KINDS; i++) {
		descriptors_lengthen(arena, all[i], size_bytes, TURN_MARK);
		make_template(&pushes->one[i], &all[i], 1);
	}
	make_template(&pushes->all, all, DESCRIPTOR_KINDS);
	descriptors_mismatch(all[DESCRIPTOR_MODEL]);
	make_template(&pushes->one[MODEL_MISMATCH], &all[DESCRIPTOR_MODEL], 1);
	arena_free(arena);
	return pushes;
}

void pushes_free(struct pushes *pushes)
{
	if (!pushes)
		return;
	for (size_t i = 0; i < TEMPLATES; i++)
		free(pushes->one[i].bytes);
	free(pushes->all.bytes);
	free(pushes);
}

char *pushes_system(int number, char *id)
{
	/* As long as the mark. */
	snprintf(id, PUSHES_SYSTEM_SIZE, "sys-%07d", number % 10000000);
	return id;
}

static grpc_slice fill(const struct template *template, int system, int64_t turn)
{
	char id[PUSHES_SYSTEM_SIZE], digits[32];
	pushes_system(system, id);
	snprintf(digits, sizeof(digits), "%012" PRId64, turn);
	grpc_slice slice = grpc_slice_malloc(template->size);
	uint8_t *bytes = GRPC_SLICE_START_PTR(slice);
	memcpy(bytes, template->bytes, template->size);
	for (size_t i = 0; i < template->system_count; i++)
		memcpy(bytes + template->system_at[i], id, sizeof(system_mark) - 1);
	for (size_t i = 0; i < template->turn_count; i++)
		memcpy(bytes + template->turn_at[i], digits, TURN_SIZE);
	return slice;
}

/* Turn 0 of a system is the creation's, which made a model that fits. */
static grpc_slice fill_model(const struct pushes *pushes, int system, int64_t turn, bool fits)
{
	return fill(&pushes->one[fits ? DESCRIPTOR_MODEL : MODEL_MISMATCH], system, turn + 1);
}

grpc_slice pushes_request(const struct pushes *pushes, int system, int64_t turn)
{
	int kind = (int)(turn % DESCRIPTOR_KINDS);
	if (kind == DESCRIPTOR_MODEL)
		return fill_model(pushes, system, turn, turn / DESCRIPTOR_KINDS % 2 == 1);
	return fill(&pushes->one[kind], system, turn + 1);
}

grpc_slice pushes_model_request(const struct pushes *pushes, int system, int64_t turn)
{
	return fill_model(pushes, system, turn, turn % 2 == 1);
}

grpc_slice pushes_raw_data_request(const struct pushes *pushes, int system, int64_t turn)
{
	return fill(&pushes->one[DESCRIPTOR_RAW_DATA], system, turn + 1);
}

grpc_slice pushes_all_request(const struct pushes *pushes, int system, int64_t turn)
{
	return fill(&pushes->all, system, turn + 1);
}

void pushes_check(void *context, const uint8_t *bytes, size_t size)
{
	(void)context;
	if (message_count(bytes, size, UNCHANGED_FIELD) > 0)
		give_up("a push changed nothing");
}

/* ---- creating ---- */

struct creation {
	const struct pushes *pushes;
	int next;
};

static grpc_slice create_request(void *context)
{
	struct creation *creation = context;
	char id[PUSHES_SYSTEM_SIZE];
	Tally__V1__CreateSystemRequest request = TALLY__V1__CREATE_SYSTEM_REQUEST__INIT;
	request.system_id = pushes_system(creation->next++, id);
	grpc_slice slice = grpc_slice_malloc(tally__v1__create_system_request__get_packed_size(&request));
	tally__v1__create_system_request__pack(&request, GRPC_SLICE_START_PTR(slice));
	return slice;
}

static grpc_slice fill_request(void *context)
{
	struct creation *creation = context;
	return fill(&creation->pushes->all, creation->next++, 0);
}

void pushes_create(struct pushes *pushes, const char *address, int first, int count)
{
	struct creation creation = {pushes, first};
	struct load load = {.address = address,
		.method = "/tally.v1.SystemService/CreateSystem",
		.outstanding = 64,
		.connections = 4,
		.calls_max = (uint64_t)count,
		.request = create_request,
		.context = &creation};
	load_run(&load);
	creation.next = first;
	load.method = PUSHES_METHOD;
	load.request = fill_request;
	load.answer = pushes_check;
	load_run(&load);
}
