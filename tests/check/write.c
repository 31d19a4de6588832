/*
 * Writers: they push, delete and create under request ids, ask again until
 * the answer is known, and keep what they asked and what they were told.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "content.h"
#include "model/name.h"
#include "run.h"
#include "tally/v1/descriptor_service.pb-c.h"
#include "tally/v1/system.pb-c.h"

enum {
	ID_SIZE = 37,
	TIMEOUT_MS = 30000,
	PAUSE_MS = 30,
	LARGE_PUSH = 12, /* descriptors; each makes dozens of events */
	OK = 0,
	DEADLINE_EXCEEDED = 4,
	NOT_FOUND = 5,
	ALREADY_EXISTS = 6,
	RESOURCE_EXHAUSTED = 8,
	UNAVAILABLE = 14,
};

/* One request until its answer is known. */
struct write {
	struct run *run;
	struct dice *dice;
	struct journal *journal;
	struct arena *arena;
	char id[ID_SIZE];
	char system[MODEL_ID_SIZE];
	int number; /* of the system */
	const char *method;
	const ProtobufCMessage *request;
	const ProtobufCMessageDescriptor *type;
	int server; /* that answered */
};

static void new_id(struct write *write)
{
	int at = 0;
	for (int i = 0; i < 32; i++) {
		const char *dash = i == 8 || i == 12 || i == 16 || i == 20 ? "-" : "";
		int digit = i == 12 ? 4 : i == 16 ? 8 : dice_roll(write->dice, 16);
		at += snprintf(write->id + at, ID_SIZE - (size_t)at, "%s%x", dash, (unsigned)digit);
	}
}

static int64_t floor_of(const struct write *write)
{
	return atomic_load(&write->run->acknowledged[write->number]);
}

static void raise(const struct write *write, int64_t revision)
{
	run_raise(run_shown(write->run, (size_t)write->server, write->number), revision);
	run_raise(&write->run->acknowledged[write->number], revision);
}

static bool passing(int code)
{
	return code == UNAVAILABLE || code == RESOURCE_EXHAUSTED || code == DEADLINE_EXCEEDED;
}

/*
 * Asks one server after the other until one answers or refuses for good.
 *
 * @return owned, or NULL when it was refused or stays unknown
 */
static void *ask_until_known(struct write *write)
{
	struct run *run = write->run;
	ProtobufCMessage *answer;
	struct tally_error error;
	for (;;) {
		size_t server = run_server(run, write->dice);
		if (tally_call(run->clients[server], write->method, write->request, write->type, TIMEOUT_MS,
			    &answer, &error)) {
			write->server = (int)server;
			atomic_fetch_add(&run->answered, 1);
			return answer;
		}
		if (!passing(error.code)) {
			journal_line(write->journal, "refused\t%" PRId64 "\t%s\t%d\t%s", clock_steady_us(),
				write->id, error.code, *error.reason ? error.reason : error.message);
			return NULL;
		}
		if (atomic_load(&run->stop) && clock_steady_us() > atomic_load(&run->give_up_us))
			return NULL;
		run_sleep_ms(PAUSE_MS);
	}
}

/* ---- pushing ---- */

struct item {
	enum model_kind kind;
	char name[MODEL_ID_SIZE];
	int word;
};

static void add_findings(struct buffer *line, char mark, Tally__V1__Finding *const *findings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buffer_print(line, "\t%c%s", mark, strrchr(findings[i]->name, '/') + 1);
}

