/*
 * Quiet where nothing has changed, and not where something has: random halves
 * of public files, in which every finding about data is a false alarm, beside
 * the same halves of which one was changed.
 *
 * The suite splits each file a few times; the number of times may be given:
 * build/dev/bin/test_rules_quiet 200
 */
#include <math.h>
#include <stdio.h>

#include "base/buffer.h"
#include "load.h"
#include "rules/rules.h"
#include "tables.h"

#include "cases.h"

static unsigned splits = 12;

struct source {
	const char *path;
	size_t skip;
	bool header;
};

static const struct source sources[] = {
	{"chicago_taxi/train.csv", 0, true},
	{"chicago_taxi/eval.csv", 0, true},
	{"nyc_taxi/yellow_tripdata_sample_2019-01.csv", 0, true},
	{"nyc_taxi/yellow_tripdata_sample_2019-02.csv", 0, true},
	{"nyc_taxi/yellow_tripdata_sample_2019-03.csv", 0, true},
	{"nyc_taxi/yellow_tripdata_sample_2019-04.csv", 0, true},
	{"wine/mlflow-wine-quality.csv", 0, true},
	{"debian/boston_house_prices.csv", 1, true},
	{"debian/iris.csv", 1, false},
};

/* ---- chance ---- */

static uint64_t dice = 88172645463325252U;

/* xorshift64 */
static uint64_t roll(void)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return dice;
}

/* From the least to the most, small numbers as often as large ones. */
static size_t random_size(size_t least, size_t most)
{
	double share = (double)(roll() % 1000001) / 1e6;
	return (size_t)lround((double)least * pow((double)most / (double)least, share));
}

static void shuffle(size_t *rows, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		size_t other = roll() % i;
		size_t row = rows[i - 1];
		rows[i - 1] = rows[other];
		rows[other] = row;
	}
}

/* ---- counting findings ---- */

static const char *const about_profiles[] = {"data.distribution-drift", "data.missing-rate",
	"data.new-categories", "data.out-of-range", "data.type-changed", "data.statistic-differs",
	"data.label-share-differs"};

/* How often each of them, and any, fired in a comparison. */
struct tally {
	size_t comparisons;
	size_t any;
	size_t by_rule[CASES_COUNT(about_profiles)];
};

static void count_findings(struct tally *tally, const struct loaded *loaded)
{
	struct rules_evaluation *evaluation = rules_evaluate(&loaded->system, NULL);
	bool fired[CASES_COUNT(about_profiles)] = {false};
	bool any = false;
	size_t count;
	const struct model_finding *const *findings = rules_evaluation_findings(evaluation, &count);
	for (size_t i = 0; i < count; i++) {
		for (size_t rule = 0; rule < CASES_COUNT(about_profiles); rule++)
			fired[rule] = fired[rule] || strcmp(findings[i]->rule, about_profiles[rule]) == 0;
	}
	for (size_t rule = 0; rule < CASES_COUNT(about_profiles); rule++) {
		tally->by_rule[rule] += fired[rule];
		any = any || fired[rule];
	}
	tally->comparisons++;
	tally->any += any;
	rules_evaluation_unref(evaluation);
}

static void compare(struct tally *tally, const struct table *training, const size_t *a, size_t a_count,
	const struct table *production, const size_t *b, size_t b_count)
{
	struct loaded loaded = {0};
	load_put(&loaded, table_describe(training, KIND_TRAINING_DATA, a, a_count));
	load_put(&loaded, table_describe(production, KIND_PRODUCTION_DATA, b, b_count));
	count_findings(tally, &loaded);
	load_done(&loaded);
}

static void print_tally(const char *what, const struct tally *tally)
{
	printf("%s: %zu of %zu comparisons (%.2f %%)", what, tally->any, tally->comparisons,
		100 * (double)tally->any / (double)tally->comparisons);
	for (size_t rule = 0; rule < CASES_COUNT(about_profiles); rule++) {
		if (tally->by_rule[rule] > 0)
			printf(", %s %zu", about_profiles[rule], tally->by_rule[rule]);
	}
	printf("\n");
}

/* ---- the tests ---- */

static const char *folder(void)
{
	const char *shared = getenv("TALLY_SHARED");
	return shared ? shared : TALLY_SOURCE_DIR "/../shared";
}

static bool open_table(struct table *table, const struct source *source)
{
	struct buffer path = {0};
	buffer_print(&path, "%s/samples/tabular/%s", folder(), source->path);
	bool there = table_read(table, buffer_string(&path), source->skip, source->header);
	buffer_done(&path);
	return there;
}

static size_t *all_rows(const struct table *table)
{
	size_t *rows = calloc(table->count, sizeof(*rows));
	assert_non_null(rows);
	for (size_t i = 0; i < table->count; i++)
		rows[i] = i;
	return rows;
}

static void split_table(struct tally *tally, const struct table *table)
{
	size_t *rows = all_rows(table);
	for (unsigned i = 0; i < splits; i++) {
		size_t count = random_size(100, table->count);
		shuffle(rows, table->count);
		compare(tally, table, rows, count / 2, table, rows + count / 2, count - count / 2);
	}
	free(rows);
}

/* One hundredth may be false alarms, and what chance adds to that in so few comparisons (three deviations).
 */
static void halves_are_quiet(void **state)
{
	(void)state;
	struct tally all = {0};
	for (size_t i = 0; i < CASES_COUNT(sources); i++) {
		struct tally tally = {0};
		struct table table;
		assert_true(open_table(&table, &sources[i]));
		split_table(&tally, &table);
		table_done(&table);
		print_tally(sources[i].path, &tally);
		all.comparisons += tally.comparisons;
		all.any += tally.any;
		for (size_t rule = 0; rule < CASES_COUNT(about_profiles); rule++)
			all.by_rule[rule] += tally.by_rule[rule];
	}
	print_tally("false alarms", &all);
	double allowed = 0.01 * (double)all.comparisons;
	assert_true((double)all.any <= (splits >= 200 ? allowed : allowed + 3 * sqrt(allowed)));
}

/* A month in which a surcharge came and zeros were filled in, from samples of 1000 rows on. */
static void changes_are_found(void **state)
{
	(void)state;
	struct table before;
	struct table after;
	assert_true(open_table(&before, &sources[2]) && open_table(&after, &sources[3]));
	size_t *a = all_rows(&before);
	size_t *b = all_rows(&after);
	struct tally tally = {0};
	for (unsigned i = 0; i < splits; i++) {
		shuffle(a, before.count);
		shuffle(b, after.count);
		compare(&tally, &before, a, random_size(500, before.count), &after, b,
			random_size(500, after.count));
	}
	print_tally("real changes found", &tally);
	assert_int_equal(tally.by_rule[0], tally.comparisons);
	assert_int_equal(tally.by_rule[1], tally.comparisons);
	free(a);
	free(b);
	table_done(&before);
	table_done(&after);
}

int main(int count, char **arguments)
{
	if (count > 1)
		splits = (unsigned)strtoul(arguments[1], NULL, 10);
	struct table table;
	if (!open_table(&table, &sources[0])) {
		printf("Skipped: there are no samples in %s.\n", folder());
		return 0;
	}
	table_done(&table);
	const struct CMUnitTest tests[] = {
		{"random halves of a file are found to be alike", halves_are_quiet, NULL, NULL, NULL},
		{"samples of two different months are not", changes_are_found, NULL, NULL, NULL},
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
