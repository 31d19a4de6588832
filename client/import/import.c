/*
 * One call of `tally import`: reads files with their formats' functions, all
 * of a file or nothing, and puts what they say into the draft.
 */
#include "import/import.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "base/map.h"
#include "base/utf8.h"
#include "codec/shape.h"
#include "model/types.h"

enum {
	BESIDE_MAX = 256,          /* files that are open at a time */
	LISTED_MAX = 10000,        /* files of one folder */
	TEXT_SIZE_MAX = 64 * 1024, /* bytes of one value */
	DEPTH_MAX = 4,             /* files read beside files */
};

struct import_run {
	struct arena *arena;
	struct draft *draft;
	struct map read; /* paths, and those with their parts */
	struct import_reading *readings;
	size_t reading_count, reading_capacity;
	struct import_file open[BESIDE_MAX];
	size_t open_count;
	int depth;
	bool full; /* told that the draft takes no more */
};

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
static const char *part_key(struct import_run *run, const char *path, enum model_kind part)
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
	map_put(&run->read, part_key(run, path, part), run);
	return run->reading_count++;
}

/* Forgets what a file that failed brought in. */
static void forget_readings(struct import_run *run, size_t first)
{
	for (size_t i = first; i < run->reading_count; i++) {
		map_remove(&run->read, run->readings[i].path);
		map_remove(&run->read, part_key(run, run->readings[i].path, run->readings[i].part));
	}
	run->reading_count = first;
}

static enum fault_code read_file(
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
	return read_file(run, format, import, fault);
}

/*
 * Where values go
 */

const struct draft_place *import_descriptor(struct import *import, enum model_kind kind)
{
	return draft_root(import->run->draft, kind, import->subject);
}

const struct draft_place *import_owner(struct import *import, enum model_kind kind)
{
	return import_descriptor(import, import->part != KIND_NONE ? import->part : kind);
}

const struct draft_place *import_descriptor_of(
	struct import *import, enum model_kind kind, const char *subject)
{
	return draft_root(import->run->draft, kind, subject);
}

const struct draft_place *import_part(struct import *import, const struct draft_place *at, const char *field)
{
	return draft_part(import->run->draft, at, field);
}

static const char *whole_path(struct import *import, const char *path)
{
	return import->prefix ? import_print(import, "%s.%s", import->prefix, path) : path;
}

static void put(struct import *import, struct draft_fact fact, const char *path)
{
	fact.source = (struct draft_source){import->file->path, whole_path(import, path)};
	fact.strength = import->strength;
	if (draft_put(import->run->draft, &fact) || import->run->full)
		return;
	import->run->full = true;
	import_leave(import, path, "there are more than %d values; the rest is not taken", DRAFT_FACTS_MAX);
}

/* @return the text without white space at its ends; NULL when nothing is left or it cannot be a value */
static const char *judged_text(struct import *import, const char *text, const char *path)
{
	if (model_blank(text))
		return NULL;
	const size_t size = strlen(text);
	if (size > TEXT_SIZE_MAX) {
		import_leave(import, path, "a text of %zu bytes is too long; at most %d are taken", size,
			TEXT_SIZE_MAX);
		return NULL;
	}
	if (utf8_check(text, size) != size) {
		import_leave(import, path, "this is not UTF-8 text");
		return NULL;
	}
	return text;
}

const struct draft_place *import_item(struct import *import, const struct draft_place *at, const char *list,
	const char *key, const char *path)
{
	const struct draft_place *item = draft_item(import->run->draft, at, list, key);
	put(import, (struct draft_fact){.place = item}, path);
	return item;
}

const struct draft_place *import_named(struct import *import, const struct draft_place *at, const char *list,
	const char *name_field, const char *name, const char *path)
{
	const struct draft_place *item = import_item(import, at, list, name, path);
	import_text(import, item, name_field, name, path);
	return item;
}

void import_text(struct import *import, const struct draft_place *at, const char *field, const char *text,
	const char *path)
{
	text = judged_text(import, text, path);
	if (text)
		put(import, (struct draft_fact){.place = at, .field = field, .value = text}, path);
}

