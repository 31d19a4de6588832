/*
 * What was acknowledged and what was received, kept on disk while it happens:
 * a folder with one file for each writer, reader and subscriber of each run.
 * An entry is one line, or several written at once; each write is one system
 * call, so a killed program loses at most what it had not been told, and a
 * line without its end is not counted.
 *
 * Words are separated by tabs. Times are microseconds of the steady clock.
 *
 *   writer    ask TIME ID VERB SYSTEM FLOOR KIND:NAME:DIGEST...
 *             answer TIME ID SERVER REVISION UNCHANGED KIND:NAME:VERSION... +OPENED *CHANGED -RESOLVED
 *             refused TIME ID CODE REASON
 *   reader    look TIME SERVER WHAT SYSTEM MINIMUM FLOOR REVISION DETAIL
 *             late TIME SERVER WHAT SYSTEM MINIMUM CODE REASON
 *   watcher   wish SYSTEMS|* KINDS CLASSES SEVERITY TEAMS TYPES STATE INTERVAL
 *             open TIME SERVER TOKEN|-
 *             message TIME WAITED PHASE COUNT TOKEN|-
 *             event SYSTEM REVISION TYPE LAST DIGEST FINDING|-
 *             end TIME WAITED CODE REASON
 *             done TIME
 */
#ifndef CHECK_JOURNAL_H
#define CHECK_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

struct journal;

/** Makes a new file `role-number.run` in the folder. @return owned */
struct journal *journal_new(const char *folder, const char *role, int number, int64_t run);

/** NULL is fine. */
void journal_free(struct journal *journal);

/** Writes one line, formatted, with its end. */
void journal_line(struct journal *journal, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** Writes lines, each with its end, at once. */
void journal_lines(struct journal *journal, const struct buffer *lines);

/* One file, taken apart. */
struct journal_entry {
	char **words;
	size_t count;
	int line; /* from 1 */
};

struct journal_file {
	char name[64];
	int number;
	char *text;
	struct journal_entry *entries;
	size_t count;
};

/**
 * Reads all files of a role.
 *
 * @param[out] count
 * @return owned: journal_files_free(); by number, then by run
 */
struct journal_file *journal_read(const char *folder, const char *role, size_t *count);
void journal_files_free(struct journal_file *files, size_t count);

/** Returns a word, or ends the program: the journal is not one. @param at 0 is the verb */
const char *journal_word(const struct journal_file *file, const struct journal_entry *entry, size_t at);

/** Returns a word that is a number. */
int64_t journal_number(const struct journal_file *file, const struct journal_entry *entry, size_t at);

#endif
