/*
 * grpc.health.v1.Health. Whether the ledger is up is found out by whoever
 * calls health_set_serving(); this file answers and tells the watchers.
 *
 *   Check: check
 *   Watch: watch -> tell (writes what is new, or parks) -> tell ...
 */
#include "service/health.h"

#include <assert.h>
#include <pthread.h>

#include "grpc/health/v1/health.pb-c.h"
#include "service/service.h"
#include "service/unpack.h"
#include "tally/v1/descriptor_service.pb-c.h"
#include "tally/v1/event_service.pb-c.h"
#include "tally/v1/mismatch_service.pb-c.h"
#include "tally/v1/system.pb-c.h"

static enum rpc_next check(struct rpc_call *call);
static enum rpc_next watch(struct rpc_call *call);
static enum rpc_next tell(struct rpc_call *call);

typedef Grpc__Health__V1__HealthCheckResponse__ServingStatus serving_status;

enum {
	SERVING = GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING,
	NOT_SERVING = GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__NOT_SERVING,
	SERVICE_UNKNOWN = GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVICE_UNKNOWN,
};

struct health {
	pthread_mutex_t lock;
	bool serving;             /* under lock */
	struct watcher *watchers; /* under lock */
};

/* The state of a Watch. */
struct watcher {
	struct health *health;    /* NULL until it is in the list */
	struct watcher *next;     /* under the health's lock */
	struct watcher *previous; /* under the health's lock */
	struct rpc_call *call;
	bool known; /* is it a service of ours? */
	int told;   /* the status sent last; 0: none */
};

static const ProtobufCServiceDescriptor *const services[] = {
	&tally__v1__system_service__descriptor,
	&tally__v1__descriptor_service__descriptor,
	&tally__v1__mismatch_service__descriptor,
	&tally__v1__event_service__descriptor,
};

struct health *health_new(void)
{
	struct health *health = calloc(1, sizeof(*health));
	if (!health)
		abort();
	pthread_mutex_init(&health->lock, NULL);
	return health;
}

void health_free(struct health *health)
{
	if (!health)
		return;
	assert(!health->watchers);
	pthread_mutex_destroy(&health->lock);
	free(health);
}

/* Wakes under the lock: a watcher that is in the list lives, because leaving it takes the lock too. */
void health_set_serving(struct health *health, bool serving)
{
	pthread_mutex_lock(&health->lock);
	bool changed = health->serving != serving;
	health->serving = serving;
	for (struct watcher *watcher = health->watchers; changed && watcher; watcher = watcher->next)
		rpc_wake(watcher->call);
	pthread_mutex_unlock(&health->lock);
}

static struct health *health_of(struct rpc_call *call)
{
	const struct service *service = rpc_context(call);
	return service->health;
}

static bool is_known(const char *name)
{
	bool known = name[0] == '\0';
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		known = known || strcmp(services[i]->name, name) == 0;
	return known;
}

static int status_now(struct rpc_call *call)
{
	struct health *health = health_of(call);
	pthread_mutex_lock(&health->lock);
	bool serving = health->serving;
	pthread_mutex_unlock(&health->lock);
	return serving && !rpc_draining(call) ? SERVING : NOT_SERVING;
}

static const Grpc__Health__V1__HealthCheckRequest *request_of(struct rpc_call *call, struct fault *fault)
{
	return service_unpack(call, &grpc__health__v1__health_check_request__descriptor, fault);
}

/* ---- Check ---- */

static enum rpc_next check(struct rpc_call *call)
{
	struct fault fault;
	const Grpc__Health__V1__HealthCheckRequest *request = request_of(call, &fault);
	if (!request)
		return rpc_fail(call, &fault);
	if (!is_known(request->service)) {
		fault_set(&fault, FAULT_NOT_FOUND, "UNKNOWN_SERVICE", "There is no service \"%.200s\" here.",
			request->service);
		return rpc_fail(call, &fault);
	}
	Grpc__Health__V1__HealthCheckResponse response = GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__INIT;
	response.status = (serving_status)status_now(call);
	return service_reply(call, &response);
}

/* ---- Watch ---- */

static enum rpc_next watch(struct rpc_call *call)
{
	struct fault fault;
	const Grpc__Health__V1__HealthCheckRequest *request = request_of(call, &fault);
	if (!request)
		return rpc_fail(call, &fault);
	struct watcher *watcher = rpc_state(call);
	struct health *health = health_of(call);
	watcher->call = call;
	watcher->known = is_known(request->service);
	pthread_mutex_lock(&health->lock);
	watcher->health = health;
	watcher->next = health->watchers;
	if (watcher->next)
		watcher->next->previous = watcher;
	health->watchers = watcher;
	pthread_mutex_unlock(&health->lock);
	rpc_then(call, tell);
	return RPC_MORE;
}

static enum rpc_next end_watch(struct rpc_call *call)
{
	struct fault fault;
	if (rpc_cancelled(call))
		fault_set(&fault, FAULT_CANCELLED, "CANCELLED", "Nobody watches any more.");
	else
		fault_set(&fault, FAULT_UNAVAILABLE, "DRAINING", "The server is stopping.");
	return rpc_fail(call, &fault);
}

static enum rpc_next tell(struct rpc_call *call)
{
	struct watcher *watcher = rpc_state(call);
	int now = watcher->known ? status_now(call) : SERVICE_UNKNOWN;
	if (now == watcher->told || rpc_cancelled(call))
		return rpc_cancelled(call) || rpc_draining(call) ? end_watch(call)
								 : rpc_park(call, INT64_MAX);
	watcher->told = now;
	Grpc__Health__V1__HealthCheckResponse response = GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__INIT;
	response.status = (serving_status)now;
	uint8_t bytes[16]; /* one field of one byte */
	size_t size = grpc__health__v1__health_check_response__pack(&response, bytes);
	return rpc_write(call, &(struct rpc_piece){.bytes = bytes, .size = size}, 1, false);
}

static void release_watcher(void *state)
{
	struct watcher *watcher = state;
	struct health *health = watcher->health;
	if (!health)
		return;
	pthread_mutex_lock(&health->lock);
	if (watcher->previous)
		watcher->previous->next = watcher->next;
	else
		health->watchers = watcher->next;
	if (watcher->next)
		watcher->next->previous = watcher->previous;
	pthread_mutex_unlock(&health->lock);
}

const struct rpc_method health_methods[] = {
	{.path = "/grpc.health.v1.Health/Check", .first = check},
	{.path = "/grpc.health.v1.Health/Watch",
		.first = watch,
		.state_size = sizeof(struct watcher),
		.release = release_watcher,
		.writes_stream = true},
	{0},
};
