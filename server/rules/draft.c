/* From what a rule says to sealed findings: gathers, merges, orders, bounds. */
#include "rules/rule.h"

#include <stdarg.h>

#include "base/buffer.h"
#include "model/digest.h"

struct draft_place {
	struct model_place place;
	struct draft_place *next;
};

struct rule_draft {
	struct rule_run *run;
	struct rule_draft *next;
	bool spilled; /* past the bound: nothing is kept */
	struct model_finding finding;
	struct draft_place *first;
	struct draft_place **last;
	struct model_evidence *evidence; /* room for RULE_EVIDENCE_MAX once there is any */
	size_t order;                    /* in which it was drafted */
};

static struct rule_draft *new_draft(struct rule_run *run, const char *subject)
{
	const struct rules_info *info = &run->rule->info;
	struct rule_draft *draft = arena_alloc(run->scratch, sizeof(*draft));
	draft->run = run;
	draft->last = &draft->first;
	draft->order = run->count;
	draft->finding = (struct model_finding){
		.rule = info->id,
		.class = info->class,
		.severity = info->severity,
		.teams = info->teams,
		.subject = rule_quote(run, subject, RULE_SUBJECT_BYTES),
		.message = info->title,
		.rationale = info->rationale,
		.remedy = info->remedy,
	};
	return draft;
}

static void link_draft(struct rule_run *run, struct rule_draft *draft)
{
	*run->last = draft;
	run->last = &draft->next;
}

struct rule_draft *rule_draft(struct rule_run *run, const char *subject)
{
	struct rule_draft *draft;
	if (run->count < RULE_DRAFTS_MAX) {
		draft = new_draft(run, subject);
		link_draft(run, draft);
	} else {
		draft = arena_alloc(run->scratch, sizeof(*draft));
		draft->spilled = true;
	}
	run->count++;
	return draft;
}

void rule_say(struct rule_draft *draft, const char *format, ...)
{
	if (draft->spilled)
		return;
	va_list arguments;
	va_start(arguments, format);
	draft->finding.message = arena_vprint(draft->run->scratch, format, arguments);
	va_end(arguments);
}

void rule_explain(struct rule_draft *draft, const char *rationale, uint32_t teams)
{
	draft->finding.rationale = rationale;
	draft->finding.teams = teams;
}

static void add_place(struct rule_draft *draft, const struct model_place *place)
{
	if (draft->finding.place_count == RULE_PLACES_MAX)
		return;
	struct draft_place *entry = arena_alloc(draft->run->scratch, sizeof(*entry));
	entry->place = *place;
	*draft->last = entry;
	draft->last = &entry->next;
	draft->finding.place_count++;
}

void rule_place(struct rule_draft *draft, const struct model_descriptor *descriptor, const char *value,
	const char *format, ...)
{
	if (draft->spilled)
		return;
	const struct model_version *version = model_descriptor_version(descriptor);
	va_list arguments;
	va_start(arguments, format);
	const char *field = arena_vprint(draft->run->scratch, format, arguments);
	va_end(arguments);
	const char *shown = rule_show(draft->run, value);
	add_place(draft, &(struct model_place){version->kind, version->name, field, shown});
}

void rule_place_each(struct rule_draft *draft, enum model_kind kind, const char *field)
{
	if (draft->spilled)
		return;
	size_t count;
	struct model_descriptor *const *descriptors = model_system_of_kind(draft->run->system, kind, &count);
	for (size_t i = 0; i < count; i++)
		rule_place(draft, descriptors[i], NULL, "%s", field);
}

void rule_place_missing(struct rule_draft *draft, enum model_kind kind)
{
	if (!draft->spilled)
		add_place(draft, &(struct model_place){kind, "", "", ""});
}

void rule_measure(struct rule_draft *draft, const struct model_evidence *evidence)
{
	if (draft->spilled || draft->finding.evidence_count == RULE_EVIDENCE_MAX)
		return;
	if (!draft->evidence)
		draft->evidence =
			arena_array(draft->run->scratch, RULE_EVIDENCE_MAX, sizeof(*draft->evidence));
	draft->evidence[draft->finding.evidence_count++] = *evidence;
	draft->finding.evidence = draft->evidence;
}

void rule_severity(struct rule_draft *draft, enum model_severity severity)
{
	draft->finding.severity = severity;
}

void rule_advise(struct rule_draft *draft, const char *remedy)
{
	if (!draft->spilled)
		draft->finding.remedy = remedy;
}

void rule_due(struct rule_run *run, int64_t at_us)
{
	if (at_us < run->due_us)
		run->due_us = at_us;
}