static const ProtobufCFieldDescriptor *field_of(const struct draft_place *at, const char *field)
{
	return protobuf_c_message_descriptor_get_field_by_name(at->type, field);
}

void import_quantity(struct import *import, const struct draft_place *at, const char *field, double value,
	const char *original, const char *path)
{
	const ProtobufCFieldDescriptor *about = field_of(at, field);
	char text[CODEC_NUMBER_SIZE];
	if (!isfinite(value)) {
		import_leave(import, path, "%s is not finite, so it is no value", field);
		return;
	}
	if (about && shape_range(about->type).bits) {
		if (floor(value) < value || fabs(value) > 9e15)
			import_leave(import, path, "%s must be a whole number; %s is none", field,
				codec_number_text(value, text));
		else
			import_integer(import, at, field, (int64_t)value, path);
		return;
	}
	put(import,
		(struct draft_fact){.place = at,
			.field = field,
			.value = codec_number_text(value, text),
			.original = original,
			.bare = true},
		path);
}

void import_number(struct import *import, const struct draft_place *at, const char *field, double value,
	const char *path)
{
	import_quantity(import, at, field, value, NULL, path);
}

/* @return false, and told, when the field has no room for the number */
static bool judged_integer(struct import *import, const struct draft_place *at, const char *field,
	int64_t value, const char *path)
{
	const ProtobufCFieldDescriptor *about = field_of(at, field);
	const struct shape_range range = about ? shape_range(about->type) : (struct shape_range){0};
	if (!range.bits || (value >= range.min && value <= range.max))
		return true;
	import_leave(import, path, "%s takes %" PRId64 " to %" PRId64 "; %" PRId64 " is beyond that", field,
		range.min, range.max, value);
	return false;
}

void import_integer(struct import *import, const struct draft_place *at, const char *field, int64_t value,
	const char *path)
{
	const char *text = import_print(import, "%" PRId64, value);
	if (judged_integer(import, at, field, value, path))
		put(import, (struct draft_fact){.place = at, .field = field, .value = text, .bare = true},
			path);
}

void import_message(struct import *import, const struct draft_place *at, const char *field,
	const struct codec_node *message, const char *path)
{
	put(import,
		(struct draft_fact){.place = at,
			.field = field,
			.value = import_print(import, "(%zu fields)", message->count),
			.message = message},
		path);
}

void import_flag(
	struct import *import, const struct draft_place *at, const char *field, bool value, const char *path)
{
	put(import,
		(struct draft_fact){
			.place = at, .field = field, .value = value ? "true" : "false", .bare = true},
		path);
}

void import_add(struct import *import, const struct draft_place *at, const char *list, const char *text,
	const char *path)
{
	text = judged_text(import, text, path);
	if (text)
		put(import, (struct draft_fact){.place = at, .field = list, .key = text, .value = text},
			path);
}

/* Values that may repeat are told apart by their place in the list, so that a second file's are held against
 * them. */
static const char *next_key(struct import *import, const struct draft_place *at, const char *list)
{
	size_t count, place = 0;
	const struct draft_fact *facts = draft_facts(import->run->draft, &count);
	while (count > 0 && facts[count - 1].place == at && facts[count - 1].field &&
		strcmp(facts[count - 1].field, list) == 0) {
		count--;
		place++;
	}
	return import_print(import, "%zu", place);
}

void import_add_integer(struct import *import, const struct draft_place *at, const char *list, int64_t value,
	const char *path)
{
	const char *text = import_print(import, "%" PRId64, value);
	if (judged_integer(import, at, list, value, path))
		put(import,
			(struct draft_fact){.place = at,
				.field = list,
				.key = next_key(import, at, list),
				.value = text,
				.bare = true},
			path);
}

void import_add_number(
	struct import *import, const struct draft_place *at, const char *list, double value, const char *path)
{
	char text[CODEC_NUMBER_SIZE];
	if (!isfinite(value))
		import_leave(import, path, "%s has a number that is not finite", list);
	else
		put(import,
			(struct draft_fact){.place = at,
				.field = list,
				.key = next_key(import, at, list),
				.value = codec_number_text(value, text),
				.bare = true},
			path);
}

