/*
 * bench-stream: streams of the bytes that were kept, flat out or when somebody
 * publishes. One message is in flight on each stream, as with tallyd.
 */
#include <endian.h>
#include <grpc/byte_buffer_reader.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "raw.h"

enum {
	RECENT = 1024, /* published messages that streams may still have to send */
};

static struct raw_call *waiting; /* the first of those who wait for a publication */
static grpc_slice recent[RECENT];
static uint64_t published;

static void finish(struct raw_call *call)
{
	if (!call->gone || call->sending)
		return;
	if (call->behind)
		call->behind->before = call->before;
	if (call->before)
		call->before->behind = call->behind;
	else if (waiting == call)
		waiting = call->behind;
	raw_call_free(call);
}

static void closed(void *owner, bool ok)
{
	struct raw_call *call = owner;
	(void)ok;
	call->gone = true;
	finish(call);
}

static void send_bytes(struct raw_call *call, grpc_slice bytes, bool first)
{
	grpc_byte_buffer *message = grpc_raw_byte_buffer_create(&bytes, 1);
	grpc_op operations[] = {
		{.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = message},
		{.op = GRPC_OP_SEND_INITIAL_METADATA},
	};
	call->sending = true;
	raw_start(call, operations, first ? 2 : 1, &call->sent);
	grpc_byte_buffer_destroy(message);
}

/* Sends the first message and listens for the client's going. */
static void begin(struct raw_call *call, void (*sent)(void *, bool))
{
	call->sent = (struct raw_tag){sent, call};
	call->closed = (struct raw_tag){closed, call};
	grpc_op close = {
		.op = GRPC_OP_RECV_CLOSE_ON_SERVER, .data.recv_close_on_server.cancelled = &call->cancelled};
	raw_start(call, &close, 1, &call->closed);
	send_bytes(call, raw_kept(), true);
}

/* ---- flat out ---- */

static void flood_on(void *owner, bool ok)
{
	struct raw_call *call = owner;
	call->sending = false;
	if (ok && !call->gone)
		send_bytes(call, raw_kept(), false);
	else
		finish(call);
}

static void flood(struct raw_call *call)
{
	begin(call, flood_on);
}

/* ---- when somebody publishes ---- */

static void send_next(struct raw_call *call)
{
	if (!call->sending && !call->gone && call->next < published)
		send_bytes(call, recent[call->next++ % RECENT], false);
}

static void wait_on(void *owner, bool ok)
{
	struct raw_call *call = owner;
	(void)ok;
	call->sending = false;
	if (call->gone)
		finish(call);
	else
		send_next(call);
}

static void wait_for_more(struct raw_call *call)
{
	call->next = published;
	call->behind = waiting;
	if (waiting)
		waiting->before = call;
	waiting = call;
	begin(call, wait_on);
}

static void publish(struct raw_call *call)
{
	grpc_byte_buffer_reader reader;
	if (!call->request || !grpc_byte_buffer_reader_init(&reader, call->request))
		abort();
	grpc_slice *slot = &recent[published % RECENT];
	if (published >= RECENT)
		grpc_slice_unref(*slot);
	*slot = grpc_byte_buffer_reader_readall(&reader);
	grpc_byte_buffer_reader_destroy(&reader);
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	uint64_t now_us = htobe64((uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
	if (GRPC_SLICE_LENGTH(*slot) < sizeof(now_us))
		abort();
	memcpy(GRPC_SLICE_START_PTR(*slot), &now_us, sizeof(now_us));
	published++;
	for (struct raw_call *each = waiting; each; each = each->behind)
		send_next(each);
	raw_answer(call, grpc_empty_slice());
}

int main(int count, char **arguments)
{
	struct raw_method methods[] = {
		{.path = RAW_KEEP, .run = raw_keep},
		{.path = RAW_FLOOD, .run = flood},
		{.path = RAW_WAIT, .run = wait_for_more},
		{.path = RAW_PUBLISH, .run = publish},
	};
	raw_serve(count, arguments, methods, sizeof(methods) / sizeof(methods[0]));
}
