/*
 * grpc.health.v1.Health: may this server be sent calls? One answer for the
 * server ("") and for each of Tally's services, since all need the ledger.
 */
#ifndef SERVICE_HEALTH_H
#define SERVICE_HEALTH_H

#include <stdbool.h>

#include "transport/rpc.h"

struct health;

/** Makes a health that answers NOT_SERVING. @return owned */
struct health *health_new(void);

/** Frees it; the server must have been freed before. NULL is fine. */
void health_free(struct health *health);

/**
 * Says whether calls can be served; those who watch are told of a change. A
 * draining server answers NOT_SERVING whatever was said. From any thread.
 */
void health_set_serving(struct health *health, bool serving);

/** The service's methods, for service_methods(). They find the health in struct service. */
extern const struct rpc_method health_methods[];

#endif
