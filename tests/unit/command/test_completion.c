/* Completion scripts: that a shell takes them, and what they offer. */
#include "command/completion.h"

#include <string.h>
#include <unistd.h>

#include "cases.h"
#include "command/command.h"

typedef void write_fn(struct buffer *out);

static void assert_names_all(write_fn *write)
{
	struct buffer script = {0};
	write(&script);
	for (size_t i = 0; commands[i]; i++) {
		char quoted[64];
		snprintf(quoted, sizeof(quoted), "\"%s\"", commands[i]->name);
		assert_non_null(strstr(buffer_string(&script), quoted));
		for (const struct option *option = commands[i]->options; option && option->name; option++)
			assert_non_null(strstr(buffer_string(&script), option->name));
	}
	buffer_done(&script);
}

static void all_scripts_contain_every_command_and_option(void **state)
{
	(void)state;
	assert_names_all(completion_bash);
	assert_names_all(completion_zsh);
	assert_names_all(completion_fish);
}

/* Runs bash with the script and prints what it offers for these words. */
static void offers(const char *words, const char *current, char *out, size_t size)
{
	struct buffer script = {0};
	char name[] = "/tmp/tally-completion-XXXXXX";
	int fd = mkstemp(name);
	assert_true(fd >= 0);
	completion_bash(&script);
	buffer_print(&script,
		"COMP_WORDS=(tally %s '%s'); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _tally; echo -n "
		"\"${COMPREPLY[*]}\"\n",
		words, current);
	assert_int_equal(write(fd, script.bytes, script.size), script.size);
	close(fd);
	char command[128];
	snprintf(command, sizeof(command), "bash -u %s", name);
	FILE *pipe = popen(command, "r");
	assert_non_null(pipe);
	size_t got = fread(out, 1, size - 1, pipe);
	out[got] = '\0';
	assert_int_equal(pclose(pipe), 0);
	unlink(name);
	buffer_done(&script);
}

static const struct offer_row {
	const char *name;
	const char *words, *current;
	const char *expected;
} offer_rows[] = {
	{"the first word is a command", "", "pu", "push"},
	{"an alias is offered too", "", "can", "can-i-deploy"},
	{"a group offers its second words", "system", "", "create list delete"},
	{"an option is offered behind a dash", "push", "--dr", "--dry-run"},
	{"a format is offered behind import, beside the words that are commands", "import", "m",
		"mlflow mlflow-run mlproject model-card mlserver"},
	{"a format that is a command too is offered once", "import", "se", "sei"},
	{"behind a format options are offered", "import mlflow", "--st", "--strict"},
	{"behind a format no other format is offered", "import mlflow", "mlflo", ""},
	{"the value of an option before the format is not the format", "import --system churn", "mlf",
		"mlflow mlflow-run"},
	{"a choice before the format is not the format", "import --output json", "mlf", "mlflow mlflow-run"},
	{"the value of a short option before the format is not the format", "import -o json", "mlf",
		"mlflow mlflow-run"},
	{"a value that = joins is not the format", "import --system = churn", "mlf", "mlflow mlflow-run"},
	{"a flag before the format takes no value", "import --push mlflow", "mlf", ""},
	{"the value of an option is not a group's second word", "policy preview --max-revisions 3", "--al",
		"--all"},
	{"options of import alone are offered", "import", "--li", "--list"},
	{"options of a two-word command are offered", "import sei", "--pu", "--push"},
	{"an option's choices are offered", "findings --severity", "", "note warning error"},
	{"an alias offers the same", "can-i-deploy", "--to", "--to-environment"},
	{"kinds are offered where one is wanted", "init", "trai", "training_data trained_model"},
	{"a global option's value is not a command", "--server host:1", "expl", "explain"},
	{"shells are offered", "completion", "", "bash zsh fish"},
	{"a command that is also a group is offered once", "", "impo", "import"},
	{"the address of a server is not a command", "--server", "", ""},
	{"a global option's short name takes its value", "-s host:1", "expl", "explain"},
	{"an option with free text offers nothing", "push --note", "p", ""},
};

static void check_offer(void **state)
{
	const struct offer_row *row = *state;
	char out[4096];
	offers(row->words, row->current, out, sizeof(out));
	assert_string_equal(out, row->expected);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(offer_rows) + 1];
	size_t count = CASES_ADD(tests, 0, offer_rows, check_offer);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(all_scripts_contain_every_command_and_option);
	return CASES_RUN_ALL(tests, count);
}
