/* Descriptors: canonical bytes, digests, systems of them, names of kinds. */
#include "model/descriptor.h"

#include "model/message.h"

#include "cases.h"

static Tally__V1__Descriptor message_with(Tally__V1__RawData *raw)
{
	Tally__V1__Descriptor message = TALLY__V1__DESCRIPTOR__INIT;
	message.spec_case = TALLY__V1__DESCRIPTOR__SPEC_RAW_DATA;
	message.raw_data = raw;
	return message;
}

static struct model_descriptor *descriptor(struct arena *arena, enum model_kind kind, const char *name)
{
	Tally__V1__RawData raw = TALLY__V1__RAW_DATA__INIT;
	Tally__V1__SystemContext context = TALLY__V1__SYSTEM_CONTEXT__INIT;
	Tally__V1__Descriptor message = message_with(&raw);
	if (kind == KIND_SYSTEM_CONTEXT) {
		message.spec_case = TALLY__V1__DESCRIPTOR__SPEC_SYSTEM_CONTEXT;
		message.system_context = &context;
	}
	struct model_version version = {.kind = kind, .name = name, .version = 3, .owner_team = "t"};
	size_t size;
	void *body = model_descriptor_pack(arena, &message, &size, &version.digest);
	return model_descriptor_new(&version, body, size);
}

static void the_digest_is_that_of_the_content(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	Tally__V1__RawData raw = TALLY__V1__RAW_DATA__INIT;
	Tally__V1__Descriptor message = message_with(&raw);
	struct model_digest first, second;
	size_t size;
	model_descriptor_pack(arena, &message, &size, &first);
	message.name = (char *)(uintptr_t) "systems/a/rawData/b";
	message.version = 7;
	message.author = (char *)(uintptr_t) "someone";
	model_descriptor_pack(arena, &message, &size, &second);
	assert_memory_equal(&first, &second, sizeof(first));
	message.owner_team = (char *)(uintptr_t) "another";
	model_descriptor_pack(arena, &message, &size, &second);
	assert_memory_not_equal(&first, &second, sizeof(first));
	message.owner_team = (char *)(uintptr_t) "";
	raw._number_of_instances_case = TALLY__V1__RAW_DATA___NUMBER_OF_INSTANCES_NUMBER_OF_INSTANCES;
	raw.number_of_instances = 0; /* an explicit 0 is content */
	model_descriptor_pack(arena, &message, &size, &second);
	assert_memory_not_equal(&first, &second, sizeof(first));
	arena_free(arena);
}

static void a_source_is_found_for_the_field_or_what_holds_it(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	static const char *const fields[] = {
		"schema[10].field_type", "schema[1]", "schema", "metadata.timeframe"};
	Tally__V1__Source sources[CASES_COUNT(fields)], *pointers[CASES_COUNT(fields)];
	for (size_t i = 0; i < CASES_COUNT(fields); i++) {
		tally__v1__source__init(&sources[i]);
		sources[i].field = (char *)(uintptr_t)fields[i];
		pointers[i] = &sources[i];
	}
	Tally__V1__RawData raw = TALLY__V1__RAW_DATA__INIT;
	Tally__V1__Descriptor message = message_with(&raw);
	message.sources = pointers;
	message.n_sources = CASES_COUNT(fields);
	struct model_version version = {
		.kind = KIND_RAW_DATA, .name = "default", .version = 1, .owner_team = ""};
	size_t size;
	void *body = model_descriptor_pack(arena, &message, &size, &version.digest);
	struct model_descriptor *made[] = {
		model_descriptor_new(&version, body, size), model_descriptor_of(&version, &message)};
	for (size_t i = 0; i < CASES_COUNT(made); i++) {
#define FOUND(wanted) model_descriptor_source(made[i], wanted)->field
		assert_string_equal(FOUND("schema[10].field_type"), "schema[10].field_type");
		assert_string_equal(FOUND("schema[1].field_type"), "schema[1]");
		assert_string_equal(FOUND("schema[10].field_name"), "schema");
		assert_string_equal(FOUND("metadata.timeframe"), "metadata.timeframe");
		assert_null(model_descriptor_source(made[i], "metadata"));
		assert_null(model_descriptor_source(made[i], ""));
		model_descriptor_unref(made[i]);
	}
	arena_free(arena);
}

