/* Versions that are stored as the difference to another: whoever reads one gets it whole, or is told why not.
 */
#include "fixture.h"

#include "model/difference.h"

enum {
	TEXT = 1000,
	BODY = TEXT + 6,
	WHOLE = 1,   /* the version that the others refer to */
	CHANGED = 2, /* differs from it */
	GONE = 3,    /* a deletion */
	AGAIN = 4,   /* the first one's difference once more */
};

static const char system_id[] = "fraud";

/* A packed tally.v1.Descriptor of raw data whose first text is 1,000 letters, one of which is the version's.
 */
static uint8_t *body_of(struct arena *arena, int version)
{
	uint8_t *body = arena_alloc(arena, BODY);
	const uint8_t head[] = {((KIND_RAW_DATA + 1) << 3) | 2, 0xeb, 0x07, 0x0a, 0xe8, 0x07};
	uint32_t dice = 1;
	memcpy(body, head, sizeof(head));
	for (size_t i = sizeof(head); i < BODY; i++)
		body[i] = (uint8_t)('a' + ((dice = dice * 1664525u + 1013904223u) >> 16) % 26);
	body[BODY / 2] = (uint8_t)('0' + version);
	return body;
}

static void add(struct draft *draft, int version, struct model_base *base)
{
	draft_version(
		draft, system_id, KIND_RAW_DATA, "default", version, version, version == GONE ? NULL : "");
	struct store_version *row = &draft->batch.versions[draft->batch.version_count - 1].version;
	if (version == GONE)
		return;
	row->body = body_of(draft->arena, version);
	row->body_size = BODY;
	if (!base)
		return;
	row->base = model_base_version(base);
	row->body = model_difference(draft->arena, base, row->body, BODY, &row->body_size);
	assert_non_null(row->body);
}

static void write_versions(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct model_base *base = model_base_new(WHOLE, body_of(fixture->arena, WHOLE), BODY);
	add(draft, WHOLE, NULL);
	add(draft, CHANGED, base);
	add(draft, GONE, NULL);
	add(draft, AGAIN, base);
	draft_event(draft, system_id, AGAIN, true);
	draft_system(draft, system_id, 0, AGAIN, false);
	draft_keep(draft, fixture->store);
	model_base_unref(base);
}

static void check_body(const struct fixture *fixture, const struct store_version *row)
{
	assert_int_equal(row->deleted, row->version.version == GONE);
	assert_int_equal(row->body != NULL, !row->deleted);
	if (row->deleted)
		return;
	assert_int_equal(row->body_size, BODY);
	assert_memory_equal(row->body, body_of(fixture->arena, row->version.version), BODY);
}

static struct store_span span_of(int first, int last, kind_set bodies)
{
	return (struct store_span){partition_of(system_id), system_id, first, last, bodies, INT64_MAX};
}

static enum fault_code read_one(
	const struct fixture *fixture, int version, struct store_version *row, struct fault *fault)
{
	return store_version(fixture->store, fixture->arena, partition_of(system_id), system_id,
		KIND_RAW_DATA, "default", version, row, fault);
}

static struct store_version *read_span(
	const struct fixture *fixture, const struct store_span *span, size_t *count)
{
	struct store_version *list = NULL;
	struct fault fault;
	expect_fault(FAULT_NONE,
		store_versions_between(fixture->store, fixture->arena, span, &list, count, &fault), &fault);
	return list;
}

static enum fault_code load(
	const struct fixture *fixture, struct store_snapshot *snapshot, struct fault *fault)
{
	return fixture_load(fixture->store, fixture->arena, system_id, snapshot, fault);
}

static void a_difference_takes_little_room(const struct fixture *fixture)
{
	write_versions(fixture);
	assert_int_equal(
		fixture_number(fixture, "SELECT octet_length(body) FROM version WHERE version = 1"), BODY);
	assert_in_range(
		fixture_number(fixture, "SELECT sum(octet_length(body)) FROM version WHERE version > 1"), 1,
		BODY / 5);
}

static void one_version_is_whole(const struct fixture *fixture)
{
	struct store_version row;
	struct fault fault;
	write_versions(fixture);
	for (int version = WHOLE; version <= AGAIN; version++) {
		expect_fault(FAULT_NONE, read_one(fixture, version, &row, &fault), &fault);
		assert_int_equal(row.version.version, version);
		check_body(fixture, &row);
	}
}

static void the_versions_of_a_span_are_whole(const struct fixture *fixture)
{
	size_t count = 0;
	write_versions(fixture);
	struct store_span span = span_of(0, AGAIN, KIND_BIT(KIND_RAW_DATA));
	struct store_version *list = read_span(fixture, &span, &count);
	assert_int_equal(count, AGAIN);
	for (size_t i = 0; i < count; i++)
		check_body(fixture, &list[i]);
	span.bodies = 0;
	list = read_span(fixture, &span, &count);
	assert_int_equal(count, AGAIN);
	assert_null(list[0].body);
	assert_null(list[CHANGED - 1].body);
}

