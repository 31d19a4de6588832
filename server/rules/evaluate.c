/*
 * Runs the rules over a system and keeps what they found, in pieces that the
 * next evaluation shares. What a rule looks at is the rule's business.
 */
#include "rules/plan.h"
#include "rules/settle.h"

#include <assert.h>
#include <stdatomic.h>
#include <string.h>

/* What one run of one rule found. Immutable and counted: evaluations share it. Most runs find nothing, and
 * have none. */
struct piece {
	_Atomic unsigned references;
	struct arena *arena; /* of the findings; NULL when there are none */
	const struct model_finding *const *findings;
	size_t count;
	struct model_digest said; /* of what the rule drafted */
	bool comparable;          /* that is all there is to its findings */
	size_t memory;
	int64_t due_us; /* INT64_MAX: never */
};

/* What all runs found, in order and settled. Immutable and counted: evaluations share it. */
struct results {
	_Atomic unsigned references;
	struct piece **pieces; /* one for each run of the plan; NULL: nothing found */
	size_t piece_count;
	const struct model_finding **findings; /* as the rules made them */
	uint16_t *origins;                     /* which piece each finding is of */
	size_t count;
	struct arena *arena; /* of what is settled; NULL when all stands as it was made */
	const struct model_finding *const *settled; /* the same as findings then */
	size_t settled_count;
	int64_t due_us;
	size_t memory;
};

struct rules_evaluation {
	_Atomic unsigned references;
	struct model_system system; /* that was evaluated; the references to its descriptors are ours */
	struct results *results;
};

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);
	if (!memory)
		abort();
	return memory;
}

static kind_set kinds_there(const struct model_system *system)
{
	kind_set kinds = 0;
	for (unsigned kind = KIND_NONE + 1; kind < KIND_END; kind++) {
		size_t count;
		model_system_of_kind(system, (enum model_kind)kind, &count);
		if (count > 0)
			kinds |= KIND_BIT(kind);
	}
	return kinds;
}

static struct piece *piece_ref(struct piece *piece)
{
	if (piece)
		atomic_fetch_add_explicit(&piece->references, 1, memory_order_relaxed);
	return piece;
}

static void piece_unref(struct piece *piece)
{
	if (piece && atomic_fetch_sub_explicit(&piece->references, 1, memory_order_acq_rel) == 1) {
		arena_free(piece->arena);
		free(piece);
	}
}

/* Did the rule draft what it drafted the last time? */
static bool says_the_same(
	const struct rule_run *run, const struct piece *earlier, struct model_digest *said, bool *comparable)
{
	*comparable = rule_run_digest(run, said);
	return *comparable && earlier && earlier->comparable && earlier->due_us == run->due_us &&
	       memcmp(&earlier->said, said, sizeof(*said)) == 0;
}

/* Makes findings of what was drafted, unless they are there already. */
static struct piece *piece_of(struct rule_run *run, struct piece *earlier)
{
	struct model_digest said = {0};
	bool comparable = false;
	if (run->count == 0 && run->due_us == INT64_MAX)
		return NULL;
	if (says_the_same(run, earlier, &said, &comparable))
		return piece_ref(earlier);
	struct piece *piece = allocate(1, sizeof(*piece));
	atomic_init(&piece->references, 1);
	piece->said = said;
	piece->comparable = comparable;
	piece->due_us = run->due_us;
	if (run->count > 0) {
		piece->arena = arena_new();
		piece->findings = rule_run_findings(run, piece->arena, &piece->count);
	}
	piece->memory = sizeof(*piece) + (piece->arena ? arena_size(piece->arena) : 0);
	return piece;
}

/* A rule whose descriptors are not all there does not run: descriptor-missing speaks for it. */
static struct piece *run_rule(
	struct rule_run *run, const struct plan_run *planned, kind_set there, struct piece *earlier)
{
	if (planned->rule->info.needs & ~there)
		return NULL;
	rule_run_again(run, planned->rule, planned->kind);
	planned->rule->run(run);
	return piece_of(run, earlier);
}

/* ---- one order for all pieces' findings ---- */

/* A finding and the piece it is of. */
struct origin {
	const struct model_finding *finding;
	uint16_t piece;
};

static int compare(const void *a, const void *b)
{
	return model_finding_compare(
		((const struct origin *)a)->finding, ((const struct origin *)b)->finding);
}

static bool is_shared(const struct results *results, const struct results *earlier, size_t piece)
{
	return earlier && results->pieces[piece] == earlier->pieces[piece];
}