static void the_digest_covers_kind_team_and_packed_spec(void **state)
{
	(void)state;
	for (size_t length = 0; length < 300; length += 23) { /* sizes of one byte and of two */
		struct arena *arena = arena_new();
		Tally__V1__RawData raw = TALLY__V1__RAW_DATA__INIT;
		Tally__V1__Source source = TALLY__V1__SOURCE__INIT;
		Tally__V1__Source *sources[] = {&source};
		Tally__V1__Descriptor message = message_with(&raw);
		raw.dataset_name = arena_print(arena, "%0*d", (int)length, 0);
		message.owner_team = (char *)(uintptr_t) "team";
		message.sources = sources;
		message.n_sources = 1;
		uint8_t kind = KIND_RAW_DATA, spec[400];
		size_t spec_size = tally__v1__raw_data__pack(&raw, spec), size;
		struct model_digest digest,
			expected = model_digest_of(
				(struct model_digest_part[]){{&kind, 1}, {"team", 4}, {spec, spec_size}}, 3);
		model_descriptor_pack(arena, &message, &size, &digest);
		assert_memory_equal(&digest, &expected, sizeof(digest));
		arena_free(arena);
	}
}

static void a_copy_outlives_the_message(void **state)
{
	(void)state;
	struct arena *source = arena_new();
	struct arena *arena = arena_new();
	Tally__V1__RawData raw = TALLY__V1__RAW_DATA__INIT;
	Tally__V1__RawDataField field = TALLY__V1__RAW_DATA_FIELD__INIT;
	Tally__V1__RawDataField *fields[] = {&field, &field};
	ProtobufCMessageUnknownField unknown = {999, PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED, 3, NULL};
	unknown.data = arena_copy(source, "\2hi", 3);
	field.field_name = arena_text(source, "age");
	raw.schema = arena_copy(source, fields, sizeof(fields));
	raw.n_schema = 2;
	raw.dataset_name = arena_text(source, "visits");
	raw._number_of_instances_case = TALLY__V1__RAW_DATA___NUMBER_OF_INSTANCES_NUMBER_OF_INSTANCES;
	raw.number_of_instances = 7;
	raw.base.unknown_fields = arena_copy(source, &unknown, sizeof(unknown));
	raw.base.n_unknown_fields = 1;
	Tally__V1__Descriptor message = message_with(&raw);
	struct model_version version = {.kind = KIND_RAW_DATA, .name = "a", .version = 1};
	size_t size, copy_size;
	void *body = model_descriptor_pack(arena, &message, &size, &version.digest);
	struct model_descriptor *copy = model_descriptor_of(&version, &message);
	arena_free(source);
	memset(&raw, 0xff, sizeof(raw));
	memset(&field, 0xff, sizeof(field));
	void *again = model_message_pack(arena, model_descriptor_message(copy), &copy_size);
	assert_int_equal(copy_size, size);
	assert_memory_equal(again, body, size);
	model_descriptor_unref(copy);
	arena_free(arena);
}

/* Its field stands behind the sources. */
static void the_digest_of_a_waiver_is_that_of_its_content(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	Tally__V1__Waiver waiver = TALLY__V1__WAIVER__INIT;
	Tally__V1__Descriptor message = TALLY__V1__DESCRIPTOR__INIT;
	message.spec_case = TALLY__V1__DESCRIPTOR__SPEC_WAIVER;
	message.waiver = &waiver;
	struct model_digest first, second;
	size_t size;
	waiver.reason = (char *)(uintptr_t) "one";
	model_descriptor_pack(arena, &message, &size, &first);
	Tally__V1__Source source = TALLY__V1__SOURCE__INIT;
	source.file = (char *)(uintptr_t) "a file with quite a long name";
	Tally__V1__Source *sources[] = {&source};
	message.sources = sources;
	message.n_sources = 1;
	model_descriptor_pack(arena, &message, &size, &second);
	assert_memory_equal(&first, &second, sizeof(first));
	waiver.reason = (char *)(uintptr_t) "two";
	model_descriptor_pack(arena, &message, &size, &second);
	assert_memory_not_equal(&first, &second, sizeof(first));
	arena_free(arena);
}

