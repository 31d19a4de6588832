/* The documents of the files that a command is given, and what a request says about them. */
#ifndef COMMAND_DOCUMENTS_H
#define COMMAND_DOCUMENTS_H

#include "command/session.h"
#include "document/document.h"

/* Documents that go into one request, in its order. */
struct document_list {
	struct document **items;
	size_t count;
};

/**
 * Reads all documents of some files.
 *
 * @param files  "-" is standard input
 * @param[out] documents, count  arena; set on success only
 * @param[out] fault  FAULT_INVALID
 */
enum fault_code documents_read(struct session *session, const char *const *files, size_t file_count,
	struct document **documents, size_t *count, struct fault *fault);

/** Names the descriptors as a system's. @return arena; as many as the list has */
Tally__V1__Descriptor **documents_descriptors(
	struct session *session, const char *system, const struct document_list *list);

/** Knows where descriptors[1] and the like stand in files. @param context the list that was sent */
const char *documents_place(void *context, struct arena *arena, const char *field);

#endif
