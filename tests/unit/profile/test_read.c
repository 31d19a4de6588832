/* Whole profiles: of small files in every shape, of large ones, and of the public samples. */
#include "profile/profile.h"

#include "cases.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "profile/sizes.h"
#include "random.h"
#include "summary.h"

struct row {
	const char *name;
	struct profile_settings settings;
	const char *text;
	const char *expected;
};

static enum fault_code read_text(struct arena *arena, const char *text, size_t size, size_t piece,
	const struct profile_settings *settings, struct profile_data *data, struct fault *fault)
{
	struct source *source = source_memory(text, size, piece);
	const enum fault_code code = profile_read(arena, source, settings, data, fault);
	source_free(source);
	return code;
}

static void check(void **state)
{
	const struct row *row = *state;
	static struct fault fault;
	struct arena *arena = arena_new();
	struct buffer got = {0};
	struct profile_data data;
	if (read_text(arena, row->text, strlen(row->text), 100000, &row->settings, &data, &fault))
		buffer_text(&got, fault.message);
	else
		summarise(&data, &got);
	assert_string_equal(buffer_string(&got), row->expected);
	buffer_done(&got);
	arena_free(arena);
}

#define INFER            .header = DIALECT_HEADER_INFER
#define TYPE(name, type) .types = &(const struct profile_type){name, type}, .type_count = 1

static const char *const minus_999[] = {"-999", "unknown"};

static const struct row rows[] = {
	{"types are those of all values", {INFER}, "a,b,c,d\n1,1.0,x,\n2,2,1,\n",
		"2 | a int {1:1,2:1} 1..2 | b float {1.0:1,2:1} 1..2 | c string {1:1,x:1} | d empty -2"},
	{"the usual words are missing values", {INFER}, "a\n1\n?\nNA\nNULL\nnull\nNaN\nnan\n\"\"\n",
		"8 | a int -7 {1:1} 1..1"},
	{"further words may be", {INFER, .missing = minus_999, .missing_count = 2},
		"a,b\n1,x\n-999,unknown\n2,?\n", "3 | a int -1 {1:1,2:1} 1..2 | b string -2 {x:1}"},
	{"categories are the cells' texts", {INFER}, "a\n1\n1.0\n01\n1\n",
		"4 | a float {1:2,01:1,1.0:1} 1..1"},
	{"what is not finite is counted and in no other figure", {INFER}, "a\n1\ninf\n-Infinity\n3\n1e999\n",
		"5 | a float ~3 {-Infinity:1,1:1,1e999:1,3:1,inf:1} 1..3"},
	{"a number among texts is a text", {INFER}, "a,b\nx,1\n5,2\ny,3\n",
		"3 | a string {5:1,x:1,y:1} | b int {1:1,2:1,3:1} 1..3"},
	{"a column may be said to be text", {INFER, TYPE("zip", COLUMN_AS_TEXT)}, "zip,a\n01234,1\n90210,2\n",
		"2 | zip string {01234:1,90210:1} | a int {1:1,2:1} 1..2"},
	{"a column may be said to be numbers", {INFER, TYPE("a", COLUMN_AS_NUMBER)}, "a,b\n1,2\nx,2\n3,2\n",
		"3 | a int -1 {1:1,3:1} 1..3 | b int {2:3} 2..2"},
	{"ragged rows are left out and counted", {INFER}, "a,b\n1,2\n3\n4,5,6\n7,8\n",
		"2+2 | a int {1:1,7:1} 1..7 | b int {2:1,8:1} 2..8"},
	{"a row that is cut off at the end is ragged", {INFER}, "a,b\n1,2\n3",
		"1+1 | a int {1:1} 1..1 | b int {2:1} 2..2"},
	{"columns without a name get one", {INFER}, ",x,,y\n1,2,3,4\n",
		"1 | unnamed_0 int {1:1} 1..1 | x int {2:1} 2..2 | unnamed_2 int {3:1} 3..3 | y int {4:1} 4..4"},
	{"names that come again get a number", {INFER}, "a,a,a_2,a\n1,2,3,4\n",
		"1 | a int {1:1} 1..1 | a_2 int {2:1} 2..2 | a_2_2 int {3:1} 3..3 | a_3 int {4:1} 4..4"},
	{"without a header columns are numbered", {INFER}, "1, x\n2, y\n3, x\n",
		"3 | unnamed_0 int {1:1,2:1,3:1} 1..3 | unnamed_1 string {x:2,y:1}"},
	{"a header may be said to be none", {.header = DIALECT_HEADER_NONE}, "a\nb\n",
		"2 | unnamed_0 string {a:1,b:1}"},
	{"a header may be said to be further down", {.header = 3}, "x\ny\na,b\n1,2\n",
		"1 | a int {1:1} 1..1 | b int {2:1} 2..2"},
	{"the label is marked", {INFER, .label = "b"}, "a,b\n1,2\n",
		"1 | a int {1:1} 1..1 | b! int {2:1} 2..2"},
	{"an unknown label is refused with what there is", {INFER, .label = "c"}, "a,b\n1,2\n",
		"memory: there is no column \"c\"; it has: a, b"},
	{"an unknown column of --type too", {INFER, TYPE("z", COLUMN_AS_TEXT)}, "a,b\n1,2\n",
		"memory: there is no column \"z\"; it has: a, b"},
	{"a header without rows has empty columns", {INFER}, "a,b\n", "0 | a empty | b empty"},
	{"an empty file is refused", {INFER}, "", "memory: there is no record in it"},
	{"a header beyond the end is refused", {.header = 5}, "a\n1\n",
		"memory: there is no record where the header should be in it"},
	{"Latin-1 becomes UTF-8", {INFER},
		"caf\xe9,n\n\xfc"
		"ber,1\n",
		"1 | caf\xc3\xa9 string {\xc3\xbc"
		"ber:1} | n int {1:1} 1..1"},
	{"UTF-8 stays as it is", {INFER}, "\xc3\xa9,n\n\xe4\xb8\xad,1\n",
		"1 | \xc3\xa9 string {\xe4\xb8\xad:1} | n int {1:1} 1..1"},
	{"semicolons and CRLF", {INFER}, "a;b\r\n1;x\r\n2;y\r\n",
		"2 | a int {1:1,2:1} 1..2 | b string {x:1,y:1}"},
};

