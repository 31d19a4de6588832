/* Amounts as files write them. Kubernetes' are decimal or binary by their suffix; Docker's always binary. */
#ifndef IMPORT_QUANTITY_H
#define IMPORT_QUANTITY_H

#include <stdbool.h>

/**
 * Reads a Kubernetes quantity: 500m, 0.1, 2Gi, 1e3, 1E (exa), 129e6.
 *
 * @param[out] value  in the base unit: cores, bytes, pieces; on success only
 * @return false for what is none: 1GB, "2 Gi", Gi
 */
bool quantity_kubernetes(const char *text, double *value);

/** Is its suffix m? For bytes that is legal and nearly always a mistake. */
bool quantity_is_milli(const char *text);

/**
 * Reads a byte value of Docker or Compose: 512m, 2gb, 1.5G, 1073741824. All
 * suffixes are binary, with or without b.
 */
bool quantity_docker_bytes(const char *text, double *bytes);

/** Reads bytes as data tools write them: "134.607 KB", "1.2 GiB"; KB is 1e3, KiB 1024. */
bool quantity_bytes(const char *text, double *bytes);

/** Turns bytes into gigabytes of 1e9. */
double quantity_gigabytes(double bytes);

#endif
