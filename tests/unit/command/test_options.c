/* What the parser of options makes of words. */
#include "command/options.h"

#include <string.h>

#include "cases.h"
#include "command/words.h"

enum {
	WORDS_MAX = 8,
};

static const char *const colours[] = {"red", "green", "blue", NULL};

static const struct option own[] = {
	{"note", 'm', OPTION_TEXT, "TEXT", "", NULL, NULL},
	{"dry-run", 0, OPTION_FLAG, NULL, "", NULL, NULL},
	{"colour", 'c', OPTION_CHOICE, "COLOUR", "", colours, NULL},
	{"kind", 0, OPTION_KIND, "KIND", "", words_kinds, NULL},
	{"count", 0, OPTION_NUMBER, "N", "", NULL, NULL},
	{"to-place", 0, OPTION_TEXT, "NAME", "", NULL, "place"},
	{"place", 0, OPTION_TEXT, "NAME", "", NULL, NULL},
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

static const struct option global[] = {
	{"server", 's', OPTION_TEXT, "ADDRESS", "", NULL, NULL},
	{"note", 0, OPTION_FLAG, NULL, "hidden by the command's own", NULL, NULL},
	{"timeout", 0, OPTION_DURATION, "TIME", "", NULL, NULL},
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

static enum fault_code read_words(
	struct options *options, struct arena *arena, const char *const *words, struct fault *fault)
{
	int count = 0, at = 0;
	while (words[count])
		count++;
	options_init(options, arena, count);
	options->tables[0] = own;
	options->tables[1] = global;
	return options_read(options, count, (char *const *)(uintptr_t)words, &at, false, fault);
}

static const struct value_row {
	const char *name;
	const char *words[WORDS_MAX];
	const char *option;
	const char *expected; /* NULL: not given */
} value_rows[] = {
	{"a value may be the next word", {"--note", "why"}, "note", "why"},
	{"a value may follow an equals sign", {"--note=why=not"}, "note", "why=not"},
	{"a value may be empty", {"--note="}, "note", ""},
	{"a letter takes the next word", {"-m", "why"}, "note", "why"},
	{"a letter takes what is attached", {"-mwhy"}, "note", "why"},
	{"a value may look like an option", {"--note", "--dry-run"}, "note", "--dry-run"},
	{"the last one counts", {"--note", "a", "--note", "b"}, "note", "b"},
	{"a flag takes no word", {"--dry-run", "file"}, "dry-run", ""},
	{"an option that is not given has no value", {"file"}, "note", NULL},
	{"options may follow arguments", {"file", "--note", "why"}, "note", "why"},
	{"behind -- nothing is an option", {"--", "--note", "why"}, "note", NULL},
	{"global options are known", {"--server", "a:1"}, "server", "a:1"},
	{"a choice is kept", {"-c", "green"}, "colour", "green"},
	{"choices may be joined by commas", {"-c", "green,red"}, "colour", "green,red"},
	{"a kind's document name becomes its id", {"--kind", "TrainedModel,raw_data"}, "kind",
		"trained_model,raw_data"},
	{"another word gives the option it means", {"--to-place", "here"}, "place", "here"},
};

static void check_value(void **state)
{
	const struct value_row *row = *state;
	struct arena *arena = arena_new();
	struct options options;
	struct fault fault;
	assert_int_equal(read_words(&options, arena, row->words, &fault), FAULT_NONE);
	const char *text = options_text(&options, row->option);
	if (row->expected)
		assert_string_equal(text, row->expected);
	else
		assert_null(text);
	arena_free(arena);
}

static const struct fault_row {
	const char *name;
	const char *words[WORDS_MAX];
	const char *reason;
	const char *message;
} fault_rows[] = {
	{"an unknown option names the nearest", {"--nte=x"}, "OPTION_UNKNOWN",
		"there is no option --nte; did you mean --note?"},
	{"an unknown option that is near to none names none", {"--frobnicate"}, "OPTION_UNKNOWN",
		"there is no option --frobnicate"},
	{"an unknown letter is refused", {"-x"}, "OPTION_UNKNOWN", "there is no option -x"},
	{"a missing value is refused", {"--note"}, "VALUE_MISSING", "--note needs a value: --note TEXT"},
	{"a flag's value is refused", {"--dry-run=yes"}, "VALUE_UNEXPECTED", "--dry-run takes no value"},
	{"a choice that is none names all and the nearest", {"--colour", "gren"}, "VALUE_UNKNOWN",
		"--colour: \"gren\" is not red, green or blue; did you mean green?"},
	{"each of several choices is checked", {"--colour", "red,pink"}, "VALUE_UNKNOWN",
		"--colour: \"pink\" is not red, green or blue"},
	{"a number must be one", {"--count", "12x"}, "VALUE_INVALID",
		"--count: \"12x\" is not a whole number"},
	{"a number is not negative", {"--count", "-1"}, "VALUE_INVALID",
		"--count: \"-1\" is not a whole number"},
	{"a number must fit", {"--count", "99999999999999999999"}, "VALUE_INVALID",
		"--count: \"99999999999999999999\" is not a whole number"},
	{"a time needs a known unit", {"--timeout", "3 days"}, "VALUE_INVALID",
		"--timeout: \"3 days\" is not a time such as 30s, 500ms, 2m or 1d"},
};

static void check_fault(void **state)
{
	const struct fault_row *row = *state;
	struct arena *arena = arena_new();
	struct options options;
	struct fault fault;
	assert_int_equal(read_words(&options, arena, row->words, &fault), FAULT_INVALID);
	assert_string_equal(fault.reason, row->reason);
	assert_string_equal(fault.message, row->message);
	arena_free(arena);
}

static const struct time_row {
	const char *name;
	const char *text;
	int ms; /* -1: refused */
} time_rows[] = {
	{"a bare number is seconds", "30", 30000},
	{"ms are milliseconds", "500ms", 500},
	{"s are seconds", "1.5s", 1500},
	{"m are minutes", "2m", 120000},
	{"h are hours", "1h", 3600000},
	{"d are days", "1d", 86400000},
	{"0 is no time", "0", 0},
	{"half a millisecond is one", "0.0005", 1},
	{"what does not fit is refused", "1000h", -1},
	{"not a number is refused", "nan", -1},
	{"a sign is refused", "-1s", -1},
	{"nothing is refused", "", -1},
};

static void check_time(void **state)
{
	const struct time_row *row = *state;
	int ms = -1;
	assert_int_equal(options_parse_duration(row->text, &ms), row->ms >= 0);
	assert_int_equal(ms, row->ms);
}

static void all_values_of_an_option_come_apart(void **state)
{
	(void)state;
	static const char *const words[] = {"--colour", "red,green", "--note", "a,b", "--colour=blue", NULL};
	struct arena *arena = arena_new();
	struct options options;
	struct fault fault;
	size_t count;
	assert_int_equal(read_words(&options, arena, words, &fault), FAULT_NONE);
	const char **all = options_all(&options, "colour", &count);
	assert_int_equal(count, 3);
	assert_string_equal(all[0], "red");
	assert_string_equal(all[1], "green");
	assert_string_equal(all[2], "blue");
	arena_free(arena);
}

static void names_of_files_keep_their_commas(void **state)
{
	(void)state;
	static const char *const words[] = {"--note", "a,b", "--note=c", NULL};
	struct arena *arena = arena_new();
	struct options options;
	struct fault fault;
	size_t count;
	assert_int_equal(read_words(&options, arena, words, &fault), FAULT_NONE);
	const char **each = options_each(&options, "note", &count);
	assert_int_equal(count, 2);
	assert_string_equal(each[0], "a,b");
	assert_string_equal(each[1], "c");
	arena_free(arena);
}

static void arguments_keep_their_order(void **state)
{
	(void)state;
	static const char *const words[] = {"a", "--dry-run", "-", "--", "-b", NULL};
	struct arena *arena = arena_new();
	struct options options;
	struct fault fault;
	assert_int_equal(read_words(&options, arena, words, &fault), FAULT_NONE);
	assert_int_equal(options.argument_count, 3);
	assert_string_equal(options.arguments[0], "a");
	assert_string_equal(options.arguments[1], "-");
	assert_string_equal(options.arguments[2], "-b");
	arena_free(arena);
}

int main(void)
{
	struct CMUnitTest
		tests[CASES_COUNT(value_rows) + CASES_COUNT(fault_rows) + CASES_COUNT(time_rows) + 3];
	size_t count = CASES_ADD(tests, 0, value_rows, check_value);
	count = CASES_ADD(tests, count, fault_rows, check_fault);
	count = CASES_ADD(tests, count, time_rows, check_time);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(all_values_of_an_option_come_apart);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(names_of_files_keep_their_commas);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(arguments_keep_their_order);
	return CASES_RUN_ALL(tests, count);
}
