/* Server reflection over loopback, both versions. */
#include "cases.h"

#include "base/log.h"
#include "google/protobuf/descriptor.pb-c.h"
#include "grpc/reflection/v1/reflection.pb-c.h"
#include "grpc_client.h"
#include "service/reflection.h"
#include "service/service.h"

typedef Grpc__Reflection__V1__ServerReflectionRequest question;
typedef Grpc__Reflection__V1__ServerReflectionResponse reply;
typedef Grpc__Reflection__V1__FileDescriptorResponse files_reply;

enum {
	WAIT_MS = 30000,
	BY_NAME = GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_BY_FILENAME,
	BY_SYMBOL = GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_CONTAINING_SYMBOL,
	BY_EXTENSION =
		GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_CONTAINING_EXTENSION,
	NUMBERS =
		GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_ALL_EXTENSION_NUMBERS_OF_TYPE,
	SERVICES = GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_LIST_SERVICES,
	NOTHING = 0,
	FILES = GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_FILE_DESCRIPTOR_RESPONSE,
	NO_NUMBERS =
		GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_ALL_EXTENSION_NUMBERS_RESPONSE,
	LIST = GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_LIST_SERVICES_RESPONSE,
	ERROR = GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_ERROR_RESPONSE,
};

/* The same bytes serve both versions. */
static const char *const paths[] = {
	"/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
	"/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
};

static const struct rpc_method *const methods[] = {reflection_methods, NULL};
static struct service service;
static struct rpc_server *server;
static struct client *client;

static void start(void)
{
	struct rpc_listener listener = {"127.0.0.1:0"};
	struct rpc_options options = {
		.listeners = &listener,
		.listener_count = 1,
		.max_message_bytes = 1 << 20,
		.max_calls = 100,
		.max_streams = 50,
		.max_streams_per_connection = 50,
		.methods = methods,
		.context = &service,
		.status = service_status,
	};
	struct fault fault;
	if (rpc_server_start(&options, &server, &fault))
		abort();
	client = client_new(rpc_server_address(server, 0));
}

/* A question and what its answer is. */
struct row {
	const char *name;
	int which;
	const char *text;
	int answer;
	const char *file; /* the first file of the answer, or a service, or the type */
	int error;
};

static const struct row rows[] = {
	{"a file is found by name", BY_NAME, "tally/v1/system.proto", FILES, "tally/v1/system.proto", 0},
	{"an imported file is found by name", BY_NAME, "google/protobuf/timestamp.proto", FILES,
		"google/protobuf/timestamp.proto", 0},
	{"an unknown file is NOT_FOUND", BY_NAME, "tally/v2/system.proto", ERROR, NULL, 5},
	{"a service declares its file", BY_SYMBOL, "tally.v1.SystemService", FILES, "tally/v1/system.proto",
		0},
	{"a method declares its file", BY_SYMBOL, "tally.v1.SystemService.GetSystem", FILES,
		"tally/v1/system.proto", 0},
	{"a message declares its file", BY_SYMBOL, "tally.v1.System", FILES, "tally/v1/system.proto", 0},
	{"a nested message declares its file", BY_SYMBOL, "tally.v1.System.LabelsEntry", FILES,
		"tally/v1/system.proto", 0},
	{"an enum declares its file", BY_SYMBOL, "tally.v1.Kind", FILES, "tally/v1/descriptor.proto", 0},
	{"an enum's value declares its file", BY_SYMBOL, "tally.v1.KIND_RAW_DATA", FILES,
		"tally/v1/descriptor.proto", 0},
	{"a nested enum declares its file", BY_SYMBOL, "grpc.health.v1.HealthCheckResponse.ServingStatus",
		FILES, "grpc/health/v1/health.proto", 0},
	{"a package is no symbol", BY_SYMBOL, "tally.v1", ERROR, NULL, 5},
	{"an unknown symbol is NOT_FOUND", BY_SYMBOL, "tally.v1.SystemServices", ERROR, NULL, 5},
	{"an empty symbol is NOT_FOUND", BY_SYMBOL, "", ERROR, NULL, 5},
	{"there are no extensions", BY_EXTENSION, "google.protobuf.MessageOptions", ERROR, NULL, 5},
	{"a known type has no extension numbers", NUMBERS, "tally.v1.System", NO_NUMBERS, "tally.v1.System",
		0},
	{"an unknown type is NOT_FOUND", NUMBERS, "google.protobuf.Nothing", ERROR, NULL, 5},
	{"Tally's services are listed", SERVICES, "", LIST, "tally.v1.EventService", 0},
	{"health is listed", SERVICES, "*", LIST, "grpc.health.v1.Health", 0},
	{"reflection is listed", SERVICES, "", LIST, "grpc.reflection.v1.ServerReflection", 0},
	{"the older reflection is listed", SERVICES, "", LIST, "grpc.reflection.v1alpha.ServerReflection", 0},
	{"no question is an error", NOTHING, "", ERROR, NULL, 3},
};

