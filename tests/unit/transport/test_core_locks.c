/* The locks of the C core as it is installed here. */
#include "cases.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include <grpc/grpc.h>

#include "transport/core_locks.h"

/* absl::Mutex of Debian 12; a zeroed word is an unlocked one */
#define LOCK   "_ZN4absl7debian35Mutex4LockEv"
#define UNLOCK "_ZN4absl7debian35Mutex6UnlockEv"

typedef void mutex_fn(void *mutex);

static mutex_fn *function(const char *name)
{
	mutex_fn *found = NULL;
	*(void **)&found = dlsym(RTLD_DEFAULT, name);
	return found;
}

static void lock_both(void *first, void *second)
{
	function(LOCK)(first);
	function(LOCK)(second);
	function(UNLOCK)(second);
	function(UNLOCK)(first);
}

/* Without core_locks_trust() the second turn ends the program. */
static void the_other_order_ends_nothing(void)
{
	uint64_t mutexes[2] = {0};
	lock_both(&mutexes[0], &mutexes[1]);
	lock_both(&mutexes[1], &mutexes[0]);
}

static const struct row {
	const char *name;
	void (*check)(void);
} rows[] = {
	{"locks that are taken in one order and then in the other end nothing", the_other_order_ends_nothing},
};

static void check(void **state)
{
	const struct row *row = *state;
	grpc_init();
	if (!function(LOCK)) {
		print_message("skipped: this is not the Abseil of Debian 12, and others do not check\n");
		skip();
	}
	assert_true(core_locks_trust());
	row->check();
	grpc_shutdown_blocking();
}

int main(void)
{
	return CASES_RUN(rows, check);
}