/*
 * What is told
 */

const char *import_print(struct import *import, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	char *text = arena_vprint(import->arena, format, arguments);
	va_end(arguments);
	return text;
}

static void remark(struct import *import, enum draft_remark_kind kind, const char *path, const char *format,
	va_list arguments)
{
	const struct draft_remark made = {kind, {import->file->path, whole_path(import, path)},
		arena_vprint(import->arena, format, arguments)};
	draft_remark(import->run->draft, &made);
}

void import_leave(struct import *import, const char *path, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	remark(import, DRAFT_LEFT, path, format, arguments);
	va_end(arguments);
}

void import_warn(struct import *import, const char *path, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	remark(import, DRAFT_WARNED, path, format, arguments);
	va_end(arguments);
}

void import_note(struct import *import, const char *path, const char *value)
{
	if (value && utf8_check(value, strlen(value)) == strlen(value))
		put(import, (struct draft_fact){.value = value}, path);
}

void import_note_quantity(struct import *import, const char *path, double value, const char *original)
{
	char text[CODEC_NUMBER_SIZE];
	if (isfinite(value))
		put(import,
			(struct draft_fact){
				.value = codec_number_text(value, text), .original = original, .bare = true},
			path);
}

bool import_refuse(
	struct import *import, const struct codec_node *node, const char *path, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	const char *text = arena_vprint(import->arena, format, arguments);
	va_end(arguments);
	if (node && node->line > 0) {
		const struct codec_place place = {import->file->path, path, node->line, node->column};
		codec_refuse(import->fault, "UNEXPECTED", &place, "%s", text);
	} else {
		fault_set(import->fault, FAULT_INVALID, "UNEXPECTED", "%s: %s%s%s", import->file->path, path,
			*path ? ": " : "", text);
	}
	return false;
}

bool import_refuse_line(struct import *import, int line, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	const char *text = arena_vprint(import->arena, format, arguments);
	va_end(arguments);
	const struct codec_node at = {.line = line, .column = 1};
	return import_refuse(import, &at, "", "%s", text);
}

/*
 * Other files
 */

/* The folder part of a path with its slash; "" without one. */
static const char *folder_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? arena_copy(arena, path, (size_t)(slash - path) + 1) : "";
}

/* Takes "../" off a name together with the folder that it leaves. @return false when it would leave the top
 */
static bool step_up(struct arena *arena, const char **folder, const char **name)
{
	while (strncmp(*name, "../", 3) == 0) {
		size_t size = strlen(*folder);
		if (size == 0)
			return false;
		const char *outer = folder_of(arena, arena_copy(arena, *folder, size - 1));
		if (strcmp(*folder + strlen(outer), "../") == 0)
			return false;
		*folder = outer;
		*name += 3;
	}
	return true;
}

/* Leaves "./" out, so that one file has one name. */
static const char *plain_name(struct arena *arena, const char *name)
{
	char *made = arena_text(arena, name);
	size_t size = 0;
	for (const char *at = name; *at;) {
		if ((size == 0 || made[size - 1] == '/') && (strncmp(at, "./", 2) == 0 || *at == '/')) {
			at += *at == '/' ? 1 : 2;
			continue;
		}
		made[size++] = *at++;
	}
	made[size] = '\0';
	return made;
}

/* Where a name beside this file is, as it is called and as it is opened. */
static bool place_beside(struct import *import, const char *name, const char **path, const char **opened)
{
	if (!import->file->opened || *name == '/')
		return false;
	name = plain_name(import->arena, name);
	/* Up first, then down. */
	const char *down = name;
	while (strncmp(down, "../", 3) == 0)
		down += 3;
	if (strstr(down, "../"))
		return false;
	const char *called = folder_of(import->arena, import->file->path);
	const char *at = folder_of(import->arena, import->file->opened);
	const char *rest = name;
	if (!step_up(import->arena, &called, &rest))
		return false;
	rest = name;
	if (!step_up(import->arena, &at, &rest))
		return false;
	*path = arena_print(import->arena, "%s%s", called, rest);
	*opened = arena_print(import->arena, "%s%s", at, rest);
	return true;
}

