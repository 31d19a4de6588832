/* The example system in deploy/examples: whole, readable, and wrong in the ways it is meant to be. */
#include "cases.h"

#include <dirent.h>

#include "document/document.h"
#include "model/descriptor.h"
#include "model/message.h"
#include "rules/rules.h"

#define FOLDER TALLY_SOURCE_DIR "/deploy/examples"

static struct model_descriptor *descriptor_of(struct arena *arena, const struct document *document)
{
	struct model_version version = {.kind = document->kind,
		.name = document->name,
		.version = 1,
		.revision = 1,
		.owner_team = document->descriptor->owner_team,
		.author = "",
		.author_team = "",
		.change_note = ""};
	size_t size;
	void *body = model_descriptor_pack(arena, document->descriptor, &size, &version.digest);
	/* One that is copied from the message is the same as one that is read from the bytes. */
	struct model_descriptor *copy = model_descriptor_of(&version, document->descriptor);
	size_t copy_size;
	void *again = model_message_pack(arena, model_descriptor_message(copy), &copy_size);
	assert_int_equal(copy_size, size);
	assert_memory_equal(again, body, size);
	model_descriptor_unref(copy);
	return model_descriptor_new(&version, body, size);
}

/* Reads one file, which holds one document of a kind that no other file has. */
static void read_file(struct arena *arena, const char *name, struct model_descriptor **of_kind)
{
	char path[1000];
	snprintf(path, sizeof(path), FOLDER "/%.100s", name);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	char *text = arena_alloc(arena, 100 * 1000);
	size_t size = fread(text, 1, 100 * 1000, file);
	fclose(file);
	struct document *documents;
	size_t count;
	static struct fault fault;
	if (document_read(arena, path, text, size, &documents, &count, &fault) != FAULT_NONE)
		fail_msg("%s", fault.message);
	assert_int_equal(count, 1);
	assert_string_equal(documents[0].system, "parcel-eta");
	assert_string_equal(
		documents[0].descriptor->owner_team, model_team_id(model_kind_info(documents[0].kind)->team));
	assert_null(of_kind[documents[0].kind]);
	of_kind[documents[0].kind] = descriptor_of(arena, &documents[0]);
}

static void the_example_has_findings_of_seven_classes(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct model_descriptor *of_kind[KIND_END] = {NULL};
	DIR *folder = opendir(FOLDER);
	assert_non_null(folder);
	for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
		if (strstr(entry->d_name, ".yaml"))
			read_file(arena, entry->d_name, of_kind);
	closedir(folder);
	for (unsigned kind = KIND_NONE + 1; kind < KIND_END; kind++)
		assert_non_null(of_kind[kind]);

	const struct model_system system = {"parcel-eta", of_kind + 1, KIND_END - 1};
	struct rules_evaluation *evaluation = rules_evaluate(&system, NULL);
	size_t count;
	const struct model_finding *const *findings = rules_evaluation_findings(evaluation, &count);
	unsigned classes = 0;
	for (size_t i = 0; i < count; i++) {
		classes |= 1u << findings[i]->class;
		/* It is wrong on purpose, not by its words. */
		assert_string_not_equal(findings[i]->rule, "completeness.value-not-understood");
	}
	assert_in_range(count, 10, 20);
	assert_int_equal(__builtin_popcount(classes), 7);
	rules_evaluation_unref(evaluation);
	for (unsigned kind = KIND_NONE + 1; kind < KIND_END; kind++)
		model_descriptor_unref(of_kind[kind]);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_example_has_findings_of_seven_classes)};
	return CASES_RUN_ALL(tests, 1);
}
