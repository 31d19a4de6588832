/* The table of commands: how words find a row, and what each row must say. */
#include "command/command.h"

#include <string.h>

#include "cases.h"
#include "command/help.h"

static const struct find_row {
	const char *name;
	const char *words[3];
	const char *found; /* NULL: a fault */
	const char *message;
} find_rows[] = {
	{"a command is found by its name", {"push", "file"}, "push", NULL},
	{"a command is found by its alias", {"can-i-deploy"}, "verdict", NULL},
	{"two words make one command", {"system", "create", "x"}, "system create", NULL},
	{"a slip names the nearest command", {"pusch"}, NULL,
		"there is no command \"pusch\"; did you mean \"push\"?"},
	{"a slip names the nearest alias", {"can-i-deply"}, NULL,
		"there is no command \"can-i-deply\"; did you mean \"can-i-deploy\"?"},
	{"a slip in the second word names the nearest", {"system", "creat"}, NULL,
		"there is no command \"system creat\"; did you mean \"system create\"?"},
	{"a group alone asks for its second word", {"system"}, NULL,
		"\"system\" needs one more word: create, list, delete"},
	{"a word that is near to none names none", {"xylophone"}, NULL, "there is no command \"xylophone\""},
	{"the beginning of a command is not the command", {"pus"}, NULL,
		"there is no command \"pus\"; did you mean \"push\"?"},
};

static void check_find(void **state)
{
	const struct find_row *row = *state;
	struct arena *arena = arena_new();
	struct fault fault;
	int used, count = 0;
	while (count < 3 && row->words[count])
		count++;
	const struct command *command =
		command_find(arena, (char *const *)(uintptr_t)row->words, count, &used, &fault);
	if (row->found) {
		assert_non_null(command);
		assert_string_equal(command->name, row->found);
		assert_int_equal(used, strchr(row->found, ' ') ? 2 : 1);
	} else {
		assert_null(command);
		assert_string_equal(fault.message, row->message);
	}
	arena_free(arena);
}

static void every_command_has_a_help_with_an_example_of_itself(void **state)
{
	(void)state;
	for (size_t i = 0; commands[i]; i++) {
		struct buffer help = {0};
		char call[64];
		help_command(commands[i], &help);
		snprintf(call, sizeof(call), "tally %s", commands[i]->name);
		const char *example = strstr(buffer_string(&help), "Example:");
		assert_non_null(example);
		assert_non_null(strstr(example, call));
		assert_non_null(strstr(buffer_string(&help), commands[i]->summary));
		for (const struct option *option = commands[i]->options; option && option->name; option++) {
			snprintf(call, sizeof(call), "--%s", option->name);
			assert_non_null(strstr(buffer_string(&help), call));
		}
		buffer_done(&help);
	}
}

static void no_option_of_a_command_stands_twice_in_its_help(void **state)
{
	(void)state;
	for (size_t i = 0; commands[i]; i++) {
		const struct option *tables[OPTION_TABLES] = {commands[i]->options, command_global_options};
		size_t at = 0;
		for (const struct option *option; (option = options_next(tables, &at));) {
			size_t other_at = at;
			for (const struct option *other; (other = options_next(tables, &other_at));) {
				assert_string_not_equal(option->name, other->name);
				assert_true(!option->letter || option->letter != other->letter);
			}
		}
	}
}

static void the_overview_names_every_command(void **state)
{
	(void)state;
	struct buffer help = {0};
	help_overview(&help);
	for (size_t i = 0; commands[i]; i++)
		assert_non_null(strstr(buffer_string(&help), commands[i]->name));
	buffer_done(&help);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(find_rows) + 3];
	size_t count = CASES_ADD(tests, 0, find_rows, check_find);
	tests[count++] =
		(struct CMUnitTest)cmocka_unit_test(every_command_has_a_help_with_an_example_of_itself);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(no_option_of_a_command_stands_twice_in_its_help);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(the_overview_names_every_command);
	return CASES_RUN_ALL(tests, count);
}