static void pieces_make_no_difference(void **state)
{
	(void)state;
	static struct fault fault;
	static const char text[] = "a,b\n1,\"x\"\"y\"\n2,\"p\nq\"\n\n3,?\r\n4\n5, z\n";
	static const size_t pieces[] = {1, 7, 1000};
	for (size_t i = 0; i < CASES_COUNT(pieces); i++) {
		struct arena *arena = arena_new();
		struct buffer got = {0};
		struct profile_data data;
		const struct profile_settings settings = {INFER};
		assert_int_equal(
			read_text(arena, text, strlen(text), pieces[i], &settings, &data, &fault), 0);
		summarise(&data, &got);
		assert_string_equal(buffer_string(&got),
			"4+1 | a int {1:1,2:1,3:1,5:1} 1..5 | b string -1 {p\nq:1,x\"y:1,z:1}");
		buffer_done(&got);
		arena_free(arena);
	}
}

static void the_row_sketch_knows_rows_in_any_order_of_columns(void **state)
{
	(void)state;
	static struct fault fault;
	static const char *const texts[] = {"a,b,y\n1,x,0\n2,?,1\n", "y,b,a\n5,NA,2\n6,\"x\",1\n7,x,1\n"};
	struct profile_data data[2];
	struct arena *arena = arena_new();
	const struct profile_settings settings = {INFER, .label = "y"};
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(
			read_text(arena, texts[i], strlen(texts[i]), 1000, &settings, &data[i], &fault), 0);
	const Tally__V1__RowSketch *left = data[0].dataset->row_sketch, *right = data[1].dataset->row_sketch;
	assert_int_equal(left->n_digests, 2);
	assert_int_equal(right->n_digests, 2);
	assert_memory_equal(left->digests, right->digests, 2 * sizeof(*left->digests));
	assert_int_equal(left->n_columns, 2);
	assert_string_equal(right->columns[0], "a");
	assert_string_equal(right->columns[1], "b");
	arena_free(arena);
}

/* ---- large ---- */

enum {
	LARGE_ROWS = 60000,
};

static int compare(const void *left, const void *right)
{
	const double a = *(const double *)left, b = *(const double *)right;
	return (a > b) - (a < b);
}

static double largest_error(const double *sorted, const Tally__V1__Quantiles *quantiles)
{
	double largest = 0;
	int64_t below = 0;
	size_t at = 0;
	for (size_t i = 0; i < LARGE_ROWS; i++) {
		if (i + 1 < LARGE_ROWS && sorted[i + 1] == sorted[i])
			continue;
		for (; at < quantiles->n_values && quantiles->values[at] <= sorted[i]; at++)
			below += quantiles->weights[at];
		largest = fmax(largest, fabs((double)below - (double)(i + 1)) / LARGE_ROWS);
	}
	return largest;
}

