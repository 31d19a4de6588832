/* Reads options by their tables. Knows no command, and what a value means only as far as its type. */
#include "command/options.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/nearest.h"
#include "codec/moment.h"
#include "model/kind.h"

enum {
	CHOICES_MAX = 64,
	DURATION_SIZE = 40,
};

void options_init(struct options *options, struct arena *arena, int words)
{
	*options = (struct options){.arena = arena};
	options->values = arena_array(arena, (size_t)words + 1, sizeof(*options->values));
	options->arguments = arena_array(arena, (size_t)words + 1, sizeof(*options->arguments));
}

static bool hidden(const struct option *const *tables, size_t table, const char *name)
{
	for (size_t earlier = 0; earlier < table; earlier++) {
		for (const struct option *row = tables[earlier]; row && row->name; row++) {
			if (strcmp(row->name, name) == 0)
				return true;
		}
	}
	return false;
}

const struct option *options_next(const struct option *const *tables, size_t *at)
{
	size_t place = 0;
	for (size_t table = 0; table < OPTION_TABLES; table++) {
		for (const struct option *row = tables[table]; row && row->name; row++) {
			if (place++ < *at || hidden(tables, table, row->name))
				continue;
			*at = place;
			return row;
		}
	}
	return NULL;
}

static const struct option *named(const struct options *options, const char *name, size_t length)
{
	size_t at = 0;
	const struct option *option;
	while ((option = options_next(options->tables, &at))) {
		if (strlen(option->name) == length && memcmp(option->name, name, length) == 0)
			return option;
	}
	return NULL;
}

static const struct option *lettered(const struct options *options, char letter)
{
	size_t at = 0;
	const struct option *option;
	while ((option = options_next(options->tables, &at))) {
		if (option->letter == letter)
			return option;
	}
	return NULL;
}

static enum fault_code unknown(const struct options *options, const char *word, struct fault *fault)
{
	const char *names[CHOICES_MAX];
	size_t count = 0, at = 0;
	const struct option *option;
	while (count < CHOICES_MAX && (option = options_next(options->tables, &at)))
		names[count++] = option->name;
	size_t length = strcspn(word, "=");
	const char *name = arena_copy(options->arena, word, length);
	const char *near = strncmp(name, "--", 2) == 0 ? nearest_word(name + 2, names, count) : NULL;
	if (near)
		return fault_set(fault, FAULT_INVALID, "OPTION_UNKNOWN",
			"there is no option %s; did you mean --%s?", name, near);
	return fault_set(fault, FAULT_INVALID, "OPTION_UNKNOWN", "there is no option %s", name);
}

bool options_parse_number(const char *text, int64_t *number)
{
	if (*text < '0' || *text > '9')
		return false;
	char *end;
	errno = 0;
	long long value = strtoll(text, &end, 10);
	if (errno || *end)
		return false;
	*number = value;
	return true;
}

bool options_parse_duration(const char *text, int *ms)
{
	char whole[DURATION_SIZE];
	struct moment moment;
	const bool bare = text[strspn(text, "0123456789.")] == '\0';
	const int size = snprintf(whole, sizeof(whole), "%s%s", text, bare ? "s" : "");
	if (size >= DURATION_SIZE || *text == '-' || !moment_read_duration(whole, &moment))
		return false;
	const int64_t total = moment.seconds * 1000 + (moment.nanos + 500000) / 1000000;
	if (total > INT_MAX)
		return false;
	*ms = (int)total;
	return true;
}

/* What may be given: "a, b or c". */
static const char *listed(struct arena *arena, const char *const *choices)
{
	const char *text = choices[0];
	for (size_t i = 1; choices[i]; i++)
		text = arena_print(arena, "%s%s%s", text, choices[i + 1] ? ", " : " or ", choices[i]);
	return text;
}

static enum fault_code not_a_choice(
	const struct options *options, const struct option *option, const char *text, struct fault *fault)
{
	size_t count = 0;
	while (option->choices[count])
		count++;
	const char *near = nearest_word(text, option->choices, count);
	return fault_set(fault, FAULT_INVALID, "VALUE_UNKNOWN", "--%s: \"%s\" is not %s%s%s%s", option->name,
		text, listed(options->arena, option->choices), near ? "; did you mean " : "",
		near ? near : "", near ? "?" : "");
}

/* Checks one of the values that commas join. @param[in,out] text becomes the word that is kept */
static enum fault_code check_word(
	const struct options *options, const struct option *option, const char **text, struct fault *fault)
{
	if (option->type == OPTION_KIND) {
		enum model_kind kind = model_kind_by_document(*text);
		char *id = arena_text(options->arena, *text);
		for (char *hyphen; (hyphen = strchr(id, '-'));)
			*hyphen = '_';
		if (kind == KIND_NONE)
			kind = model_kind_by_id(id);
		if (kind != KIND_NONE)
			*text = model_kind_info(kind)->id;
	}
	for (size_t i = 0; option->choices[i]; i++) {
		if (strcmp(option->choices[i], *text) == 0)
			return FAULT_NONE;
	}
	return not_a_choice(options, option, *text, fault);
}

static enum fault_code check_words(
	const struct options *options, const struct option *option, const char **text, struct fault *fault)
{
	const char *kept = NULL;
	char *rest = arena_text(options->arena, *text);
	for (char *word; (word = strsep(&rest, ","));) {
		const char *one = word;
		if (check_word(options, option, &one, fault))
			return fault->code;
		kept = kept ? arena_print(options->arena, "%s,%s", kept, one) : one;
	}
	*text = kept;
	return FAULT_NONE;
}