/* The findings of the pieces that are not the earlier ones, in order. */
static struct origin *fresh_findings(
	const struct results *results, const struct results *earlier, size_t *count)
{
	struct origin *fresh = allocate(results->count, sizeof(*fresh));
	*count = 0;
	for (size_t i = 0; i < results->piece_count; i++) {
		const struct piece *piece = results->pieces[i];
		if (!piece || is_shared(results, earlier, i))
			continue;
		for (size_t j = 0; j < piece->count; j++)
			fresh[(*count)++] = (struct origin){piece->findings[j], (uint16_t)i};
	}
	if (*count > 1)
		qsort(fresh, *count, sizeof(*fresh), compare);
	return fresh;
}

/* How many of the earlier findings, from `at` on, come before this one. They are in order, and far away in
 * memory: few are looked at. */
static size_t before(const struct results *earlier, size_t at, const struct model_finding *finding)
{
	size_t end = earlier->count, start = at;
	while (start < end) {
		size_t middle = start + (end - start) / 2;
		if (model_finding_compare(earlier->findings[middle], finding) < 0)
			start = middle + 1;
		else
			end = middle;
	}
	return start;
}

static void append(struct results *results, size_t *count, struct origin next)
{
	results->findings[*count] = next.finding;
	results->origins[(*count)++] = next.piece;
}

/* Puts the pieces' findings into one order: the fresh ones among those that are shared, which have it. */
static void gather(struct results *results, const struct results *earlier)
{
	for (size_t i = 0; i < results->piece_count; i++)
		if (results->pieces[i])
			results->count += results->pieces[i]->count;
	results->findings = allocate(results->count, sizeof(const struct model_finding *));
	results->origins = allocate(results->count, sizeof(*results->origins));
	size_t fresh_count, at = 0, count = 0;
	struct origin *fresh = fresh_findings(results, earlier, &fresh_count);
	for (size_t i = 0; i <= fresh_count; i++) {
		size_t until = !earlier          ? 0
			       : i < fresh_count ? before(earlier, at, fresh[i].finding)
						 : earlier->count;
		for (; at < until; at++)
			if (is_shared(results, earlier, earlier->origins[at]))
				append(results, &count,
					(struct origin){earlier->findings[at], earlier->origins[at]});
		if (i < fresh_count)
			append(results, &count, fresh[i]);
	}
	assert(count == results->count);
	free(fresh);
}

static int compare_settled(const void *a, const void *b)
{
	return model_finding_compare(
		*(const struct model_finding *const *)a, *(const struct model_finding *const *)b);
}

/* Puts beside what the rules made what policy, waivers and grace make of it; mostly nothing. */
static void settle_findings(struct results *results, const struct model_system *system)
{
	struct arena *arena = arena_new();
	int64_t due_us = INT64_MAX;
	size_t count = results->count;
	const struct model_finding **settled = settle(arena, system, results->findings, &count, &due_us);
	if (due_us < results->due_us)
		results->due_us = due_us;
	results->settled = settled ? settled : results->findings;
	results->settled_count = count;
	if (!settled) {
		arena_free(arena);
		return;
	}
	results->arena = arena;
	if (count > 1)
		qsort(settled, count, sizeof(*settled), compare_settled);
}

static size_t measure(const struct results *results)
{
	size_t memory =
		sizeof(*results) + results->count * (sizeof(*results->findings) + sizeof(*results->origins));
	for (size_t i = 0; i < results->piece_count; i++)
		memory += sizeof(struct piece *) + (results->pieces[i] ? results->pieces[i]->memory : 0);
	if (results->arena)
		memory += arena_size(results->arena);
	return memory;
}

/* Results whose pieces may be shared, but for the runs that read what differs. */
struct source {
	const struct results *results; /* NULL: there are none */
	struct plan_set differing;
};

static struct source source_of(const struct rules_evaluation *evaluation, const struct model_system *system)
{
	struct source source = {0};
	if (!evaluation)
		return source;
	source.results = evaluation->results;
	source.differing = plan_differing(&evaluation->system, system);
	return source;
}

static bool gives(const struct source *source, size_t run)
{
	return source->results && !plan_has(&source->differing, run);
}

