/*
 * Gives every file of a folder to every format: none may crash, and what is
 * taken must build. With a second folder, writes what was taken there as
 * seeds for fuzz_import.
 *
 *   import_samples SAMPLES [SEEDS]
 *
 * Ends with 77 (skipped) when there are no samples.
 */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "import_bytes.h"

const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 loses a block of a quoted scalar that holds many '' in a row. */
const char *__lsan_default_suppressions(void)
{
	return "leak:libfyaml";
}

static const char *seeds;
static int files, taken;

static void write_seed(const struct import_format *format, const struct import_file *file)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/%s-%d", seeds, format->name, taken);
	FILE *out = fopen(path, "wb");
	if (!out) {
		perror(path);
		exit(1);
	}
	fprintf(out, "%s\n", format->name);
	fwrite(file->bytes, 1, file->size, out);
	fclose(out);
}

static void give(const struct import_file *file)
{
	/* Exactly as large, so that AddressSanitizer sees a read past its end: pages hide it. */
	char *bytes = malloc(file->size ? file->size : 1);
	if (!bytes)
		abort();
	if (file->size)
		memcpy(bytes, file->bytes, file->size);
	for (const struct import_format *row = import_formats; row->name; row++) {
		if (!import_bytes(row, bytes, file->size))
			continue;
		taken++;
		if (seeds && file->size < 256 * 1024)
			write_seed(row, file);
	}
	free(bytes);
}

static int visit(const char *path, const struct stat *about, int type, struct FTW *where)
{
	(void)where;
	/* Tables are for the profiler; a large one tells nothing more here. */
	if (type != FTW_F || about->st_size > 8 * 1024 * 1024)
		return 0;
	struct arena *arena = arena_new();
	struct import_file file;
	struct fault fault;
	if (file_open(arena, path, path, &file, &fault) == FAULT_NONE) {
		give(&file);
		file_close(&file);
		files++;
	}
	arena_free(arena);
	return 0;
}

int main(int count, char **arguments)
{
	if (count < 2) {
		fprintf(stderr, "import_samples: give a folder\n");
		return 2;
	}
	seeds = count > 2 ? arguments[2] : NULL;
	if (nftw(arguments[1], visit, 16, FTW_PHYS) != 0 || files == 0) {
		printf("%s: there are no samples on this machine\n", arguments[1]);
		return 77;
	}
	printf("%d files given to every format, taken %d times\n", files, taken);
	return taken == 0;
}
