/* Nodes to messages and to JSON: every type of field, and every way to get it wrong. */
#include "codec/codec.h"

#include "cases.h"

#include "tally/v1/descriptor.pb-c.h"
#include "tally/v1/event_service.pb-c.h"
#include "tally/v1/mismatch_service.pb-c.h"
#include "tally/v1/system.pb-c.h"

#define MODEL  &tally__v1__trained_model__descriptor
#define RAW    &tally__v1__raw_data__descriptor
#define SYSTEM &tally__v1__system__descriptor
#define WATCH  &tally__v1__subscribe_request__descriptor
#define ANY    &tally__v1__descriptor__descriptor

struct row {
	const char *name;
	const ProtobufCMessageDescriptor *type;
	const char *text;
	const char *expected; /* JSON on one line, or the fault's message */
};

static void check(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	struct codec_node **documents;
	size_t count;
	static struct fault fault;
	fault = (struct fault){0};
	assert_int_equal(codec_parse(arena, "f", row->text, strlen(row->text), &documents, &count, &fault),
		FAULT_NONE);
	assert_int_equal(count, 1);
	ProtobufCMessage *message = codec_message(arena, "f", "spec", documents[0], row->type, &fault);
	if (!message) {
		assert_int_equal(fault.code, FAULT_INVALID);
		assert_non_null(fault.reason);
		assert_string_equal(fault.message, row->expected);
		arena_free(arena);
		return;
	}
	/* Through the wire, so that the message is as protobuf-c wants it. */
	size_t size = protobuf_c_message_get_packed_size(message);
	uint8_t *packed = arena_alloc(arena, size);
	protobuf_c_message_pack(message, packed);
	ProtobufCMessage *again = protobuf_c_message_unpack(row->type, NULL, size, packed);
	assert_non_null(again);
	json_t *json = codec_json(again);
	char *text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(15));
	assert_string_equal(text, row->expected);
	free(text);
	json_decref(json);
	protobuf_c_message_free_unpacked(again, NULL);
	arena_free(arena);
}

