/*
 * Where settings come from and which one wins: flags over environment over
 * file over defaults. The settings themselves are in settings.c.
 */
#include "config/config.h"

#include <unistd.h>

#include "base/arena.h"
#include "base/nearest.h"
#include "config/file.h"
#include "config/settings.h"

/* What config_read() hands out is the first member of this. */
struct owned_config {
	struct config config;
	struct arena *arena; /* text that was copied, from the file and from lists */
};

/* The command line, sorted but not yet judged. */
struct flags {
	enum config_command command;
	const char *file;
	struct given {
		const struct setting *setting;
		const char *value;
	} * given;
	size_t count;
};

static const char *variable(char *const *environment, const char *name)
{
	size_t length = strlen(name);
	for (size_t i = 0; environment[i]; i++) {
		if (strncmp(environment[i], name, length) == 0 && environment[i][length] == '=')
			return environment[i] + length + 1;
	}
	return NULL;
}

/* An empty variable counts as absent: that is how compose files and units leave one out. */
static const char *filled(const char *value)
{
	return value && value[0] ? value : NULL;
}

static enum fault_code refuse_flag(const char *name, struct fault *fault)
{
	const char *meant = setting_nearest(name);
	return fault_set(fault, FAULT_INVALID, "USAGE", "there is no flag --%.60s%s%s%s", name,
		meant ? "; did you mean --" : "; tallyd --help lists them", meant ? meant : "",
		meant ? "?" : "");
}

static enum fault_code refuse_word(const char *word, struct fault *fault)
{
	static const char *const words[] = {"migrate", "serve", "help", "version"};
	const char *meant = nearest_word(word, words, sizeof(words) / sizeof(words[0]));
	return fault_set(fault, FAULT_INVALID, "USAGE", "there is no command %.60s%s%s%s", word,
		meant ? "; did you mean " : "; tallyd --help lists them", meant ? meant : "",
		meant ? "?" : "");
}

static enum fault_code read_word(const char *word, struct flags *flags, struct fault *fault)
{
	static const struct {
		const char *word;
		enum config_command command;
	} words[] = {
		{"serve", CONFIG_SERVE},
		{"migrate", CONFIG_MIGRATE},
		{"help", CONFIG_HELP},
		{"--help", CONFIG_HELP},
		{"-h", CONFIG_HELP},
		{"version", CONFIG_VERSION},
		{"--version", CONFIG_VERSION},
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].word, word) != 0)
			continue;
		if (flags->command != CONFIG_HELP)
			flags->command = words[i].command;
		return FAULT_NONE;
	}
	return word[0] == '-' ? refuse_flag(word + strspn(word, "-"), fault) : refuse_word(word, fault);
}

/* Reads one flag with its value, which may stand in the next argument. @return how many arguments it took; 0:
 * fault */
static int read_flag(const char *argument, const char *next, struct flags *flags, struct fault *fault)
{
	const char *name = argument + 2;
	size_t size = strcspn(name, "=");
	const char *value = name[size] ? name + size + 1 : NULL;
	bool is_file = size == 6 && strncmp(name, "config", size) == 0;
	const struct setting *setting = setting_named(name, size);
	if (!is_file && !setting) {
		char whole[SETTING_NAME_MAX];
		snprintf(whole, sizeof(whole), "%.*s", (int)size, name);
		refuse_flag(whole, fault);
		return 0;
	}
	int taken = 1;
	if (!value && setting && setting->type == SETTING_SWITCH) {
		value = "yes";
	} else if (!value) {
		value = next;
		taken = 2;
	}
	if (!value) {
		fault_set(fault, FAULT_INVALID, "USAGE", "%s needs a value", argument);
		return 0;
	}
	if (is_file)
		flags->file = value;
	else
		flags->given[flags->count++] = (struct given){setting, value};
	return taken;
}

static enum fault_code read_flags(int count, char *const *arguments, struct flags *flags, struct fault *fault)
{
	for (int i = 1; i < count;) {
		const char *argument = arguments[i];
		bool is_word = strncmp(argument, "--", 2) != 0 || strcmp(argument, "--help") == 0 ||
			       strcmp(argument, "--version") == 0;
		int taken = 1;
		if (is_word)
			read_word(argument, flags, fault);
		else
			taken = read_flag(argument, i + 1 < count ? arguments[i + 1] : NULL, flags, fault);
		if (fault->code != FAULT_NONE)
			return fault->code;
		i += taken;
	}
	return FAULT_NONE;
}

static enum fault_code apply_defaults(struct owned_config *owned, struct fault *fault)
{
	size_t count = 0;
	const struct setting *all = settings(&count);
	for (size_t i = 0; i < count; i++) {
		if (!all[i].initial)
			continue;
		char *value = arena_text(owned->arena, all[i].initial);
		if (setting_apply(&all[i], value, all[i].name, &owned->config, fault) != FAULT_NONE)
			return fault->code;
	}
	return FAULT_NONE;
}

