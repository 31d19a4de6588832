/* Printing: how it looks, and that it reads back as the same, also for texts made to trip it up. */
#include "codec/codec.h"
#include "codec/moment.h"
#include "codec/shape.h"

#include "cases.h"

#include <math.h>

#include "tally/v1/descriptor.pb-c.h"
#include "tally/v1/system.pb-c.h"

struct row {
	const char *name;
	const char *json;
	const char *yaml;
};

static void check(void **state)
{
	const struct row *row = *state;
	json_t *json = json_loads(row->json, JSON_DECODE_ANY, NULL);
	assert_non_null(json);
	struct buffer out = {0};
	codec_print_yaml(json, &out);
	assert_string_equal(buffer_string(&out), row->yaml);
	buffer_done(&out);
	json_decref(json);
}

static const struct row rows[] = {
	{"mappings and lists are in block style",
		"{\"a\":{\"b\":[{\"c\":1,\"d\":true},{\"c\":[2.5]}]},\"e\":null}",
		"a:\n  b:\n    - c: 1\n      d: true\n    - c: [2.5]\ne: null\n"},
	{"a list of lists is in block style", "[[true,2],[],[{}]]", "- - true\n  - 2\n- []\n- - {}\n"},
	{"whole doubles have no fraction", "[4.0,1e300,0.1,-0.5,null]",
		"- 4\n- 1e+300\n- 0.1\n- -0.5\n- null\n"},
	{"numbers alone stand behind each other", "{\"a\":[4.0,1e300,0.1,-5],\"b\":[[1],[2,3]]}",
		"a: [4, 1e+300, 0.1, -5]\nb:\n  - [1]\n  - [2, 3]\n"},
	{"a document may be a list of numbers", "[1,2]", "[1, 2]\n"},
	{"ordinary text has no quotes",
		"[\"Random Forest\",\"http://x/y#z\",\"a:b\",\"it's\",\"50 %\",\"caf\xc3\xa9\"]",
		"- Random Forest\n- http://x/y#z\n- a:b\n- it's\n- 50 %\n- caf\xc3\xa9\n"},
	{"text that looks like something else is quoted",
		"[\"\",\"yes\",\"No\",\"null\",\"~\",\"3.10\",\"1e3\",\"2024-06-01\",\"0x1F\",\"true\",\"- "
		"a\",\"#x\",\"a: b\",\"a #b\","
		"\" a\",\"a "
		"\",\"a:\",\"*a\",\"&a\",\"!a\",\"@a\",\"{a\",\"[a\",\"'a\",\"%a\",\"|\",\">\",\"...\",\"?"
		"\"]",
		"- \"\"\n- \"yes\"\n- \"No\"\n- \"null\"\n- \"~\"\n- \"3.10\"\n- \"1e3\"\n- "
		"\"2024-06-01\"\n- \"0x1F\"\n- \"true\"\n"
		"- \"- a\"\n- \"#x\"\n- \"a: b\"\n- \"a #b\"\n- \" a\"\n- \"a \"\n- \"a:\"\n- \"*a\"\n- "
		"\"&a\"\n- \"!a\"\n- \"@a\"\n"
		"- \"{a\"\n- \"[a\"\n- \"'a\"\n- \"%a\"\n- \"|\"\n- \">\"\n- \"...\"\n- \"?\"\n"},
	{"lines are a block", "{\"a\":{\"b\":\"one\\n\\n# two\\nthree\",\"c\":\"one\\n\"}}",
		"a:\n  b: |-\n    one\n\n    # two\n    three\n  c: |\n    one\n"},
	{"lines that a block would change are quoted",
		"[\"a\\n\",\" a\\nb\",\"a\\n\\n\",\"a \\nb\",\"\\na\",\"a\\tb\\nc\"]",
		"- |\n  a\n- \" a\\nb\"\n- \"a\\n\\n\"\n- \"a \\nb\"\n- \"\\na\"\n- \"a\\tb\\nc\"\n"},
	{"controls and separators are escaped", "[\"\\u0001\\u007f\\u0085\\u2028\\ufeff\\\"\\\\\"]",
		"- \"\\u0001\\u007f\\u0085\\u2028\\ufeff\\\"\\\\\"\n"},
	{"keys are quoted like text", "{\"1\":1,\"a b\":2,\"a: b\":3,\"\":4}",
		"\"1\": 1\na b: 2\n\"a: b\": 3\n\"\": 4\n"},
	{"a text alone is a document", "\"a\"", "a\n"},
};

/* xorshift: the same messages in every run. */
static uint64_t random_state;

static unsigned draw(unsigned below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)(random_state % below);
}

