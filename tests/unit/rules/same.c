/* Comparing evaluations, member by member. */
#include "same.h"

#include <string.h>

#include "cases.h"

static void assert_same_places(const struct model_finding *a, const struct model_finding *b)
{
	assert_int_equal(a->place_count, b->place_count);
	for (size_t i = 0; i < a->place_count; i++) {
		assert_int_equal(a->places[i].kind, b->places[i].kind);
		assert_string_equal(a->places[i].name, b->places[i].name);
		assert_string_equal(a->places[i].field, b->places[i].field);
		assert_string_equal(a->places[i].value, b->places[i].value);
	}
}

static void assert_same_evidence(const struct model_finding *a, const struct model_finding *b)
{
	assert_int_equal(a->evidence_count, b->evidence_count);
	for (size_t i = 0; i < a->evidence_count; i++) {
		assert_string_equal(a->evidence[i].measure, b->evidence[i].measure);
		assert_string_equal(a->evidence[i].unit, b->evidence[i].unit);
		assert_string_equal(a->evidence[i].method, b->evidence[i].method);
		assert_true(a->evidence[i].value == b->evidence[i].value);
		assert_true(a->evidence[i].threshold == b->evidence[i].threshold);
		assert_int_equal(a->evidence[i].has_value, b->evidence[i].has_value);
		assert_int_equal(a->evidence[i].has_threshold, b->evidence[i].has_threshold);
		assert_int_equal(a->evidence[i].bins, b->evidence[i].bins);
		assert_int_equal(a->evidence[i].reference_count, b->evidence[i].reference_count);
		assert_int_equal(a->evidence[i].current_count, b->evidence[i].current_count);
	}
}

static void assert_same_finding(const struct model_finding *a, const struct model_finding *b)
{
	assert_string_equal(a->id, b->id);
	assert_string_equal(a->rule, b->rule);
	assert_int_equal(a->class, b->class);
	assert_int_equal(a->severity, b->severity);
	assert_int_equal(a->teams, b->teams);
	assert_int_equal(a->kinds, b->kinds);
	assert_string_equal(a->subject, b->subject);
	assert_string_equal(a->message, b->message);
	assert_string_equal(a->rationale, b->rationale);
	assert_string_equal(a->remedy, b->remedy);
	assert_same_places(a, b);
	assert_same_evidence(a, b);
	assert_int_equal(a->waived != NULL, b->waived != NULL);
	assert_true(a->blocks_from_us == b->blocks_from_us);
	assert_memory_equal(&a->digest, &b->digest, sizeof(a->digest));
}

void same_assert(const struct rules_evaluation *a, const struct rules_evaluation *b)
{
	size_t count;
	size_t other;
	const struct model_finding *const *left = rules_evaluation_findings(a, &count);
	const struct model_finding *const *right = rules_evaluation_findings(b, &other);
	assert_int_equal(count, other);
	for (size_t i = 0; i < count; i++)
		assert_same_finding(left[i], right[i]);
	assert_true(rules_evaluation_due_us(a) == rules_evaluation_due_us(b));
	assert_int_equal(rules_evaluation_memory(a), rules_evaluation_memory(b));
}
