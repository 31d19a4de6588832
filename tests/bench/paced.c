/* One call at a time, each when its time has come; one that comes late makes none be left out. */
#include "paced.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "load.h"

struct paced {
	struct paced_options options;
	pthread_t thread;
	int64_t due_us;
};

static grpc_slice request(void *context)
{
	struct paced *paced = context;
	int64_t now_us = clock_steady_us();
	if (paced->due_us == 0)
		paced->due_us = now_us;
	if (paced->due_us > now_us) {
		int64_t wait_us = paced->due_us - now_us;
		struct timespec pause = {.tv_sec = wait_us / 1000000, .tv_nsec = wait_us % 1000000 * 1000};
		nanosleep(&pause, NULL);
	}
	paced->due_us += 1000000 / paced->options.per_s;
	return paced->options.request(paced->options.context);
}

static void *work(void *context)
{
	struct paced *paced = context;
	struct load load = {.address = paced->options.address,
		.method = paced->options.method,
		.outstanding = 1,
		.connections = 1,
		.run_us = paced->options.run_us,
		.request = request,
		.context = paced};
	load_run(&load);
	return NULL;
}

struct paced *paced_start(const struct paced_options *options)
{
	struct paced *paced = calloc(1, sizeof(*paced));
	if (!paced)
		abort();
	paced->options = *options;
	if (pthread_create(&paced->thread, NULL, work, paced))
		abort();
	return paced;
}

void paced_wait(struct paced *paced)
{
	pthread_join(paced->thread, NULL);
	free(paced);
}
