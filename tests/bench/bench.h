/* What a scenario is given, and the table of scenarios. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "options.h"
#include "place.h"
#include "report.h"

struct bench {
	const struct options *options;
	struct place *place;
	struct report *report;
};

/** Measures one scenario and adds its rows to the report. Ends the program when the server misbehaves. */
typedef void scenario_fn(struct bench *bench);

scenario_fn scenario_push;
scenario_fn scenario_verdict;
scenario_fn scenario_fanout;
scenario_fn scenario_catchup;
scenario_fn scenario_idle;
scenario_fn scenario_evaluate;
scenario_fn scenario_servers;
scenario_fn scenario_mixed;
scenario_fn scenario_preview;

/** Ends the program with a sentence. */
_Noreturn void give_up(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
