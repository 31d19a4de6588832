/* Applying changes. Which rows and events follow from one is record.c. */
#include "ledger/apply.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "ledger/special.h"

/* One change being applied. */
struct work {
	struct arena *arena;
	const struct ledger_change *change;
	struct ledger_view *before; /* NULL: the system never was */
	struct ledger_view *after;
	int64_t now_us;
	int partition;
	struct applied *applied;
	struct fault *fault;
	struct model_descriptor **descriptors; /* of the view after, while they are put together */
	size_t count;
	const struct ledger_finding **opened, **changed, **resolved;
};

static bool exists(const struct ledger_view *view)
{
	return view && !view->deleted;
}

static enum fault_code no_system(struct work *work)
{
	fault_set(work->fault, FAULT_NOT_FOUND, "SYSTEM_NOT_FOUND", "there is no system %s",
		work->change->system);
	fault_add(work->fault, "system", "%s", work->change->system);
	return FAULT_NOT_FOUND;
}

static enum fault_code etag_mismatch(
	struct work *work, const char *what, const char *given, const char *current)
{
	fault_set(work->fault, FAULT_CONFLICT, "ETAG_MISMATCH",
		"%s has etag %s now, not %s: read it again and decide anew", what, current, given);
	fault_add(work->fault, "etag", "%s", given);
	fault_add(work->fault, "current_etag", "%s", current);
	return FAULT_CONFLICT;
}

/* ---- the view after ---- */

/* A view one revision on, of the same system, still without descriptors. */
static struct ledger_view *next_view(struct work *work)
{
	const struct ledger_view *before = work->before;
	struct ledger_view *view = ledger_view_new(work->change->system);
	view->revision = before ? before->revision + 1 : 1;
	view->updated_at_us =
		before && before->updated_at_us > work->now_us ? before->updated_at_us : work->now_us;
	view->created_at_us = exists(before) ? before->created_at_us : view->updated_at_us;
	if (before)
		ledger_view_set_meta(view, before->meta, before->meta_size);
	return view;
}

static const struct model_version *gone_version(
	const struct ledger_view *view, enum model_kind kind, const char *name)
{
	for (size_t i = 0; view && i < view->gone_count; i++)
		if (view->gone[i].kind == kind && strcmp(view->gone[i].name, name) == 0)
			return &view->gone[i];
	return NULL;
}

/* The facts of a new version of a descriptor, numbered after its last one. */
static struct model_version next_version(
	const struct work *work, enum model_kind kind, const char *name, const char *owner_team)
{
	const struct model_descriptor *current =
		work->before ? model_system_find(&work->before->system, kind, name) : NULL;
	const struct model_version *last =
		current ? model_descriptor_version(current) : gone_version(work->before, kind, name);
	bool ours = kind == KIND_CLOCK;
	return (struct model_version){
		.kind = kind,
		.name = name,
		.version = last ? last->version + 1 : 1,
		.revision = work->after->revision,
		.created_at_us = work->after->updated_at_us,
		.owner_team = owner_team,
		.author = ours ? "" : work->change->principal->name,
		.author_team = ours ? "" : work->change->principal->team,
		.change_note = ours ? "" : work->change->change_note,
	};
}

static struct store_version *add_version(
	struct work *work, const struct model_version *version, const struct ledger_item *item)
{
	struct applied *applied = work->applied;
	struct store_version_write *row = &applied->versions[applied->version_count++];
	*row = (struct store_version_write){
		.partition = work->partition,
		.system = work->after->system.id,
		.version = {.version = *version,
			.deleted = !item,
			.body = item ? item->body : NULL,
			.body_size = item ? item->body_size : 0},
	};
	return &row->version;
}

/* Has the row hold the difference to the version that the current one refers to, where that saves enough.
 * @return what the next version may be the difference to */
static struct model_base *shorten(
	struct arena *arena, struct store_version *row, const struct model_descriptor *current)
{
	struct model_base *base = current ? model_descriptor_base(current) : NULL;
	size_t size;
	const void *difference =
		base ? model_difference(arena, base, row->body, row->body_size, &size) : NULL;
	if (!difference)
		return model_base_new(row->version.version, row->body, row->body_size);
	row->base = model_base_version(base);
	row->body = difference;
	row->body_size = size;
	return model_base_ref(base);
}

/* ---- what differs ---- */

