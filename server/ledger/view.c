/* Views: making, counting and reading them. What a change does is apply.c. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/plant.h"
#include "ledger/view_build.h"

struct ledger_view *ledger_view_new(const char *system)
{
	struct arena *arena = arena_new();
	struct ledger_view *view = arena_alloc(arena, sizeof(*view));
	atomic_init(&view->references, 1);
	view->arena = arena;
	view->system.id = arena_text(arena, system);
	return view;
}

struct ledger_view *ledger_view_ref(struct ledger_view *view)
{
	atomic_fetch_add_explicit(&view->references, 1, memory_order_relaxed);
	return view;
}

void ledger_view_unref(struct ledger_view *view)
{
	if (!view || atomic_fetch_sub_explicit(&view->references, 1, memory_order_acq_rel) != 1)
		return;
	for (size_t i = 0; i < view->system.count; i++)
		model_descriptor_unref(view->system.descriptors[i]);
	rules_evaluation_unref(view->evaluation);
	arena_free(view->arena);
}

struct model_descriptor **ledger_view_descriptors(struct ledger_view *view, size_t count)
{
	struct model_descriptor **descriptors =
		arena_array(view->arena, count, sizeof(struct model_descriptor *));
	view->system.descriptors = descriptors;
	view->system.count = count;
	return descriptors;
}

void ledger_view_set_meta(struct ledger_view *view, const void *meta, size_t size)
{
	view->meta = arena_copy(view->arena, meta, size);
	view->meta_size = size;
}

void ledger_view_set_gone(struct ledger_view *view, const struct model_version *gone, size_t count)
{
	view->gone = arena_array(view->arena, count, sizeof(*view->gone));
	view->gone_count = count;
	for (size_t i = 0; i < count; i++)
		view->gone[i] = model_version_copy(view->arena, &gone[i]);
}

static void judge_environments(
	struct ledger_view *view, const struct model_finding *const *found, size_t count)
{
	struct model_descriptor *const *all =
		model_system_of_kind(&view->system, KIND_PRODUCTION_ENVIRONMENT, &view->environment_count);
	view->environments = arena_array(view->arena, view->environment_count, sizeof(*view->environments));
	for (size_t i = 0; i < view->environment_count; i++)
		rules_judge(&view->system, found, count, model_descriptor_version(all[i])->name,
			&view->environments[i]);
}

/* The same findings about the same parts: the verdicts of before hold. */
static void keep_verdicts(struct ledger_view *view, const struct ledger_view *earlier)
{
	view->verdict = earlier->verdict;
	view->environments = arena_copy(
		view->arena, earlier->environments, earlier->environment_count * sizeof(*view->environments));
	view->environment_count = earlier->environment_count;
}

static void judge(struct ledger_view *view, const struct model_finding *const *found, size_t count)
{
	rules_judge(&view->system, found, count, NULL, &view->verdict);
	judge_environments(view, found, count);
}

void ledger_view_evaluate(struct ledger_view *view, const struct ledger_view *earlier)
{
	struct rules_evaluation *was = view->evaluation;
	struct rules_evaluation *before = earlier ? earlier->evaluation : NULL;
	view->evaluation = before && PLANTED("stale-findings") ? rules_evaluation_ref(before)
							       : rules_evaluate(&view->system, before);
	size_t count;
	const struct model_finding *const *found = rules_evaluation_findings(view->evaluation, &count);
	view->findings = arena_array(view->arena, count, sizeof(*view->findings));
	view->finding_count = count;
	for (size_t i = 0; i < count; i++)
		view->findings[i].finding = found[i];
	size_t earlier_count;
	if (before && rules_evaluation_findings(before, &earlier_count) == found)
		keep_verdicts(view, earlier);
	else
		judge(view, found, count);
	rules_evaluation_unref(was);
}

/* Gives the evaluation's findings the lives that the store knows; what is left of them strays. */
static void adopt_lives(struct ledger_view *view, const struct store_snapshot *snapshot)
{
	struct map stored = {0};
	for (size_t i = 0; i < snapshot->finding_count; i++)
		map_put(&stored, snapshot->findings[i].id, &snapshot->findings[i]);
	for (size_t i = 0; i < view->finding_count; i++) {
		const struct store_open_finding *open = map_remove(&stored, view->findings[i].finding->id);
		if (open)
			view->findings[i].life = open->life;
	}
	view->strays = arena_array(view->arena, stored.count, sizeof(*view->strays));
	size_t at = 0;
	const struct store_open_finding *open;
	while ((open = map_next(&stored, &at)))
		view->strays[view->stray_count++] = *open;
	map_done(&stored);
}

