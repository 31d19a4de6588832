/* The C core's own log lines. */
#ifndef TRANSPORT_CORE_LOG_H
#define TRANSPORT_CORE_LOG_H

/** Sends the C core's lines into ours: for the whole process, before grpc_init(). */
void core_log_route(void);

#endif
