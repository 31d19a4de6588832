/* What a step can ask of its call. Each starts at most one operation; call.c takes over when it has ended. */
#include <assert.h>

#include <grpc/byte_buffer.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "transport/call.h"
#include "transport/server.h"

enum {
	PIECES_MAX = 64,    /* slices of a message that need no memory of their own */
	DETAILS_MAX = 4096, /* clients take 8 KiB of trailing metadata, base64 and message included */
};

static const char details_key[] = "grpc-status-details-bin";

/* ---- batches ---- */

static void start(struct rpc_call *call, const grpc_op *ops, size_t count, struct tag *tag)
{
	grpc_call_error error = grpc_call_start_batch(call->core, ops, count, tag, NULL);
	if (error != GRPC_CALL_OK) {
		log_error("the core refused a batch", log_text("method", call->path),
			log_number("error", error));
		abort();
	}
}

void call_start(struct rpc_call *call, const grpc_op *ops, size_t count, struct tag *tag)
{
	start(call, ops, count, tag);
	call->in_flight++;
}

void call_receive(struct rpc_call *call)
{
	if (call->receiving)
		return;
	call->receiving = true;
	grpc_op op = {.op = GRPC_OP_RECV_MESSAGE};
	op.data.recv_message.recv_message = &call->received;
	call_start(call, &op, 1, &call->received_tag);
}

void call_drop_request(struct rpc_call *call)
{
	if (call->has_request) {
		admission_give_back(&call->server->admission, call->held_bytes);
		call->held_bytes = 0;
		grpc_slice_unref(call->request);
	}
	call->has_request = false;
}

/* Puts initial metadata into a batch if none went out yet. @return ops used */
static size_t add_metadata(struct rpc_call *call, grpc_op *ops)
{
	if (call->opened)
		return 0;
	call->opened = true;
	ops[0] = (grpc_op){.op = GRPC_OP_SEND_INITIAL_METADATA};
	return 1;
}

/* Lets the client know that its stream is up, before there is a message for it. */
static void open_stream(struct rpc_call *call)
{
	grpc_op ops[1];
	if (call->method->writes_stream && add_metadata(call, ops) > 0)
		call_start(call, ops, 1, &call->opened_tag);
}

static void must_run(const struct rpc_call *call)
{
	assert(call->wait == CALL_RUNS && !call->answered);
	(void)call;
}

/* ---- looking ---- */

void rpc_then(struct rpc_call *call, rpc_step_fn *step)
{
	call->step = step;
}

void *rpc_state(struct rpc_call *call)
{
	return call->state;
}

void *rpc_context(struct rpc_call *call)
{
	return call->server->options.context;
}

struct arena *rpc_arena(struct rpc_call *call)
{
	return call->arena;
}

const uint8_t *rpc_request(struct rpc_call *call, size_t *size)
{
	*size = call->has_request ? GRPC_SLICE_LENGTH(call->request) : 0;
	return call->has_request ? GRPC_SLICE_START_PTR(call->request) : NULL;
}

const struct model_principal *rpc_principal(struct rpc_call *call)
{
	return &call->principal;
}

int64_t rpc_deadline_us(struct rpc_call *call)
{
	return call->deadline_us;
}

bool rpc_cancelled(struct rpc_call *call)
{
	return call->cancelled || call->deadline_us <= clock_steady_us();
}

bool rpc_draining(struct rpc_call *call)
{
	return atomic_load(&call->server->draining);
}

/* ---- waiting ---- */

enum rpc_next rpc_read(struct rpc_call *call)
{
	must_run(call);
	assert(call->method->reads_stream);
	open_stream(call);
	call_drop_request(call);
	call->wait = CALL_READS;
	call_receive(call);
	return RPC_WAIT;
}

enum rpc_next rpc_park(struct rpc_call *call, int64_t until_us)
{
	must_run(call);
	open_stream(call);
	call->wait = CALL_PARKS;
	call->until_us = until_us;
	return RPC_WAIT;
}

enum rpc_next rpc_hold(struct rpc_call *call)
{
	must_run(call);
	call->wait = CALL_HOLDS;
	return RPC_WAIT;
}

static void release_piece(const struct rpc_piece *piece)
{
	if (piece->owner)
		piece->release(piece->owner);
}

/* An empty slice could not carry its owner safely: such a piece is sent already. */
static size_t add_piece(const struct rpc_piece *piece, grpc_slice *slice)
{
	if (piece->size == 0) {
		release_piece(piece);
		return 0;
	}
	*slice = piece->owner ? grpc_slice_new_with_user_data((void *)(uintptr_t)piece->bytes, piece->size,
					piece->release, piece->owner)
			      : grpc_slice_from_copied_buffer(piece->bytes, piece->size);
	return 1;
}