static void keep_push(struct write *write, const Tally__V1__PushDescriptorsResponse *answer)
{
	struct buffer line = {0};
	buffer_print(&line, "answer\t%" PRId64 "\t%s\t%d\t%" PRId64 "\t%d", clock_steady_us(), write->id,
		write->server, answer->revision, answer->unchanged);
	for (size_t i = 0; i < answer->n_descriptors; i++) {
		struct model_name name;
		const char *why;
		if (!model_name_parse(answer->descriptors[i]->name, &name, &why))
			violation("an answer names a descriptor '%s': %s", answer->descriptors[i]->name, why);
		buffer_print(
			&line, "\t%d:%s:%d", name.kind, name.descriptor, answer->descriptors[i]->version);
	}
	add_findings(&line, '+', answer->opened, answer->n_opened);
	add_findings(&line, '*', answer->changed, answer->n_changed);
	add_findings(&line, '-', answer->resolved, answer->n_resolved);
	buffer_text(&line, "\n");
	journal_lines(write->journal, &line);
	buffer_done(&line);
	raise(write, answer->revision);
}

static void keep_ask(struct write *write, const char *verb, const char *items)
{
	journal_line(write->journal, "ask\t%" PRId64 "\t%s\t%s\t%s\t%" PRId64 "%s", clock_steady_us(),
		write->id, verb, write->system, floor_of(write), items);
}

static void push(struct write *write, const struct item *items, size_t count)
{
	Tally__V1__PushDescriptorsRequest request = TALLY__V1__PUSH_DESCRIPTORS_REQUEST__INIT;
	struct buffer line = {0};
	request.parent = arena_print(write->arena, "systems/%s", write->system);
	request.request_id = write->id;
	request.change_note = write->id;
	request.descriptors = arena_array(write->arena, count, sizeof(*request.descriptors));
	for (size_t i = 0; i < count; i++) {
		Tally__V1__Descriptor *made = content_make(write->arena, write->system, items[i].kind,
			items[i].name, items[i].word, write->run->options->size);
		request.descriptors[request.n_descriptors++] = made;
		struct model_digest digest;
		size_t size;
		char text[MODEL_DIGEST_TEXT_SIZE];
		model_descriptor_pack(write->arena, made, &size, &digest);
		buffer_print(&line, "\t%d:%s:%s", items[i].kind, items[i].name,
			model_digest_text(&digest, text) + sizeof("sha256:") - 1);
	}
	keep_ask(write, "push", buffer_string(&line));
	buffer_done(&line);
	write->method = "/tally.v1.DescriptorService/PushDescriptors";
	write->request = &request.base;
	write->type = &tally__v1__push_descriptors_response__descriptor;
	Tally__V1__PushDescriptorsResponse *answer = ask_until_known(write);
	if (!answer)
		return;
	keep_push(write, answer);
	protobuf_c_message_free_unpacked(&answer->base, NULL);
}

static void push_some(struct write *write)
{
	static const char *const names[] = {"default", "a", "b", "c"};
	struct item items[4];
	size_t count = 0;
	for (int turns = 1 + dice_roll(write->dice, 3); turns > 0; turns--) {
		struct item item = {
			.kind = content_kind(write->dice), .word = dice_roll(write->dice, CONTENT_WORDS)};
		snprintf(item.name, sizeof(item.name), "%s", names[dice_roll(write->dice, 4)]);
		bool known = false;
		for (size_t i = 0; i < count; i++)
			known = known ||
				(items[i].kind == item.kind && strcmp(items[i].name, item.name) == 0);
		if (!known)
			items[count++] = item;
	}
	push(write, items, count);
}

/* Many events in one revision: they do not fit into one message. */
static void push_many(struct write *write)
{
	struct item items[LARGE_PUSH];
	int shift = dice_roll(write->dice, CONTENT_WORDS);
	for (int i = 0; i < LARGE_PUSH; i++) {
		items[i] = (struct item){.kind = KIND_TRAINED_MODEL, .word = (i + shift) % CONTENT_WORDS};
		snprintf(items[i].name, sizeof(items[i].name), "m%d", i);
	}
	push(write, items, LARGE_PUSH);
}

/* ---- deleting and creating ---- */

static void keep_revision(struct write *write, int64_t revision)
{
	journal_line(write->journal, "answer\t%" PRId64 "\t%s\t%d\t%" PRId64 "\t0", clock_steady_us(),
		write->id, write->server, revision);
	raise(write, revision);
}

