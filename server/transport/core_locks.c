/*
 * The C core locks with Abseil's mutexes. Debian builds Abseil with its
 * assertions, and then every lock of the process goes through one global
 * table that looks for orders in which a deadlock is possible, and ends the
 * program when it believes to have found one. That is a tool for those who
 * work on the core: here it would cost a tenth of the calls, and a server its
 * life for a deadlock that has not happened.
 *
 * Abseil has a function that turns it off, for C++ only, hence the name. Other
 * builds name it otherwise; they do not check either.
 */
#include "transport/core_locks.h"

#include <dlfcn.h>
#include <stddef.h>

/* absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle) of Debian 12 */
#define SET_MODE "_ZN4absl7debian329SetMutexDeadlockDetectionModeENS0_15OnDeadlockCycleE"

enum {
	IGNORE = 0, /* absl::OnDeadlockCycle::kIgnore */
};

bool core_locks_trust(void)
{
	void (*set_mode)(int mode) = NULL;
	*(void **)&set_mode = dlsym(RTLD_DEFAULT, SET_MODE);
	if (set_mode)
		set_mode(IGNORE);
	return set_mode != NULL;
}
