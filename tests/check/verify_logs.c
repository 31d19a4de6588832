/*
 * Is every subscriber's log the table, filtered by its filter? A subscription
 * must bring each system's events that pass without a gap, in order, from
 * where it began: after its token, after the state it was sent, or from its
 * first message on.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify.h"

enum {
	UNKNOWN = -1,
	PHASE_STATE = 1,
	PHASE_CHECKPOINT = 4,
	CANCELLED = 1,
	DEADLINE_EXCEEDED = 4,
	NOT_FOUND = 5,
	OUT_OF_RANGE = 11,
	UNAVAILABLE = 14,
};

/* The events of one system that pass. */
struct passing {
	const struct truth_system *system;
	struct truth_event **events;
	size_t count;
};

/* Where a subscription stands in each system. */
struct standing {
	int64_t *next;    /* by system: index of the event to come; UNKNOWN */
	int64_t began_us; /* its first token came; what is asked for later must be heard; 0: none yet */
	bool state;       /* it was sent the state: what was not in it did not exist */
};

struct log {
	const struct truth *truth;
	const struct options *options;
	const struct journal_file *file;
	const struct journal_entry *entry;
	struct wish wish;
	struct passing *passing; /* by system */
	struct standing now;
	struct map tokens;     /* of those that some subscription resumed at: their standing */
	size_t state_findings; /* of the system whose state is coming */
	bool done;
	size_t events, resumed;
};

static const char *where(const struct log *log)
{
	return arena_print(log->truth->arena, "[%s, line %d]", log->file->name, log->entry->line);
}

static const char *text(const struct log *log, const struct truth_event *event)
{
	return truth_event_text(log->truth->arena, event);
}

/* ---- where it stands ---- */

static struct passing passing_of(const struct log *log, const struct truth_system *system)
{
	struct passing passing = {.system = system};
	passing.events = arena_array(log->truth->arena, system->event_count, sizeof(struct truth_event *));
	for (size_t i = 0; i < system->event_count; i++)
		if (wish_passes(&log->wish, &system->events[i]->facts))
			passing.events[passing.count++] = system->events[i];
	return passing;
}

static struct standing *copy_of(const struct log *log, const struct standing *standing)
{
	struct standing *copy = arena_alloc(log->truth->arena, sizeof(*copy));
	*copy = *standing;
	copy->next = arena_array(log->truth->arena, log->truth->system_count, sizeof(int64_t));
	if (log->truth->system_count)
		memcpy(copy->next, standing->next, log->truth->system_count * sizeof(int64_t));
	return copy;
}

/* A subscription that heard nothing of a system yet may pass over what was asked for before it began. */
static void check_passed_over(const struct log *log, const struct passing *passing, size_t until)
{
	for (size_t i = 0; i < until; i++)
		if (log->now.began_us && passing->events[i]->asked_us > log->now.began_us)
			violation(
				"an event is missing in a subscriber's log that was asked for after it began: %s "
				"%s",
				text(log, passing->events[i]), where(log));
	const struct truth_event *first = until < passing->count ? passing->events[until] : NULL;
	bool all_types = !log->wish.types && !log->wish.kinds && !log->wish.classes && !log->wish.teams &&
			 !log->wish.min_severity;
	if (first && log->now.state && all_types && first->facts.type != EVENT_SYSTEM_CREATED)
		violation("a system was not in the state that a subscriber was sent, and yet its first event "
			  "is not its creation: %s %s",
			text(log, first), where(log));
}

/* ---- events ---- */

/* Does the journal's entry tell of this event? */
static bool is(const struct log *log, const struct truth_event *event)
{
	return event->revision == journal_number(log->file, log->entry, 2) &&
	       strcmp(event->digest, journal_word(log->file, log->entry, 5)) == 0;
}

static const char *received(const struct log *log)
{
	return arena_print(log->truth->arena, "%s revision %s type %s %s (%s)", log->entry->words[1],
		log->entry->words[2], log->entry->words[3], journal_word(log->file, log->entry, 6),
		log->entry->words[5]);
}

