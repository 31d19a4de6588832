/*
 * The C core writes to standard error in a shape of its own; here its lines
 * become ours. What it calls an error is often a peer's doing, so it is a
 * warning to us; the rest is of use only to someone who looks for a bug.
 */
#include "transport/core_log.h"

#include <grpc/support/log.h>

#include "base/log.h"

static void forward(gpr_log_func_args *line)
{
	log_line(line->severity == GPR_LOG_SEVERITY_ERROR ? LOG_WARNING : LOG_DEBUG, "grpc",
		LOG_FIELDS(log_text("text", line->message), log_text("file", line->file),
			log_number("line", line->line)));
}

void core_log_route(void)
{
	gpr_set_log_function(forward);
	gpr_set_log_verbosity(log_wants(LOG_DEBUG) ? GPR_LOG_SEVERITY_INFO : GPR_LOG_SEVERITY_ERROR);
}
