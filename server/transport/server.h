/* The server's insides. For this room only. */
#ifndef TRANSPORT_SERVER_H
#define TRANSPORT_SERVER_H

#include <pthread.h>
#include <stdatomic.h>

#include <grpc/grpc.h>

#include "base/map.h"
#include "transport/admission.h"
#include "transport/call.h"
#include "transport/listen.h"
#include "transport/rpc.h"
#include "transport/tag.h"
#include "transport/timers.h"

enum {
	SERVER_SLOTS = 64, /* calls that the core may accept before we look */
};

/* A place that the core puts the next call into. */
struct slot {
	struct rpc_server *server;
	struct tag tag;
	grpc_call *core;
	grpc_call_details details;
	grpc_metadata_array metadata;
};

struct rpc_server {
	/* ---- fixed before the thread starts ---- */
	struct rpc_options options;
	struct map methods; /* borrowed struct rpc_method, by path */
	grpc_completion_queue *queue;
	grpc_server *core;
	struct listen_bound *bound;
	size_t bound_count;
	pthread_t thread;
	struct tag shut_tag;

	/* ---- the queue's thread ---- */
	struct slot slots[SERVER_SLOTS];
	struct timers timers;
	struct admission admission;
	struct rpc_call *live; /* every call that has not been released */
	bool drain_told;

	/* ---- any thread ---- */
	_Atomic bool draining;
	_Atomic int calls;

	/* ---- who drains, and who it waits for: under lock ---- */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool shut;    /* the core has let go of every connection */
	bool drained; /* the thread has been joined */
};

/** Tells who drains that something it may wait for has happened. */
void server_changed(struct rpc_server *server);

#endif