/* ---- is it what was drafted before? ---- */

static void write_number(struct buffer *out, int64_t number)
{
	buffer_add(out, &number, sizeof(number));
}

/* Where a text ends is part of it. NULL is "", as it will be in the finding. */
static void write_text(struct buffer *out, const char *text)
{
	buffer_add(out, text ? text : "", text ? strlen(text) + 1 : 1);
}

static void write_evidence(struct buffer *out, const struct model_evidence *evidence)
{
	write_text(out, evidence->measure);
	write_number(out, evidence->has_value);
	buffer_add(out, &evidence->value, sizeof(evidence->value));
	write_text(out, evidence->unit);
	write_number(out, evidence->has_threshold);
	buffer_add(out, &evidence->threshold, sizeof(evidence->threshold));
	write_text(out, evidence->method);
	write_number(out, evidence->bins);
	write_number(out, evidence->reference_count);
	write_number(out, evidence->current_count);
}

/* All that the rule chose; what its table row says is the same for each. */
static void write_draft(struct buffer *out, const struct rule_draft *draft)
{
	const struct model_finding *finding = &draft->finding;
	write_number(out, finding->severity);
	write_number(out, finding->teams);
	write_text(out, finding->subject);
	write_text(out, finding->message);
	write_text(out, finding->rationale);
	write_text(out, finding->remedy);
	write_number(out, (int64_t)finding->place_count);
	for (const struct draft_place *entry = draft->first; entry; entry = entry->next) {
		write_number(out, entry->place.kind);
		write_text(out, entry->place.name);
		write_text(out, entry->place.field);
		write_text(out, entry->place.value);
	}
	write_number(out, (int64_t)finding->evidence_count);
	for (size_t i = 0; i < finding->evidence_count; i++)
		write_evidence(out, &draft->evidence[i]);
}

bool rule_run_digest(const struct rule_run *run, struct model_digest *digest)
{
	struct buffer said = {0};
	if (run->count > RULE_DRAFTS_MAX)
		return false;
	for (const struct rule_draft *draft = run->first; draft; draft = draft->next)
		write_draft(&said, draft);
	*digest = model_digest_of(&(struct model_digest_part){buffer_string(&said), said.size}, 1);
	buffer_done(&said);
	return true;
}

/* ---- sealing and merging ---- */

/* Puts the places into an array and gives the finding its id. */
static void seal(struct rule_draft *draft)
{
	struct model_finding *finding = &draft->finding;
	struct model_place *places = arena_array(draft->run->scratch, finding->place_count, sizeof(*places));
	struct draft_place *entry = draft->first;
	for (size_t i = 0; i < finding->place_count; i++, entry = entry->next)
		places[i] = entry->place;
	finding->places = places;
	model_finding_seal(finding);
}

/* Drafts of one id next to each other, the most severe first. */
static int compare_drafts(const void *a, const void *b)
{
	const struct rule_draft *left = *(struct rule_draft *const *)a;
	const struct rule_draft *right = *(struct rule_draft *const *)b;
	int order = strcmp(left->finding.id, right->finding.id);
	if (order == 0)
		order = (int)right->finding.severity - (int)left->finding.severity;
	if (order)
		return order;
	return left->order < right->order ? -1 : left->order > right->order;
}

static int compare_findings(const void *a, const void *b)
{
	return model_finding_compare(
		*(const struct model_finding *const *)a, *(const struct model_finding *const *)b);
}

/* Adds the places of a later draft that the first one does not have. */
static void merge_places(struct rule_draft *into, const struct rule_draft *from, struct map *seen)
{
	for (const struct draft_place *entry = from->first; entry; entry = entry->next) {
		const struct model_place *place = &entry->place;
		char *key = arena_print(
			into->run->scratch, "%d/%s/%s", (int)place->kind, place->name, place->field);
		if (!map_put(seen, key, key) && into != from)
			add_place(into, place);
	}
}

enum {
	SENTENCES_MAX = 3 /* of merged findings' messages */
};

/* What merged drafts say together: their different sentences, the first few. */
static const char *merge_messages(struct rule_run *run, struct rule_draft *const *drafts, size_t count)
{
	struct map *seen = rule_map(run);
	const char *text = NULL;
	size_t sentences = 0;
	for (size_t i = 0; i < count; i++) {
		const char *message = drafts[i]->finding.message;
		if (map_put(seen, message, drafts[i]))
			continue;
		if (sentences++ < SENTENCES_MAX)
			text = text ? arena_print(run->scratch, "%s %s", text, message) : message;
	}
	if (sentences <= SENTENCES_MAX)
		return text;
	return arena_print(run->scratch, "%s And %zu more like it.", text, sentences - SENTENCES_MAX);
}

