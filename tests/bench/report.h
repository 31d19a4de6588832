/* Medians, and the one table at the end. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <stddef.h>
#include <stdint.h>

enum {
	SERIES_MAX = 64
};

/* What repeated runs gave. Zero it first. */
struct series {
	double values[SERIES_MAX];
	int count;
};

/** Adds a value; beyond SERIES_MAX it is dropped. */
void series_add(struct series *series, double value);

/** @return 0 without values */
double series_median(const struct series *series);

/** Sorts times and returns the one that `share` of them do not exceed. @param share 0.5 for the median */
double times_at(int64_t *times, size_t count, double share);

enum goal {
	GOAL_NONE,
	GOAL_AT_LEAST,
	GOAL_AT_MOST,
};

struct report_row {
	const char *scenario; /* a literal */
	const char *unit;     /* a literal */
	double tally;
	double beside; /* the baseline, 0: there is none */
	enum goal goal;
	double bound;  /* of the ratio tally / beside */
	char what[64]; /* is measured */
	char than[64]; /* what stands beside it */
};

struct report;

/** @return owned */
struct report *report_new(void);
void report_free(struct report *report);

/** Adds a row. @param row borrowed; copied */
void report_add(struct report *report, const struct report_row *row);

/* What a kind of run gave: so many a second, and so much CPU for each. Zero it first. */
struct figures {
	struct series per_s, cpu_us;
};

/** Adds two rows: the medians of the rates, and of the CPU for each. @param row borrowed; all but the figures
 * and the unit */
void report_add_figures(struct report *report, const struct report_row *row, const struct figures *tally,
	const struct figures *beside);

/** Adds a line below the table that says what a figure rests on. */
void report_note(struct report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

void report_print(const struct report *report);

#endif
