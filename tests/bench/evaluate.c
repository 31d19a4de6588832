/*
 * Running the rules over one system, by the number of its columns: does the
 * cost grow with them and no faster? Calls the rules directly, without a server.
 */
#include <time.h>

#include "bench.h"
#include "descriptors.h"
#include "rules/rules.h"

enum {
	WIDTHS = 2,
	RUN_PART = 8,  /* so many measurements share the length of a run */
	DRIFTED = 100, /* one of so many columns, where some have drifted */
};

/* What the production data of a measured system are like. */
enum data {
	DATA_FITTING,  /* consistent, without profiles */
	DATA_RETYPED,  /* of other types: a finding for each column */
	DATA_PROFILED, /* with profiles that are as the training data's */
	DATA_SOME,     /* and of which some have drifted */
	DATA_DRIFTED,  /* and of which all have */
	DATA_COUNT
};

/* What is evaluated. */
enum scope {
	SCOPE_ALL,   /* everything, for the first time */
	SCOPE_AGAIN, /* production data that were pushed after those that fit */
};

static const struct {
	const char *name;
	enum data data;
	enum scope scope;
} measures[] = {
	{"all rules", DATA_FITTING, SCOPE_ALL},
	{"production data again", DATA_FITTING, SCOPE_AGAIN},
	{"production data again, all mistyped", DATA_RETYPED, SCOPE_AGAIN},
	{"all rules, with profiles", DATA_PROFILED, SCOPE_ALL},
	{"profiled data again", DATA_PROFILED, SCOPE_AGAIN},
	{"profiled data again, 1 % drifted", DATA_SOME, SCOPE_AGAIN},
	{"profiled data again, all drifted", DATA_DRIFTED, SCOPE_AGAIN},
};

enum {
	MEASURES = sizeof(measures) / sizeof(measures[0])
};

/* Systems with so many columns, which differ in their data only. */
struct wide {
	struct model_descriptor *descriptors[DATA_COUNT][DESCRIPTOR_KINDS];
	long columns;
	struct series us[MEASURES]; /* per evaluation */
	size_t finding_count[MEASURES];
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

/* Training data change with the profiles and production data each time; the other parts are shared. */
static void add_system(struct wide *wide, struct arena *arena, enum data data, Tally__V1__Descriptor **all)
{
	for (size_t i = 0; i < DESCRIPTOR_KINDS; i++) {
		bool own = data == DATA_FITTING || i == DESCRIPTOR_PRODUCTION_DATA ||
			   (data == DATA_PROFILED && i == DESCRIPTOR_TRAINING_DATA);
		wide->descriptors[data][i] =
			own ? make_one(arena, all[i]) : model_descriptor_ref(wide->descriptors[data - 1][i]);
	}
}

static void wide_init(struct wide *wide, long columns)
{
	*wide = (struct wide){.columns = columns};
	struct arena *arena = arena_new();
	Tally__V1__Descriptor **all = descriptors_make(arena, "bench", (int)columns);
	Tally__V1__Descriptor *training = all[DESCRIPTOR_TRAINING_DATA];
	Tally__V1__Descriptor *production = all[DESCRIPTOR_PRODUCTION_DATA];
	add_system(wide, arena, DATA_FITTING, all);
	descriptors_retype(production, "String");
	add_system(wide, arena, DATA_RETYPED, all);
	descriptors_retype(production, "Float");
	descriptors_profile(arena, training, production, 0);
	add_system(wide, arena, DATA_PROFILED, all);
	descriptors_profile(arena, training, production, (size_t)(columns + DRIFTED - 1) / DRIFTED);
	add_system(wide, arena, DATA_SOME, all);
	descriptors_profile(arena, training, production, (size_t)columns);
	add_system(wide, arena, DATA_DRIFTED, all);
	arena_free(arena);
}

static void wide_done(struct wide *wide)
{
	for (size_t i = 0; i < DATA_COUNT; i++)
		for (size_t j = 0; j < DESCRIPTOR_KINDS; j++)
			model_descriptor_unref(wide->descriptors[i][j]);
}

/* The thread's own: what else runs on the machine does not count. */
static int64_t cpu_us(void)
{
	struct timespec used;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return used.tv_sec * INT64_C(1000000) + used.tv_nsec / 1000;
}

/* @param[out] count of findings @return microseconds of CPU per evaluation */
static double measure(struct model_descriptor *const *descriptors, const struct rules_evaluation *earlier,
	int64_t run_us, size_t *count)
{
	struct model_system system = {"bench", descriptors, DESCRIPTOR_KINDS};
	int64_t begin_us = cpu_us(), took_us;
	long times = 0;
	do {
		struct rules_evaluation *evaluation = rules_evaluate(&system, earlier);
		rules_evaluation_findings(evaluation, count);
		rules_evaluation_unref(evaluation);
		times++;
		took_us = cpu_us() - begin_us;
	} while (took_us < run_us);
	return (double)took_us / (double)times;
}

/* The system before the data came again. */
static struct rules_evaluation *evaluate_earlier(const struct wide *wide, enum data data)
{
	enum data earlier = data < DATA_PROFILED ? DATA_FITTING : DATA_PROFILED;
	struct model_system system = {"bench", wide->descriptors[earlier], DESCRIPTOR_KINDS};
	return rules_evaluate(&system, NULL);
}

static void measure_wide(struct wide *wide, int64_t run_us)
{
	for (size_t i = 0; i < MEASURES; i++) {
		enum data data = measures[i].data;
		struct rules_evaluation *earlier =
			measures[i].scope == SCOPE_AGAIN ? evaluate_earlier(wide, data) : NULL;
		series_add(&wide->us[i],
			measure(wide->descriptors[data], earlier, run_us, &wide->finding_count[i]));
		rules_evaluation_unref(earlier);
	}
}

/* What one evaluation takes, and what a column of it costs beside what it costs where there are few. */
static void add_rows(struct bench *bench, const struct wide *wide, const struct wide *few, size_t at)
{
	double us = series_median(&wide->us[at]);
	struct report_row whole = {.scenario = "evaluate", .unit = "ms", .tally = us / 1e3};
	struct report_row row = {.scenario = "evaluate",
		.unit = "ns",
		.tally = us * 1e3 / (double)wide->columns,
		.beside = series_median(&few->us[at]) * 1e3 / (double)few->columns,
		.goal = GOAL_AT_MOST,
		.bound = 2};
	snprintf(whole.what, sizeof(whole.what), "%s, %zu findings", measures[at].name,
		wide->finding_count[at]);
	snprintf(row.what, sizeof(row.what), "%s, a column", measures[at].name);
	snprintf(row.than, sizeof(row.than), "a column of %ld", few->columns);
	report_add(bench->report, &whole);
	report_add(bench->report, &row);
}

static void report_all(struct bench *bench, const struct wide *wides)
{
	for (size_t i = 0; i < MEASURES; i++)
		add_rows(bench, &wides[WIDTHS - 1], &wides[0], i);
}

void scenario_evaluate(struct bench *bench)
{
	const struct options *options = bench->options;
	const long columns[WIDTHS] = {
		options->columns / 100 > 1 ? options->columns / 100 : 1, options->columns};
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
