/*
 * tallyd: reads its settings, starts, waits for a signal, stops.
 *
 * Exit codes: 0 stopped as asked, 1 could not start or lost its own database, 2 wrong usage.
 */
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "main/server.h"

enum {
	EXIT_USAGE = 2,
	WATCH_MS = 100,
};

static sigset_t stop_signals;

static bool asked_to_stop(void)
{
	sigset_t waiting;
	sigpending(&waiting);
	return sigismember(&waiting, SIGTERM) || sigismember(&waiting, SIGINT);
}

/* Blocked before any thread starts, so that only this one takes them, with sigtimedwait(). */
static void block_signals(void)
{
	sigemptyset(&stop_signals);
	sigaddset(&stop_signals, SIGTERM);
	sigaddset(&stop_signals, SIGINT);
	sigprocmask(SIG_BLOCK, &stop_signals, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void say_fault(const struct fault *fault)
{
	fprintf(stderr, "tallyd: %s\n", fault->message);
}

/* Waits for a signal. @return the exit code: failure when the database has ended by itself */
static int watch(struct server *server)
{
	const struct timespec interval = {.tv_nsec = WATCH_MS * 1000000L};
	for (;;) {
		int signal_number = sigtimedwait(&stop_signals, NULL, &interval);
		if (signal_number > 0) {
			log_info("stopping", log_text("signal", strsignal(signal_number)));
			return EXIT_SUCCESS;
		}
		if (!server_watch(server)) {
			log_error("the embedded database has ended: start tallyd again",
				log_text("see", "postgres.log in the data folder"));
			return EXIT_FAILURE;
		}
	}
}

static int serve(const struct config *config)
{
	struct server *server;
	struct fault fault;
	if (server_start(config, asked_to_stop, &server, &fault)) {
		log_error("could not start", log_text("reason", fault.reason),
			log_text("detail", fault.message));
		say_fault(&fault);
		return EXIT_FAILURE;
	}
	int code = watch(server);
	server_stop(server, config->grace_ms);
	log_info("stopped", log_number("pid", getpid()));
	return code;
}

static int run_migrations(const struct config *config)
{
	int applied;
	struct fault fault;
	if (server_migrate(config, &applied, &fault)) {
		say_fault(&fault);
		return EXIT_FAILURE;
	}
	if (applied)
		printf("%d migrations applied\n", applied);
	else
		puts("the schema is up to date");
	return EXIT_SUCCESS;
}

static int run(const struct config *config)
{
	switch (config->command) {
	case CONFIG_HELP: fputs(config_help(), stdout); return EXIT_SUCCESS;
	case CONFIG_VERSION: puts("tallyd " TALLY_VERSION); return EXIT_SUCCESS;
	case CONFIG_MIGRATE: return run_migrations(config);
	case CONFIG_SERVE: break;
	}
	return serve(config);
}

int main(int count, char **arguments)
{
	struct config *config;
	struct fault fault;
	if (config_read(count, arguments, environ, &config, &fault)) {
		say_fault(&fault);
		return EXIT_USAGE;
	}
	log_setup(config->log_level, config->log_format);
	block_signals();
	int code = run(config);
	config_free(config);
	return code;
}
