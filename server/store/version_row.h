/* The columns that every statement about versions reads, beside the row struct. */
#ifndef STORE_VERSION_ROW_H
#define STORE_VERSION_ROW_H

#include "store/column.h"
#include "store/store.h"

#define VERSION_COLUMNS(row, version)                                                                        \
	COLUMN_ENUM(row, version.kind, "kind"), COLUMN_TEXT(row, version.name, "name"),                      \
		COLUMN_INT(row, version.version, "version"), COLUMN_LONG(row, version.revision, "revision"), \
		COLUMN_TIME(row, version.created_at_us, "created_at"),                                       \
		COLUMN_TEXT(row, version.owner_team, "owner_team"),                                          \
		COLUMN_TEXT(row, version.author, "author"),                                                  \
		COLUMN_TEXT(row, version.author_team, "author_team"),                                        \
		COLUMN_TEXT(row, version.change_note, "change_note"),                                        \
		COLUMN_DIGEST(row, version.digest, "digest")

#define VERSION_DELETED(row) COLUMN_BOOL(row, deleted, "deleted")
#define VERSION_BODY(row)                                                                                    \
	COLUMN_BYTES0(row, body, body_size, "body"), COLUMN_INT(row, base, "base"),                          \
		COLUMN_BYTES0(row, base_body, base_body_size, "base_body")

#endif