static const char *const nasty[] = {"yes", "3.10", "", " lead", "trail ", "#x", "a: b", "two\nlines",
	"two\nlines\n", "\n", "\n\n", " \n", "a\n b", "a\n\n\nb", "\t", "a\tb", "-", "--- a", "---", "...",
	"- a", "? a", ": a", "null", "~", "0", "1e5", ".5", "0o7", "1_000", "12:30:45",
	"2024-06-01T00:00:00Z", "true", "<<", "=", "&a", "*a", "!!str a", "%YAML", "@", "`", "{}", "[]",
	"a, b", "{a: 1}", "'", "\"", "'a'", "\"a\"", "\\", "\\n", "\r", "a\rb", "a\r\nb", "|", ">", "|-\n",
	"a #b", "a# b", "a:", ":a", "a:b", "\xc3\xa9", "\xf0\x9f\x98\x80", "\xe2\x80\xa8", "\xef\xbb\xbf",
	"a\xef\xbb\xbf", "\xc2\x85", "\xc2\xa0", "\x01", "\x7f", "\x1b[0m", "\xef\xbf\xbe", "x\n# no comment",
	"x\n- no item", "x\n--- \ny", "x\n...\ny", "key: |\n  text",
	"long long long long long long long long long long long long long long long long long"};

static char *draw_text(struct arena *arena)
{
	if (draw(3))
		return arena_text(arena, nasty[draw(CASES_COUNT(nasty))]);
	static const char *const pieces[] = {"a", " ", "\n", ":", "#", "-", "\"", "'", "\\", "1", ".",
		"\xc3\xa9", ",", "[", "]", "{", "}", "\t", "\r", "&", "*", "!", "|", ">", "%", "@", "`", "~",
		"\xe2\x80\xa9", "\xf0\x9f\x98\x80", "?"};
	struct buffer text = {0};
	for (unsigned left = draw(8); left > 0; left--)
		buffer_text(&text, pieces[draw(CASES_COUNT(pieces))]);
	char *drawn = arena_text(arena, buffer_string(&text));
	buffer_done(&text);
	return drawn;
}

static ProtobufCBinaryData draw_bytes(struct arena *arena)
{
	ProtobufCBinaryData bytes = {.len = 1 + draw(5), .data = arena_alloc(arena, 8)};
	for (size_t i = 0; i < bytes.len; i++)
		bytes.data[i] = (uint8_t)draw(256);
	return bytes;
}

/* A time or a duration that has a text of its own. */
static bool draw_moment(ProtobufCMessage *message)
{
	if (shape_known(message->descriptor) == SHAPE_ORDINARY)
		return false;
	const struct moment moment = {(int64_t)draw(1u << 30), (int32_t)draw(2) * 500000000};
	shape_set_moment(message, &moment);
	return true;
}

static double draw_double(void)
{
	static const double values[] = {
		0, -0.0, 1, -1, 0.1, 1.0 / 3, 1e300, 5e-324, 123456789.125, 1e21, 1e15, 1e16, -2.5e-7};
	return draw(2) ? values[draw(CASES_COUNT(values))]
		       : ldexp((double)draw(1u << 30), (int)draw(120) - 60);
}

static void draw_value(struct arena *arena, const ProtobufCFieldDescriptor *field, char *to);

static ProtobufCMessage *draw_message(struct arena *arena, const ProtobufCMessageDescriptor *type)
{
	ProtobufCMessage *message = arena_alloc(arena, type->sizeof_message);
	protobuf_c_message_init(type, message);
	for (unsigned i = 0; i < type->n_fields && !draw_moment(message); i++) {
		const ProtobufCFieldDescriptor *field = &type->fields[i];
		char *base = (char *)message;
		if (draw(3) == 0)
			continue;
		if (field->label == PROTOBUF_C_LABEL_REPEATED) {
			size_t size = field->type == PROTOBUF_C_TYPE_ENUM ? sizeof(int) : sizeof(void *);
			assert_int_not_equal(field->type, PROTOBUF_C_TYPE_BYTES);
			size_t count = draw(4);
			char *values = arena_array(arena, count, size);
			for (size_t n = 0; n < count; n++)
				draw_value(arena, field, values + n * size);
			*(size_t *)(void *)(base + field->quantifier_offset) = count;
			*(void **)(void *)(base + field->offset) = values;
			continue;
		}
		if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
			uint32_t *chosen = (uint32_t *)(void *)(base + field->quantifier_offset);
			if (*chosen)
				continue;
			*chosen = field->id;
		}
		draw_value(arena, field, base + field->offset);
	}
	return message;
}

