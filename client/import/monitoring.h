/* Where monitoring goes in a descriptor: the same for rules, dashboards and what a service exports. */
#ifndef IMPORT_MONITORING_H
#define IMPORT_MONITORING_H

#include "import/import.h"

/**
 * Puts what reads metrics into the production environment, and each metric
 * that it reads among those that are collected.
 *
 * @param kind        alert, recording or dashboard
 * @param expression  of PromQL
 * @param path        of the expression in the file
 */
void monitoring_reader(
	struct import *import, const char *kind, const char *name, const char *expression, const char *path);

/** Puts a metric among those that the production environment collects, unless it is of the machine only. */
void monitoring_collected(
	struct import *import, const char *metric, const char *implementation, const char *path);

#endif
