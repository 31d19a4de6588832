/* Reads files. Understands none of them. */
#include "command/input.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"

enum {
	PIECE = 65536,
};

static enum fault_code read_all(FILE *file, const char *name, struct buffer *buffer, struct fault *fault)
{
	size_t got;
	errno = 0;
	do {
		got = fread(buffer_reserve(buffer, PIECE), 1, PIECE, file);
		buffer->size += got;
		if (buffer->size > INPUT_SIZE_MAX)
			return fault_set(fault, FAULT_INVALID, "FILE_TOO_LARGE", "%s: larger than %d MiB",
				name, INPUT_SIZE_MAX >> 20);
	} while (got > 0);
	if (ferror(file))
		return fault_set(fault, FAULT_INVALID, "FILE_UNREADABLE", "%s: %s", name, strerror(errno));
	return FAULT_NONE;
}

enum fault_code input_read(
	struct arena *arena, const char *file, const char **text, size_t *size, struct fault *fault)
{
	bool standard = strcmp(file, "-") == 0;
	FILE *stream = standard ? stdin : fopen(file, "rb");
	struct buffer buffer = {0};
	if (!stream)
		return fault_set(fault, FAULT_INVALID, "FILE_UNREADABLE", "%s: %s", file, strerror(errno));
	enum fault_code code = read_all(stream, standard ? "standard input" : file, &buffer, fault);
	if (code == FAULT_NONE) {
		*text = arena_copy(arena, buffer_string(&buffer), buffer.size);
		*size = buffer.size;
	}
	buffer_done(&buffer);
	if (!standard)
		fclose(stream);
	return code;
}
