/* A workload of Kubernetes: its containers and what they are given. */
#ifndef IMPORT_KUBERNETES_WORKLOAD_H
#define IMPORT_KUBERNETES_WORKLOAD_H

#include "import/import.h"

/**
 * Reads an object's spec wherever its kind keeps the containers.
 *
 * @param document  the whole object
 * @param path      of its spec, for sources
 * @return false when there is neither a container nor a place where KServe puts a model
 */
bool kubernetes_workload(struct import *import, const struct codec_node *document, const char *path);

#endif