/* What came is not what was to come: says which promise that breaks. */
_Noreturn static void unexpected(const struct log *log, const struct passing *passing, int64_t next)
{
	const char *expected = next < (int64_t)passing->count ? text(log, passing->events[next]) : "nothing";
	for (size_t i = 0; i < passing->count; i++) {
		if (!is(log, passing->events[i]))
			continue;
		if ((int64_t)i > next)
			violation("a subscriber was not told of %" PRId64
				  " events: it was to hear %s and heard %s %s",
				(int64_t)i - next, expected, received(log), where(log));
		violation("a subscriber was told of an event again: %s, when %s was to come %s",
			received(log), expected, where(log));
	}
	violation(
		"a subscriber was told of an event that the table does not have or its filter excludes: %s, "
		"when %s was to come %s",
		received(log), expected, where(log));
}

static void check_mark(const struct log *log, const struct passing *passing, size_t at)
{
	const struct truth_event *event = passing->events[at];
	bool last = at + 1 == passing->count || passing->events[at + 1]->revision != event->revision;
	if (last != (journal_number(log->file, log->entry, 4) != 0))
		violation(
			"last_of_revision is %s on an event that is %sthe last of its revision that passes: "
			"%s %s",
			log->entry->words[4], last ? "" : "not ", text(log, event), where(log));
}

static size_t first_of(const struct log *log, const struct passing *passing)
{
	for (size_t i = 0; i < passing->count; i++)
		if (is(log, passing->events[i]))
			return i;
	unexpected(log, passing, (int64_t)passing->count);
}

/* What was trimmed since cannot be compared. */
static bool is_gone(const struct log *log, const struct truth_system *system)
{
	return truth_trimmed(log->truth, system) &&
	       (system->event_count == 0 ||
		       journal_number(log->file, log->entry, 2) < system->events[0]->revision);
}

static void take_live(struct log *log, size_t system)
{
	const struct passing *passing = &log->passing[system];
	int64_t *next = &log->now.next[system];
	log->events++;
	if (is_gone(log, passing->system))
		return;
	if (*next == UNKNOWN) {
		size_t first = first_of(log, passing);
		if (first && passing->events[first - 1]->revision == passing->events[first]->revision)
			violation("a subscription begins in the middle of a revision: %s %s",
				text(log, passing->events[first]), where(log));
		check_passed_over(log, passing, first);
		*next = (int64_t)first;
	}
	if (*next >= (int64_t)passing->count || !is(log, passing->events[*next]))
		unexpected(log, passing, *next);
	check_mark(log, passing, (size_t)*next);
	++*next;
}

/* ---- state ---- */

/* How many findings were open at a revision that pass as opened ones? */
static size_t open_count(const struct log *log, const struct truth_system *system, int64_t revision)
{
	size_t count = 0;
	for (size_t i = 0; i < system->finding_count; i++) {
		const struct truth_finding *state = &system->findings[i];
		if (state->since > revision || (state->until && state->until <= revision))
			continue;
		Tally__V1__Event event = TALLY__V1__EVENT__INIT;
		event.system = (char *)(uintptr_t)system->id;
		event.type = TALLY__V1__EVENT_TYPE__EVENT_TYPE_FINDING_OPENED;
		event.what_case = TALLY__V1__EVENT__WHAT_FINDING;
		event.finding = tally__v1__finding__unpack(NULL, state->body_size, state->body);
		if (!event.finding)
			violation("the stored body of %s finding %s cannot be read", system->id, state->id);
		struct wish_facts facts;
		wish_facts_of(&event, &facts);
		count += wish_passes(&log->wish, &facts);
		tally__v1__finding__free_unpacked(event.finding, NULL);
	}
	return count;
}

/* The verdict of the state is the last that was told, but for the revision that it names. */
static void check_state_verdict(const struct log *log, const struct truth_system *system, int64_t revision)
{
	if (revision > system->revision)
		violation("a subscriber was sent the state of %s at revision %" PRId64
			  ", which the database does not have %s",
			system->id, revision, where(log));
}