static void delete_descriptor(struct write *write)
{
	static const char *const names[] = {"default", "a", "b", "c"};
	Tally__V1__DeleteDescriptorRequest request = TALLY__V1__DELETE_DESCRIPTOR_REQUEST__INIT;
	enum model_kind kind = content_kind(write->dice);
	const char *name = names[dice_roll(write->dice, 4)];
	request.name = arena_print(
		write->arena, "systems/%s/%s/%s", write->system, model_kind_info(kind)->collection, name);
	request.request_id = write->id;
	request.change_note = write->id;
	keep_ask(write, "delete", arena_print(write->arena, "\t%d:%s:-", kind, name));
	write->method = "/tally.v1.DescriptorService/DeleteDescriptor";
	write->request = &request.base;
	write->type = &tally__v1__delete_descriptor_response__descriptor;
	Tally__V1__DeleteDescriptorResponse *answer = ask_until_known(write);
	if (!answer)
		return;
	keep_revision(write, answer->revision);
	protobuf_c_message_free_unpacked(&answer->base, NULL);
}

static void create(struct write *write)
{
	Tally__V1__CreateSystemRequest request = TALLY__V1__CREATE_SYSTEM_REQUEST__INIT;
	request.system_id = write->system;
	request.request_id = write->id;
	keep_ask(write, "create", "");
	write->method = "/tally.v1.SystemService/CreateSystem";
	write->request = &request.base;
	write->type = &tally__v1__system__descriptor;
	Tally__V1__System *answer = ask_until_known(write);
	if (!answer)
		return;
	keep_revision(write, answer->revision);
	protobuf_c_message_free_unpacked(&answer->base, NULL);
}

static void recreate(struct write *write)
{
	Tally__V1__DeleteSystemRequest request = TALLY__V1__DELETE_SYSTEM_REQUEST__INIT;
	request.name = arena_print(write->arena, "systems/%s", write->system);
	request.request_id = write->id;
	keep_ask(write, "drop", "");
	write->method = "/tally.v1.SystemService/DeleteSystem";
	write->request = &request.base;
	write->type = &tally__v1__delete_system_response__descriptor;
	Tally__V1__DeleteSystemResponse *answer = ask_until_known(write);
	if (answer) {
		keep_revision(write, answer->revision);
		protobuf_c_message_free_unpacked(&answer->base, NULL);
	}
	new_id(write);
	create(write);
}

/* ---- the loop ---- */

static void choose_system(struct write *write, int number)
{
	write->number = number;
	run_system(write->run, number, write->system);
}

static void write_once(struct write *write)
{
	write->arena = arena_new();
	new_id(write);
	choose_system(write, dice_roll(write->dice, write->run->options->systems));
	int what = dice_roll(write->dice, 100);
	if (what < 2)
		recreate(write);
	else if (what < 12)
		delete_descriptor(write);
	else if (what < 14)
		push_many(write);
	else
		push_some(write);
	arena_free(write->arena);
}

void *write_loop(void *context)
{
	struct worker *worker = context;
	struct run *run = worker->run;
	struct dice dice = dice_new(run->options->seed + (uint64_t)run->number, (uint64_t)worker->number);
	struct write write = {.run = run, .dice = &dice};
	write.journal = journal_new(run->options->journal, "writer", worker->number, run->number);
	while (!atomic_load(&run->stop)) {
		int turn = atomic_fetch_add(&run->turn, 1);
		if (run->options->pushes && turn >= run->options->pushes)
			break;
		write_once(&write);
	}
	journal_free(write.journal);
	return NULL;
}

void write_systems(struct run *run)
{
	struct dice dice = dice_new(run->options->seed + (uint64_t)run->number, 999999);
	struct write write = {.run = run, .dice = &dice};
	write.journal = journal_new(run->options->journal, "writer", 9999, run->number);
	for (int i = 0; i < run->options->systems; i++) {
		write.arena = arena_new();
		new_id(&write);
		choose_system(&write, i);
		create(&write);
		arena_free(write.arena);
	}
	journal_free(write.journal);
}