/* Addresses of one source are added up; those of a weaker source are forgotten. */
static void start_source(struct config *config, struct config *weaker)
{
	*weaker = *config;
	config->listen_count = 0;
}

static void end_source(struct config *config, const struct config *weaker)
{
	if (config->listen_count > 0)
		return;
	memcpy(config->listen, weaker->listen, sizeof(config->listen));
	config->listen_count = weaker->listen_count;
}

static enum fault_code apply_environment(
	struct owned_config *owned, char *const *environment, struct fault *fault)
{
	/* Variables that are no setting are passed over: container platforms make TALLYD_PORT and the like of
	 * a service's name. */
	size_t count = 0;
	const struct setting *all = settings(&count);
	for (size_t i = 0; i < count; i++) {
		char name[SETTING_NAME_MAX];
		const char *value = filled(variable(environment, setting_variable(&all[i], name)));
		if (value && setting_apply(&all[i], arena_text(owned->arena, value), name, &owned->config,
				     fault) != FAULT_NONE)
			return fault->code;
	}
	return FAULT_NONE;
}

static enum fault_code apply_flags(struct owned_config *owned, const struct flags *flags, struct fault *fault)
{
	for (size_t i = 0; i < flags->count; i++) {
		const struct given *given = &flags->given[i];
		const char *where = arena_print(owned->arena, "--%s", given->setting->name);
		char *value = arena_text(owned->arena, given->value);
		if (setting_apply(given->setting, value, where, &owned->config, fault) != FAULT_NONE)
			return fault->code;
	}
	return FAULT_NONE;
}

static enum fault_code apply_sources(
	struct owned_config *owned, const struct flags *flags, char *const *environment, struct fault *fault)
{
	struct config weaker;
	const char *file = flags->file ? flags->file : filled(variable(environment, "TALLYD_CONFIG"));
	start_source(&owned->config, &weaker);
	if (file && file_read(owned->arena, file, &owned->config, fault) != FAULT_NONE)
		return fault->code;
	end_source(&owned->config, &weaker);
	start_source(&owned->config, &weaker);
	if (apply_environment(owned, environment, fault) != FAULT_NONE)
		return fault->code;
	end_source(&owned->config, &weaker);
	start_source(&owned->config, &weaker);
	if (apply_flags(owned, flags, fault) != FAULT_NONE)
		return fault->code;
	end_source(&owned->config, &weaker);
	return FAULT_NONE;
}

static enum fault_code choose_data_dir(
	struct owned_config *owned, char *const *environment, struct fault *fault)
{
	const char *data_home = filled(variable(environment, "XDG_DATA_HOME"));
	const char *home = filled(variable(environment, "HOME"));
	if (owned->config.data_dir)
		return FAULT_NONE;
	if (geteuid() == 0)
		owned->config.data_dir = "/var/lib/tally";
	else if (data_home)
		owned->config.data_dir = arena_print(owned->arena, "%s/tally", data_home);
	else if (home)
		owned->config.data_dir = arena_print(owned->arena, "%s/.local/share/tally", home);
	else if (!owned->config.database)
		return fault_set(fault, FAULT_INVALID, "USAGE",
			"--data-dir must be given: neither XDG_DATA_HOME nor HOME is set");
	return FAULT_NONE;
}

enum fault_code config_read(int count, char *const *arguments, char *const *environment,
	struct config **config, struct fault *fault)
{
	struct fault ours = {0};
	struct owned_config *owned = calloc(1, sizeof(*owned));
	if (!owned)
		abort();
	owned->arena = arena_new();
	struct flags flags = {.given = arena_array(owned->arena, (size_t)count + 1, sizeof(struct given))};

	if (read_flags(count, arguments, &flags, &ours) != FAULT_NONE)
		goto fail;
	if (apply_defaults(owned, &ours) != FAULT_NONE)
		goto fail;
	owned->config.command = flags.command;
	bool only_text = flags.command == CONFIG_HELP || flags.command == CONFIG_VERSION;
	if (!only_text && apply_sources(owned, &flags, environment, &ours) != FAULT_NONE)
		goto fail;
	if (!only_text && choose_data_dir(owned, environment, &ours) != FAULT_NONE)
		goto fail;
	*config = &owned->config;
	return FAULT_NONE;

fail:
	config_free(&owned->config);
	*fault = ours;
	return fault->code;
}

void config_free(struct config *config)
{
	if (!config)
		return;
	struct owned_config *owned = (struct owned_config *)config;
	arena_free(owned->arena);
	free(owned);
}