static void take_state(struct log *log, size_t system)
{
	const struct passing *passing = &log->passing[system];
	int64_t revision = journal_number(log->file, log->entry, 2);
	const char *name = journal_word(log->file, log->entry, 6);
	bool verdict = strcmp(name, "verdict") == 0;
	log->state_findings += !verdict;
	check_state_verdict(log, passing->system, revision);
	if (!verdict && !truth_open_at(passing->system, name, revision))
		violation("a subscriber was sent a finding as open that was not: %s %s", received(log),
			where(log));
	if (!journal_number(log->file, log->entry, 4))
		return;
	size_t open = open_count(log, passing->system, revision);
	if (log->state_findings != open)
		violation("a subscriber was sent %zu open findings of %s at revision %" PRId64
			  ", but %zu were open %s",
			log->state_findings, passing->system->id, revision, open, where(log));
	log->state_findings = 0;
	int64_t *next = &log->now.next[system];
	*next = 0;
	while (*next < (int64_t)passing->count && passing->events[*next]->revision <= revision)
		++*next;
}

/* ---- entries ---- */

static size_t system_of(const struct log *log)
{
	const char *id = journal_word(log->file, log->entry, 1);
	const struct truth_system *system = truth_find(log->truth, id);
	if (!system)
		violation("a subscriber was told of %s, which the database does not have %s", id, where(log));
	return (size_t)(system - log->truth->systems);
}

static void forget(struct log *log)
{
	for (size_t i = 0; i < log->truth->system_count; i++)
		log->now.next[i] = UNKNOWN;
	log->now.began_us = 0;
	log->now.state = false;
	log->state_findings = 0;
}

static void take_open(struct log *log)
{
	const char *token = journal_word(log->file, log->entry, 3);
	if (strcmp(token, "-") == 0) {
		forget(log);
		return;
	}
	const struct standing *standing = map_get(&log->tokens, token);
	if (!standing->next)
		trouble("%s resumes at a token that never came", where(log));
	log->now = *copy_of(log, standing);
	log->resumed++;
}

static void check_wait(const struct log *log, int64_t waited_us)
{
	int64_t most_ms = log->wish.interval_ms + log->options->slack_ms;
	if (waited_us / 1000 > most_ms)
		violation("a subscriber waited %" PRId64
			  " ms for a message; its checkpoints come every %d ms, and "
			  "%d ms more are allowed for %s",
			waited_us / 1000, log->wish.interval_ms, log->options->slack_ms, where(log));
}

/* Takes a message and its events. @return the index of the last of its entries */
static size_t take_message(struct log *log, size_t at)
{
	const struct journal_entry *head = log->entry;
	int64_t phase = journal_number(log->file, head, 3);
	size_t count = (size_t)journal_number(log->file, head, 4);
	const char *token = journal_word(log->file, head, 5);
	check_wait(log, journal_number(log->file, head, 2));
	if (at + count >= log->file->count)
		return log->file->count; /* torn by a kill */
	for (size_t i = 1; i <= count; i++) {
		log->entry = &log->file->entries[at + i];
		if (phase == PHASE_STATE)
			take_state(log, system_of(log));
		else
			take_live(log, system_of(log));
	}
	bool has_token = strcmp(token, "-") != 0;
	if (has_token && count && !journal_number(log->file, log->entry, 4))
		violation("a token came in the middle of a revision %s", where(log));
	if (phase == PHASE_CHECKPOINT && (!has_token || count))
		violation("a checkpoint came %s %s", count ? "with events" : "without a token", where(log));
	if (has_token && !log->now.began_us) {
		log->now.began_us = journal_number(log->file, head, 1);
		log->now.state = log->wish.state;
	}
	struct standing *standing = has_token ? map_get(&log->tokens, token) : NULL;
	if (standing)
		*standing = *copy_of(log, &log->now);
	return at + count;
}

