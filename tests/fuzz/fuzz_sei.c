/* SEI documents as anyone may send them; the first byte chooses the kind. What is imported must print. */
#include <stdint.h>

#include "codec/codec.h"
#include "import/sei.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 loses a block of a quoted scalar that holds many '' in a row. */
const char *__lsan_default_suppressions(void)
{
	return "leak:libfyaml";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fault fault;
	if (size == 0)
		return 0;
	struct arena *arena = arena_new();
	struct document document = {0};
	enum model_kind kind = (enum model_kind)(data[0] % KIND_END);
	enum fault_code code =
		import_sei(arena, "input.json", (const char *)data + 1, size - 1, kind, &document, &fault);
	if (code != FAULT_NONE && (code != FAULT_INVALID || !fault.reason || !fault.message[0]))
		abort();
	if (code == FAULT_NONE) {
		struct buffer text = {0};
		document_print_yaml(&text, "", document.name, document.descriptor);
		struct document *documents;
		size_t count;
		if (document_read(arena, "again", text.bytes, text.size, &documents, &count, &fault) !=
			FAULT_NONE) {
			fprintf(stderr, "%s\n%s", fault.message, text.bytes);
			abort();
		}
		buffer_done(&text);
	}
	arena_free(arena);
	return 0;
}
