/* One thread waits for signals, so that nothing has to be done inside a handler. */
#include "command/interrupt.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

struct interrupt {
	/* set before the thread starts */
	int limit_ms;
	sigset_t signals;
	pthread_t thread;
	/* under the lock */
	pthread_mutex_t lock;
	pthread_cond_t change;
	struct tally_stream *stream;
	bool came;
	bool over;
};

static void come(struct interrupt *interrupt)
{
	pthread_mutex_lock(&interrupt->lock);
	interrupt->came = true;
	if (interrupt->stream)
		tally_stream_cancel(interrupt->stream);
	pthread_cond_broadcast(&interrupt->change);
	pthread_mutex_unlock(&interrupt->lock);
}

static bool is_over(struct interrupt *interrupt)
{
	pthread_mutex_lock(&interrupt->lock);
	bool over = interrupt->over;
	pthread_mutex_unlock(&interrupt->lock);
	return over;
}

static int wait_for_signal(const struct interrupt *interrupt)
{
	struct timespec limit = {interrupt->limit_ms / 1000, (interrupt->limit_ms % 1000) * 1000000L};
	return interrupt->limit_ms > 0 ? sigtimedwait(&interrupt->signals, NULL, &limit)
				       : sigwaitinfo(&interrupt->signals, NULL);
}

/* The first signal asks to end, the second one insists. */
static void *wait(void *context)
{
	struct interrupt *interrupt = context;
	while (wait_for_signal(interrupt) < 0 && errno == EINTR)
		;
	come(interrupt);
	while (!is_over(interrupt)) {
		if (sigwaitinfo(&interrupt->signals, NULL) > 0 && !is_over(interrupt))
			_exit(2);
	}
	return NULL;
}

struct interrupt *interrupt_new(int limit_ms)
{
	struct interrupt *interrupt = calloc(1, sizeof(*interrupt));
	if (!interrupt)
		abort();
	interrupt->limit_ms = limit_ms;
	pthread_mutex_init(&interrupt->lock, NULL);
	pthread_cond_init(&interrupt->change, NULL);
	sigemptyset(&interrupt->signals);
	sigaddset(&interrupt->signals, SIGINT);
	sigaddset(&interrupt->signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &interrupt->signals, NULL);
	if (pthread_create(&interrupt->thread, NULL, wait, interrupt) != 0)
		abort();
	return interrupt;
}

void interrupt_free(struct interrupt *interrupt)
{
	if (!interrupt)
		return;
	pthread_mutex_lock(&interrupt->lock);
	interrupt->over = true;
	pthread_mutex_unlock(&interrupt->lock);
	/* Ends whichever wait the thread is in: it looks whether all is over before and after the second one.
	 */
	pthread_kill(interrupt->thread, SIGINT);
	pthread_join(interrupt->thread, NULL);
	pthread_mutex_destroy(&interrupt->lock);
	pthread_cond_destroy(&interrupt->change);
	free(interrupt);
}

void interrupt_watch(struct interrupt *interrupt, struct tally_stream *stream)
{
	pthread_mutex_lock(&interrupt->lock);
	interrupt->stream = stream;
	if (stream && interrupt->came)
		tally_stream_cancel(stream);
	pthread_mutex_unlock(&interrupt->lock);
}

void interrupt_sleep(struct interrupt *interrupt, int ms)
{
	struct timespec end;
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += ms / 1000;
	end.tv_nsec += (ms % 1000) * 1000000L;
	if (end.tv_nsec >= 1000000000L) {
		end.tv_sec++;
		end.tv_nsec -= 1000000000L;
	}
	pthread_mutex_lock(&interrupt->lock);
	while (!interrupt->came) {
		if (pthread_cond_timedwait(&interrupt->change, &interrupt->lock, &end) == ETIMEDOUT)
			break;
	}
	pthread_mutex_unlock(&interrupt->lock);
}

bool interrupt_came(struct interrupt *interrupt)
{
	pthread_mutex_lock(&interrupt->lock);
	bool came = interrupt->came;
	pthread_mutex_unlock(&interrupt->lock);
	return came;
}
