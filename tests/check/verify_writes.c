/* Is what was acknowledged there, once, and nothing of what was refused? */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify.h"

/* One request, as its writer kept it. */
struct asked {
	const char *id, *verb;
	const struct journal_file *file;
	const struct journal_entry *ask;
	const struct journal_entry *end; /* answer or refused; NULL: unknown */
	struct truth_system *system;     /* NULL: the database has none of that name */
	int64_t asked_us, floor, revision;
	bool unchanged;
};

/* kind:name:rest */
struct word {
	enum model_kind kind;
	char name[64];
	const char *rest;
};

struct writes {
	struct truth *truth;
	struct map asked;     /* by id */
	struct map revisions; /* "system revision": the write that was answered it */
	size_t answered, unknown, refused;
};

_Noreturn static void wrong(const struct asked *asked, const char *why)
{
	struct buffer line = {0};
	for (size_t i = 0; asked->end && i < asked->end->count; i++)
		buffer_print(&line, " %s", asked->end->words[i]);
	violation("%s: %s of %s under %s, asked at revision %" PRId64 " or later, ended as:%s [%s, line %d]",
		why, asked->verb, asked->ask->words[4], asked->id, asked->floor,
		asked->end ? buffer_string(&line) : " not known", asked->file->name, asked->ask->line);
}

static struct word word_of(const struct asked *asked, const char *text)
{
	struct word word = {.kind = (enum model_kind)strtol(text, NULL, 10)};
	const char *name = strchr(text, ':');
	word.rest = name ? strchr(name + 1, ':') : NULL;
	if (!word.rest)
		trouble("%s: '%s' is not kind:name:rest", asked->file->name, text);
	snprintf(word.name, sizeof(word.name), "%.*s", (int)(word.rest - name - 1), name + 1);
	word.rest++;
	return word;
}

/* ---- one write's versions ---- */

/* The digest that was asked for one descriptor. */
static const char *asked_digest(const struct asked *asked, const struct word *answered)
{
	for (size_t i = 6; i < asked->ask->count; i++) {
		struct word word = word_of(asked, asked->ask->words[i]);
		if (word.kind == answered->kind && strcmp(word.name, answered->name) == 0)
			return word.rest;
	}
	wrong(asked, "the answer names a descriptor that was not pushed");
}

/* Returns whether the version is this write's own, not one that was current already. */
static bool check_version(struct writes *writes, const struct asked *asked, const struct word *word)
{
	int32_t number = (int32_t)strtol(word->rest, NULL, 10);
	const struct truth_version *row = truth_version_of(asked->system, word->kind, word->name, number);
	const char *what = arena_print(writes->truth->arena, "%s/%s version %d",
		model_kind_info(word->kind)->id, word->name, number);
	if (!row)
		wrong(asked, arena_print(writes->truth->arena,
				     "a version that was acknowledged is missing, %s", what));
	char digest[MODEL_DIGEST_TEXT_SIZE];
	model_digest_text(&row->digest, digest);
	if (strcmp(digest + sizeof("sha256:") - 1, asked_digest(asked, word)) != 0)
		wrong(asked, arena_print(writes->truth->arena,
				     "%s is stored with another content than was pushed", what));
	bool own = strcmp(row->note, asked->id) == 0;
	bool fits = own                ? row->revision == asked->revision
		    : asked->unchanged ? row->revision <= asked->revision
				       : row->revision < asked->revision;
	if (!fits)
		wrong(asked, arena_print(writes->truth->arena,
				     "%s is stored with revision %" PRId64 " and note '%s'", what,
				     row->revision, row->note));
	const struct truth_version *later =
		truth_version_of(asked->system, word->kind, word->name, number + 1);
	if (!own && later && later->revision <= asked->revision)
		wrong(asked, arena_print(writes->truth->arena,
				     "%s was answered as current, but a later one was", what));
	return own;
}

static void check_finding(struct writes *writes, const struct asked *asked, const char *word)
{
	const char *id = word + 1;
	const struct truth_finding *now = truth_open_at(asked->system, id, asked->revision);
	const struct truth_finding *before = truth_open_at(asked->system, id, asked->revision - 1);
	bool good = false;
	switch (*word) {
	case '+': good = now && now->since == asked->revision && now->opened == asked->revision; break;
	case '*': good = now && now->since == asked->revision && before; break;
	case '-': good = !now && before && before->until == asked->revision && before->resolved; break;
	default: break;
	}
	if (!good)
		wrong(asked,
			arena_print(writes->truth->arena,
				"a finding that was answered is not stored so at that revision (%s)", word));
}

static void check_push(struct writes *writes, const struct asked *asked)
{
	size_t versions = 0, own = 0;
	for (size_t i = 6; i < asked->end->count; i++) {
		const char *text = asked->end->words[i];
		if (strchr("+*-", *text)) {
			check_finding(writes, asked, text);
			continue;
		}
		struct word word = word_of(asked, text);
		versions++;
		own += check_version(writes, asked, &word);
	}
	if (versions != asked->ask->count - 6)
		wrong(asked, "the answer does not name every descriptor that was pushed");
	if ((own == 0) != asked->unchanged)
		wrong(asked, asked->unchanged ? "an unchanged push made a version"
					      : "a push that changed something made no version");
}

/* ---- one write ---- */

