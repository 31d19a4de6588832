/* Files of every format: the first line names it, the rest is the file. A new row of the table is fuzzed too.
 */
#include <stdint.h>

#include "import_bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 loses a block of a quoted scalar that holds many '' in a row. */
const char *__lsan_default_suppressions(void)
{
	return "leak:libfyaml";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[40];
	const uint8_t *newline = size ? memchr(data, '\n', size) : NULL;
	const size_t length = newline ? (size_t)(newline - data) : 0;
	if (length == 0 || length >= sizeof(name))
		return 0;
	memcpy(name, data, length);
	name[length] = '\0';
	const struct import_format *format = import_format_named(name);
	if (!format)
		return 0;
	const size_t rest = size - length - 1;
	char *bytes = malloc(rest ? rest : 1);
	if (!bytes)
		abort();
	memcpy(bytes, newline + 1, rest);
	import_bytes(format, bytes, rest);
	free(bytes);
	return 0;
}