const struct import_file *import_open_beside(struct import *import, const char *name)
{
	struct import_run *run = import->run;
	const char *path, *opened;
	struct fault fault;
	struct stat about;
	/* A link could lead anywhere. */
	if (run->open_count == BESIDE_MAX || !place_beside(import, name, &path, &opened) ||
		lstat(opened, &about) != 0 || !S_ISREG(about.st_mode) ||
		file_open(import->arena, opened, path, &run->open[run->open_count], &fault) != FAULT_NONE)
		return NULL;
	return &run->open[run->open_count++];
}

void import_beside(struct import *import, const char *name, const char *format, enum model_kind part)
{
	const char *path, *opened;
	struct import_run *run = import->run;
	if (!place_beside(import, name, &path, &opened) || map_get(&run->read, part_key(run, path, part)) ||
		run->depth >= DEPTH_MAX)
		return;
	const struct import_file *file = import_open_beside(import, name);
	const struct import_format *row = import_format_named(format);
	struct fault fault;
	if (!row)
		abort();
	if (!file)
		return;
	const struct import inner = {
		.arena = run->arena, .file = file, .subject = import->subject, .part = part, .run = run};
	if (read_file(run, row, inner, &fault) != FAULT_NONE)
		import_leave(import, name, "%s", fault.message);
}

void import_skip_beside(struct import *import, const char *name)
{
	const char *path, *opened;
	if (place_beside(import, name, &path, &opened) && !import_was_read(import->run, path))
		map_put(&import->run->read, path, import->run);
}

void import_inside(struct import *import, const char *name, const char *text, const char *path)
{
	struct import_run *run = import->run;
	struct fault fault;
	const struct import_file file = {
		.path = import->file->path, .name = name, .bytes = text, .size = strlen(text)};
	struct import_file named = file;
	named.path = name;
	const struct import_format *row = import_recognise(&named);
	const struct draft_mark mark = draft_mark(run->draft);
	if (!row || run->depth >= DEPTH_MAX) {
		import_leave(import, path, "this is of no format that is known");
		return;
	}
	struct import inner = *import;
	inner.file = &file;
	inner.prefix = whole_path(import, path);
	inner.fault = &fault;
	fault = (struct fault){0};
	run->depth++;
	bool well = row->read(&inner);
	run->depth--;
	if (well)
		return;
	draft_rewind(run->draft, mark);
	import_leave(import, path, "%s", fault.code ? fault.message : row->takes);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **import_list_beside(struct import *import, const char *folder, size_t *count)
{
	const char *path, *opened;
	if (!place_beside(import, import_print(import, "%s/", folder), &path, &opened))
		return NULL;
	DIR *entries = opendir(opened);
	if (!entries)
		return NULL;
	const char **names = arena_array(import->arena, LISTED_MAX, sizeof(*names));
	*count = 0;
	for (struct dirent *entry = readdir(entries); entry && *count < LISTED_MAX;
		entry = readdir(entries)) {
		struct stat about;
		if (lstat(import_print(import, "%s%s", opened, entry->d_name), &about) == 0 &&
			S_ISREG(about.st_mode))
			names[(*count)++] = arena_text(import->arena, entry->d_name);
	}
	closedir(entries);
	qsort(names, *count, sizeof(*names), by_text);
	return names;
}

const char *import_folder(struct import *import)
{
	const char *folder = folder_of(import->arena, import->file->path);
	size_t size = strlen(folder);
	while (size > 0 && folder[size - 1] == '/')
		size--;
	if (size == 0)
		return NULL;
	const char *whole = arena_copy(import->arena, folder, size);
	const char *slash = strrchr(whole, '/');
	const char *last = slash ? slash + 1 : whole;
	return strcmp(last, ".") == 0 || strcmp(last, "..") == 0 || !*last ? NULL : last;
}
