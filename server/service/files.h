/* The .proto files that the server was built from, and what they declare. */
#ifndef SERVICE_FILES_H
#define SERVICE_FILES_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

/* One file. All of it lives as long as the process. */
struct files_file {
	const char *name;          /* tally/v1/system.proto */
	ProtobufCBinaryData bytes; /* its FileDescriptorProto */
	size_t *imports;           /* places in the list */
	size_t import_count;
};

/* All files, an import always before the file that imports it. */
struct files {
	struct files_file *list;
	size_t count;
	const char **services; /* full names */
	size_t service_count;
};

/** Returns the files; the first call reads them, later ones are free. From any thread. */
const struct files *files_get(void);

/** @return the place of the file of that name, or SIZE_MAX */
size_t files_named(const char *name);

/** @param symbol full name of a service, method, message, enum or enum value @return the file's place, or
 * SIZE_MAX */
size_t files_declaring(const char *symbol);

#endif