struct ledger_view *ledger_view_of(struct store_snapshot *snapshot, const struct ledger_view *earlier)
{
	const struct store_system *system = &snapshot->system;
	struct ledger_view *view = ledger_view_new(system->id);
	view->revision = system->revision;
	view->created_at_us = system->created_at_us;
	view->updated_at_us = system->updated_at_us;
	view->deleted = system->deleted;
	ledger_view_set_meta(view, system->meta, system->meta_size);
	ledger_view_set_gone(view, snapshot->deleted, snapshot->deleted_count);
	struct model_descriptor **descriptors = ledger_view_descriptors(view, snapshot->descriptor_count);
	for (size_t i = 0; i < snapshot->descriptor_count; i++)
		descriptors[i] = snapshot->descriptors[i];
	if (!view->deleted) {
		ledger_view_evaluate(view, earlier);
		adopt_lives(view, snapshot);
	}
	return view;
}

size_t ledger_view_memory(const struct ledger_view *view)
{
	size_t memory = arena_size(view->arena);
	for (size_t i = 0; i < view->system.count; i++)
		memory += model_descriptor_memory(view->system.descriptors[i]);
	if (view->evaluation)
		memory += rules_evaluation_memory(view->evaluation);
	return memory;
}

const struct model_system *ledger_view_system(const struct ledger_view *view)
{
	return &view->system;
}

int64_t ledger_view_revision(const struct ledger_view *view)
{
	return view->revision;
}

int64_t ledger_view_created_at_us(const struct ledger_view *view)
{
	return view->created_at_us;
}

int64_t ledger_view_updated_at_us(const struct ledger_view *view)
{
	return view->updated_at_us;
}

bool ledger_view_deleted(const struct ledger_view *view)
{
	return view->deleted;
}

const void *ledger_view_meta(const struct ledger_view *view, size_t *size)
{
	*size = view->meta_size;
	return view->meta;
}

const struct model_verdict *ledger_view_verdict(const struct ledger_view *view)
{
	return &view->verdict;
}

const struct model_verdict *ledger_view_environment(const struct ledger_view *view, const char *name)
{
	size_t count;
	struct model_descriptor *const *all =
		model_system_of_kind(&view->system, KIND_PRODUCTION_ENVIRONMENT, &count);
	for (size_t i = 0; i < count && i < view->environment_count; i++)
		if (strcmp(model_descriptor_version(all[i])->name, name) == 0)
			return &view->environments[i];
	return NULL;
}

struct rules_evaluation *ledger_view_evaluation(const struct ledger_view *view)
{
	return view->evaluation;
}

int32_t ledger_view_next_version(const struct ledger_view *view, enum model_kind kind, const char *name)
{
	const struct model_descriptor *current = model_system_find(&view->system, kind, name);
	if (current)
		return model_descriptor_version(current)->version + 1;
	for (size_t i = 0; i < view->gone_count; i++)
		if (view->gone[i].kind == kind && strcmp(view->gone[i].name, name) == 0)
			return view->gone[i].version + 1;
	return 1;
}

int64_t ledger_view_due_us(const struct ledger_view *view)
{
	return view->evaluation ? rules_evaluation_due_us(view->evaluation) : INT64_MAX;
}

const struct ledger_finding *ledger_view_findings(const struct ledger_view *view, size_t *count)
{
	*count = view->finding_count;
	return view->findings;
}

const struct ledger_finding *ledger_view_finding(const struct ledger_view *view, const char *id)
{
	for (size_t i = 0; i < view->finding_count; i++)
		if (strcmp(view->findings[i].finding->id, id) == 0)
			return &view->findings[i];
	return NULL;
}

char *ledger_system_etag(int64_t revision, char *etag)
{
	snprintf(etag, LEDGER_ETAG_SIZE, "\"r%lld\"", (long long)revision);
	return etag;
}
