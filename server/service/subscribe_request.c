/* From a SubscribeRequest to a filter: every word is checked here, and nowhere later. */
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "service/subscribe.h"

enum {
	FIELD_SIZE = 40,
	US_PER_S = 1000000,
	INTERVAL_MAX_US = 10 * US_PER_S,
};

/* ---- systems ---- */

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_without_repeats(const char **systems, size_t *count)
{
	qsort(systems, *count, sizeof(*systems), compare);
	size_t kept = 0;
	for (size_t i = 0; i < *count; i++)
		if (kept == 0 || strcmp(systems[kept - 1], systems[i]) != 0)
			systems[kept++] = systems[i];
	*count = kept;
}

static enum fault_code read_systems(struct arena *arena, const Tally__V1__SubscribeRequest *request,
	struct hub_filter *filter, struct fault *fault)
{
	size_t count = request->n_systems;
	if (count > SUBSCRIBE_SYSTEMS_MAX)
		return fault_field(fault, "TOO_MANY_SYSTEMS", "systems",
			"%zu systems are more than the %d that one subscription may name; name none for all",
			count, (int)SUBSCRIBE_SYSTEMS_MAX);
	const char **systems = arena_array(arena, count, sizeof(*systems));
	for (size_t i = 0; i < count; i++) {
		char field[FIELD_SIZE];
		snprintf(field, sizeof(field), "systems[%zu]", i);
		struct model_name name;
		const char *why = NULL;
		if (!model_name_parse(request->systems[i], &name, &why))
			return fault_field(fault, "NAME_INVALID", field, "%s", why);
		if (name.form != NAME_SYSTEM)
			return fault_field(fault, "NAME_INVALID", field, "must be systems/{system}");
		systems[i] = arena_text(arena, name.system);
	}
	sort_without_repeats(systems, &count);
	filter->systems = systems;
	filter->system_count = count;
	return FAULT_NONE;
}

/* ---- words ---- */

/* A vocabulary: words by number, from first to before end. */
struct words {
	const char *field;
	const char *reason;
	const char *noun;
	unsigned first;
	unsigned end;
	const char *(*word)(unsigned number);
};

enum {
	WORDS_MAX = 32
};

static const char *class_word(unsigned number)
{
	return model_class_id((enum model_class)number);
}

static const char *team_word(unsigned number)
{
	return model_team_id((enum model_team)number);
}

static const struct words class_words = {
	"rule_classes", "RULE_CLASS_UNKNOWN", "class of rules", CLASS_NONE + 1, CLASS_END, class_word};
static const struct words team_words = {"teams", "TEAM_UNKNOWN", "team", 0, TEAM_COUNT, team_word};

static enum fault_code read_words(
	const struct words *words, char *const *texts, size_t count, uint32_t *bits, struct fault *fault)
{
	const char *known[WORDS_MAX] = {NULL};
	for (unsigned number = words->first; number < words->end; number++)
		known[number] = words->word(number);
	for (size_t i = 0; i < count; i++) {
		unsigned number = words->first;
		while (number < words->end && strcmp(known[number], texts[i]) != 0)
			number++;
		*bits |= (uint32_t)1 << number;
		if (number < words->end)
			continue;
		char field[FIELD_SIZE];
		snprintf(field, sizeof(field), "%s[%zu]", words->field, i);
		const char *nearest = nearest_word(texts[i], known, WORDS_MAX);
		return fault_field(fault, words->reason, field, "there is no %s '%.60s'%s%s%s", words->noun,
			texts[i], nearest ? "; did you mean '" : "", nearest ? nearest : "",
			nearest ? "'?" : "");
	}
	return FAULT_NONE;
}

/* ---- numbers ---- */

