/* How names, numbers and lists are put into messages, and looked up. Decides nothing. */
#include "rules/rule.h"

#include <stdarg.h>

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Text without white space at its ends. @param[out] size bytes */
static const char *trimmed(const char *text, size_t *size)
{
	if (!text)
		text = "";
	while (is_space(*text))
		text++;
	*size = strlen(text);
	while (*size > 0 && is_space(text[*size - 1]))
		--*size;
	return text;
}

const char *rule_trim(struct rule_run *run, const char *text)
{
	size_t size;
	const char *start = trimmed(text, &size);
	return start[size] ? arena_copy(run->scratch, start, size) : start;
}

const char *rule_quote(struct rule_run *run, const char *text, size_t size)
{
	size_t whole;
	const char *start = trimmed(text, &whole);
	if (whole <= size)
		return arena_copy(run->scratch, start, whole);
	while (size > 0 && ((unsigned char)start[size] & 0xc0) == 0x80)
		size--;
	return arena_print(run->scratch, "%.*s…", (int)size, start);
}

const char *rule_show(struct rule_run *run, const char *text)
{
	return rule_quote(run, text, RULE_TEXT_BYTES);
}

const char *rule_name(struct rule_run *run, const char *name)
{
	return arena_print(run->scratch, "\"%s\"", rule_show(run, name));
}

const char *rule_number(struct rule_run *run, double number)
{
	char text[40];
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, number);
		if (strtod(text, NULL) == number)
			break;
	}
	return arena_text(run->scratch, text);
}

const char *rule_descriptor(struct rule_run *run, const struct model_descriptor *descriptor)
{
	const struct model_version *version = model_descriptor_version(descriptor);
	const char *title = model_kind_info(version->kind)->title;
	if (strcmp(version->name, "default") == 0)
		return arena_print(run->scratch, "the %s", title);
	return arena_print(run->scratch, "%s %s", title, version->name);
}

const char *rule_sentence(struct rule_run *run, const char *text)
{
	char *sentence = arena_text(run->scratch, text);
	if (sentence[0] >= 'a' && sentence[0] <= 'z')
		sentence[0] = (char)(sentence[0] - 'a' + 'A');
	return sentence;
}

const char *rule_subject(struct rule_run *run, const char *text, const char *format, ...)
{
	const char *given = rule_trim(run, text);
	if (*given)
		return given;
	va_list arguments;
	va_start(arguments, format);
	const char *place = arena_vprint(run->scratch, format, arguments);
	va_end(arguments);
	return place;
}

/* The maps of a run, to be freed with it. */
struct rule_maps {
	struct map map;
	struct rule_maps *next;
};

struct map *rule_map(struct rule_run *run)
{
	struct rule_maps *entry = arena_alloc(run->scratch, sizeof(*entry));
	entry->next = run->maps;
	run->maps = entry;
	return &entry->map;
}

void rule_run_init(struct rule_run *run, const struct model_system *system, const struct rule *rule,
	enum model_kind kind)
{
	*run = (struct rule_run){
		.system = system, .rule = rule, .kind = kind, .scratch = arena_new(), .due_us = INT64_MAX};
	run->last = &run->first;
}

static void free_maps(struct rule_run *run)
{
	for (struct rule_maps *entry = run->maps; entry; entry = entry->next)
		map_done(&entry->map);
}

void rule_run_done(struct rule_run *run)
{
	free_maps(run);
	arena_free(run->scratch);
}

void rule_run_again(struct rule_run *run, const struct rule *rule, enum model_kind kind)
{
	free_maps(run);
	arena_clear(run->scratch);
	*run = (struct rule_run){.system = run->system,
		.rule = rule,
		.kind = kind,
		.scratch = run->scratch,
		.shared = run->shared,
		.due_us = INT64_MAX};
	run->last = &run->first;
}