static void draw_value(struct arena *arena, const ProtobufCFieldDescriptor *field, char *to)
{
	void *at = to;
	const ProtobufCEnumDescriptor *values = field->descriptor;
	switch (field->type) {
	case PROTOBUF_C_TYPE_STRING: *(char **)at = draw_text(arena); break;
	case PROTOBUF_C_TYPE_MESSAGE:
		*(ProtobufCMessage **)at = draw_message(arena, field->descriptor);
		break;
	case PROTOBUF_C_TYPE_DOUBLE: *(double *)at = draw_double(); break;
	case PROTOBUF_C_TYPE_BOOL: *(protobuf_c_boolean *)at = (protobuf_c_boolean)draw(2); break;
	case PROTOBUF_C_TYPE_INT32: *(int32_t *)at = (int32_t)draw(2000) - 1000; break;
	case PROTOBUF_C_TYPE_BYTES: *(ProtobufCBinaryData *)at = draw_bytes(arena); break;
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_INT64: *(int64_t *)at = ((int64_t)draw(1u << 30) << 25) - draw(1000); break;
	case PROTOBUF_C_TYPE_ENUM: *(int *)at = values->values[draw(values->n_values)].value; break;
	default: fail_msg("a type of field that this test does not draw: %d", (int)field->type);
	}
}

static void *packed(struct arena *arena, const ProtobufCMessage *message, size_t *size)
{
	*size = protobuf_c_message_get_packed_size(message);
	uint8_t *bytes = arena_alloc(arena, *size);
	protobuf_c_message_pack(message, bytes);
	return bytes;
}

static void reads_back(const ProtobufCMessageDescriptor *type, void (*print)(const json_t *, struct buffer *))
{
	struct arena *arena = arena_new();
	const ProtobufCMessage *message = draw_message(arena, type);
	json_t *json = codec_json(message);
	struct buffer text = {0};
	print(json, &text);
	struct codec_node **documents;
	size_t count;
	static struct fault fault;
	fault = (struct fault){0};
	if (codec_parse(arena, "f", text.bytes, text.size, &documents, &count, &fault) != FAULT_NONE)
		fail_msg("%s\n%s", fault.message, buffer_string(&text));
	assert_int_equal(count, 1);
	ProtobufCMessage *again = codec_message(arena, "f", "", documents[0], type, &fault);
	if (!again)
		fail_msg("%s\n%s", fault.message, buffer_string(&text));
	size_t before_size, after_size;
	void *before = packed(arena, message, &before_size);
	void *after = packed(arena, again, &after_size);
	if (before_size != after_size || memcmp(before, after, before_size) != 0)
		fail_msg("it reads back as another message:\n%s", buffer_string(&text));
	buffer_done(&text);
	json_decref(json);
	arena_free(arena);
}

static void random_messages_read_back(void **state)
{
	static const ProtobufCMessageDescriptor *const types[] = {&tally__v1__trained_model__descriptor,
		&tally__v1__system_context__descriptor, &tally__v1__production_environment__descriptor,
		&tally__v1__raw_data__descriptor};
	random_state = 88172645463325252u;
	for (size_t round = 0; round < 600; round++)
		reads_back(types[round % CASES_COUNT(types)],
			*(void (**)(const json_t *, struct buffer *))state[0]);
}

static void (*const print_functions[])(const json_t *, struct buffer *) = {
	codec_print_yaml, codec_print_json};

static void each_nasty_text_reads_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASES_COUNT(nasty); i++) {
		for (size_t how = 0; how < CASES_COUNT(print_functions); how++) {
			json_t *json = json_pack(
				"[s, {s: s, s: s}, s]", nasty[i], "k", nasty[i], nasty[i], "v", nasty[i]);
			struct arena *arena = arena_new();
			struct buffer text = {0};
			print_functions[how](json, &text);
			struct codec_node **documents;
			size_t count;
			static struct fault fault;
			if (codec_parse(arena, "f", text.bytes, text.size, &documents, &count, &fault) !=
				FAULT_NONE)
				fail_msg("%s\n%s", fault.message, buffer_string(&text));
			const struct codec_node *pairs = documents[0]->items[1];
			assert_string_equal(documents[0]->items[0]->text, nasty[i]);
			assert_string_equal(pairs->items[0]->text, nasty[i]);
			assert_string_equal(pairs->keys[1]->text, nasty[i]);
			assert_string_equal(documents[0]->items[2]->text, nasty[i]);
			assert_int_not_equal(documents[0]->items[2]->type, CODEC_NULL);
			buffer_done(&text);
			arena_free(arena);
			json_decref(json);
		}
	}
}

int main(void)
{
	static void (*printers[2])(const json_t *, struct buffer *);
	printers[0] = print_functions[0];
	printers[1] = print_functions[1];
	struct CMUnitTest tests[CASES_COUNT(rows) + 3];
	size_t count = CASES_ADD(tests, 0, rows, check);
	tests[count++] = (struct CMUnitTest){
		"random messages read back from YAML", random_messages_read_back, NULL, NULL, &printers[0]};
	tests[count++] = (struct CMUnitTest){
		"random messages read back from JSON", random_messages_read_back, NULL, NULL, &printers[1]};
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(each_nasty_text_reads_back);
	return CASES_RUN_ALL(tests, count);
}
