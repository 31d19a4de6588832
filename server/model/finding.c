/* Names of classes and severities, the finding's identity and its order. */
#include "model/finding.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char *const classes[CLASS_END] = {
	[CLASS_NONE] = "",
	[CLASS_PURPOSE] = "purpose",
	[CLASS_ENVIRONMENT] = "environment",
	[CLASS_API] = "api",
	[CLASS_RESOURCES] = "resources",
	[CLASS_DATA] = "data",
	[CLASS_TESTING] = "testing",
	[CLASS_MONITORING] = "monitoring",
	[CLASS_PROVENANCE] = "provenance",
	[CLASS_COMPLETENESS] = "completeness",
};

static const char *const severities[SEVERITY_END] = {"", "note", "warning", "error"};

const char *model_class_id(enum model_class class)
{
	assert(class < CLASS_END);
	return classes[class];
}

enum model_class model_class_by_id(const char *id)
{
	for (unsigned class = CLASS_NONE + 1; class < CLASS_END; class ++)
		if (strcmp(classes[class], id) == 0)
			return (enum model_class) class;
	return CLASS_NONE;
}

const char *model_severity_id(enum model_severity severity)
{
	assert(severity < SEVERITY_END);
	return severities[severity];
}

static bool place_before(const struct model_place *a, const struct model_place *b)
{
	return a->kind != b->kind ? a->kind < b->kind : strcmp(a->name, b->name) < 0;
}

/* The next descriptor key above `last` in the order of kind and name, so that repeats fall out; NULL at the
 * end. */
static const struct model_place *next_key(const struct model_finding *finding, const struct model_place *last)
{
	const struct model_place *next = NULL;
	for (size_t i = 0; i < finding->place_count; i++) {
		const struct model_place *place = &finding->places[i];
		if ((!last || place_before(last, place)) && (!next || place_before(place, next)))
			next = place;
	}
	return next;
}

enum {
	ID_PARTS_MAX = 64
};

static size_t add_text(struct model_digest_part *parts, size_t count, const char *text)
{
	parts[count] = (struct model_digest_part){text, strlen(text)};
	return count + 1;
}

static void seal_id(struct model_finding *finding)
{
	struct model_digest_part parts[ID_PARTS_MAX + 2];
	size_t count = add_text(parts, add_text(parts, 0, finding->rule), finding->subject);
	const struct model_place *key = NULL;
	while (count < ID_PARTS_MAX && (key = next_key(finding, key))) {
		count = add_text(parts, count, model_kind_info(key->kind)->id);
		count = add_text(parts, count, key->name);
	}
	struct model_digest digest = model_digest_of(parts, count);
	char text[sizeof(finding->id)]; /* one digit more than there is room for */
	model_digest_hex(&digest, sizeof(text) / 2, text);
	snprintf(finding->id, sizeof(finding->id), "f%.*s", (int)sizeof(finding->id) - 2, text);
}

void model_finding_seal(struct model_finding *finding)
{
	finding->kinds = 0;
	for (size_t i = 0; i < finding->place_count; i++)
		finding->kinds |= KIND_BIT(finding->places[i].kind);
	seal_id(finding);
	model_finding_redigest(finding);
}

void model_finding_redigest(struct model_finding *finding)
{
	struct arena *arena = arena_new();
	size_t size;
	void *body = model_finding_pack(arena, finding, &size);
	finding->digest = model_digest_of(&(struct model_digest_part){body, size}, 1);
	arena_free(arena);
}

int model_finding_compare(const struct model_finding *a, const struct model_finding *b)
{
	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	int order = strcmp(a->rule, b->rule);
	if (order == 0)
		order = strcmp(a->subject, b->subject);
	return order ? order : strcmp(a->id, b->id);
}
