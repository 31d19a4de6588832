/* Templates: they read as they are, they read with every # taken away, and no field is left out. */
#include "document/document.h"

#include "cases.h"

#include <ctype.h>

#include "codec/codec.h"

static const Tally__V1__Descriptor *read_one(
	struct arena *arena, const struct buffer *text, enum model_kind kind)
{
	struct document *documents;
	size_t count;
	static struct fault fault;
	if (document_read(arena, "template", text->bytes, text->size, &documents, &count, &fault) !=
		FAULT_NONE)
		fail_msg("%s\n%s", fault.message, text->bytes);
	assert_int_equal(count, 1);
	assert_int_equal(documents[0].kind, kind);
	assert_string_equal(documents[0].system, "parcels");
	assert_string_equal(documents[0].name, "default");
	return documents[0].descriptor;
}

static json_t *spec_json(const Tally__V1__Descriptor *descriptor)
{
	json_t *document = document_json("", "default", descriptor);
	json_t *spec = json_incref(json_object_get(document, "spec"));
	json_decref(document);
	return spec;
}

/* Every field of the type, and of all that it holds, is in the JSON; blanks count as absent there. */
static void every_field_is_there(const ProtobufCMessageDescriptor *type, const json_t *value)
{
	for (unsigned i = 0; i < type->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &type->fields[i];
		const json_t *inner = json_object_get(value, field->name);
		if (strcmp(field->name, "profile") == 0)
			continue; /* made by a command */
		if (!inner && field->type == PROTOBUF_C_TYPE_STRING)
			continue; /* shown as "", which a message does not keep */
		if (!inner)
			fail_msg("%s.%s is not in the template", type->short_name, field->name);
		if (field->type == PROTOBUF_C_TYPE_MESSAGE && !json_is_string(inner))
			every_field_is_there(
				field->descriptor, json_is_array(inner) ? json_array_get(inner, 0) : inner);
	}
}

/* And the texts too, which the message does not show: by their lines. */
static void every_name_is_there(const ProtobufCMessageDescriptor *type, const char *text)
{
	for (unsigned i = 0; i < type->n_fields; i++) {
		char name[100];
		snprintf(name, sizeof(name), "%s:", type->fields[i].name);
		if (!strstr(text, name))
			fail_msg("%s.%s is not in the template", type->short_name, name);
		const ProtobufCMessageDescriptor *inner = type->fields[i].descriptor;
		if (type->fields[i].type == PROTOBUF_C_TYPE_MESSAGE && strcmp(name, "profile:") != 0 &&
			strncmp(inner->name, "google.protobuf.", 16) != 0)
			every_name_is_there(inner, text);
	}
}

/* Takes away every '#' that stands before a field; words have exactly one space behind theirs. */
static void uncomment(const struct buffer *text, struct buffer *out)
{
	for (const char *line = text->bytes; *line;) {
		const size_t size = strcspn(line, "\n") + 1;
		const size_t hash = strspn(line, " ");
		const bool words = line[hash] == '#' && line[hash + 1] == ' ' && line[hash + 2] != ' ';
		if (line[hash] != '#') {
			buffer_add(out, line, size);
		} else if (!words) {
			buffer_add(out, line, hash);
			buffer_add(out, line + hash + 1, size - hash - 1);
		}
		line += size;
	}
}

static void check(void **state)
{
	const enum model_kind kind = *(const enum model_kind *)*state;
	const struct model_kind_info *info = model_kind_info(kind);
	struct arena *arena = arena_new();
	struct buffer text = {0}, full = {0};
	document_template(&text, kind, "parcels");
	const Tally__V1__Descriptor *as_it_is = read_one(arena, &text, kind);
	assert_string_equal(as_it_is->owner_team, model_team_id(info->team));
	json_t *spec = spec_json(as_it_is);
	assert_true(json_object_size(spec) >= (kind < KIND_END ? 3 : 1));
	json_decref(spec);

	every_name_is_there(info->spec, text.bytes);
	uncomment(&text, &full);
	spec = spec_json(read_one(arena, &full, kind));
	every_field_is_there(info->spec, spec);
	json_decref(spec);
	buffer_done(&text);
	buffer_done(&full);
	arena_free(arena);
}

static void without_a_system_the_line_is_commented_out(void **state)
{
	(void)state;
	struct buffer text = {0};
	document_template(&text, KIND_RAW_DATA, "");
	assert_non_null(strstr(text.bytes, "  #system: my-system\n"));
	struct arena *arena = arena_new();
	struct document *documents;
	size_t count;
	static struct fault fault;
	assert_int_equal(
		document_read(arena, "t", text.bytes, text.size, &documents, &count, &fault), FAULT_NONE);
	assert_string_equal(documents[0].system, "");
	arena_free(arena);
	buffer_done(&text);
}

int main(void)
{
	struct CMUnitTest tests[KIND_LIMIT];
	static enum model_kind kinds[KIND_LIMIT];
	size_t count = 0;
	for (int kind = KIND_NONE + 1; kind < KIND_LIMIT; kind++) {
		if (!model_kind_known(kind) || kind == KIND_CLOCK)
			continue;
		kinds[kind] = (enum model_kind)kind;
		tests[count++] = (struct CMUnitTest){
			model_kind_info(kinds[kind])->document, check, NULL, NULL, &kinds[kind]};
	}
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(without_a_system_the_line_is_commented_out);
	return CASES_RUN_ALL(tests, count);
}