/* The finding lives on, changed or not, or is new; `was` is its state before, NULL when it was not stored. */
static void compare_finding(struct work *work, struct ledger_finding *now, const struct ledger_finding *was)
{
	struct ledger_outcome *outcome = &work->applied->outcome;
	if (was)
		now->life = was->life;
	if (was && memcmp(&was->finding->digest, &now->finding->digest, sizeof(was->finding->digest)) == 0)
		return;
	now->life.changed_revision = work->after->revision;
	now->life.changed_at_us = work->after->updated_at_us;
	if (was) {
		work->applied->changed_since[outcome->changed_count] = was->life.changed_revision;
		work->changed[outcome->changed_count++] = now;
		return;
	}
	now->life.opened_revision = work->after->revision;
	now->life.opened_at_us = work->after->updated_at_us;
	work->opened[outcome->opened_count++] = now;
}

static void resolve(struct work *work, const struct ledger_finding *was)
{
	struct ledger_finding *gone = arena_alloc(work->arena, sizeof(*gone));
	*gone = *was;
	gone->life.resolved_revision = work->after->revision;
	gone->life.resolved_at_us = work->after->updated_at_us;
	work->resolved[work->applied->outcome.resolved_count++] = gone;
}

/*
 * Most findings are those of the evaluation before, shared: they live on as
 * they were. Walks both in their one order; what has no such partner is left
 * to be compared by its id.
 *
 * @param[out] known  those of before that are left, by id
 * @param[out] fresh  those of after that are left
 * @return how many are fresh
 */
static size_t share_findings(struct work *work, struct map *known, struct ledger_finding **fresh)
{
	struct ledger_view *after = work->after;
	const struct ledger_view *before = work->before;
	size_t before_count = before ? before->finding_count : 0;
	size_t was = 0, now = 0, count = 0;
	while (was < before_count || now < after->finding_count) {
		const struct ledger_finding *left = was < before_count ? &before->findings[was] : NULL;
		struct ledger_finding *right = now < after->finding_count ? &after->findings[now] : NULL;
		int order = !left    ? 1
			    : !right ? -1
			    : left->finding == right->finding
				    ? 0
				    : model_finding_compare(left->finding, right->finding);
		was += order <= 0;
		now += order >= 0;
		bool stored =
			order <= 0 && left->life.opened_revision; /* else the store does not know it yet */
		if (order == 0 && stored && left->finding == right->finding) {
			right->life = left->life;
			continue;
		}
		if (stored)
			map_put(known, left->finding->id, (void *)(uintptr_t)left);
		if (order >= 0)
			fresh[count++] = right;
	}
	return count;
}

static void compare_findings(struct work *work)
{
	struct ledger_view *after = work->after;
	const struct ledger_view *before = work->before;
	size_t before_count = before ? before->finding_count : 0;
	size_t pointer = sizeof(const struct ledger_finding *);
	work->opened = arena_array(work->arena, after->finding_count, pointer);
	work->changed = arena_array(work->arena, after->finding_count, pointer);
	work->applied->changed_since = arena_array(work->arena, after->finding_count, sizeof(int64_t));
	work->resolved = arena_array(work->arena, before_count, pointer);
	struct map known = {0};
	struct ledger_finding **fresh = arena_array(work->arena, after->finding_count, sizeof(*fresh));
	size_t fresh_count = share_findings(work, &known, fresh);
	for (size_t i = 0; i < fresh_count; i++)
		compare_finding(work, fresh[i], map_remove(&known, fresh[i]->finding->id));
	for (size_t i = 0; i < before_count; i++)
		if (map_get(&known, before->findings[i].finding->id))
			resolve(work, &before->findings[i]);
	map_done(&known);
}

static void finish(struct work *work)
{
	compare_findings(work);
	struct ledger_outcome *outcome = &work->applied->outcome;
	outcome->view = work->after;
	outcome->before = work->before;
	outcome->revision = work->after->revision;
	outcome->opened = work->opened;
	outcome->changed = work->changed;
	outcome->resolved = work->resolved;
	outcome->due_us = ledger_view_due_us(work->after);
	work->applied->view = work->after;
	work->applied->lapsed =
		special_lapsed(work->arena, work->before, work->after, &work->applied->lapsed_count);
}

/* ---- the descriptors after ---- */

/*
 * Shares the descriptors before, but one, with the view after, which has room
 * for `added` more and for a clock.
 */
