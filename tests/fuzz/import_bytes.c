/* See import_bytes.h. */
#include "import_bytes.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "document/document.h"

static void must(bool well, const char *what)
{
	if (well)
		return;
	fprintf(stderr, "import: %s\n", what);
	abort();
}

static void judge_facts(const struct draft *draft)
{
	size_t count;
	const struct draft_fact *facts = draft_facts(draft, &count);
	for (size_t i = 0; i < count; i++) {
		const char *value = facts[i].value;
		must(facts[i].source.file && facts[i].source.path, "a value has no source");
		must(!value || utf8_check(value, strlen(value)) == strlen(value), "a value is no text");
		must(!value || !facts[i].place || !facts[i].field || *value, "a value is empty");
	}
}

static void judge_documents(struct arena *arena, struct draft *draft)
{
	struct draft_result result;
	struct fault fault = {0};
	if (draft_build(draft, NULL, &result, &fault) != FAULT_NONE) {
		fprintf(stderr, "%s\n", fault.message);
		must(false, "what was read cannot be built");
	}
	for (size_t i = 0; i < result.count; i++) {
		struct buffer text = {0};
		struct document *again;
		size_t count;
		document_print_yaml(&text, "", result.documents[i].name, result.documents[i].descriptor);
		if (document_read(arena, "again", text.bytes, text.size, &again, &count, &fault) !=
			FAULT_NONE) {
			fprintf(stderr, "%s\n%s", fault.message, text.bytes);
			must(false, "a document does not read again");
		}
		buffer_done(&text);
	}
}

bool import_bytes(const struct import_format *format, const char *bytes, size_t size)
{
	struct arena *arena = arena_new();
	struct import_run *run = import_run_new(arena);
	const struct import_file file = file_of_bytes("input", bytes, size);
	struct fault fault = {0};
	const bool taken = import_read(run, format, &file, &fault) == FAULT_NONE;
	if (format->looks && size)
		format->looks(bytes, size < IMPORT_HEAD_SIZE ? size : IMPORT_HEAD_SIZE);
	size_t facts;
	draft_facts(import_run_draft(run), &facts);
	must(taken || (fault.code == FAULT_INVALID && fault.reason && fault.message[0]),
		"a refusal has no message");
	must(taken || facts == 0, "a refused file left values behind");
	judge_facts(import_run_draft(run));
	judge_documents(arena, import_run_draft(run));
	import_run_done(run);
	arena_free(arena);
	return taken;
}
