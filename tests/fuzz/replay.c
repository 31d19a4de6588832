/* Gives each file of a folder to a fuzz target once; fails when there is none. */
#include <dirent.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *folder, const char *name)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = fopen(path, "rb");
	if (!file) {
		perror(path);
		return 1;
	}
	fseek(file, 0, SEEK_END);
	long size = ftell(file);
	rewind(file);
	/* Exactly as large as the input, so that AddressSanitizer sees a read past its end. */
	uint8_t *bytes = malloc(size > 0 ? (size_t)size : 1);
	size_t read = bytes && size > 0 ? fread(bytes, 1, (size_t)size, file) : 0;
	fclose(file);
	if (bytes && read == (size_t)size)
		LLVMFuzzerTestOneInput(bytes, read);
	free(bytes);
	return read != (size_t)size;
}

int main(int count, char **arguments)
{
	DIR *folder = count == 2 ? opendir(arguments[1]) : NULL;
	if (!folder) {
		fprintf(stderr, "replay: give one corpus folder\n");
		return 2;
	}
	int files = 0;
	int failures = 0;
	for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
		if (entry->d_name[0] == '.')
			continue;
		failures += replay(arguments[1], entry->d_name);
		files++;
	}
	closedir(folder);
	printf("%d inputs replayed, %d unreadable\n", files, failures);
	return files == 0 || failures > 0;
}
