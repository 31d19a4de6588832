/*
 * What is read, as a tree of fields for each kind, made once of what the rules
 * declare; and walking it over two versions of a descriptor side by side.
 */
#include "rules/plan.h"

#include <assert.h>
#include <pthread.h>

#include "model/message.h"
#include "rules/fields.h"

/* A field that runs read, or in which they read. Of a tree's root: the descriptor itself. */
struct watched {
	const ProtobufCFieldDescriptor *field; /* NULL: the root */
	struct plan_set whole;                 /* runs that read all that is in it */
	struct plan_set any;                   /* these, and those that read parts of it */
	struct watched *parts;                 /* the first of them; NULL: nobody reads a part alone */
	struct watched *next;
};

/* Set once, then only read. */
static struct {
	struct arena *arena; /* of the trees; never freed */
	struct plan_run runs[PLAN_RUNS_MAX];
	size_t count;
	struct plan_set dated;
	struct watched kinds[KIND_LIMIT];
} plan;

static pthread_once_t made = PTHREAD_ONCE_INIT;

/* ---- sets ---- */

bool plan_has(const struct plan_set *set, size_t index)
{
	return set->words[index / 64] >> index % 64 & 1;
}

static void put(struct plan_set *set, size_t index)
{
	set->words[index / 64] |= UINT64_C(1) << index % 64;
}

static void put_all(struct plan_set *set, const struct plan_set *more)
{
	for (size_t i = 0; i < PLAN_RUNS_MAX / 64; i++)
		set->words[i] |= more->words[i];
}

static bool has_all(const struct plan_set *set, const struct plan_set *others)
{
	uint64_t lacking = 0;
	for (size_t i = 0; i < PLAN_RUNS_MAX / 64; i++)
		lacking |= others->words[i] & ~set->words[i];
	return lacking == 0;
}

bool plan_none(const struct plan_set *set)
{
	static const struct plan_set none;
	return has_all(&none, set);
}

static struct plan_set both(const struct plan_set *a, const struct plan_set *b)
{
	struct plan_set set;
	for (size_t i = 0; i < PLAN_RUNS_MAX / 64; i++)
		set.words[i] = a->words[i] & b->words[i];
	return set;
}

/* ---- making the plan ---- */

static struct watched *part_of(
	struct watched *around, const ProtobufCMessageDescriptor *type, const char *name, size_t size)
{
	const ProtobufCFieldDescriptor *field = fields_find(type, name, size);
	struct watched **at = &around->parts;
	while (*at && (*at)->field != field)
		at = &(*at)->next;
	if (!*at) {
		*at = arena_alloc(plan.arena, sizeof(**at));
		(*at)->field = field;
	}
	return *at;
}

/* Has a run watch what its rule declares, which is kind:path with [] behind lists. */
static void watch(size_t run, enum model_kind kind, const char *path)
{
	struct watched *at = &plan.kinds[kind];
	const ProtobufCMessageDescriptor *type = model_kind_info(kind)->spec;
	while (*path) {
		size_t size = strcspn(path, ".[");
		at = part_of(at, type, path, size);
		put(&at->any, run);
		path += size + strspn(path + size, "[].");
		type = *path ? fields_type(at->field) : NULL;
	}
	if (at->field)
		put(&at->whole, run);
}

static void watch_declared(size_t run, struct arena *scratch)
{
	size_t count;
	kind_set reads = plan_reads(&plan.runs[run]);
	const char *const *fields = rules_fields(scratch, &plan.runs[run].rule->info, &count);
	for (unsigned kind = KIND_NONE + 1; kind < KIND_LIMIT; kind++) {
		if (!(reads & KIND_BIT(kind)))
			continue;
		const char *id = model_kind_info((enum model_kind)kind)->id;
		put(&plan.kinds[kind].any, run);
		for (size_t i = 0; i < count; i++)
			if (strncmp(fields[i], id, strlen(id)) == 0 && fields[i][strlen(id)] == ':')
				watch(run, (enum model_kind)kind, fields[i] + strlen(id) + 1);
	}
}