static const struct row rows[] = {
	{"text keeps what was written", MODEL,
		"{model_name: 3.10, model_version: true, training_date: 2024-06-01}",
		"{\"model_name\":\"3.10\",\"model_version\":\"true\",\"training_date\":\"2024-06-01\"}"},
	{"null is absent", MODEL, "{model_name: null, ensemble: ~, output_spec: , test_dataset: null}", "{}"},
	{"empty text is absent, as on the wire", MODEL, "{model_name: ''}", "{}"},
	{"false and 0 have presence", MODEL, "{ensemble: false, inference_time: {time: 0}}",
		"{\"ensemble\":false,\"inference_time\":{\"time\":0.0}}"},
	{"an empty message is present", MODEL, "{test_dataset: {}}", "{\"test_dataset\":{}}"},
	{"an empty list is absent", MODEL, "{ml_frameworks: [], output_spec: []}", "{}"},
	{"fields come in the order of their numbers", MODEL,
		"{ml_frameworks: [a, '', 3.10], ensemble: true, model_name: m}",
		"{\"model_name\":\"m\",\"ensemble\":true,\"ml_frameworks\":[\"a\",\"\",\"3.10\"]}"},
	{"lists of messages are filled", MODEL,
		"output_spec:\n- item_name: a\n  item_specification: {min_value: -1.5}\n- {}\n",
		"{\"output_spec\":[{\"item_name\":\"a\",\"item_specification\":{\"min_value\":-1.5}},{}]}"},
	{"whole numbers may be written with a fraction of zero or an exponent", RAW,
		"{number_of_instances: 1.2e3}", "{\"number_of_instances\":1200}"},
	{"64 bits are kept", RAW, "{number_of_instances: -9223372036854775808}",
		"{\"number_of_instances\":-9223372036854775808}"},
	{"maps are filled", SYSTEM, "{name: x, labels: {team: a, \"1\": '2'}}",
		"{\"name\":\"x\",\"labels\":{\"team\":\"a\",\"1\":\"2\"}}"},
	{"times are RFC 3339", SYSTEM, "{create_time: 2026-11-23T05:45:00+01:00}",
		"{\"create_time\":\"2026-11-23T04:45:00Z\"}"},
	{"durations are seconds", WATCH, "{checkpoint_interval: 1.5s}",
		"{\"checkpoint_interval\":\"1.500s\"}"},
	{"enums are named", WATCH, "{kinds: [KIND_RAW_DATA, KIND_TRAINED_MODEL]}",
		"{\"kinds\":[\"KIND_RAW_DATA\",\"KIND_TRAINED_MODEL\"]}"},

	{"an unknown field is refused with the nearest", MODEL, "model_name: m\noutput_spek: []\n",
		"f:2:1: spec.output_spek: there is no field \"output_spek\"; did you mean output_spec?"},
	{"an unknown field deep inside has its path", MODEL, "output_spec:\n- {}\n- item_typ: Float\n",
		"f:3:3: spec.output_spec[1].item_typ: there is no field \"item_typ\"; did you mean "
		"item_type?"},
	{"a field far from all gets the list", MODEL, "inference_time: {duration: 5}\n",
		"f:1:18: spec.inference_time.duration: there is no field \"duration\"; known are time, unit"},
	{"quoted numbers are refused", MODEL, "inference_time: {time: \"20\"}\n",
		"f:1:24: spec.inference_time.time: \"20\" is text, because of its quotes; a number stands "
		"without them"},
	{"a word for a number is refused", MODEL, "inference_time:\n  time: fast\n",
		"f:2:9: spec.inference_time.time: \"fast\" is not a number"},
	{"hexadecimal is refused", RAW, "number_of_instances: 0x10\n",
		"f:1:22: spec.number_of_instances: \"0x10\" is not a whole number"},
	{"leading zeros are refused", RAW, "number_of_instances: 010\n",
		"f:1:22: spec.number_of_instances: \"010\" is not a whole number"},
	{"a fraction is refused for a whole number", RAW, "number_of_instances: 12.5\n",
		"f:1:22: spec.number_of_instances: 12.5 has a fraction; a whole number is expected"},
	{"65 bits are refused", RAW, "number_of_instances: 9223372036854775808\n",
		"f:1:22: spec.number_of_instances: 9223372036854775808 is too large for a 64-bit number"},
	{"33 bits are refused for 32", MODEL, "computing_resource_reqs: {gpu: 2147483648}\n",
		"f:1:32: spec.computing_resource_reqs.gpu: 2147483648 is out of range: -2147483648 to "
		"2147483647"},
	{"NaN is refused", MODEL, "evaluation_metrics: [{result: .nan}]\n",
		"f:1:31: spec.evaluation_metrics[0].result: .nan is not a finite number"},
	{"JSON's NaN is refused", MODEL, "{\"evaluation_metrics\": [{\"result\": NaN}]}",
		"f:1:36: spec.evaluation_metrics[0].result: NaN is not a finite number"},
	{"an infinity is refused", MODEL, "evaluation_metrics: [{result: -.inf}]\n",
		"f:1:31: spec.evaluation_metrics[0].result: -.inf is not a finite number"},
	{"1e999 is refused", MODEL, "evaluation_metrics: [{result: 1e999}]\n",
		"f:1:31: spec.evaluation_metrics[0].result: 1e999 is not a finite number"},
	{"yes is no boolean", MODEL, "ensemble: yes\n",
		"f:1:11: spec.ensemble: \"yes\" is not true or false"},
	{"a quoted true is no boolean", MODEL, "ensemble: 'true'\n",
		"f:1:11: spec.ensemble: \"true\" is text, because of its quotes; true or false stands "
		"without them"},
	{"1 is no boolean", MODEL, "ensemble: 1\n", "f:1:11: spec.ensemble: \"1\" is not true or false"},
	{"a list for text is refused", MODEL, "model_name: [a]\n",
		"f:1:13: spec.model_name: this is a list; text is expected"},
	{"a mapping for text is refused", MODEL, "model_name:\n  a: b\n",
		"f:2:3: spec.model_name: this is a mapping; text is expected"},
	{"text for a list is refused", MODEL, "ml_frameworks: Keras\n",
		"f:1:16: spec.ml_frameworks: \"Keras\" is not a list"},
	{"a mapping for a list is refused", MODEL, "output_spec: {item_name: a}\n",
		"f:1:14: spec.output_spec: this is a mapping; a list is expected"},
	{"text for a message is refused", MODEL, "inference_time: 20 ms\n",
		"f:1:17: spec.inference_time: \"20 ms\" is not a mapping"},
	{"an empty item of a list is refused", MODEL, "ml_frameworks:\n  - a\n  -\n",
		"f:2:5: spec.ml_frameworks[1]: nothing is here; text is expected"},
	{"a list for the whole is refused", MODEL, "- a\n",
		"f:1:1: spec: this is a list; a mapping is expected"},
	{"an unknown enum name is refused with the nearest", WATCH, "kinds: [KIND_RAW_DATE]\n",
		"f:1:9: spec.kinds[0]: there is no value \"KIND_RAW_DATE\"; did you mean KIND_RAW_DATA?"},
	{"a bad time is refused", SYSTEM, "create_time: yesterday\n",
		"f:1:14: spec.create_time: \"yesterday\" is not a time like 2026-11-23T04:45:00Z or a date like 2026-11-23"},
	{"a bad duration is refused", WATCH, "checkpoint_interval: 10\n",
		"f:1:22: spec.checkpoint_interval: \"10\" is not a duration like 10s, 90m, 36h or 14d"},
	{"two of a oneof are refused", ANY, "raw_data: {}\ntrained_model: {}\n",
		"f:2:16: spec.trained_model: raw_data is given already; only one of the two may be"},
	{"a message is one line, whatever it quotes", MODEL, "\"\\e[31m\\nfine\": 1\n",
		"f:1:1: spec.?[31m?fine: there is no field \"?[31m?fine\""},
	{"a list for a map is refused", SYSTEM, "labels: [a]\n",
		"f:1:9: spec.labels: this is a list; a mapping is expected"},
};