static void bytes_of_another_kind_make_no_descriptor(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	Tally__V1__RawData raw = TALLY__V1__RAW_DATA__INIT;
	Tally__V1__Descriptor message = message_with(&raw);
	struct model_version version = {.kind = KIND_TRAINED_MODEL, .name = "a", .version = 1};
	size_t size;
	void *body = model_descriptor_pack(arena, &message, &size, &version.digest);
	assert_null(model_descriptor_new(&version, body, size));
	assert_null(model_descriptor_new(&version, "\xff", 1));
	arena_free(arena);
}

static void a_system_finds_by_kind_and_name(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct model_descriptor *all[] = {
		descriptor(arena, KIND_SYSTEM_CONTEXT, "default"),
		descriptor(arena, KIND_RAW_DATA, "a"),
		descriptor(arena, KIND_RAW_DATA, "b"),
	};
	struct model_system system = {"s", all, 3};
	size_t count;
	assert_ptr_equal(model_system_of_kind(&system, KIND_RAW_DATA, &count)[1], all[2]);
	assert_int_equal(count, 2);
	model_system_of_kind(&system, KIND_PRODUCTION_DATA, &count);
	assert_int_equal(count, 0);
	assert_ptr_equal(model_system_find(&system, KIND_RAW_DATA, "b"), all[2]);
	assert_null(model_system_find(&system, KIND_RAW_DATA, "c"));
	assert_int_equal(model_system_versions(arena, &system).items[2]->version, 3);
	Tally__V1__Descriptor *message =
		model_descriptor_message_of(arena, "s", model_descriptor_version(all[1]), NULL);
	assert_string_equal(message->name, "systems/s/rawData/a");
	assert_int_equal(strlen(message->digest), 71);
	assert_int_equal(message->etag[0], '"');
	for (int i = 0; i < 3; i++)
		model_descriptor_unref(model_descriptor_ref(all[i]));
	for (int i = 0; i < 3; i++)
		model_descriptor_unref(all[i]);
	arena_free(arena);
}

static void every_kind_is_found_by_its_names(void **state)
{
	(void)state;
	kind_set known = 0;
	for (int i = -1; i <= KIND_LIMIT; i++) {
		if (!model_kind_known(i))
			continue;
		enum model_kind kind = (enum model_kind)i;
		known |= KIND_BIT(kind);
		const struct model_kind_info *info = model_kind_info(kind);
		assert_int_equal(info->kind, kind);
		assert_int_equal(model_kind_by_id(info->id), kind);
		assert_int_equal(model_kind_by_document(info->document), kind);
		assert_int_equal(model_kind_by_collection(info->collection, strlen(info->collection)), kind);
		assert_string_equal(info->spec->short_name, info->document);
	}
	assert_int_equal(known, KIND_EVERY);
	assert_int_equal(model_kind_by_id("model"), KIND_NONE);
	assert_int_equal(model_kind_by_collection("rawDat", 6), KIND_NONE);
	for (unsigned team = 0; team < TEAM_COUNT; team++)
		assert_int_equal(model_team_by_id(model_team_id((enum model_team)team)), team);
	assert_int_equal(model_team_by_id("nobody"), TEAM_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_digest_is_that_of_the_content),
		cmocka_unit_test(a_source_is_found_for_the_field_or_what_holds_it),
		cmocka_unit_test(the_digest_covers_kind_team_and_packed_spec),
		cmocka_unit_test(a_copy_outlives_the_message),
		cmocka_unit_test(the_digest_of_a_waiver_is_that_of_its_content),
		cmocka_unit_test(bytes_of_another_kind_make_no_descriptor),
		cmocka_unit_test(a_system_finds_by_kind_and_name),
		cmocka_unit_test(every_kind_is_found_by_its_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
