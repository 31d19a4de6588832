/* Until the embedded database has landed, tallyd needs --database. */
#include "store/embedded.h"

enum fault_code store_embedded_start(
	const char *data_dir, struct store_embedded **embedded, struct fault *fault)
{
	(void)embedded;
	return fault_set(fault, FAULT_UNAVAILABLE, "EMBEDDED_DATABASE",
		"no embedded database for %s yet: give --database URL", data_dir);
}

const char *store_embedded_url(const struct store_embedded *embedded)
{
	(void)embedded;
	return "";
}

void store_embedded_stop(struct store_embedded *embedded)
{
	(void)embedded;
}