static void make_large(struct buffer *text, double *numbers, double *sum)
{
	random_state = 31;
	buffer_text(text, "number,id,word,late\n");
	for (size_t i = 0; i < LARGE_ROWS; i++) {
		char number[40];
		snprintf(number, sizeof(number), "%.9f", random_normal());
		numbers[i] = strtod(number, NULL);
		*sum += numbers[i];
		buffer_print(text, "%s,id-%zu,%s,", number, i, i % 4 ? "often" : "seldom");
		buffer_print(text, i + 1 < LARGE_ROWS ? "%zu\n" : "none of them\n", i);
	}
}

static void many_values_are_within_what_is_stated(void **state)
{
	(void)state;
	static struct fault fault;
	static double numbers[LARGE_ROWS];
	struct buffer text = {0};
	double sum = 0;
	make_large(&text, numbers, &sum);
	struct arena *arena = arena_new();
	struct profile_data data;
	const struct profile_settings settings = {INFER};
	assert_int_equal(read_text(arena, text.bytes, text.size, 65536, &settings, &data, &fault), 0);

	const Tally__V1__ColumnProfile *number = profile_find(&data, "number")->profile;
	qsort(numbers, LARGE_ROWS, sizeof(*numbers), compare);
	assert_true(number->min == numbers[0] && number->max == numbers[LARGE_ROWS - 1]);
	assert_true(fabs(number->mean - sum / LARGE_ROWS) < 1e-12);
	assert_in_range(number->quantiles->n_values, 500, SIZES_POINTS_MAX);
	assert_true(largest_error(numbers, number->quantiles) <= number->quantiles->rank_error);
	assert_true(number->quantiles->rank_error < 0.0025);
	assert_int_equal(number->n_categories, 0);

	const Tally__V1__ColumnProfile *id = profile_find(&data, "id")->profile;
	assert_string_equal(id->inferred_type, "string");
	assert_true(fabs(id->distinct - LARGE_ROWS) < 3 * id->distinct_error * LARGE_ROWS);
	assert_true(id->n_categories <= SIZES_CATEGORIES_MAX && id->category_error > 0);

	const Tally__V1__ColumnProfile *word = profile_find(&data, "word")->profile;
	assert_int_equal(word->n_categories, 2);
	assert_int_equal(word->categories[0]->count, LARGE_ROWS / 4 * 3);
	assert_true(word->distinct == 2 && word->distinct_error == 0);

	const Tally__V1__ColumnProfile *late = profile_find(&data, "late")->profile;
	assert_string_equal(late->inferred_type, "string");
	assert_null(late->quantiles);
	assert_int_equal(late->_min_case, 0);
	assert_int_equal(late->category_error, LARGE_ROWS - 1);
	assert_int_equal(data.dataset->row_sketch->n_digests, SIZES_ROWS);
	arena_free(arena);
	buffer_done(&text);
}

static void the_same_file_gives_the_same_bytes(void **state)
{
	(void)state;
	static struct fault fault;
	static double numbers[LARGE_ROWS];
	struct buffer text = {0};
	double sum = 0;
	uint8_t *packed[2];
	size_t sizes[2];
	make_large(&text, numbers, &sum);
	for (size_t run = 0; run < 2; run++) {
		struct arena *arena = arena_new();
		struct profile_data data;
		const struct profile_settings settings = {INFER};
		assert_int_equal(read_text(arena, text.bytes, text.size, run ? 4096 : 1 << 20, &settings,
					 &data, &fault),
			0);
		const ProtobufCMessage *message = &profile_find(&data, "number")->profile->base;
		sizes[run] = protobuf_c_message_get_packed_size(message);
		packed[run] = malloc(sizes[run]);
		assert_non_null(packed[run]);
		protobuf_c_message_pack(message, packed[run]);
		arena_free(arena);
	}
	assert_int_equal(sizes[0], sizes[1]);
	assert_memory_equal(packed[0], packed[1], sizes[0]);
	free(packed[0]);
	free(packed[1]);
	buffer_done(&text);
}

static void wide_tables_fit_into_a_request(void **state)
{
	enum {
		COLUMNS = 10000
	};
	(void)state;
	static struct fault fault;
	struct buffer text = {0};
	for (int i = 0; i < COLUMNS; i++)
		buffer_print(&text, "%scolumn_%d", i ? "," : "", i);
	for (int row = 0; row < 100; row++) {
		buffer_text(&text, "\n");
		for (int i = 0; i < COLUMNS; i++)
			buffer_print(&text, i ? ",%.6f" : "%.6f", random_share());
	}
	struct arena *arena = arena_new();
	struct profile_data data;
	const struct profile_settings settings = {INFER};
	assert_int_equal(read_text(arena, text.bytes, text.size, 1 << 20, &settings, &data, &fault), 0);
	assert_int_equal(data.count, COLUMNS);
	size_t size = protobuf_c_message_get_packed_size(&data.dataset->base);
	for (size_t i = 0; i < data.count; i++) {
		size += 100 + protobuf_c_message_get_packed_size(&data.columns[i].profile->base);
		assert_true(data.columns[i].profile->quantiles->n_values >= 25);
		assert_true(data.columns[i].profile->quantiles->rank_error < 0.03);
	}
	assert_true(size < 14 << 20);
	arena_free(arena);
	buffer_done(&text);
}

