/* Collects rows while scenarios run and prints them as one table. Judges nothing but the ratio. */
#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ROWS_MAX = 64,
	NOTES_MAX = 64,
	NOTE_SIZE = 240,
};

struct report {
	struct report_row rows[ROWS_MAX];
	size_t row_count;
	char notes[NOTES_MAX][NOTE_SIZE];
	size_t note_count;
};

void series_add(struct series *series, double value)
{
	if (series->count < SERIES_MAX)
		series->values[series->count++] = value;
}

static int by_value(const void *a, const void *b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;
	return (left > right) - (left < right);
}

double series_median(const struct series *series)
{
	if (series->count == 0)
		return 0;
	struct series sorted = *series;
	qsort(sorted.values, (size_t)sorted.count, sizeof(double), by_value);
	int middle = sorted.count / 2;
	return sorted.count % 2 ? sorted.values[middle]
				: (sorted.values[middle - 1] + sorted.values[middle]) / 2;
}

static int by_time(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a;
	int64_t right = *(const int64_t *)b;
	return (left > right) - (left < right);
}

double times_at(int64_t *times, size_t count, double share)
{
	if (count == 0)
		return 0;
	qsort(times, count, sizeof(*times), by_time);
	size_t at = (size_t)((double)count * share);
	return (double)times[at < count ? at : count - 1];
}

struct report *report_new(void)
{
	struct report *report = calloc(1, sizeof(*report));
	if (!report)
		abort();
	return report;
}

void report_free(struct report *report)
{
	free(report);
}

void report_add(struct report *report, const struct report_row *row)
{
	if (report->row_count == ROWS_MAX)
		abort();
	report->rows[report->row_count++] = *row;
}

void report_add_figures(struct report *report, const struct report_row *row, const struct figures *tally,
	const struct figures *beside)
{
	struct report_row rate = *row, cpu = *row;
	rate.unit = "/s";
	rate.tally = series_median(&tally->per_s);
	rate.beside = series_median(&beside->per_s);
	report_add(report, &rate);
	cpu.unit = "us";
	cpu.tally = series_median(&tally->cpu_us);
	cpu.beside = series_median(&beside->cpu_us);
	cpu.goal = GOAL_NONE;
	snprintf(cpu.what, sizeof(cpu.what), "- CPU of all for each");
	report_add(report, &cpu);
}

void report_note(struct report *report, const char *format, ...)
{
	if (report->note_count == NOTES_MAX)
		abort();
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(report->notes[report->note_count++], NOTE_SIZE, format, arguments);
	va_end(arguments);
}

/* Three digits that count, whatever the size. */
static const char *figure(double value, const char *unit, char *text, size_t size)
{
	int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
	snprintf(text, size, "%.*f %s", decimals, value, unit);
	return text;
}

static const char *verdict(const struct report_row *row, double ratio)
{
	switch (row->goal) {
	case GOAL_AT_LEAST: return ratio >= row->bound ? "met" : "missed";
	case GOAL_AT_MOST: return ratio <= row->bound ? "met" : "missed";
	case GOAL_NONE: break;
	}
	return "";
}

static void print_row(const struct report_row *row)
{
	char tally[32], beside[32], ratio[16] = "", goal[16] = "";
	figure(row->tally, row->unit, tally, sizeof(tally));
	double value = row->beside > 0 ? row->tally / row->beside : 0;
	if (row->beside > 0) {
		snprintf(ratio, sizeof(ratio), "%.2f", value);
		figure(row->beside, row->unit, beside, sizeof(beside));
	} else {
		beside[0] = '\0';
	}
	if (row->goal != GOAL_NONE)
		snprintf(goal, sizeof(goal), "%s %.2f", row->goal == GOAL_AT_LEAST ? ">=" : "<=", row->bound);
	printf("%-9s %-40s %16s %16s  %-38s %6s  %-8s %s\n", row->scenario, row->what, tally, beside,
		row->than, ratio, goal, row->beside > 0 ? verdict(row, value) : "");
}

void report_print(const struct report *report)
{
	printf("%-9s %-40s %16s %16s  %-38s %6s  %s\n", "scenario", "", "tally", "beside", "", "ratio",
		"goal");
	for (size_t i = 0; i < report->row_count; i++)
		print_row(&report->rows[i]);
	for (size_t i = 0; i < report->note_count; i++)
		printf("%s%s\n", i == 0 ? "\n" : "", report->notes[i]);
}