static void add_run(const struct rule *rule, enum model_kind kind, struct arena *scratch)
{
	size_t run = plan.count++;
	assert(run < PLAN_RUNS_MAX);
	plan.runs[run] = (struct plan_run){rule, kind};
	if (rule->dated)
		put(&plan.dated, run);
	watch_declared(run, scratch);
}

static void make(void)
{
	struct arena *scratch = arena_new();
	plan.arena = arena_new();
	for (size_t i = 0; i < rules_count(); i++) {
		const struct rule *rule = rule_at(i);
		if (!rule->per_kind)
			add_run(rule, KIND_NONE, scratch);
		for (unsigned kind = KIND_NONE + 1; rule->per_kind && kind < KIND_END; kind++)
			add_run(rule, (enum model_kind)kind, scratch);
	}
	arena_free(scratch);
}

size_t plan_count(void)
{
	pthread_once(&made, make);
	return plan.count;
}

const struct plan_run *plan_at(size_t index)
{
	pthread_once(&made, make);
	assert(index < plan.count);
	return &plan.runs[index];
}

kind_set plan_reads(const struct plan_run *run)
{
	return run->kind ? KIND_BIT(run->kind) : run->rule->info.kinds;
}

/* ---- comparing ---- */

static void compare(const struct watched *watched, const ProtobufCMessage *a, const ProtobufCMessage *b,
	struct plan_set *differing);

static void compare_parts(const struct watched *watched, const ProtobufCMessage *a, const ProtobufCMessage *b,
	struct plan_set *differing)
{
	for (const struct watched *part = watched->parts; part; part = part->next)
		compare(part, a, b, differing);
}

/* Entries of lists are compared by their places: what moved counts as changed. */
static void compare_entries(const struct watched *watched, const ProtobufCMessage *a,
	const ProtobufCMessage *b, struct plan_set *differing)
{
	size_t count = fields_count(a, watched->field);
	if (count != fields_count(b, watched->field)) {
		put_all(differing, &watched->any);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const ProtobufCMessage *left = fields_message(a, watched->field, i);
		const ProtobufCMessage *right = fields_message(b, watched->field, i);
		if (left && right)
			compare_parts(watched, left, right, differing);
		else if (left || right)
			put_all(differing, &watched->any);
	}
}

/* Adds the runs that read a difference between what two messages have in a field. */
static void compare(const struct watched *watched, const ProtobufCMessage *a, const ProtobufCMessage *b,
	struct plan_set *differing)
{
	if (has_all(differing, &watched->any))
		return;
	if (watched->parts)
		compare_entries(watched, a, b, differing);
	if (!has_all(differing, &watched->whole) && !model_message_field_equal(a, b, watched->field))
		put_all(differing, &watched->whole);
}

static void compare_descriptors(
	const struct model_descriptor *a, const struct model_descriptor *b, struct plan_set *differing)
{
	const struct model_version *left = model_descriptor_version(a);
	const struct watched *watched = &plan.kinds[left->kind];
	if (a == b)
		return;
	if (left->created_at_us != model_descriptor_version(b)->created_at_us) {
		struct plan_set dated = both(&plan.dated, &watched->any);
		put_all(differing, &dated);
	}
	compare_parts(watched, model_descriptor_spec(a), model_descriptor_spec(b), differing);
}

/* Which of two descriptors comes first in a system? NULL comes last. */
static int order_of(const struct model_descriptor *a, const struct model_descriptor *b)
{
	if (!a || !b)
		return !a - !b;
	return model_version_compare(model_descriptor_version(a), model_descriptor_version(b));
}

struct plan_set plan_differing(const struct model_system *a, const struct model_system *b)
{
	struct plan_set differing = {0};
	pthread_once(&made, make);
	for (size_t i = 0, j = 0; i < a->count || j < b->count;) {
		const struct model_descriptor *left = i < a->count ? a->descriptors[i] : NULL;
		const struct model_descriptor *right = j < b->count ? b->descriptors[j] : NULL;
		int order = left == right ? 0 : order_of(left, right);
		if (order == 0)
			compare_descriptors(left, right, &differing);
		else /* it came or went */
			put_all(&differing,
				&plan.kinds[model_descriptor_version(order < 0 ? left : right)->kind].any);
		i += order <= 0;
		j += order >= 0;
	}
	return differing;
}