struct rule_run *rule_shared_run(struct rule_run *run)
{
	struct rule_shared *shared = run->shared;
	if (!shared)
		return run;
	if (!shared->run) {
		shared->run = calloc(1, sizeof(*shared->run));
		if (!shared->run)
			abort();
		rule_run_init(shared->run, run->system, run->rule, KIND_NONE);
	}
	return shared->run;
}

void rule_shared_done(struct rule_shared *shared)
{
	if (shared->run)
		rule_run_done(shared->run);
	free(shared->run);
	*shared = (struct rule_shared){0};
}

/* Appends to the things of one name. Only the few first ones count: comparing all with all would be a lever.
 */
static void chain(struct rule_named *first, struct rule_named *named)
{
	struct rule_named *last = first;
	for (size_t i = 1; i < RULE_SAME_NAME_MAX; i++) {
		if (!last->next) {
			last->next = named;
			return;
		}
		last = last->next;
	}
}

static void add(struct rule_run *run, struct map *map, const char *key, const struct rule_named *named)
{
	struct rule_named *copy = arena_copy(run->scratch, named, sizeof(*named));
	copy->next = NULL;
	/* Names are seldom given twice. */
	struct rule_named *first = map_put(map, key, copy);
	if (!first)
		return;
	map_put(map, key, first);
	chain(first, copy);
}

void rule_index(struct rule_run *run, struct map *map, const char *name, const struct rule_named *named)
{
	const char *key = rule_trim(run, name);
	if (*key)
		add(run, map, key, named);
}

const struct rule_named *rule_look(struct rule_run *run, const struct map *map, const char *name)
{
	const char *key = rule_trim(run, name);
	return *key ? map_get(map, key) : NULL;
}

enum {
	SIZE_DIGITS_MAX = 22 /* of a size with base 10, and a colon */
};

/* The size in front keeps "a", "bc" apart from "ab", "c". NULL when either is blank. Made without printf():
 * there is one for every item of every interface. */
static const char *pair_key(struct rule_run *run, const char *const names[2])
{
	size_t sizes[2];
	const char *a = trimmed(names[0], &sizes[0]);
	const char *b = trimmed(names[1], &sizes[1]);
	if (sizes[0] == 0 || sizes[1] == 0)
		return NULL;
	char *key = arena_raw(run->scratch, SIZE_DIGITS_MAX + sizes[0] + sizes[1] + 1);
	char *at = key;
	for (size_t left = sizes[0]; left > 0; left /= 10)
		*at++ = (char)('0' + left % 10);
	*at++ = ':';
	memcpy(at, a, sizes[0]);
	memcpy(at + sizes[0], b, sizes[1]);
	at[sizes[0] + sizes[1]] = '\0';
	return key;
}

void rule_index_pair(
	struct rule_run *run, struct map *map, const char *const names[2], const struct rule_named *named)
{
	const char *key = pair_key(run, names);
	if (key)
		add(run, map, key, named);
}

const struct rule_named *rule_look_pair(
	struct rule_run *run, const struct map *map, const char *const names[2])
{
	const char *key = pair_key(run, names);
	return key ? map_get(map, key) : NULL;
}

void rule_list_add(struct rule_run *run, struct rule_list *list, const char *name)
{
	if (!*rule_trim(run, name))
		return;
	const char *shown = rule_name(run, name);
	for (size_t i = 0; i < list->count && i < RULE_LISTED_MAX; i++) {
		if (strcmp(list->names[i], shown) == 0)
			return;
	}
	if (list->count < RULE_LISTED_MAX)
		list->names[list->count] = shown;
	list->count++;
}

const char *rule_list_text(struct rule_run *run, const struct rule_list *list)
{
	if (list->count == 0)
		return "nothing";
	const char *text = list->names[0];
	for (size_t i = 1; i < list->count && i < RULE_LISTED_MAX; i++)
		text = arena_print(run->scratch, "%s, %s", text, list->names[i]);
	if (list->count > RULE_LISTED_MAX)
		text = arena_print(run->scratch, "%s and %zu more", text, list->count - RULE_LISTED_MAX);
	return text;
}