/* Runs the rules that read what differs from both; shares the others' pieces. */
static void run_rules(struct results *results, const struct model_system *system,
	const struct source *earlier, const struct source *beside)
{
	kind_set there = kinds_there(system);
	struct rule_shared shared = {0};
	struct rule_run run;
	rule_run_init(&run, system, rule_at(0), KIND_NONE);
	run.shared = &shared;
	for (size_t i = 0; i < results->piece_count; i++) {
		const struct plan_run *planned = plan_at(i);
		struct piece *before = earlier->results ? earlier->results->pieces[i] : NULL;
		struct piece *piece = gives(earlier, i)  ? piece_ref(before)
				      : gives(beside, i) ? piece_ref(beside->results->pieces[i])
							 : run_rule(&run, planned, there, before);
		results->pieces[i] = piece;
		if (piece && (plan_reads(planned) & KIND_BIT(KIND_CLOCK)) && piece->due_us < results->due_us)
			results->due_us = piece->due_us;
	}
	rule_run_done(&run);
	rule_shared_done(&shared);
}

static struct results *make_results(
	const struct model_system *system, const struct source *earlier, const struct source *beside)
{
	struct results *results = allocate(1, sizeof(*results));
	atomic_init(&results->references, 1);
	results->piece_count = plan_count();
	results->pieces = allocate(results->piece_count, sizeof(struct piece *));
	results->due_us = INT64_MAX;
	run_rules(results, system, earlier, beside);
	gather(results, earlier->results);
	settle_findings(results, system);
	results->memory = measure(results);
	return results;
}

static struct results *results_ref(const struct results *results)
{
	struct results *counted = (struct results *)(uintptr_t)results;
	atomic_fetch_add_explicit(&counted->references, 1, memory_order_relaxed);
	return counted;
}

static void results_unref(struct results *results)
{
	if (atomic_fetch_sub_explicit(&results->references, 1, memory_order_acq_rel) != 1)
		return;
	for (size_t i = 0; i < results->piece_count; i++)
		piece_unref(results->pieces[i]);
	free(results->pieces);
	free(results->findings);
	free(results->origins);
	arena_free(results->arena);
	free(results);
}

static struct model_system system_ref(const struct model_system *system)
{
	struct model_descriptor **descriptors = allocate(system->count, sizeof(struct model_descriptor *));
	for (size_t i = 0; i < system->count; i++)
		descriptors[i] = model_descriptor_ref(system->descriptors[i]);
	return (struct model_system){.id = "", .descriptors = descriptors, .count = system->count};
}

static void system_unref(struct model_system *system)
{
	for (size_t i = 0; i < system->count; i++)
		model_descriptor_unref(system->descriptors[i]);
	free((void *)(uintptr_t)system->descriptors);
}

struct rules_evaluation *rules_evaluate(
	const struct model_system *system, const struct rules_evaluation *earlier)
{
	return rules_evaluate_beside(system, earlier, NULL);
}

/* What was settled may look at any field: then it is settled again. */
static bool all_given(const struct source *source, const struct rules_evaluation *earlier,
	const struct model_system *system)
{
	return source->results && !source->results->arena && plan_none(&source->differing) &&
	       settle_alike(&earlier->system, system);
}

struct rules_evaluation *rules_evaluate_beside(const struct model_system *system,
	const struct rules_evaluation *earlier, const struct rules_evaluation *beside)
{
	struct rules_evaluation *evaluation = allocate(1, sizeof(*evaluation));
	atomic_init(&evaluation->references, 1);
	evaluation->system = system_ref(system);
	const struct source before = source_of(earlier, system);
	if (all_given(&before, earlier, system)) {
		evaluation->results = results_ref(before.results);
		return evaluation;
	}
	const struct source other = source_of(beside, system);
	evaluation->results = make_results(system, &before, &other);
	return evaluation;
}

struct rules_evaluation *rules_evaluation_ref(struct rules_evaluation *evaluation)
{
	atomic_fetch_add_explicit(&evaluation->references, 1, memory_order_relaxed);
	return evaluation;
}

void rules_evaluation_unref(struct rules_evaluation *evaluation)
{
	if (!evaluation || atomic_fetch_sub_explicit(&evaluation->references, 1, memory_order_acq_rel) != 1)
		return;
	system_unref(&evaluation->system);
	results_unref(evaluation->results);
	free(evaluation);
}

const struct model_finding *const *rules_evaluation_findings(
	const struct rules_evaluation *evaluation, size_t *count)
{
	*count = evaluation->results->settled_count;
	return evaluation->results->settled;
}

int64_t rules_evaluation_due_us(const struct rules_evaluation *evaluation)
{
	return evaluation->results->due_us;
}

size_t rules_evaluation_memory(const struct rules_evaluation *evaluation)
{
	return sizeof(*evaluation) + evaluation->system.count * sizeof(struct model_descriptor *) +
	       evaluation->results->memory;
}
