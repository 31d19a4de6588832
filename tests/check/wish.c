/* Wishes: which there are, how they travel, and which events pass them. */
#include "wish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/message.h"
#include "model/name.h"

/* ---- what passes ---- */

static const char *id_of(const char *name)
{
	static const char head[] = "systems/";
	return strncmp(name, head, sizeof(head) - 1) == 0 ? name + sizeof(head) - 1 : name;
}

static void finding_facts(const Tally__V1__Finding *finding, struct wish_facts *facts)
{
	for (size_t i = 0; i < finding->n_descriptors; i++)
		facts->kinds |= KIND_BIT(finding->descriptors[i]->kind);
	facts->class = (int)model_class_by_id(finding->rule_class);
	facts->severity = (int)finding->severity;
	for (size_t i = 0; i < finding->n_teams; i++)
		facts->teams |= TEAM_BIT(model_team_by_id(finding->teams[i]));
}

void wish_facts_of(const Tally__V1__Event *event, struct wish_facts *facts)
{
	*facts = (struct wish_facts){.system = id_of(event->system), .type = (int)event->type};
	struct model_name name;
	const char *why;
	if (event->what_case == TALLY__V1__EVENT__WHAT_FINDING)
		finding_facts(event->finding, facts);
	else if (event->what_case == TALLY__V1__EVENT__WHAT_DESCRIPTOR &&
		 model_name_parse(event->descriptor->name, &name, &why))
		facts->kinds = KIND_BIT(name.kind);
}

static bool names(const struct wish *wish, const char *system)
{
	for (size_t i = 0; i < wish->system_count; i++)
		if (strcmp(wish->systems[i], system) == 0)
			return true;
	return wish->system_count == 0;
}

bool wish_passes(const struct wish *wish, const struct wish_facts *facts)
{
	if (wish->types && !(wish->types & UINT32_C(1) << facts->type))
		return false;
	if (wish->kinds && !(wish->kinds & facts->kinds))
		return false;
	if (wish->classes && !(facts->class && wish->classes & UINT32_C(1) << facts->class))
		return false;
	if (wish->teams && !(wish->teams & facts->teams))
		return false;
	return facts->severity >= wish->min_severity && names(wish, facts->system);
}

/* ---- which there are ---- */

#define TYPE(name) (UINT32_C(1) << TALLY__V1__EVENT_TYPE__EVENT_TYPE_##name)

struct sort {
	int systems; /* 0: all; else so many of them */
	struct wish wish;
};

static const struct sort sorts[] = {
	{0, {.interval_ms = 1000}},
	{1, {.interval_ms = 1000, .state = true}},
	{0, {.interval_ms = 1000, .state = true}},
	{3, {.interval_ms = 2000}},
	{0, {.interval_ms = 1000, .types = TYPE(FINDING_OPENED) | TYPE(FINDING_RESOLVED)}},
	{0, {.interval_ms = 1000, .classes = UINT32_C(1) << CLASS_ENVIRONMENT, .state = true}},
	{3, {.interval_ms = 1000, .state = true, .types = TYPE(VERDICT_CHANGED) | TYPE(SYSTEM_CREATED)}},
	{0, {.interval_ms = 1000, .kinds = KIND_BIT(KIND_TRAINED_MODEL), .min_severity = SEVERITY_ERROR}},
	{0, {.interval_ms = 1000, .kinds = KIND_BIT(KIND_DEVELOPMENT_ENVIRONMENT)}},
	{0, {.interval_ms = 1000, .teams = TEAM_BIT(TEAM_OPERATIONS) | TEAM_BIT(TEAM_PROJECT_OWNERS)}},
	{0, {.interval_ms = 2000, .types = TYPE(SYSTEM_DELETED)}},
	{2, {.interval_ms = 1000}},
};

struct wish wish_at(int number, const char *prefix, int systems)
{
	const struct sort *sort = &sorts[(size_t)number % (sizeof(sorts) / sizeof(sorts[0]))];
	struct wish wish = sort->wish;
	wish.system_count = (size_t)(sort->systems < systems ? sort->systems : systems);
	wish.systems = check_array(wish.system_count, sizeof(char *));
	for (size_t i = 0; i < wish.system_count; i++) {
		wish.systems[i] = check_array(MODEL_ID_SIZE, 1);
		snprintf(wish.systems[i], MODEL_ID_SIZE, "%s-%d", prefix, (number + (int)i) % systems);
	}
	return wish;
}

void wish_done(struct wish *wish)
{
	for (size_t i = 0; i < wish->system_count; i++)
		free(wish->systems[i]);
	free(wish->systems);
}

/* ---- on the wire ---- */

