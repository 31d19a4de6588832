/*
 * One call of `tally import`: reads files with their formats' functions, all
 * of a file or nothing. What the functions say goes through import_values.c,
 * import_remarks.c and beside.c.
 */
#include <string.h>

#include "import/import_run.h"

struct import_run *import_run_new(struct arena *arena)
{
	struct import_run *run = arena_alloc(arena, sizeof(*run));
	run->arena = arena;
	run->draft = draft_new(arena);
	return run;
}

static void close_from(struct import_run *run, size_t first)
{
	while (run->open_count > first)
		file_close(&run->open[--run->open_count]);
}

void import_run_done(struct import_run *run)
{
	if (!run)
		return;
	close_from(run, 0);
	map_done(&run->read);
}

struct draft *import_run_draft(struct import_run *run)
{
	return run->draft;
}

bool import_was_read(const struct import_run *run, const char *path)
{
	return map_get(&run->read, path) != NULL;
}

const struct import_reading *import_readings(const struct import_run *run, size_t *count)
{
	*count = run->reading_count;
	return run->readings;
}

/* One path may be read once for each part: requirements.txt for the image and for the model. */
const char *import_run_part_key(struct import_run *run, const char *path, enum model_kind part)
{
	return arena_print(run->arena, "%s\x1f%d", path, (int)part);
}

/* @return its place; what is read beside it comes behind it */
static size_t note_reading(
	struct import_run *run, const struct import_format *format, const char *path, enum model_kind part)
{
	if (run->reading_count == run->reading_capacity) {
		run->reading_capacity = run->reading_capacity ? run->reading_capacity * 2 : 32;
		struct import_reading *larger =
			arena_array(run->arena, run->reading_capacity, sizeof(*larger));
		if (run->reading_count)
			memcpy(larger, run->readings, run->reading_count * sizeof(*larger));
		run->readings = larger;
	}
	struct import_reading *reading = &run->readings[run->reading_count];
	*reading = (struct import_reading){arena_text(run->arena, path), format, part, 0};
	map_put(&run->read, reading->path, run);
	map_put(&run->read, import_run_part_key(run, path, part), run);
	return run->reading_count++;
}

/* Forgets what a file that failed brought in. */
static void forget_readings(struct import_run *run, size_t first)
{
	for (size_t i = first; i < run->reading_count; i++) {
		map_remove(&run->read, run->readings[i].path);
		map_remove(
			&run->read, import_run_part_key(run, run->readings[i].path, run->readings[i].part));
	}
	run->reading_count = first;
}

enum fault_code import_run_read(
	struct import_run *run, const struct import_format *format, struct import import, struct fault *fault)
{
	struct fault problem = {0};
	const struct draft_mark mark = draft_mark(run->draft);
	const size_t open = run->open_count;
	const size_t reading = note_reading(run, format, import.file->path, import.part);
	import.fault = &problem;
	run->depth++;
	bool well = format->read(&import);
	run->depth--;
	close_from(run, open);
	if (well) {
		run->readings[reading].facts = draft_mark(run->draft).facts - mark.facts;
		return FAULT_NONE;
	}
	draft_rewind(run->draft, mark);
	forget_readings(run, reading);
	if (problem.code == FAULT_NONE)
		fault_set(&problem, FAULT_INVALID, "UNEXPECTED", "%s: this is not %s", import.file->path,
			format->takes);
	*fault = problem;
	return problem.code;
}

enum fault_code import_read(struct import_run *run, const struct import_format *format,
	const struct import_file *file, struct fault *fault)
{
	const struct import import = {.arena = run->arena, .file = file, .run = run};
	return import_run_read(run, format, import, fault);
}
