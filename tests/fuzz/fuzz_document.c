/*
 * Documents as a person may write them. What document_read() takes is written
 * as YAML and as JSON, and must read back as the same message.
 */
#include <stdint.h>

#include "codec/codec.h"
#include "document/document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 loses a block of a quoted scalar that holds many '' in a row. */
const char *__lsan_default_suppressions(void)
{
	return "leak:libfyaml";
}

static void reads_back(struct arena *arena, const struct buffer *text, const Tally__V1__Descriptor *before)
{
	static struct fault fault;
	struct document *documents;
	size_t count, change_count;
	enum fault_code code =
		document_read(arena, "again", text->bytes, text->size, &documents, &count, &fault);
	if (code != FAULT_NONE || count != 1) {
		fprintf(stderr, "%s\n%s", fault.message, text->bytes);
		abort();
	}
	document_diff(arena, &before->base, &documents[0].descriptor->base, &change_count);
	size_t before_size = tally__v1__descriptor__get_packed_size(before);
	if (change_count || before_size != tally__v1__descriptor__get_packed_size(documents[0].descriptor)) {
		fprintf(stderr, "it reads back as something else:\n%s", text->bytes);
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fault fault;
	struct arena *arena = arena_new();
	struct document *documents;
	size_t count = 0;
	enum fault_code code =
		document_read(arena, "input", (const char *)data, size, &documents, &count, &fault);
	if (code != FAULT_NONE && (code != FAULT_INVALID || !fault.reason || !fault.message[0]))
		abort();
	for (size_t i = 0; code == FAULT_NONE && i < count && i < 10; i++) {
		struct buffer text = {0};
		document_print_yaml(&text, documents[i].system, documents[i].name, documents[i].descriptor);
		reads_back(arena, &text, documents[i].descriptor);
		buffer_clear(&text);
		json_t *json = document_json(documents[i].system, documents[i].name, documents[i].descriptor);
		codec_print_json(json, &text);
		json_decref(json);
		reads_back(arena, &text, documents[i].descriptor);
		buffer_done(&text);
	}
	arena_free(arena);
	return 0;
}
