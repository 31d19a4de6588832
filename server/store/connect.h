/* Opening a plain connection. */
#ifndef STORE_CONNECT_H
#define STORE_CONNECT_H

#include <libpq-fe.h>

#include "store/store.h"

/**
 * Connects, blocking for at most connect_timeout_s per host. Dead peers are
 * noticed; of several hosts one that takes writes is chosen.
 *
 * @return owned by the caller: PQfinish(); look at PQstatus(); may be NULL
 */
PGconn *connect_plain(const struct store_options *options);

#endif
