/* The columns of a system, for rows that are read and for those that are written. */
#ifndef STORE_SYSTEM_ROW_H
#define STORE_SYSTEM_ROW_H

#include "store/column.h"
#include "store/store.h"

#define SYSTEM_COLUMNS(row, path)                                                                            \
	COLUMN_INT(row, path partition, "partition"), COLUMN_ID(row, path id, "system"),                     \
		COLUMN_LONG(row, path revision, "revision"), COLUMN_BOOL(row, path deleted, "deleted"),      \
		COLUMN_TIME(row, path created_at_us, "created_at"),                                          \
		COLUMN_TIME(row, path updated_at_us, "updated_at"),                                          \
		COLUMN_BYTES(row, path meta, path meta_size, "meta"),                                        \
		COLUMN_BYTES(row, path verdict, path verdict_size, "verdict")

#endif