static void add_numbers(struct arena *arena, uint32_t bits, int **numbers, size_t *count)
{
	*numbers = arena_array(arena, 32, sizeof(int));
	for (int bit = 0; bit < 32; bit++)
		if (bits >> bit & 1)
			(*numbers)[(*count)++] = bit;
}

static void add_words(Tally__V1__SubscribeRequest *request, struct arena *arena, const struct wish *wish)
{
	request->rule_classes = arena_array(arena, CLASS_END, sizeof(char *));
	for (unsigned class = 1; class < CLASS_END; class ++)
		if (wish->classes >> class & 1)
			request->rule_classes[request->n_rule_classes++] =
				arena_text(arena, model_class_id((enum model_class) class));
	request->teams = arena_array(arena, TEAM_COUNT, sizeof(char *));
	for (unsigned team = 0; team < TEAM_COUNT; team++)
		if (wish->teams & TEAM_BIT(team))
			request->teams[request->n_teams++] =
				arena_text(arena, model_team_id((enum model_team)team));
}

Tally__V1__SubscribeRequest *wish_request(struct arena *arena, const struct wish *wish, const char *token)
{
	Tally__V1__SubscribeRequest *request = arena_alloc(arena, sizeof(*request));
	tally__v1__subscribe_request__init(request);
	request->systems = arena_array(arena, wish->system_count, sizeof(char *));
	for (size_t i = 0; i < wish->system_count; i++)
		request->systems[request->n_systems++] = arena_print(arena, "systems/%s", wish->systems[i]);
	add_numbers(arena, wish->kinds, (int **)&request->kinds, &request->n_kinds);
	add_numbers(arena, wish->types, (int **)&request->event_types, &request->n_event_types);
	add_words(request, arena, wish);
	request->min_severity = (Tally__V1__Severity)wish->min_severity;
	request->resume_token = arena_text(arena, token);
	request->send_initial_state = wish->state && !*token;
	request->checkpoint_interval = arena_alloc(arena, sizeof(*request->checkpoint_interval));
	google__protobuf__duration__init(request->checkpoint_interval);
	request->checkpoint_interval->seconds = wish->interval_ms / 1000;
	request->checkpoint_interval->nanos = wish->interval_ms % 1000 * 1000000;
	return request;
}

char *wish_digest(const Tally__V1__Event *event, char *text)
{
	struct arena *arena = arena_new();
	Tally__V1__Event copy = *event;
	copy.last_of_revision = 0;
	size_t size;
	void *bytes = model_message_pack(arena, &copy, &size);
	struct model_digest digest = model_digest_of(&(struct model_digest_part){bytes, size}, 1);
	arena_free(arena);
	for (size_t i = 0; i < (WISH_DIGEST_SIZE - 1) / 2; i++)
		snprintf(text + 2 * i, 3, "%02x", digest.bytes[i]);
	return text;
}

/* ---- in the journal ---- */

void wish_write(const struct wish *wish, struct journal *journal)
{
	struct buffer systems = {0};
	for (size_t i = 0; i < wish->system_count; i++)
		buffer_print(&systems, "%s%s", i ? "," : "", wish->systems[i]);
	journal_line(journal, "wish\t%s\t%u\t%u\t%d\t%u\t%u\t%d\t%d",
		wish->system_count ? buffer_string(&systems) : "*", wish->kinds, wish->classes,
		wish->min_severity, wish->teams, wish->types, wish->state, wish->interval_ms);
	buffer_done(&systems);
}

static void read_systems(struct wish *wish, const char *text)
{
	size_t room = 0;
	char *copy = strdup(text);
	if (!copy)
		abort();
	char *rest = strcmp(text, "*") == 0 ? NULL : copy;
	char *word;
	while ((word = strsep(&rest, ","))) {
		wish->systems = check_room(wish->systems, wish->system_count, &room, sizeof(char *));
		char *id = check_array(MODEL_ID_SIZE, 1);
		snprintf(id, MODEL_ID_SIZE, "%s", word);
		wish->systems[wish->system_count++] = id;
	}
	free(copy);
}

struct wish wish_read(const struct journal_file *file, const struct journal_entry *entry)
{
	struct wish wish = {
		.kinds = (kind_set)journal_number(file, entry, 2),
		.classes = (uint32_t)journal_number(file, entry, 3),
		.min_severity = (int)journal_number(file, entry, 4),
		.teams = (uint32_t)journal_number(file, entry, 5),
		.types = (uint32_t)journal_number(file, entry, 6),
		.state = journal_number(file, entry, 7) != 0,
		.interval_ms = (int)journal_number(file, entry, 8),
	};
	read_systems(&wish, journal_word(file, entry, 1));
	return wish;
}