static void a_span_ends_where_its_bases_fill_it(const struct fixture *fixture)
{
	size_t count = 0;
	write_versions(fixture);
	struct store_span span = span_of(0, AGAIN, KIND_BIT(KIND_RAW_DATA));
	span.bytes = BODY + BODY / 2; /* the second has less of its own, and its base */
	read_span(fixture, &span, &count);
	assert_int_equal(count, CHANGED);
}

static void the_versions_at_a_revision_are_whole(const struct fixture *fixture)
{
	static const size_t counts[] = {[WHOLE] = 1, [CHANGED] = 1, [GONE] = 0, [AGAIN] = 1};
	struct store_version *list = NULL;
	struct fault fault;
	size_t count = 0;
	write_versions(fixture);
	for (int revision = WHOLE; revision <= AGAIN; revision++) {
		struct store_span span = span_of(revision, 0, KIND_BIT(KIND_RAW_DATA));
		expect_fault(FAULT_NONE,
			store_whole_versions_at(fixture->store, fixture->arena, &span, &list, &count, &fault),
			&fault);
		assert_int_equal(count, counts[revision]);
		if (count)
			check_body(fixture, &list[0]);
	}
}

static void what_is_loaded_goes_on_with_the_base(const struct fixture *fixture)
{
	struct store_snapshot snapshot;
	struct fault fault;
	write_versions(fixture);
	expect_fault(FAULT_NONE, load(fixture, &snapshot, &fault), &fault);
	assert_int_equal(snapshot.descriptor_count, 1);
	const Tally__V1__RawData *raw = model_descriptor_spec(snapshot.descriptors[0]);
	assert_memory_equal(raw->dataset_identifier, body_of(fixture->arena, AGAIN) + 6, TEXT);
	struct model_base *base = model_descriptor_base(snapshot.descriptors[0]);
	assert_int_equal(model_base_version(base), WHOLE);
	size_t size;
	const uint8_t *first = body_of(fixture->arena, WHOLE);
	void *difference = model_difference(fixture->arena, base, body_of(fixture->arena, 5), BODY, &size);
	void *bytes = model_difference_apply(fixture->arena, first, BODY, difference, size, &size);
	assert_memory_equal(bytes, body_of(fixture->arena, 5), BODY);
	model_descriptor_unref(snapshot.descriptors[0]);
}

struct damage_row {
	const char *name;
	const char *sql;
};

static const struct damage_row damages[] = {
	{"a base that says something else is noticed",
		"UPDATE version SET body = set_byte(body, 900, 64) WHERE version = 1"},
	{"a base that is missing is noticed", "DELETE FROM version WHERE version = 1"},
	{"a difference that is damaged is noticed",
		"UPDATE version SET body = set_byte(body, 10, 255 - get_byte(body, 10)) WHERE base > 0"},
};

static void check_damage(void **state)
{
	const struct damage_row *row = *state;
	struct store_snapshot snapshot;
	struct store_version version, *list = NULL;
	struct fault fault;
	struct fixture fixture;
	size_t count = 0;
	fixture_open(&fixture);
	write_versions(&fixture);
	fixture_sql(&fixture, row->sql);
	expect_fault(FAULT_INTERNAL, read_one(&fixture, CHANGED, &version, &fault), &fault);
	assert_string_equal(fault.message,
		"version 2 of raw_data default is no difference to version 1, as it should be");
	expect_fault(FAULT_INTERNAL, load(&fixture, &snapshot, &fault), &fault);
	struct store_span span = span_of(0, AGAIN, KIND_BIT(KIND_RAW_DATA));
	expect_fault(FAULT_INTERNAL,
		store_versions_between(fixture.store, fixture.arena, &span, &list, &count, &fault), &fault);
	fixture_close(&fixture);
}

static const struct fixture_case rows[] = {
	{"a difference takes little room", a_difference_takes_little_room},
	{"one version is read whole", one_version_is_whole},
	{"the versions of a span are read whole", the_versions_of_a_span_are_whole},
	{"a span ends where bodies and their bases fill it", a_span_ends_where_its_bases_fill_it},
	{"the versions at a revision are read whole", the_versions_at_a_revision_are_whole},
	{"what is loaded goes on with the base", what_is_loaded_goes_on_with_the_base},
};

int main(void)
{
	int failed = CASES_RUN(rows, fixture_check) + CASES_RUN(damages, check_damage);
	return fixture_end(failed);
}
