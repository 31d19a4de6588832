/* Writing and reading journals. What an entry means is for others. */
#include "journal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

struct journal {
	int file;
};

struct journal *journal_new(const char *folder, const char *role, int number, int64_t run)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/%s-%04d.%" PRId64, folder, role, number, run);
	struct journal *journal = check_array(1, sizeof(*journal));
	journal->file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
	if (journal->file < 0)
		trouble("%s: %s", path, strerror(errno));
	return journal;
}

void journal_free(struct journal *journal)
{
	if (!journal)
		return;
	close(journal->file);
	free(journal);
}

void journal_lines(struct journal *journal, const struct buffer *lines)
{
	if (write(journal->file, lines->bytes, lines->size) != (ssize_t)lines->size)
		trouble("the journal cannot be written: %s", strerror(errno));
}

void journal_line(struct journal *journal, const char *format, ...)
{
	struct buffer line = {0};
	va_list arguments;
	va_start(arguments, format);
	buffer_vprint(&line, format, arguments);
	va_end(arguments);
	buffer_text(&line, "\n");
	journal_lines(journal, &line);
	buffer_done(&line);
}

/* ---- reading ---- */

static char *whole_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		trouble("%s: %s", path, strerror(errno));
	struct buffer text = {0};
	char piece[65536];
	size_t size;
	while ((size = fread(piece, 1, sizeof(piece), file)))
		buffer_add(&text, piece, size);
	fclose(file);
	return buffer_take(&text);
}

static void split_words(struct journal_entry *entry, char *line)
{
	size_t room = 0;
	char *rest = line;
	char *word;
	while ((word = strsep(&rest, "\t"))) {
		entry->words = check_room(entry->words, entry->count, &room, sizeof(char *));
		entry->words[entry->count++] = word;
	}
}

/* A line without its end was being written when the program was killed: it is left out. */
static void split_lines(struct journal_file *file)
{
	size_t room = 0;
	char *line = file->text;
	char *end;
	for (int number = 1; (end = strchr(line, '\n')); number++) {
		*end = '\0';
		file->entries = check_room(file->entries, file->count, &room, sizeof(*file->entries));
		struct journal_entry *entry = &file->entries[file->count++];
		*entry = (struct journal_entry){.line = number};
		split_words(entry, line);
		line = end + 1;
	}
}

static int by_name(const void *a, const void *b)
{
	const struct journal_file *left = a;
	const struct journal_file *right = b;
	return strcmp(left->name, right->name);
}

struct journal_file *journal_read(const char *folder, const char *role, size_t *count)
{
	DIR *directory = opendir(folder);
	if (!directory)
		trouble("%s: %s", folder, strerror(errno));
	struct journal_file *files = NULL;
	size_t room = 0;
	size_t length = strlen(role);
	struct dirent *found;
	*count = 0;
	while ((found = readdir(directory))) {
		if (strncmp(found->d_name, role, length) != 0 || found->d_name[length] != '-')
			continue;
		files = check_room(files, *count, &room, sizeof(*files));
		struct journal_file *file = &files[(*count)++];
		*file = (struct journal_file){.number = (int)strtol(found->d_name + length + 1, NULL, 10)};
		snprintf(file->name, sizeof(file->name), "%.63s", found->d_name);
	}
	closedir(directory);
	if (*count)
		qsort(files, *count, sizeof(*files), by_name);
	for (size_t i = 0; i < *count; i++) {
		char path[4096];
		snprintf(path, sizeof(path), "%s/%s", folder, files[i].name);
		files[i].text = whole_file(path);
		split_lines(&files[i]);
	}
	return files;
}

void journal_files_free(struct journal_file *files, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < files[i].count; j++)
			free(files[i].entries[j].words);
		free(files[i].entries);
		free(files[i].text);
	}
	free(files);
}

const char *journal_word(const struct journal_file *file, const struct journal_entry *entry, size_t at)
{
	if (at >= entry->count)
		trouble("%s, line %d: it ends too early", file->name, entry->line);
	return entry->words[at];
}

int64_t journal_number(const struct journal_file *file, const struct journal_entry *entry, size_t at)
{
	const char *word = journal_word(file, entry, at);
	char *end;
	int64_t number = strtoll(word, &end, 10);
	if (*end || end == word)
		trouble("%s, line %d: '%s' is not a number", file->name, entry->line, word);
	return number;
}
