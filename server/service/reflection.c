/*
 * ServerReflectionInfo of grpc.reflection.v1 and v1alpha: a question comes,
 * its answer goes. The versions differ in nothing but their package, so one
 * code serves both.
 *
 *   read -> answer -> read ... -> end
 *
 * A question that cannot be answered gets an error answer, not an error
 * status; the stream goes on.
 */
#include "service/reflection.h"

#include "grpc/reflection/v1/reflection.pb-c.h"
#include "model/message.h"
#include "service/files.h"
#include "service/wire.h"

static enum rpc_next read_question(struct rpc_call *call);
static enum rpc_next answer_question(struct rpc_call *call);

typedef Grpc__Reflection__V1__ServerReflectionRequest question;
typedef Grpc__Reflection__V1__ServerReflectionResponse answer;

enum {
	STATUS_INVALID_ARGUMENT = 3, /* as gRPC numbers them */
	STATUS_NOT_FOUND = 5,
};

/* What an answer is made with; it dies when the answer has been handed over. */
struct making {
	struct arena *arena;
	const question *question;
	answer *answer;
};

/* ---- answers ---- */

static void answer_error(struct making *making, int code, const char *message)
{
	Grpc__Reflection__V1__ErrorResponse *error = arena_alloc(making->arena, sizeof(*error));
	grpc__reflection__v1__error_response__init(error);
	error->error_code = code;
	error->error_message = (char *)(uintptr_t)message;
	making->answer->message_response_case =
		GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_ERROR_RESPONSE;
	making->answer->error_response = error;
}

static void answer_not_found(struct making *making, const char *what, const char *name)
{
	answer_error(
		making, STATUS_NOT_FOUND, arena_print(making->arena, "There is no %s %.300s.", what, name));
}

/* A file comes with all that it imports, so that a client need not ask again. */
static void answer_file(struct making *making, size_t place)
{
	const struct files *files = files_get();
	bool *wanted = arena_array(making->arena, files->count, sizeof(*wanted));
	wanted[place] = true;
	for (size_t i = place + 1; i-- > 0;)
		for (size_t j = 0; wanted[i] && j < files->list[i].import_count; j++)
			wanted[files->list[i].imports[j]] = true; /* imports stand before i */
	Grpc__Reflection__V1__FileDescriptorResponse *response =
		arena_alloc(making->arena, sizeof(*response));
	grpc__reflection__v1__file_descriptor_response__init(response);
	response->file_descriptor_proto =
		arena_array(making->arena, files->count, sizeof(*response->file_descriptor_proto));
	for (size_t i = place + 1; i-- > 0;) /* the file itself first: some clients look at no other */
		if (wanted[i])
			response->file_descriptor_proto[response->n_file_descriptor_proto++] =
				files->list[i].bytes;
	making->answer->message_response_case =
		GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_FILE_DESCRIPTOR_RESPONSE;
	making->answer->file_descriptor_response = response;
}

static void by_filename(struct making *making)
{
	size_t place = files_named(making->question->file_by_filename);
	if (place == SIZE_MAX)
		answer_not_found(making, "file", making->question->file_by_filename);
	else
		answer_file(making, place);
}

static void by_symbol(struct making *making)
{
	size_t place = files_declaring(making->question->file_containing_symbol);
	if (place == SIZE_MAX)
		answer_not_found(making, "symbol", making->question->file_containing_symbol);
	else
		answer_file(making, place);
}

/* Nothing of ours is extended. */
static void by_extension(struct making *making)
{
	answer_not_found(
		making, "extension of", making->question->file_containing_extension->containing_type);
}

static void extension_numbers(struct making *making)
{
	const char *type = making->question->all_extension_numbers_of_type;
	if (files_declaring(type) == SIZE_MAX) {
		answer_not_found(making, "type", type);
		return;
	}
	Grpc__Reflection__V1__ExtensionNumberResponse *none = arena_alloc(making->arena, sizeof(*none));
	grpc__reflection__v1__extension_number_response__init(none);
	none->base_type_name = (char *)(uintptr_t)type;
	making->answer->message_response_case =
		GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_ALL_EXTENSION_NUMBERS_RESPONSE;
	making->answer->all_extension_numbers_response = none;
}

