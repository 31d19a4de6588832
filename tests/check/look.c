/*
 * Readers: they ask servers for what was acknowledged, sometimes for at least
 * that revision, and keep which revision they were shown and what it said.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "model/name.h"
#include "run.h"
#include "tally/v1/mismatch_service.pb-c.h"
#include "tally/v1/system.pb-c.h"

enum {
	TIMEOUT_MS = 20000,
	PAUSE_MS = 5,
};

struct look {
	struct run *run;
	struct dice dice;
	struct journal *journal;
	struct arena *arena;
	size_t server;
	char system[MODEL_ID_SIZE];
	int64_t minimum; /* asked for; 0: none */
	int64_t least;   /* this server answered or showed it before, or was asked for it */
};

static void keep_failure(
	struct look *look, const char *what, const struct tally_error *error, int64_t began_us)
{
	journal_line(look->journal, "late\t%" PRId64 "\t%zu\t%s\t%s\t%" PRId64 "\t%d\t%s\t%" PRId64,
		clock_steady_us(), look->server, what, look->system, look->minimum, error->code,
		*error->reason ? error->reason : "-", clock_steady_us() - began_us);
}

static void keep(struct look *look, const char *what, int64_t revision, const char *detail)
{
	journal_line(look->journal,
		"look\t%" PRId64 "\t%zu\t%s\t%s\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%s",
		clock_steady_us(), look->server, what, look->system, look->minimum, look->least, revision,
		detail);
}

static void *call(struct look *look, const char *what, const char *method, const ProtobufCMessage *request,
	const ProtobufCMessageDescriptor *type)
{
	ProtobufCMessage *answer;
	struct tally_error error;
	int64_t began_us = clock_steady_us();
	if (tally_call(look->run->clients[look->server], method, request, type, TIMEOUT_MS, &answer, &error))
		return answer;
	keep_failure(look, what, &error, began_us);
	return NULL;
}

static int64_t look_at_verdict(struct look *look)
{
	Tally__V1__GetVerdictRequest request = TALLY__V1__GET_VERDICT_REQUEST__INIT;
	request.system = arena_print(look->arena, "systems/%s", look->system);
	request.min_revision = look->minimum;
	Tally__V1__Verdict *verdict = call(look, "verdict", "/tally.v1.MismatchService/GetVerdict",
		&request.base, &tally__v1__verdict__descriptor);
	if (!verdict)
		return -1;
	int64_t revision = verdict->revision;
	keep(look, "verdict", revision,
		arena_print(look->arena, "%d:%d:%d:%d", (int)verdict->decision, verdict->error_count,
			verdict->warning_count, verdict->note_count));
	protobuf_c_message_free_unpacked(&verdict->base, NULL);
	return revision;
}

/* A system of a run has less than a page. */
static const char *ids_of(const struct look *look, const Tally__V1__ListFindingsResponse *page)
{
	const char **ids = arena_array(look->arena, page->n_findings, sizeof(char *));
	for (size_t i = 0; i < page->n_findings; i++)
		ids[i] = strrchr(page->findings[i]->name, '/') + 1;
	return check_ids(look->arena, ids, page->n_findings);
}

static int64_t look_at_findings(struct look *look)
{
	Tally__V1__ListFindingsRequest request = TALLY__V1__LIST_FINDINGS_REQUEST__INIT;
	request.parent = arena_print(look->arena, "systems/%s", look->system);
	request.min_revision = look->minimum;
	request.page_size = 1000;
	Tally__V1__ListFindingsResponse *page =
		call(look, "findings", "/tally.v1.MismatchService/ListFindings", &request.base,
			&tally__v1__list_findings_response__descriptor);
	if (!page)
		return -1;
	int64_t revision = page->revision;
	if (!*page->next_page_token)
		keep(look, "findings", revision, ids_of(look, page));
	protobuf_c_message_free_unpacked(&page->base, NULL);
	return revision;
}

static int64_t look_at_system(struct look *look)
{
	Tally__V1__GetSystemRequest request = TALLY__V1__GET_SYSTEM_REQUEST__INIT;
	request.name = arena_print(look->arena, "systems/%s", look->system);
	request.min_revision = look->minimum;
	Tally__V1__System *system = call(look, "system", "/tally.v1.SystemService/GetSystem", &request.base,
		&tally__v1__system__descriptor);
	if (!system)
		return -1;
	int64_t revision = system->revision;
	keep(look, "system", revision, "-");
	protobuf_c_message_free_unpacked(&system->base, NULL);
	return revision;
}

static void look_once(struct look *look)
{
	static int64_t (*const looks[])(struct look *) = {look_at_verdict, look_at_findings, look_at_system};
	const struct run *run = look->run;
	int number = dice_roll(&look->dice, run->options->systems);
	look->arena = arena_new();
	look->server = run_server(run, &look->dice);
	run_system(run, number, look->system);
	/* A server that comes again at its address has forgotten nothing: it reads what was committed. */
	_Atomic int64_t *shown = run_shown(run, look->server, number);
	int64_t known = atomic_load(shown);
	look->minimum = dice_roll(&look->dice, 2) ? atomic_load(&run->acknowledged[number]) : 0;
	look->least = known > look->minimum ? known : look->minimum;
	run_raise(shown, looks[dice_roll(&look->dice, 3)](look));
	arena_free(look->arena);
}

void *look_loop(void *context)
{
	struct worker *worker = context;
	struct run *run = worker->run;
	struct look look = {.run = run,
		.dice = dice_new(
			run->options->seed + (uint64_t)run->number, 500000 + (uint64_t)worker->number)};
	look.journal = journal_new(run->options->journal, "reader", worker->number, run->number);
	while (!atomic_load(&run->stop)) {
		look_once(&look);
		run_sleep_ms(PAUSE_MS);
	}
	journal_free(look.journal);
	return NULL;
}