static void share_descriptors(struct work *work, const struct model_descriptor *but, size_t added)
{
	const struct model_system *system = &work->before->system;
	work->descriptors = ledger_view_descriptors(work->after, system->count + added + 1);
	for (size_t i = 0; i < system->count; i++)
		if (system->descriptors[i] != but)
			work->descriptors[work->count++] = model_descriptor_ref(system->descriptors[i]);
	work->after->system.count = work->count;
}

/* Puts a new version in the place of the current one, or behind the others. */
static void replace(struct work *work, const struct ledger_item *item)
{
	struct model_version version = next_version(work, item->kind, item->name, item->owner_team);
	version.digest = item->digest;
	struct model_descriptor *descriptor = model_descriptor_of(&version, item->message);
	size_t at = 0;
	while (at < work->count && model_descriptor_compare(&work->descriptors[at], &descriptor) != 0)
		at++;
	struct model_descriptor *current = at < work->count ? work->descriptors[at] : NULL;
	struct store_version *row = add_version(work, model_descriptor_version(descriptor), item);
	model_descriptor_take_base(descriptor, shorten(work->arena, row, current));
	model_descriptor_unref(current);
	work->descriptors[at] = descriptor;
	if (at == work->count)
		work->after->system.count = ++work->count;
}

/* Moves the clock to the time of the change; it comes last of the descriptors. */
static void move_clock(struct work *work)
{
	struct ledger_view *after = work->after;
	struct ledger_item item =
		special_clock(work->arena, &after->system, !exists(work->before), after->updated_at_us);
	replace(work, &item);
}

/* Descriptors that are pushed again are not gone any more. */
static void keep_gone(struct work *work)
{
	const struct ledger_view *before = work->before;
	size_t before_count = before ? before->gone_count : 0;
	struct model_version *gone = arena_array(work->arena, before_count, sizeof(*gone));
	size_t count = 0;
	for (size_t i = 0; i < before_count; i++)
		if (!model_system_find(&work->after->system, before->gone[i].kind, before->gone[i].name))
			gone[count++] = before->gone[i];
	ledger_view_set_gone(work->after, gone, count);
}

/*
 * Evaluates the view after. The clock moves only where that makes a
 * difference: for a set of rules that is new to the system, and past the
 * moment from which the same descriptors may be judged differently.
 */
static void evaluate(struct work *work)
{
	struct ledger_view *after = work->after;
	if (rules_clock_behind(&after->system))
		move_clock(work);
	ledger_view_evaluate(after, exists(work->before) ? work->before : NULL);
	if (ledger_view_due_us(after) <= after->updated_at_us) {
		move_clock(work);
		ledger_view_evaluate(after, after);
	}
}

/* ---- the actions ---- */

static enum fault_code create_system(struct work *work)
{
	if (exists(work->before)) {
		fault_set(work->fault, FAULT_EXISTS, "SYSTEM_EXISTS", "there is a system %s already",
			work->change->system);
		fault_add(work->fault, "system", "%s", work->change->system);
		return FAULT_EXISTS;
	}
	work->after = next_view(work);
	ledger_view_set_meta(work->after, work->change->meta, work->change->meta_size);
	work->descriptors = ledger_view_descriptors(work->after, 1);
	work->after->system.count = 0;
	work->applied->versions = arena_alloc(work->arena, sizeof(*work->applied->versions));
	evaluate(work);
	keep_gone(work);
	finish(work);
	return FAULT_NONE;
}

/* Every descriptor gets a tombstone. */
static void bury_all(struct work *work)
{
	const struct ledger_view *before = work->before;
	size_t count = before->gone_count + before->system.count;
	struct model_version *gone = arena_array(work->arena, count, sizeof(*gone));
	if (before->gone_count)
		memcpy(gone, before->gone, before->gone_count * sizeof(*gone));
	work->applied->versions =
		arena_array(work->arena, before->system.count, sizeof(*work->applied->versions));
	for (size_t i = 0; i < before->system.count; i++) {
		const struct model_version *last = model_descriptor_version(before->system.descriptors[i]);
		struct model_version *tombstone = &gone[before->gone_count + i];
		*tombstone = next_version(work, last->kind, last->name, last->owner_team);
		add_version(work, tombstone, NULL);
	}
	ledger_view_set_gone(work->after, gone, count);
}