static void list_services(struct making *making)
{
	const struct files *files = files_get();
	Grpc__Reflection__V1__ListServiceResponse *list = arena_alloc(making->arena, sizeof(*list));
	grpc__reflection__v1__list_service_response__init(list);
	list->service = arena_array(making->arena, files->service_count, sizeof(*list->service));
	for (size_t i = 0; i < files->service_count; i++) {
		Grpc__Reflection__V1__ServiceResponse *service = arena_alloc(making->arena, sizeof(*service));
		grpc__reflection__v1__service_response__init(service);
		service->name = (char *)(uintptr_t)files->services[i];
		list->service[list->n_service++] = service;
	}
	making->answer->message_response_case =
		GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_LIST_SERVICES_RESPONSE;
	making->answer->list_services_response = list;
}

/* By the question's field. */
static void (*const answers[])(struct making *) = {
	[GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_BY_FILENAME] = by_filename,
	[GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_CONTAINING_SYMBOL] = by_symbol,
	[GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_CONTAINING_EXTENSION] =
		by_extension,
	[GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_ALL_EXTENSION_NUMBERS_OF_TYPE] =
		extension_numbers,
	[GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_LIST_SERVICES] = list_services,
};

static const answer *make_answer(struct making *making, const question *asked)
{
	making->question = asked;
	making->answer = arena_alloc(making->arena, sizeof(*making->answer));
	grpc__reflection__v1__server_reflection_response__init(making->answer);
	making->answer->valid_host = asked->host;
	making->answer->original_request = (question *)(uintptr_t)asked;
	size_t which = asked->message_request_case;
	if (which < sizeof(answers) / sizeof(answers[0]) && answers[which])
		answers[which](making);
	else
		answer_error(making, STATUS_INVALID_ARGUMENT, "The request asks nothing.");
	return making->answer;
}

/* ---- steps ---- */

static enum rpc_next read_question(struct rpc_call *call)
{
	rpc_then(call, answer_question);
	return rpc_read(call);
}

static enum rpc_next end(struct rpc_call *call)
{
	if (!rpc_draining(call))
		return rpc_end(call);
	struct fault fault;
	fault_set(&fault, FAULT_UNAVAILABLE, "DRAINING", "The server is stopping.");
	return rpc_fail(call, &fault);
}

/* The call's arena would grow with every question of a stream that stays: each answer has one of its own. */
static enum rpc_next answer_question(struct rpc_call *call)
{
	const ProtobufCMessageDescriptor *type = &grpc__reflection__v1__server_reflection_request__descriptor;
	size_t size;
	const uint8_t *bytes = rpc_request(call, &size);
	if (!bytes)
		return end(call);
	struct fault fault;
	if (!wire_check(type, bytes, size, &fault))
		return rpc_fail(call, &fault);
	struct making making = {.arena = arena_new()};
	enum rpc_next next;
	const question *asked = model_message_unpack(making.arena, type, bytes, size);
	if (asked) {
		struct rpc_piece piece = {0};
		piece.bytes = model_message_pack(making.arena, make_answer(&making, asked), &piece.size);
		rpc_then(call, read_question);
		next = rpc_write(call, &piece, 1, false);
	} else {
		fault_set(&fault, FAULT_INVALID, "MALFORMED_MESSAGE", "The request is not a %s.", type->name);
		next = rpc_fail(call, &fault);
	}
	arena_free(making.arena);
	return next;
}

const struct rpc_method reflection_methods[] = {
	{.path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
		.first = read_question,
		.reads_stream = true,
		.writes_stream = true},
	{.path = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
		.first = read_question,
		.reads_stream = true,
		.writes_stream = true},
	{0},
};
