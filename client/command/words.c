/* Tables of words. */
#include "command/words.h"

#include <ctype.h>
#include <string.h>

#include "base/clock.h"
#include "model/kind.h"

const char *const words_kinds[] = {"system_context", "raw_data", "data_pipeline", "training_data",
	"trained_model", "development_environment", "production_environment", "production_data", NULL};

const char *const words_every_kind[] = {"system_context", "raw_data", "data_pipeline", "training_data",
	"trained_model", "development_environment", "production_environment", "production_data", "policy",
	"waiver", "deployment", NULL};

const char *const words_severities[] = {"note", "warning", "error", NULL};

const char *const words_classes[] = {"purpose", "environment", "api", "resources", "data", "testing",
	"monitoring", "provenance", "completeness", NULL};

const char *const words_teams[] = {
	"project-owners", "data-owners", "data-scientists", "software-engineers", "operations", NULL};

const char *const words_events[] = {"descriptor_pushed", "descriptor_deleted", "finding_opened",
	"finding_changed", "finding_resolved", "verdict_changed", "waiver_added", "waiver_ended",
	"policy_changed", "system_created", "system_deleted", NULL};

/* The words of each list stand in the order of the enum's numbers, from 1 on. */
static const char *numbered(const char *const *list, int number)
{
	for (int i = 0; list[i]; i++) {
		if (i + 1 == number)
			return list[i];
	}
	return "unknown";
}

static int number_of(const char *const *list, const char *word)
{
	for (int i = 0; list[i]; i++) {
		if (strcmp(list[i], word) == 0)
			return i + 1;
	}
	return 0;
}

const char *words_kind(Tally__V1__Kind kind)
{
	return model_kind_known((int)kind) ? model_kind_info((enum model_kind)kind)->id : "unknown";
}

const char *words_severity(Tally__V1__Severity severity)
{
	return numbered(words_severities, (int)severity);
}

Tally__V1__Severity words_severity_named(const char *word)
{
	return (Tally__V1__Severity)number_of(words_severities, word);
}

const char *words_decision(Tally__V1__Decision decision)
{
	static const char *const decisions[] = {"allowed", "blocked", "unknown", NULL};
	return numbered(decisions, (int)decision);
}

const char *words_event(Tally__V1__EventType type)
{
	return numbered(words_events, (int)type);
}

Tally__V1__EventType words_event_named(const char *word)
{
	return (Tally__V1__EventType)number_of(words_events, word);
}

const char *words_last(const char *resource_name)
{
	const char *slash = strrchr(resource_name, '/');
	return slash ? slash + 1 : resource_name;
}

const char *words_system(struct arena *arena, const char *resource_name)
{
	const char *id = strncmp(resource_name, "systems/", 8) == 0 ? resource_name + 8 : resource_name;
	return arena_copy(arena, id, strcspn(id, "/"));
}

const char *words_time(struct arena *arena, const Google__Protobuf__Timestamp *time)
{
	char text[CLOCK_TEXT_SIZE];
	const int64_t last = 253402300799; /* the year 9999 ends */
	if (!time || time->seconds < 0 || time->seconds > last)
		return "";
	return arena_text(arena, clock_text(time->seconds * 1000000 + time->nanos / 1000, text));
}

const char *words_short_time(struct arena *arena, const Google__Protobuf__Timestamp *time)
{
	char *text = arena_text(arena, words_time(arena, time));
	if (strlen(text) < 19)
		return text;
	text[10] = ' ';
	text[19] = 'Z';
	text[20] = '\0';
	return text;
}

const char *words_count(struct arena *arena, int64_t count, const char *noun)
{
	const size_t size = strlen(noun);
	const bool hisses = size > 1 && noun[size - 1] == 'h' && strchr("cs", noun[size - 2]);
	return arena_print(arena, "%lld %s%s", (long long)count, noun, count == 1 ? "" : hisses ? "es" : "s");
}