/* ---- public samples ---- */

static const char *shared_folder(void)
{
	const char *folder = getenv("TALLY_SHARED");
	return folder ? folder : TALLY_SOURCE_DIR "/../shared";
}

static bool is_near(double value, const json_t *expected)
{
	const double number = json_number_value(expected);
	return fabs(value - number) <= 1e-9 * fmax(1, fabs(number));
}

static void compare_column(const Tally__V1__ColumnProfile *profile, const json_t *expected)
{
	assert_int_equal(profile->count, json_integer_value(json_object_get(expected, "n")));
	assert_int_equal(profile->missing, json_integer_value(json_object_get(expected, "n_missing")));
	assert_string_equal(profile->inferred_type, json_string_value(json_object_get(expected, "type")));
	const double distinct = json_number_value(json_object_get(expected, "n_distinct"));
	assert_true(fabs(profile->distinct - distinct) <= 3 * profile->distinct_error * distinct);
	const json_t *numeric = json_object_get(expected, "numeric");
	if (json_is_object(numeric)) {
		assert_true(is_near(profile->min, json_object_get(numeric, "min")));
		assert_true(is_near(profile->max, json_object_get(numeric, "max")));
		assert_true(is_near(profile->mean, json_object_get(numeric, "mean")));
		assert_true(is_near(profile->standard_deviation, json_object_get(numeric, "std_pop")));
	}
	const json_t *top = json_object_get(expected, "top");
	for (size_t i = 0;
		profile->category_error == 0 && i < json_array_size(top) && i < profile->n_categories; i++)
		assert_int_equal(profile->categories[i]->count,
			json_integer_value(json_array_get(json_array_get(top, i), 1)));
}

static size_t compare_side(const json_t *pair, const char *side)
{
	static struct fault fault;
	char path[1000];
	struct arena *arena = arena_new();
	struct profile_data data;
	const struct profile_settings settings = {INFER};
	snprintf(path, sizeof(path), "%s/samples/%s", shared_folder(),
		json_string_value(json_object_get(pair, side)));
	struct source *source = source_open(path, &fault);
	assert_non_null(source);
	assert_int_equal(profile_read(arena, source, &settings, &data, &fault), FAULT_NONE);
	const char *name;
	json_t *column;
	size_t count = 0;
	json_object_foreach(json_object_get(pair, "columns"), name, column)
	{
		const json_t *expected = json_object_get(column, side);
		const struct profile_column *found = profile_find(&data, name);
		if (!json_is_object(expected))
			continue;
		assert_non_null(found);
		compare_column(found->profile, expected);
		count++;
	}
	source_free(source);
	arena_free(arena);
	return count;
}

static void the_samples_are_what_the_reference_says(void **state)
{
	(void)state;
	char path[1000];
	size_t count = 0;
	snprintf(path, sizeof(path), "%s/reference/drift_reference.json", shared_folder());
	json_t *reference = json_load_file(path, 0, NULL);
	if (!reference) {
		print_message("skipped: the reference is not at %s\n", path);
		skip();
		return; /* skip() does not return, but does not say so */
	}
	const json_t *pairs = json_object_get(reference, "pairs");
	const char *name;
	json_t *pair;
	json_object_foreach((json_t *)(uintptr_t)pairs, name, pair)
	{
		count += compare_side(pair, "reference") + compare_side(pair, "current");
	}
	size_t index;
	json_array_foreach(pairs, index, pair)
	{
		count += compare_side(pair, "reference") + compare_side(pair, "current");
	}
	json_decref(reference);
	assert_true(count > 100);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + 6];
	size_t count = CASES_ADD(tests, 0, rows, check);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(pieces_make_no_difference);
	tests[count++] =
		(struct CMUnitTest)cmocka_unit_test(the_row_sketch_knows_rows_in_any_order_of_columns);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(many_values_are_within_what_is_stated);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(the_same_file_gives_the_same_bytes);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(wide_tables_fit_into_a_request);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(the_samples_are_what_the_reference_says);
	return CASES_RUN_ALL(tests, count);
}
