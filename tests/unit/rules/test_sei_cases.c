/*
 * The public SEI tool's own findings: sets of descriptors with what must be
 * found in them, and nothing else.
 */
#include <dirent.h>
#include <jansson.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "load.h"
#include "rules/rules.h"

#include "cases.h"

enum {
	SETS_MAX = 500,
	LINES_MAX = 500,
};

struct set {
	char *name;
	char *folder;
};

static struct set sets[SETS_MAX];

static void load_set(struct loaded *loaded, const struct set *set)
{
	for (unsigned kind = KIND_NONE + 1; kind < KIND_END; kind++) {
		struct buffer path = {0};
		buffer_print(&path, "%s/%s.json", set->folder, model_kind_info((enum model_kind)kind)->id);
		char *text = load_file(buffer_string(&path));
		if (text)
			load_put(loaded, load_descriptor((enum model_kind)kind, "default", text, true));
		free(text);
		buffer_done(&path);
	}
}

/* Lines "rule subject", to be compared as sorted lists. */
struct lines {
	char *items[LINES_MAX];
	size_t count;
};

static void add_line(struct lines *lines, const char *rule, const char *kind, const char *subject)
{
	struct buffer line = {0};
	buffer_print(&line, "%s %s %s", rule, kind, subject);
	assert_true(lines->count < LINES_MAX);
	lines->items[lines->count++] = buffer_take(&line);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *joined(struct lines *lines)
{
	struct buffer text = {0};
	qsort(lines->items, lines->count, sizeof(char *), compare);
	for (size_t i = 0; i < lines->count; i++) {
		buffer_print(&text, "%s\n", lines->items[i]);
		free(lines->items[i]);
	}
	return buffer_take(&text);
}

static const char *text_at(const json_t *list, size_t index)
{
	return json_string_value(json_array_get(list, index));
}

static char *expected(const struct set *set)
{
	struct buffer path = {0};
	buffer_print(&path, "%s/expected.json", set->folder);
	json_t *file = json_load_file(buffer_string(&path), 0, NULL);
	assert_non_null(file);
	buffer_done(&path);
	struct lines lines = {0};
	size_t at;
	const json_t *row;
	json_array_foreach(json_object_get(file, "findings"), at, row)
		add_line(&lines, text_at(row, 0), "-", text_at(row, 1));
	json_array_foreach(json_object_get(file, "missing"), at, row)
		add_line(&lines, "completeness.field-missing", text_at(row, 0), text_at(row, 1));
	json_array_foreach(json_object_get(file, "absent"), at, row)
		add_line(&lines, "completeness.descriptor-missing", "-", json_string_value(row));
	json_decref(file);
	return joined(&lines);
}

static char *found(const struct set *set)
{
	struct loaded loaded = {0};
	load_set(&loaded, set);
	struct rules_evaluation *evaluation = rules_evaluate(&loaded.system, NULL);
	struct lines lines = {0};
	size_t count;
	const struct model_finding *const *findings = rules_evaluation_findings(evaluation, &count);
	for (size_t i = 0; i < count; i++) {
		bool field = strcmp(findings[i]->rule, "completeness.field-missing") == 0;
		add_line(&lines, findings[i]->rule,
			field ? model_kind_info(findings[i]->places[0].kind)->id : "-", findings[i]->subject);
	}
	rules_evaluation_unref(evaluation);
	load_done(&loaded);
	return joined(&lines);
}

static void check(void **state)
{
	const struct set *set = *state;
	char *should = expected(set);
	char *does = found(set);
	assert_string_equal(does, should);
	free(should);
	free(does);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct set *)a)->folder, ((const struct set *)b)->folder);
}

static size_t list_sets(const char *root)
{
	DIR *directory = opendir(root);
	if (!directory)
		return 0;
	size_t count = 0;
	for (struct dirent *entry; count < SETS_MAX && (entry = readdir(directory));) {
		if (entry->d_name[0] == '.')
			continue;
		struct buffer text = {0};
		buffer_print(&text, "set %s gives exactly the findings that are expected", entry->d_name);
		sets[count].name = buffer_take(&text);
		buffer_print(&text, "%s/%s", root, entry->d_name);
		sets[count++].folder = buffer_take(&text);
	}
	closedir(directory);
	qsort(sets, count, sizeof(sets[0]), by_name);
	return count;
}

int main(void)
{
	const char *shared = getenv("TALLY_SHARED");
	struct buffer root = {0};
	buffer_print(&root, "%s/reference/sei-cases", shared ? shared : TALLY_SOURCE_DIR "/../shared");
	size_t count = list_sets(buffer_string(&root));
	if (count == 0)
		printf("Skipped: there are no reference sets in %s.\n", buffer_string(&root));
	buffer_done(&root);
	struct CMUnitTest tests[SETS_MAX];
	size_t end = cases_add(tests, 0, sets, count, sizeof(sets[0]), check);
	int failed = count ? CASES_RUN_ALL(tests, end) : 0;
	for (size_t i = 0; i < count; i++) {
		free(sets[i].name);
		free(sets[i].folder);
	}
	return failed;
}