static enum fault_code delete_system(struct work *work)
{
	if (!exists(work->before))
		return no_system(work);
	char etag[LEDGER_ETAG_SIZE];
	ledger_system_etag(work->before->revision, etag);
	if (work->change->etag[0] && strcmp(work->change->etag, etag) != 0)
		return etag_mismatch(work, "the system", work->change->etag, etag);
	work->after = next_view(work);
	work->after->deleted = true;
	bury_all(work);
	finish(work);
	return FAULT_NONE;
}

static enum fault_code check_etag(
	struct work *work, const struct ledger_item *item, const struct model_descriptor *current)
{
	if (!item->etag[0])
		return FAULT_NONE;
	char etag[MODEL_ETAG_SIZE] = "(none)";
	if (current)
		model_version_etag(model_descriptor_version(current), etag);
	if (strcmp(item->etag, etag) == 0)
		return FAULT_NONE;
	char what[MODEL_NAME_SIZE];
	struct model_name name = {.form = NAME_DESCRIPTOR, .kind = item->kind};
	snprintf(name.system, sizeof(name.system), "%s", work->change->system);
	snprintf(name.descriptor, sizeof(name.descriptor), "%s", item->name);
	return etag_mismatch(work, model_name_print(&name, what), item->etag, etag);
}

static bool is_current(const struct ledger_item *item, const struct model_descriptor *current)
{
	return current &&
	       memcmp(&model_descriptor_version(current)->digest, &item->digest, sizeof(item->digest)) == 0;
}

/* Checks all items against the view before. @param[out] fresh how many bring new content, added how many new
 * names */
static enum fault_code check_items(struct work *work, size_t *fresh, size_t *added)
{
	size_t clocks;
	model_system_of_kind(&work->before->system, KIND_CLOCK, &clocks);
	size_t current_count = work->before->system.count - clocks;
	size_t names = current_count + work->before->gone_count;
	*fresh = *added = 0;
	for (size_t i = 0; i < work->change->item_count; i++) {
		const struct ledger_item *item = &work->change->items[i];
		const struct model_descriptor *current =
			model_system_find(&work->before->system, item->kind, item->name);
		enum fault_code code = check_etag(work, item, current);
		if (code)
			return code;
		*fresh += !is_current(item, current);
		*added += !current;
		names += !current && !gone_version(work->before, item->kind, item->name);
	}
	if (current_count + *added > LEDGER_DESCRIPTORS_MAX)
		return fault_set(work->fault, FAULT_EXHAUSTED, "TOO_MANY_DESCRIPTORS",
			"a system has at most %d descriptors", LEDGER_DESCRIPTORS_MAX);
	if (names > LEDGER_NAMES_MAX)
		return fault_set(work->fault, FAULT_EXHAUSTED, "TOO_MANY_NAMES",
			"a system has at most %d descriptor names, deleted ones included: use one again",
			LEDGER_NAMES_MAX);
	return FAULT_NONE;
}

/* The versions of the items, for the answer. */
static void answer_versions(struct work *work, const struct ledger_view *view)
{
	const struct ledger_change *change = work->change;
	const struct model_version **versions =
		arena_array(work->arena, change->item_count, sizeof(const struct model_version *));
	for (size_t i = 0; i < change->item_count; i++)
		versions[i] = model_descriptor_version(
			model_system_find(&view->system, change->items[i].kind, change->items[i].name));
	work->applied->outcome.versions = versions;
}

static void answer_unchanged(struct work *work)
{
	work->applied->view = ledger_view_ref(work->before);
	work->applied->outcome = (struct ledger_outcome){
		.view = work->before,
		.before = work->before,
		.revision = work->before->revision,
		.unchanged = true,
		.due_us = ledger_view_due_us(work->before),
	};
	answer_versions(work, work->before);
}

