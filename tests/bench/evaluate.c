/*
 * Running the rules over one system, by the number of its columns: does the
 * cost grow with them and no faster? Calls the rules directly, without a server.
 */
#include <time.h>

#include "bench.h"
#include "descriptors.h"
#include "rules/rules.h"

enum {
	WIDTHS = 4,
	RUN_PART = 8, /* so many measurements share the length of a run */
};

/* A system with so many columns: consistent, with a finding for each column, and with profiles. */
struct wide {
	struct model_descriptor *fitting[DESCRIPTOR_KINDS];
	struct model_descriptor *drifted[DESCRIPTOR_KINDS];
	struct model_descriptor *profiled[DESCRIPTOR_KINDS];
	long columns;
	size_t finding_count;                                     /* when nothing fits */
	struct series all_us, again_us, findings_us, profiles_us; /* per evaluation */
};

static struct model_descriptor *make_one(struct arena *arena, const Tally__V1__Descriptor *message)
{
	size_t size;
	struct model_version version = {.kind = model_message_kind(message),
		.name = "default",
		.version = 1,
		.revision = 1,
		.owner_team = "",
		.author = "",
		.author_team = "",
		.change_note = ""};
	void *body = model_descriptor_pack(arena, message, &size, &version.digest);
	struct model_descriptor *made = model_descriptor_new(&version, body, size);
	if (!made)
		give_up("evaluate: a descriptor cannot be read back");
	return made;
}

static void wide_init(struct wide *wide, long columns)
{
	*wide = (struct wide){.columns = columns};
	struct arena *arena = arena_new();
	Tally__V1__Descriptor **all = descriptors_make(arena, "bench", (int)columns);
	for (size_t i = 0; i < DESCRIPTOR_KINDS; i++) {
		wide->fitting[i] = make_one(arena, all[i]);
		wide->drifted[i] = model_descriptor_ref(wide->fitting[i]);
	}
	descriptors_retype(all[DESCRIPTOR_PRODUCTION_DATA], "String");
	model_descriptor_unref(wide->drifted[DESCRIPTOR_PRODUCTION_DATA]);
	wide->drifted[DESCRIPTOR_PRODUCTION_DATA] = make_one(arena, all[DESCRIPTOR_PRODUCTION_DATA]);
	descriptors_retype(all[DESCRIPTOR_PRODUCTION_DATA], "Float");
	descriptors_profile(arena, all[DESCRIPTOR_TRAINING_DATA], all[DESCRIPTOR_PRODUCTION_DATA]);
	for (size_t i = 0; i < DESCRIPTOR_KINDS; i++)
		wide->profiled[i] = make_one(arena, all[i]);
	arena_free(arena);
}

static void wide_done(struct wide *wide)
{
	for (size_t i = 0; i < DESCRIPTOR_KINDS; i++) {
		model_descriptor_unref(wide->fitting[i]);
		model_descriptor_unref(wide->drifted[i]);
		model_descriptor_unref(wide->profiled[i]);
	}
}

/* The thread's own: what else runs on the machine does not count. */
static int64_t cpu_us(void)
{
	struct timespec used;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return used.tv_sec * INT64_C(1000000) + used.tv_nsec / 1000;
}

/* @param[out] count of findings, may be NULL @return microseconds of CPU per evaluation */
static double measure(struct model_descriptor *const *descriptors, const struct rules_evaluation *earlier,
	kind_set changed, int64_t run_us, size_t *count)
{
	struct model_system system = {"bench", descriptors, DESCRIPTOR_KINDS};
	int64_t begin_us = cpu_us(), took_us;
	long times = 0;
	do {
		struct rules_evaluation *evaluation = rules_evaluate(&system, earlier, changed);
		if (count)
			rules_evaluation_findings(evaluation, count);
		rules_evaluation_unref(evaluation);
		times++;
		took_us = cpu_us() - begin_us;
	} while (took_us < run_us);
	return (double)took_us / (double)times;
}

static void measure_wide(struct wide *wide, int64_t run_us)
{
	struct model_system system = {"bench", wide->fitting, DESCRIPTOR_KINDS};
	struct rules_evaluation *earlier = rules_evaluate(&system, NULL, 0);
	kind_set changed = KIND_BIT(KIND_PRODUCTION_DATA);
	series_add(&wide->all_us, measure(wide->fitting, NULL, 0, run_us, NULL));
	series_add(&wide->again_us, measure(wide->fitting, earlier, changed, run_us, NULL));
	series_add(
		&wide->findings_us, measure(wide->drifted, earlier, changed, run_us, &wide->finding_count));
	series_add(&wide->profiles_us, measure(wide->profiled, NULL, 0, run_us, NULL));
	rules_evaluation_unref(earlier);
}

/* What one column costs, beside what it costs where there are few. */
static void add_row(struct bench *bench, const struct wide *wide, const struct series *all,
	const struct wide *few, const struct series *few_all, const char *what)
{
	struct report_row row = {.scenario = "evaluate",
		.unit = "ns",
		.tally = series_median(all) * 1e3 / (double)wide->columns,
		.beside = series_median(few_all) * 1e3 / (double)few->columns,
		.goal = GOAL_AT_MOST,
		.bound = 2};
	snprintf(row.what, sizeof(row.what), "%s, a column of %ld", what, wide->columns);
	snprintf(row.than, sizeof(row.than), "a column of %ld", few->columns);
	report_add(bench->report, &row);
}

static void report_all(struct bench *bench, const struct wide *wides)
{
	const struct wide *few = &wides[1];
	for (int i = 0; i < WIDTHS; i++) {
		struct report_row row = {
			.scenario = "evaluate", .unit = "ms", .tally = series_median(&wides[i].all_us) / 1e3};
		snprintf(row.what, sizeof(row.what), "all rules, %ld columns", wides[i].columns);
		report_add(bench->report, &row);
	}
	const struct wide *widest = &wides[WIDTHS - 1];
	char what[48];
	snprintf(what, sizeof(what), "%zu findings", widest->finding_count);
	add_row(bench, widest, &widest->all_us, few, &few->all_us, "all rules");
	add_row(bench, widest, &widest->again_us, few, &few->again_us, "production data only");
	add_row(bench, widest, &widest->profiles_us, few, &few->profiles_us, "with profiles");
	add_row(bench, widest, &widest->findings_us, few, &few->findings_us, what);
}

void scenario_evaluate(struct bench *bench)
{
	const struct options *options = bench->options;
	const long columns[WIDTHS] = {options->columns / 1000 > 1 ? options->columns / 1000 : 1,
		options->columns / 100 > 1 ? options->columns / 100 : 1,
		options->columns / 10 > 1 ? options->columns / 10 : 1, options->columns};
	struct wide wides[WIDTHS];
	for (int i = 0; i < WIDTHS; i++)
		wide_init(&wides[i], columns[i]);
	for (long run = 0; run < options->runs; run++)
		for (int i = 0; i < WIDTHS; i++)
			measure_wide(&wides[i], options->run_ms * 1000 / RUN_PART);
	report_all(bench, wides);
	for (int i = 0; i < WIDTHS; i++)
		wide_done(&wides[i]);
}
