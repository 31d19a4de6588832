/*
 * Tables of data beside a project: their profiles become training data,
 * production data or raw data, or the test set of the model, by the file's
 * name. `tally profile` does the same with everything said on the command line.
 */
#include <string.h>

#include "import/dataset.h"
#include "import/formats.h"

enum {
	PIECE_SIZE = 64 * 1024,
};

bool csv_read(struct import *import)
{
	const struct profile_settings settings = {.header = DIALECT_HEADER_INFER};
	struct profile_data data;
	struct source *source =
		source_memory(import->file->bytes ? import->file->bytes : "", import->file->size, PIECE_SIZE);
	const enum fault_code code = profile_read(import->arena, source, &settings, &data, import->fault);
	source_free(source);
	if (code != FAULT_NONE) {
		/* It calls itself memory, which nobody would find. */
		static const char memory[] = "memory: ";
		const char *text = arena_text(import->arena, import->fault->message);
		const bool named = strncmp(text, memory, sizeof(memory) - 1) == 0;
		return import_refuse(import, NULL, "", "%s", named ? text + sizeof(memory) - 1 : text);
	}
	data.file = import->file->path;
	const enum model_kind kind = dataset_kind(import, import->file->name);
	if (data.dataset->ragged_rows > 0)
		import_warn(import, "the file",
			"%lld rows have more or fewer cells than the header and are not counted",
			(long long)data.dataset->ragged_rows);
	if (kind == KIND_TRAINED_MODEL) {
		dataset_put_test(import, &data);
		return true;
	}
	dataset_put(import, kind, &data);
	return true;
}