static enum fault_code check(
	const struct options *options, const struct option *option, const char **text, struct fault *fault)
{
	int64_t number;
	int ms;
	switch (option->type) {
	case OPTION_CHOICE:
	case OPTION_KIND: return check_words(options, option, text, fault);
	case OPTION_NUMBER:
		if (options_parse_number(*text, &number))
			return FAULT_NONE;
		return fault_set(fault, FAULT_INVALID, "VALUE_INVALID", "--%s: \"%s\" is not a whole number",
			option->name, *text);
	case OPTION_DURATION:
		if (options_parse_duration(*text, &ms))
			return FAULT_NONE;
		return fault_set(fault, FAULT_INVALID, "VALUE_INVALID",
			"--%s: \"%s\" is not a time such as 30s, 500ms, 2m or 1d", option->name, *text);
	default: return FAULT_NONE;
	}
}

static enum fault_code keep(
	struct options *options, const struct option *option, const char *text, struct fault *fault)
{
	if (option->type != OPTION_FLAG && check(options, option, &text, fault))
		return fault->code;
	options->values[options->value_count++] =
		(struct option_value){option->means ? option->means : option->name, text};
	return FAULT_NONE;
}

/* Takes the value from behind the "=" or the letter, or from the next word. */
static enum fault_code take(struct options *options, const struct option *option, const char *attached,
	int count, char *const *words, int *at, struct fault *fault)
{
	if (option->type == OPTION_FLAG) {
		if (attached)
			return fault_set(fault, FAULT_INVALID, "VALUE_UNEXPECTED", "--%s takes no value",
				option->name);
		return keep(options, option, "", fault);
	}
	if (attached)
		return keep(options, option, attached, fault);
	if (*at == count)
		return fault_set(fault, FAULT_INVALID, "VALUE_MISSING", "--%s needs a value: --%s %s",
			option->name, option->name, option->value);
	return keep(options, option, words[(*at)++], fault);
}

static enum fault_code read_long(
	struct options *options, int count, char *const *words, int *at, struct fault *fault)
{
	const char *word = words[(*at)++];
	size_t length = strcspn(word + 2, "=");
	const struct option *option = named(options, word + 2, length);
	if (!option)
		return unknown(options, word, fault);
	const char *attached = word[2 + length] == '=' ? word + 2 + length + 1 : NULL;
	return take(options, option, attached, count, words, at, fault);
}

static enum fault_code read_short(
	struct options *options, int count, char *const *words, int *at, struct fault *fault)
{
	const char *word = words[(*at)++];
	const struct option *option = lettered(options, word[1]);
	if (!option)
		return unknown(options, word, fault);
	return take(options, option, word[2] ? word + 2 : NULL, count, words, at, fault);
}

enum fault_code options_read(struct options *options, int count, char *const *words, int *at,
	bool stop_at_argument, struct fault *fault)
{
	bool only_arguments = false;
	while (*at < count) {
		const char *word = words[*at];
		if (only_arguments || word[0] != '-' || word[1] == '\0') {
			if (stop_at_argument)
				return FAULT_NONE;
			options->arguments[options->argument_count++] = word;
			(*at)++;
		} else if (strcmp(word, "--") == 0) {
			only_arguments = true;
			(*at)++;
		} else if (word[1] == '-') {
			if (read_long(options, count, words, at, fault))
				return fault->code;
		} else if (read_short(options, count, words, at, fault)) {
			return fault->code;
		}
	}
	return FAULT_NONE;
}

const char *options_text(const struct options *options, const char *name)
{
	for (size_t i = options->value_count; i > 0; i--) {
		if (strcmp(options->values[i - 1].name, name) == 0)
			return options->values[i - 1].text;
	}
	return NULL;
}

bool options_given(const struct options *options, const char *name)
{
	return options_text(options, name) != NULL;
}

int64_t options_number(const struct options *options, const char *name, int64_t otherwise)
{
	const char *text = options_text(options, name);
	int64_t number = otherwise;
	if (text)
		options_parse_number(text, &number);
	return number;
}

int options_duration_ms(const struct options *options, const char *name, int otherwise)
{
	const char *text = options_text(options, name);
	int ms = otherwise;
	if (text)
		options_parse_duration(text, &ms);
	return ms;
}

const char **options_all(const struct options *options, const char *name, size_t *count)
{
	size_t most = 0;
	for (size_t i = 0; i < options->value_count; i++)
		most += strlen(options->values[i].text) + 1;
	const char **all = arena_array(options->arena, most + 1, sizeof(*all));
	*count = 0;
	for (size_t i = 0; i < options->value_count; i++) {
		if (strcmp(options->values[i].name, name) != 0)
			continue;
		char *rest = arena_text(options->arena, options->values[i].text);
		for (char *word; (word = strsep(&rest, ","));) {
			if (*word)
				all[(*count)++] = word;
		}
	}
	return all;
}

const char **options_each(const struct options *options, const char *name, size_t *count)
{
	const char **all = arena_array(options->arena, options->value_count + 1, sizeof(*all));
	*count = 0;
	for (size_t i = 0; i < options->value_count; i++) {
		if (strcmp(options->values[i].name, name) == 0)
			all[(*count)++] = options->values[i].text;
	}
	return all;
}