/* A peer's text may be broken; JSON shows it all the same. */
static void broken_text_is_shown(void **state)
{
	(void)state;
	Tally__V1__Documentation message = TALLY__V1__DOCUMENTATION__INIT;
	char broken[] = "a\xff"
			"b";
	message.location = broken;
	json_t *json = codec_json(&message.base);
	assert_string_equal(json_string_value(json_object_get(json, "location")), "a\xef\xbf\xbd"
										  "b");
	json_decref(json);
}

static void unknown_enum_numbers_are_shown(void **state)
{
	(void)state;
	Tally__V1__SubscribeRequest message = TALLY__V1__SUBSCRIBE_REQUEST__INIT;
	Tally__V1__Kind kinds[] = {(Tally__V1__Kind)77};
	message.n_kinds = 1;
	message.kinds = kinds;
	json_t *json = codec_json(&message.base);
	assert_int_equal(json_integer_value(json_array_get(json_object_get(json, "kinds"), 0)), 77);
	json_decref(json);
}

/* What the walk cannot do must not come into the protocol unnoticed. */
static void judge_type(const ProtobufCMessageDescriptor *type, int depth)
{
	assert_true(depth < 12); /* no message contains itself */
	for (unsigned i = 0; i < type->n_fields; i++) {
		if (type->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
			judge_type(type->fields[i].descriptor, depth + 1);
	}
}

static void every_field_of_the_protocol_is_supported(void **state)
{
	(void)state;
	static const ProtobufCMessageDescriptor *const types[] = {ANY, SYSTEM, WATCH,
		&tally__v1__subscribe_response__descriptor, &tally__v1__list_findings_response__descriptor,
		&tally__v1__list_rules_response__descriptor};
	for (size_t i = 0; i < CASES_COUNT(types); i++)
		judge_type(types[i], 0);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + 3];
	size_t count = CASES_ADD(tests, 0, rows, check);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(broken_text_is_shown);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(unknown_enum_numbers_are_shown);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(every_field_of_the_protocol_is_supported);
	return CASES_RUN_ALL(tests, count);
}
