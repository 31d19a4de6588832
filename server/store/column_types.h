/* What writing and reading of values share: Postgres' epoch. */
#ifndef STORE_COLUMN_TYPES_H
#define STORE_COLUMN_TYPES_H

#include <stdint.h>

/* Postgres counts microseconds since 2000-01-01T00:00:00Z, we since 1970. */
#define COLUMN_EPOCH_US (INT64_C(946684800) * 1000000)

#endif
