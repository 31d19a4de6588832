/*
 * Settings: flags, then environment (TALLYD_…), then a file, then defaults,
 * into one struct that nobody changes afterwards. No other room reads them.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "base/log.h"

enum {
	CONFIG_LISTENERS_MAX = 8
};

enum config_command {
	CONFIG_SERVE,
	CONFIG_MIGRATE, /* tallyd migrate */
	CONFIG_HELP,
	CONFIG_VERSION,
};

struct config {
	enum config_command command;
	const char *listen[CONFIG_LISTENERS_MAX];
	size_t listen_count;
	bool insecure;
	const char *database; /* NULL: embedded */
	const char *data_dir;
	enum log_level log_level;
	enum log_format log_format;
	size_t max_message_bytes;
	size_t request_bytes;
	int calls_per_second; /* 0: any number */
	int max_calls;
	int max_streams;
	int max_streams_per_connection;
	int grace_ms;
	int partitions; /* of a new database */
	int lanes;
	int readers;
	int batch_changes;
	size_t batch_bytes;
	int queue_changes;
	int queue_reads;
	size_t view_bytes;
	size_t stream_bytes;
	size_t ring_events;
	size_t ring_bytes;
	int connect_timeout_s;
	int statement_timeout_ms;
	int lock_timeout_ms;
	int follow_interval_ms;
	bool hints;
	int event_retention_s;
	int event_limit; /* per partition */
};

/**
 * Reads the settings.
 *
 * @param arguments    argv of main, borrowed as long as the config
 * @param environment  as environ, borrowed as long as the config
 * @param[out] config  owned; config_free()
 * @return FAULT_NONE; FAULT_INVALID (USAGE) naming the setting, where it stood and what would be right
 */
enum fault_code config_read(int count, char *const *arguments, char *const *environment,
	struct config **config, struct fault *fault);

void config_free(struct config *config);

/** Returns the text of --help. */
const char *config_help(void);

#endif