static reply *ask(struct client_stream *stream, const struct row *row)
{
	question asked = GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__INIT;
	Grpc__Reflection__V1__ExtensionRequest extension = GRPC__REFLECTION__V1__EXTENSION_REQUEST__INIT;
	char host[] = "somewhere";
	asked.host = host;
	asked.message_request_case =
		(Grpc__Reflection__V1__ServerReflectionRequest__MessageRequestCase)row->which;
	extension.containing_type = (char *)(uintptr_t)row->text;
	if (row->which == BY_EXTENSION)
		asked.file_containing_extension = &extension;
	else
		asked.list_services = (char *)(uintptr_t)row->text;
	uint8_t packed[400];
	size_t size = grpc__reflection__v1__server_reflection_request__pack(&asked, packed);
	assert_true(client_send(stream, packed, size));
	uint8_t *bytes;
	assert_int_equal(client_receive(stream, WAIT_MS, &bytes, &size), CLIENT_MESSAGE);
	reply *got = grpc__reflection__v1__server_reflection_response__unpack(NULL, size, bytes);
	free(bytes);
	assert_non_null(got);
	assert_string_equal(got->valid_host, host);
	assert_int_equal(got->original_request->message_request_case, row->which);
	return got;
}

static bool has_file(char names[][100], size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* The files are whole: whatever one imports is among them. */
static void check_files(const files_reply *files, const char *first)
{
	static char names[50][100];
	Google__Protobuf__FileDescriptorProto *protos[50];
	assert_in_range(files->n_file_descriptor_proto, 1, 50);
	for (size_t i = 0; i < files->n_file_descriptor_proto; i++) {
		const ProtobufCBinaryData *bytes = &files->file_descriptor_proto[i];
		protos[i] = google__protobuf__file_descriptor_proto__unpack(NULL, bytes->len, bytes->data);
		assert_non_null(protos[i]);
		snprintf(names[i], sizeof(names[i]), "%s", protos[i]->name);
	}
	assert_string_equal(names[0], first);
	for (size_t i = 0; i < files->n_file_descriptor_proto; i++) {
		for (size_t j = 0; j < protos[i]->n_dependency; j++)
			assert_true(
				has_file(names, files->n_file_descriptor_proto, protos[i]->dependency[j]));
		google__protobuf__file_descriptor_proto__free_unpacked(protos[i], NULL);
	}
}

static void check_reply(const reply *got, const struct row *row)
{
	assert_int_equal(got->message_response_case, row->answer);
	bool listed = false;
	switch (row->answer) {
	case FILES: check_files(got->file_descriptor_response, row->file); break;
	case NO_NUMBERS:
		assert_string_equal(got->all_extension_numbers_response->base_type_name, row->file);
		assert_int_equal(got->all_extension_numbers_response->n_extension_number, 0);
		break;
	case LIST:
		for (size_t i = 0; i < got->list_services_response->n_service; i++)
			listed |= strcmp(got->list_services_response->service[i]->name, row->file) == 0;
		assert_true(listed);
		break;
	default: assert_int_equal(got->error_response->error_code, row->error);
	}
}

static void check(void **state)
{
	const struct row *row = *state;
	for (size_t i = 0; i < CASES_COUNT(paths); i++) {
		struct client_stream *stream = client_open(client, paths[i], 0, false);
		for (int again = 0; again < 3; again++) {
			reply *got = ask(stream, row);
			check_reply(got, row);
			grpc__reflection__v1__server_reflection_response__free_unpacked(got, NULL);
		}
		client_half_close(stream);
		uint8_t *bytes;
		size_t size;
		assert_int_equal(client_receive(stream, WAIT_MS, &bytes, &size), CLIENT_END);
		struct client_answer answer;
		client_status(stream, WAIT_MS, &answer);
		assert_int_equal(answer.code, 0);
		client_answer_done(&answer);
		client_stream_free(stream);
	}
}

static void garbage_is_invalid(void **state)
{
	(void)state;
	struct client_stream *stream = client_open(client, paths[0], 0, false);
	assert_true(client_send(stream, "\x0a\x50x", 3));
	uint8_t *bytes;
	size_t size;
	assert_int_equal(client_receive(stream, WAIT_MS, &bytes, &size), CLIENT_END);
	struct client_answer answer;
	client_status(stream, WAIT_MS, &answer);
	assert_int_equal(answer.code, 3);
	client_answer_done(&answer);
	client_stream_free(stream);
}

int main(void)
{
	log_setup(LOG_WARNING, LOG_LOGFMT);
	start();
	struct CMUnitTest tests[CASES_COUNT(rows) + 1];
	size_t count = CASES_ADD(tests, 0, rows, check);
	tests[count++] = (struct CMUnitTest){"garbage is invalid", garbage_is_invalid, NULL, NULL, NULL};
	int failed = CASES_RUN_ALL(tests, count);
	client_free(client);
	rpc_server_free(server);
	return failed;
}