/* Enums that the wire knows; unknown ones have been refused with the message, 0 has not. */
static enum fault_code read_number(
	const char *field, size_t index, int number, int end, uint32_t *bits, struct fault *fault)
{
	if (number > 0 && number < end) {
		*bits |= (uint32_t)1 << number;
		return FAULT_NONE;
	}
	char path[FIELD_SIZE];
	snprintf(path, sizeof(path), "%s[%zu]", field, index);
	return fault_field(fault, "ENUM_UNSPECIFIED", path, "must name one; leave the list empty for all");
}

static enum fault_code read_numbers(
	const Tally__V1__SubscribeRequest *request, struct hub_filter *filter, struct fault *fault)
{
	enum fault_code code = FAULT_NONE;
	for (size_t i = 0; !code && i < request->n_kinds; i++)
		code = read_number("kinds", i, (int)request->kinds[i], KIND_LIMIT, &filter->kinds, fault);
	for (size_t i = 0; !code && i < request->n_event_types; i++)
		code = read_number(
			"event_types", i, (int)request->event_types[i], EVENT_END, &filter->types, fault);
	if (code)
		return code;
	int severity = (int)request->min_severity;
	if (severity < 0 || severity >= SEVERITY_END)
		return fault_field(fault, "ENUM_UNSPECIFIED", "min_severity", "%d is no severity", severity);
	filter->min_severity = (enum model_severity)severity;
	return FAULT_NONE;
}

static enum fault_code read_interval(
	const Google__Protobuf__Duration *duration, int64_t *interval_us, struct fault *fault)
{
	*interval_us = INTERVAL_MAX_US;
	if (!duration || (duration->seconds == 0 && duration->nanos == 0))
		return FAULT_NONE;
	bool good = duration->seconds >= 1 && duration->seconds <= 10 && duration->nanos >= 0 &&
		    duration->nanos <= 999999999;
	int64_t us = good ? duration->seconds * US_PER_S + duration->nanos / 1000 : 0;
	if (!good || us > INTERVAL_MAX_US || (us == INTERVAL_MAX_US && duration->nanos > 0))
		return fault_field(fault, "CHECKPOINT_INTERVAL", "checkpoint_interval",
			"must be from 1 s to 10 s, or absent for 10 s");
	*interval_us = us;
	return FAULT_NONE;
}

enum fault_code subscribe_request_read(struct arena *arena, const Tally__V1__SubscribeRequest *request,
	struct subscribe_wish *wish, struct fault *fault)
{
	struct subscribe_wish read = {
		.resume_token = request->resume_token, .initial_state = request->send_initial_state};
	struct hub_filter *filter = &read.filter;
	enum fault_code code = read_systems(arena, request, filter, fault);
	if (!code)
		code = read_words(&class_words, request->rule_classes, request->n_rule_classes,
			&filter->classes, fault);
	if (!code)
		code = read_words(&team_words, request->teams, request->n_teams, &filter->teams, fault);
	if (!code)
		code = read_numbers(request, filter, fault);
	if (!code)
		code = read_interval(request->checkpoint_interval, &read.interval_us, fault);
	if (!code && read.initial_state && read.resume_token[0])
		code = fault_field(fault, "INITIAL_STATE_WITH_TOKEN", "send_initial_state",
			"a stream starts from the state or after a resume_token, not both");
	if (!code)
		*wish = read;
	return code;
}

struct model_digest subscribe_filter_digest(const struct hub_filter *filter)
{
	struct model_digest_part parts[SUBSCRIBE_SYSTEMS_MAX + 1];
	char numbers[100];
	int length = snprintf(numbers, sizeof(numbers), "subscribe 1: %x %x %d %x %x", filter->kinds,
		filter->classes, (int)filter->min_severity, filter->teams, filter->types);
	parts[0] = (struct model_digest_part){numbers, (size_t)length};
	for (size_t i = 0; i < filter->system_count; i++)
		parts[i + 1] = (struct model_digest_part){filter->systems[i], strlen(filter->systems[i])};
	return model_digest_of(parts, filter->system_count + 1);
}