static void take_end(struct log *log)
{
	int64_t code = journal_number(log->file, log->entry, 3);
	const char *reason = journal_word(log->file, log->entry, 4);
	bool trimmed = false;
	for (size_t i = 0; i < log->truth->partition_count; i++)
		trimmed = trimmed || log->truth->partitions[i].trimmed > 0;
	bool allowed = code == CANCELLED || code == UNAVAILABLE ||
		       (code == DEADLINE_EXCEEDED && strcmp(reason, "DATABASE_TIMEOUT") == 0) ||
		       (code == NOT_FOUND && strcmp(reason, "SYSTEM_NOT_FOUND") == 0) ||
		       (code == OUT_OF_RANGE && trimmed);
	if (!allowed)
		violation("a subscription ended with status %" PRId64 " %s, which nothing explains %s", code,
			reason, where(log));
	if (code == CANCELLED)
		check_wait(log, journal_number(log->file, log->entry, 2));
}

static void take_file(struct log *log)
{
	log->done = false;
	for (size_t i = 0; i < log->file->count; i++) {
		log->entry = &log->file->entries[i];
		const char *verb = log->entry->words[0];
		if (strcmp(verb, "open") == 0)
			take_open(log);
		else if (strcmp(verb, "message") == 0)
			i = take_message(log, i);
		else if (strcmp(verb, "end") == 0)
			take_end(log);
		else if (strcmp(verb, "done") == 0)
			log->done = true;
	}
}

/* ---- a subscriber ---- */

static void check_end(const struct log *log)
{
	for (size_t i = 0; i < log->truth->system_count; i++) {
		const struct passing *passing = &log->passing[i];
		int64_t next = log->now.next[i];
		if (next == UNKNOWN)
			check_passed_over(log, passing, passing->count);
		else if (next < (int64_t)passing->count)
			violation("a subscriber waited until all was quiet and was not told of %" PRId64
				  " events, the first is %s [%s]",
				(int64_t)passing->count - next, text(log, passing->events[next]),
				log->file->name);
	}
}

/* Only tokens that are used need to be remembered. */
static void mark_tokens(struct log *log, const struct journal_file *files, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < files[i].count; j++) {
			const struct journal_entry *entry = &files[i].entries[j];
			if (strcmp(entry->words[0], "open") == 0 && strcmp(entry->words[3], "-") != 0 &&
				!map_get(&log->tokens, entry->words[3]))
				map_put(&log->tokens, entry->words[3],
					arena_alloc(log->truth->arena, sizeof(struct standing)));
		}
	}
}

static void check_subscriber(struct log *log, const struct journal_file *files, size_t count)
{
	const struct truth *truth = log->truth;
	if (files->count == 0)
		return;
	log->wish = wish_read(files, &files->entries[0]);
	log->passing = arena_array(truth->arena, truth->system_count, sizeof(*log->passing));
	for (size_t i = 0; i < truth->system_count; i++)
		log->passing[i] = passing_of(log, &truth->systems[i]);
	log->now.next = arena_array(truth->arena, truth->system_count, sizeof(int64_t));
	forget(log);
	mark_tokens(log, files, count);
	for (size_t i = 0; i < count; i++) {
		log->file = &files[i];
		take_file(log);
	}
	if (log->done)
		check_end(log);
	map_done(&log->tokens);
	wish_done(&log->wish);
}

void verify_logs(const struct truth *truth, const struct options *options)
{
	size_t count, events = 0, resumed = 0, subscribers = 0;
	struct journal_file *files = journal_read(options->journal, "watcher", &count);
	for (size_t first = 0, end; first < count; first = end) {
		for (end = first; end < count && files[end].number == files[first].number; end++)
			;
		struct log log = {.truth = truth, .options = options};
		check_subscriber(&log, &files[first], end - first);
		events += log.events;
		resumed += log.resumed;
		subscribers++;
	}
	progress("%zu subscribers were told %zu events and resumed %zu times: each log is the table's",
		subscribers, events, resumed);
	journal_files_free(files, count);
}