static enum fault_code push(struct work *work)
{
	const struct ledger_change *change = work->change;
	if (!exists(work->before))
		return no_system(work);
	size_t fresh;
	size_t added;
	enum fault_code code = check_items(work, &fresh, &added);
	if (code)
		return code;
	if (fresh == 0) {
		answer_unchanged(work);
		return FAULT_NONE;
	}
	work->after = next_view(work);
	work->applied->versions = arena_array(work->arena, fresh + 1, sizeof(*work->applied->versions));
	const struct model_system *system = &work->before->system;
	share_descriptors(work, NULL, added);
	for (size_t i = 0; i < change->item_count; i++) {
		const struct ledger_item *item = &change->items[i];
		if (!is_current(item, model_system_find(system, item->kind, item->name)))
			replace(work, item);
	}
	assert(work->count == system->count + added);
	qsort(work->descriptors, work->count, sizeof(struct model_descriptor *), model_descriptor_compare);
	keep_gone(work);
	code = special_check_deployments(work->after, change->items, change->item_count, work->fault);
	if (code)
		return code;
	evaluate(work);
	answer_versions(work, work->after);
	finish(work);
	return FAULT_NONE;
}

static enum fault_code delete_descriptor(struct work *work)
{
	const struct ledger_item *item = &work->change->items[0];
	if (!exists(work->before))
		return no_system(work);
	const struct model_system *system = &work->before->system;
	const struct model_descriptor *current = model_system_find(system, item->kind, item->name);
	if (!current) {
		fault_set(work->fault, FAULT_NOT_FOUND, "DESCRIPTOR_NOT_FOUND", "%s has no %s named %s",
			work->change->system, model_kind_info(item->kind)->title, item->name);
		fault_add(work->fault, "system", "%s", work->change->system);
		fault_add(work->fault, "kind", "%s", model_kind_info(item->kind)->id);
		fault_add(work->fault, "name", "%s", item->name);
		return FAULT_NOT_FOUND;
	}
	enum fault_code code = check_etag(work, item, current);
	if (code)
		return code;
	work->after = next_view(work);
	share_descriptors(work, current, 0);
	size_t gone_count = work->before->gone_count;
	struct model_version *gone = arena_array(work->arena, gone_count + 1, sizeof(*gone));
	if (gone_count)
		memcpy(gone, work->before->gone, gone_count * sizeof(*gone));
	const struct model_version *last = model_descriptor_version(current);
	gone[gone_count] = next_version(work, item->kind, last->name, last->owner_team);
	work->applied->versions = arena_array(work->arena, 2, sizeof(*work->applied->versions));
	add_version(work, &gone[gone_count], NULL);
	ledger_view_set_gone(work->after, gone, gone_count + 1);

	evaluate(work);
	finish(work);
	return FAULT_NONE;
}

/* Was anything found, changed or settled otherwise than before, so that somebody should hear of it? */
static bool differs(const struct work *work)
{
	const struct ledger_outcome *outcome = &work->applied->outcome;
	return outcome->opened_count + outcome->changed_count + outcome->resolved_count > 0 ||
	       work->applied->lapsed_count > 0 || work->before->stray_count > 0 ||
	       !model_verdict_equal(&work->before->verdict, &work->after->verdict);
}

/* Time goes on: a revision only if that makes a difference. */
static enum fault_code tick(struct work *work)
{
	if (!exists(work->before))
		return no_system(work);
	work->after = next_view(work);
	share_descriptors(work, NULL, 0);
	work->applied->versions = arena_alloc(work->arena, sizeof(*work->applied->versions));
	ledger_view_set_gone(work->after, work->before->gone, work->before->gone_count);
	evaluate(work);
	finish(work);
	if (differs(work))
		return FAULT_NONE;
	int64_t due_us = work->applied->outcome.due_us;
	ledger_view_unref(work->after);
	*work->applied = (struct applied){0};
	answer_unchanged(work);
	work->applied->outcome.due_us = due_us;
	return FAULT_NONE;
}

enum fault_code apply(struct arena *arena, const struct ledger_change *change, struct ledger_view *before,
	int64_t now_us, int partition, struct applied *applied, struct fault *fault)
{
	static enum fault_code (*const actions[])(struct work *) = {
		[LEDGER_CREATE_SYSTEM] = create_system,
		[LEDGER_DELETE_SYSTEM] = delete_system,
		[LEDGER_PUSH] = push,
		[LEDGER_DELETE_DESCRIPTOR] = delete_descriptor,
		[LEDGER_TICK] = tick,
	};
	*applied = (struct applied){0};
	struct work work = {.arena = arena,
		.change = change,
		.before = before,
		.now_us = now_us,
		.partition = partition,
		.applied = applied,
		.fault = fault};
	enum fault_code code = actions[change->action](&work);
	if (code)
		ledger_view_unref(work.after);
	return code;
}