static void check_event(struct writes *writes, const struct asked *asked)
{
	static const struct {
		const char *verb;
		int type;
	} types[] = {{"push", EVENT_DESCRIPTOR_PUSHED}, {"delete", EVENT_DESCRIPTOR_DELETED},
		{"create", EVENT_SYSTEM_CREATED}, {"drop", EVENT_SYSTEM_DELETED}};
	int type = 0;
	bool told = false;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		type = strcmp(types[i].verb, asked->verb) == 0 ? types[i].type : type;
	size_t at = truth_event_at(asked->system, asked->revision);
	for (; at < asked->system->event_count && asked->system->events[at]->revision == asked->revision;
		at++) {
		told = told || asked->system->events[at]->facts.type == type;
		asked->system->events[at]->asked_us = asked->asked_us;
	}
	bool trimmed =
		truth_trimmed(writes->truth, asked->system) &&
		(asked->system->event_count == 0 || asked->revision < asked->system->events[0]->revision);
	if (!told && !trimmed)
		wrong(asked, "no event tells of a write that was acknowledged");
}

static void check_answer(struct writes *writes, struct asked *asked)
{
	asked->revision = journal_number(asked->file, asked->end, 4);
	asked->unchanged = journal_number(asked->file, asked->end, 5) != 0;
	writes->answered++;
	if (!asked->system || asked->system->revision < asked->revision)
		wrong(asked,
			arena_print(writes->truth->arena,
				"a write that was acknowledged is missing: the system is at revision %" PRId64,
				asked->system ? asked->system->revision : 0));
	if (asked->revision < asked->floor + !asked->unchanged)
		wrong(asked, "a write was answered a revision from before it was asked for");
	if (!asked->unchanged) {
		const char *key =
			arena_print(writes->truth->arena, "%s %" PRId64, asked->system->id, asked->revision);
		const struct asked *other = map_put(&writes->revisions, key, asked);
		if (other)
			wrong(asked, arena_print(writes->truth->arena,
					     "two writes were answered the same revision, this one and %s",
					     other->id));
		check_event(writes, asked);
	}
	if (strcmp(asked->verb, "push") == 0)
		check_push(writes, asked);
}

static void check_refusal(struct writes *writes, const struct asked *asked)
{
	enum {
		NOT_FOUND = 5,
		ALREADY_EXISTS = 6,
	};
	int64_t code = journal_number(asked->file, asked->end, 3);
	writes->refused++;
	if (code != NOT_FOUND && code != ALREADY_EXISTS)
		wrong(asked, "a write was refused with a status that nothing explains");
}

/* ---- nothing twice, nothing that was refused ---- */

static void check_note(struct map *notes, struct writes *writes, const struct truth_system *system,
	const struct truth_version *version)
{
	const struct asked *asked = map_get(&writes->asked, version->note);
	if (!asked)
		return; /* somebody else's */
	if (asked->end && strcmp(asked->end->words[0], "refused") == 0)
		wrong(asked, "a write that was refused made a version");
	if (asked->system != system)
		wrong(asked, "a write made a version in another system");
	const struct truth_version *other = map_put(notes, version->note, (void *)(uintptr_t)version);
	if (other && other->revision != version->revision)
		wrong(asked, arena_print(writes->truth->arena,
				     "a write was carried out twice, at revisions %" PRId64 " and %" PRId64,
				     other->revision, version->revision));
}

static void check_notes(struct writes *writes)
{
	struct map notes = {0};
	for (size_t i = 0; i < writes->truth->system_count; i++) {
		const struct truth_system *system = &writes->truth->systems[i];
		for (size_t j = 0; j < system->version_count; j++)
			check_note(&notes, writes, system, &system->versions[j]);
	}
	map_done(&notes);
}

/* ---- the journals ---- */

static void take_entry(
	struct writes *writes, const struct journal_file *file, const struct journal_entry *entry)
{
	const char *id = journal_word(file, entry, 2);
	if (strcmp(entry->words[0], "ask") != 0) {
		struct asked *asked = map_get(&writes->asked, id);
		if (!asked || asked->end)
			trouble("%s, line %d: nothing was asked under %s", file->name, entry->line, id);
		asked->end = entry;
		return;
	}
	struct asked *asked = arena_alloc(writes->truth->arena, sizeof(*asked));
	*asked = (struct asked){.id = id,
		.verb = journal_word(file, entry, 3),
		.file = file,
		.ask = entry,
		.system = truth_find(writes->truth, journal_word(file, entry, 4)),
		.asked_us = journal_number(file, entry, 1),
		.floor = journal_number(file, entry, 5)};
	if (map_put(&writes->asked, id, asked))
		trouble("%s, line %d: %s was asked twice", file->name, entry->line, id);
}

void verify_writes(struct truth *truth, const struct options *options)
{
	struct writes writes = {.truth = truth};
	size_t count;
	struct journal_file *files = journal_read(options->journal, "writer", &count);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < files[i].count; j++)
			take_entry(&writes, &files[i], &files[i].entries[j]);
	size_t at = 0;
	struct asked *asked;
	while ((asked = map_next(&writes.asked, &at))) {
		if (!asked->end)
			writes.unknown++;
		else if (strcmp(asked->end->words[0], "answer") == 0)
			check_answer(&writes, asked);
		else
			check_refusal(&writes, asked);
	}
	check_notes(&writes);
	progress("%zu writes were acknowledged and are there, %zu were refused, of %zu the end is not known",
		writes.answered, writes.refused, writes.unknown);
	map_done(&writes.asked);
	map_done(&writes.revisions);
	journal_files_free(files, count);
}
