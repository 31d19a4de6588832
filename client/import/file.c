/* Maps files. Understands none of them. */
#include "import/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static enum fault_code unreadable(struct fault *fault, const char *path, const char *why)
{
	return fault_set(fault, FAULT_INVALID, "FILE_UNREADABLE", "%s: %s", path, why);
}

static enum fault_code map(int fd, const char *path, struct import_file *file, struct fault *fault)
{
	struct stat about;
	if (fstat(fd, &about) != 0)
		return unreadable(fault, path, strerror(errno));
	if (!S_ISREG(about.st_mode))
		return unreadable(fault, path,
			S_ISDIR(about.st_mode) ? "this is a folder; `tally import auto` reads folders"
					       : "this is no ordinary file");
	file->size = (size_t)about.st_size;
	if (file->size == 0)
		return FAULT_NONE;
	void *bytes = mmap(NULL, file->size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return unreadable(fault, path, strerror(errno));
	file->bytes = bytes;
	return FAULT_NONE;
}

enum fault_code file_open(struct arena *arena, const char *opened, const char *path, struct import_file *file,
	struct fault *fault)
{
	/* Not blocking: a named pipe would wait for its writer. */
	int fd = open(opened, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return unreadable(fault, path, strerror(errno));
	struct import_file made = {.path = arena_text(arena, path), .opened = arena_text(arena, opened)};
	made.name = last_part(made.path);
	enum fault_code code = map(fd, path, &made, fault);
	close(fd);
	if (code == FAULT_NONE)
		*file = made;
	return code;
}

void file_close(struct import_file *file)
{
	if (file->bytes && file->opened)
		munmap((void *)(uintptr_t)file->bytes, file->size);
	*file = (struct import_file){0};
}

struct import_file file_of_bytes(const char *path, const char *bytes, size_t size)
{
	return (struct import_file){.path = path, .name = last_part(path), .bytes = bytes, .size = size};
}