static grpc_byte_buffer *message_of(const struct rpc_piece *pieces, size_t count)
{
	grpc_slice few[PIECES_MAX];
	grpc_slice *slices = count <= PIECES_MAX ? few : calloc(count, sizeof(*slices));
	if (!slices)
		abort();
	size_t used = 0;
	for (size_t i = 0; i < count; i++)
		used += add_piece(&pieces[i], &slices[used]);
	grpc_byte_buffer *message = grpc_raw_byte_buffer_create(slices, used);
	for (size_t i = 0; i < used; i++)
		grpc_slice_unref(slices[i]); /* the message has its own references */
	if (slices != few)
		free(slices);
	return message;
}

static grpc_op message_op(struct rpc_call *call, const struct rpc_piece *pieces, size_t count, bool more)
{
	call->sending = message_of(pieces, count);
	grpc_op op = {.op = GRPC_OP_SEND_MESSAGE, .flags = more ? GRPC_WRITE_BUFFER_HINT : 0};
	op.data.send_message.send_message = call->sending;
	return op;
}

enum rpc_next rpc_write(struct rpc_call *call, const struct rpc_piece *pieces, size_t count, bool more)
{
	must_run(call);
	assert(call->method->writes_stream);
	grpc_op ops[2];
	size_t used = add_metadata(call, ops);
	/* Held back, the first message would hold the metadata too, and their batch would end only when some
	   timer of the core writes: a tenth of a second later. */
	bool first = used > 0;
	ops[used++] = message_op(call, pieces, count, more && !first);
	call->wait = CALL_WRITES;
	call_start(call, ops, used, &call->sent_tag);
	return RPC_WAIT;
}

/* ---- answering ---- */

/* A message may quote a peer and be cut; what is sent is UTF-8 all the same. */
static grpc_slice slice_of(const char *text)
{
	size_t length = strlen(text);
	grpc_slice slice = grpc_slice_malloc(length);
	uint8_t *bytes = GRPC_SLICE_START_PTR(slice);
	memcpy(bytes, text, length);
	for (size_t bad; (bad = utf8_check(bytes, length)) < length;)
		bytes[bad] = '?';
	return slice;
}

static grpc_op status_op(struct rpc_call *call, grpc_metadata *details)
{
	grpc_op op = {.op = GRPC_OP_SEND_STATUS_FROM_SERVER};
	op.data.send_status_from_server.status = (grpc_status_code)call->code;
	op.data.send_status_from_server.status_details = &call->status_message;
	op.data.send_status_from_server.trailing_metadata = details;
	op.data.send_status_from_server.trailing_metadata_count = details ? 1 : 0;
	return op;
}

/* The last batch. ops has room for one more behind the used ones. */
static enum rpc_next answer(struct rpc_call *call, grpc_op *ops, size_t used, grpc_metadata *details)
{
	ops[used++] = status_op(call, details);
	call->answered = true;
	call_start(call, ops, used, &call->ended_tag);
	return RPC_DONE;
}

/* @param[out] ops  room for two @return ops used */
static size_t add_reply(struct rpc_call *call, grpc_op *ops, const void *message, size_t size)
{
	struct rpc_piece piece = {.bytes = message, .size = size};
	size_t used = add_metadata(call, ops);
	ops[used++] = message_op(call, &piece, 1, false);
	return used;
}

enum rpc_next rpc_reply(struct rpc_call *call, const void *message, size_t size)
{
	must_run(call);
	grpc_op ops[3];
	return answer(call, ops, add_reply(call, ops, message, size), NULL);
}

/* The queue's thread leaves a call alone that holds, but for noting that a batch ended or the client went. */
void rpc_reply_held(struct rpc_call *call, const void *message, size_t size)
{
	grpc_op ops[3];
	size_t used = add_reply(call, ops, message, size);
	ops[used++] = status_op(call, NULL);
	atomic_store_explicit(&call->replied, true, memory_order_release);
	start(call, ops, used, &call->replied_tag);
}

enum rpc_next rpc_end(struct rpc_call *call)
{
	must_run(call);
	grpc_op ops[2];
	size_t used = add_metadata(call, ops);
	return answer(call, ops, used, NULL);
}

enum rpc_next rpc_fail(struct rpc_call *call, const struct fault *fault)
{
	must_run(call);
	const char *message = "";
	const void *details = NULL;
	size_t details_size = 0;
	call->server->options.status(fault, call->arena, &call->code, &message, &details, &details_size);
	call->status_message = slice_of(message);
	grpc_metadata trailer = {.key = grpc_slice_from_static_buffer(details_key, sizeof(details_key) - 1)};
	bool detailed = details_size > 0 && details_size <= DETAILS_MAX;
	if (detailed) {
		call->status_details = grpc_slice_from_copied_buffer(details, details_size);
		trailer.value = call->status_details;
	}
	grpc_op ops[2];
	size_t used = add_metadata(call, ops);
	return answer(call, ops, used, detailed ? &trailer : NULL);
}