static void merge_evidence(struct rule_run *run, struct rule_draft *const *drafts, size_t count)
{
	struct model_evidence *all = arena_array(run->scratch, RULE_EVIDENCE_MAX, sizeof(*all));
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < drafts[i]->finding.evidence_count && kept < RULE_EVIDENCE_MAX; j++)
			all[kept++] = drafts[i]->evidence[j];
	}
	drafts[0]->finding.evidence = all;
	drafts[0]->finding.evidence_count = kept;
}

/* Makes one finding of drafts with the same id, in the first of them. */
static void merge(struct rule_run *run, struct rule_draft *const *drafts, size_t count)
{
	struct map *seen = rule_map(run);
	for (size_t i = 0; i < count; i++)
		merge_places(drafts[0], drafts[i], seen);
	merge_evidence(run, drafts, count);
	drafts[0]->finding.message = merge_messages(run, drafts, count);
	seal(drafts[0]);
}

/* A finding that outlives the run: its texts are copied but for the literals. */
static const struct model_finding *keep(
	struct arena *arena, const struct model_finding *finding, const char *literal)
{
	struct model_finding *kept = arena_copy(arena, finding, sizeof(*finding));
	kept->subject = arena_text(arena, finding->subject);
	kept->message = arena_text(arena, finding->message);
	if (finding->remedy != literal)
		kept->remedy = arena_text(arena, finding->remedy);
	struct model_place *places = arena_array(arena, finding->place_count, sizeof(*places));
	for (size_t i = 0; i < finding->place_count; i++) {
		places[i] = (struct model_place){
			.kind = finding->places[i].kind,
			.name = arena_text(arena, finding->places[i].name),
			.field = arena_text(arena, finding->places[i].field),
			.value = arena_text(arena, finding->places[i].value),
		};
	}
	kept->places = places;
	struct model_evidence *evidence = arena_array(arena, finding->evidence_count, sizeof(*evidence));
	for (size_t i = 0; i < finding->evidence_count; i++) {
		evidence[i] = finding->evidence[i];
		evidence[i].measure = arena_text(arena, finding->evidence[i].measure);
		evidence[i].unit = arena_text(arena, finding->evidence[i].unit);
		evidence[i].method = arena_text(arena, finding->evidence[i].method);
	}
	kept->evidence = evidence;
	return kept;
}

/* One more finding says how many there were no room for. */
static void say_spilled(struct rule_run *run)
{
	if (run->count <= RULE_DRAFTS_MAX)
		return;
	struct rule_draft *draft = new_draft(run, "(more)");
	link_draft(run, draft);
	rule_say(draft, "This rule fires %zu times; the first %d are listed.", run->count, RULE_DRAFTS_MAX);
	kind_set kinds = run->kind ? KIND_BIT(run->kind) : run->rule->info.needs;
	for (unsigned kind = KIND_NONE + 1; kind < KIND_END; kind++) {
		if (kinds & KIND_BIT(kind))
			rule_place_each(draft, (enum model_kind)kind, "");
	}
}

static struct rule_draft **sorted_drafts(struct rule_run *run, size_t *count)
{
	size_t total = 0;
	for (struct rule_draft *draft = run->first; draft; draft = draft->next)
		total++;
	struct rule_draft **drafts = arena_array(run->scratch, total, sizeof(struct rule_draft *));
	*count = 0;
	for (struct rule_draft *draft = run->first; draft; draft = draft->next) {
		seal(draft);
		drafts[(*count)++] = draft;
	}
	if (total > 1)
		qsort(drafts, total, sizeof(struct rule_draft *), compare_drafts);
	return drafts;
}

const struct model_finding *const *rule_run_findings(struct rule_run *run, struct arena *arena, size_t *count)
{
	*count = 0;
	say_spilled(run);
	size_t total;
	struct rule_draft **drafts = sorted_drafts(run, &total);
	if (total == 0)
		return NULL;
	const struct model_finding **findings =
		arena_array(arena, total, sizeof(const struct model_finding *));
	for (size_t i = 0, end; i < total; i = end) {
		end = i + 1;
		while (end < total && strcmp(drafts[end]->finding.id, drafts[i]->finding.id) == 0)
			end++;
		if (end - i > 1)
			merge(run, drafts + i, end - i);
		findings[(*count)++] = keep(arena, &drafts[i]->finding, run->rule->info.remedy);
	}
	qsort(findings, *count, sizeof(const struct model_finding *), compare_findings);
	return findings;
}
