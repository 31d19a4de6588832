/* Did readers see what they asked for, and was it so? */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "verify.h"

struct look {
	const struct journal_file *file;
	const struct journal_entry *entry;
	const char *server, *what, *id, *detail;
	int64_t minimum, least, revision;
	const struct truth_system *system;
};

_Noreturn static void wrong(const struct look *look, const char *why)
{
	violation("%s: server %s showed %s of %s at revision %" PRId64 " as %s (asked for at least %" PRId64
		  ", it had answered or shown %" PRId64 " before) [%s, line %d]",
		why, look->server, look->what, look->id, look->revision, look->detail, look->minimum,
		look->least, look->file->name, look->entry->line);
}

static void check_verdict(const struct look *look)
{
	const Tally__V1__Verdict *verdict = verify_verdict_at(look->system, look->revision);
	char expected[64];
	if (!verdict)
		return; /* trimmed */
	snprintf(expected, sizeof(expected), "%d:%d:%d:%d", (int)verdict->decision, verdict->error_count,
		verdict->warning_count, verdict->note_count);
	if (strcmp(expected, look->detail) != 0)
		wrong(look, "a verdict was shown that is not the one of its revision");
}

static void check_findings(const struct truth *truth, const struct look *look)
{
	struct arena *arena = arena_new();
	const char **ids = arena_array(arena, look->system->finding_count, sizeof(*ids));
	size_t count = 0;
	for (size_t i = 0; i < look->system->finding_count; i++) {
		const struct truth_finding *state = &look->system->findings[i];
		if (state->since <= look->revision && (!state->until || look->revision < state->until))
			ids[count++] = state->id;
	}
	const char *stored = arena_text(truth->arena, check_ids(arena, ids, count));
	arena_free(arena);
	if (strcmp(stored, look->detail) != 0)
		wrong(look,
			arena_print(truth->arena,
				"the findings that were shown are not those that were open (%s)", stored));
}

static void check_look(
	const struct truth *truth, const struct journal_file *file, const struct journal_entry *entry)
{
	struct look look = {.file = file,
		.entry = entry,
		.server = journal_word(file, entry, 2),
		.what = journal_word(file, entry, 3),
		.id = journal_word(file, entry, 4),
		.minimum = journal_number(file, entry, 5),
		.least = journal_number(file, entry, 6),
		.revision = journal_number(file, entry, 7),
		.detail = journal_word(file, entry, 8)};
	look.system = truth_find(truth, look.id);
	if (!look.system || look.system->revision < look.revision)
		wrong(&look, "a revision was shown that the database does not have");
	if (look.revision < look.minimum)
		wrong(&look, "the answer is older than the min_revision that was asked for");
	if (look.revision < look.least)
		wrong(&look, "the answer is older than what the same server had answered before");
	if (strcmp(look.what, "verdict") == 0)
		check_verdict(&look);
	else if (strcmp(look.what, "findings") == 0)
		check_findings(truth, &look);
}

/* A server may be away, and a system deleted; but it may not forget how far a system is. */
static void check_late(const struct journal_file *file, const struct journal_entry *entry)
{
	if (strcmp(journal_word(file, entry, 7), "REVISION_NOT_REACHED") == 0)
		violation("server %s did not reach revision %s of %s, which was acknowledged, within %" PRId64
			  " ms [%s, line %d]",
			journal_word(file, entry, 2), journal_word(file, entry, 5),
			journal_word(file, entry, 4), journal_number(file, entry, 8) / 1000, file->name,
			entry->line);
	int64_t code = journal_number(file, entry, 6);
	if (code == 3 || code == 13 || code == 2 || code == 12)
		violation("a read of %s ended with status %" PRId64 " %s [%s, line %d]",
			journal_word(file, entry, 4), code, journal_word(file, entry, 7), file->name,
			entry->line);
}

void verify_looks(const struct truth *truth, const struct options *options)
{
	size_t count, looks = 0;
	struct journal_file *files = journal_read(options->journal, "reader", &count);
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < files[i].count; j++) {
			const struct journal_entry *entry = &files[i].entries[j];
			bool look = strcmp(entry->words[0], "look") == 0;
			looks += look;
			if (look)
				check_look(truth, &files[i], entry);
			else
				check_late(&files[i], entry);
		}
	}
	progress("%zu reads showed what was there", looks);
	journal_files_free(files, count);
}
