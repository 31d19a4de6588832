/* Opening a plain connection: what is asked of libpq. */
#include "store/connect.h"

#include "base/log.h"

static void hear_notice(void *unused, const char *message)
{
	(void)unused;
	log_debug("database notice", log_text("notice", message));
}

PGconn *connect_plain(const struct store_options *options)
{
	char timeout[16];
	snprintf(timeout, sizeof(timeout), "%d", options->connect_timeout_s);
	const char *name = options->application_name && options->application_name[0]
				   ? options->application_name
				   : "tally";
	/* A key that the URL gives too comes later there and wins; only what stands behind it does not. */
	const char *const keys[] = {"connect_timeout", "keepalives_idle", "keepalives_interval",
		"keepalives_count", "tcp_user_timeout", "target_session_attrs", "fallback_application_name",
		"dbname", "client_encoding", NULL};
	const char *const values[] = {
		timeout, "10", "5", "3", "25000", "read-write", name, options->url, "UTF8", NULL};
	PGconn *pg = PQconnectdbParams(keys, values, 1);
	if (pg)
		PQsetNoticeProcessor(pg, hear_notice, NULL);
	return pg;
}
