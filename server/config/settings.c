/*
 * The table of settings, and how one value gets into struct config. It does
 * not know where values come from; config.c and file.c do.
 */
#include "config/settings.h"

#include <ctype.h>
#include <limits.h>

#include "base/nearest.h"
#include "config/value.h"

#define AT(member) offsetof(struct config, member)
#define KIB        INT64_C(1024)
#define MIB        (1024 * KIB)
#define GIB        (1024 * MIB)
#define SECOND     INT64_C(1000)

/* clang-format off */
static const struct setting table[] = {
	{"listen", SETTING_ADDRESSES, AT(listen), "127.0.0.1:7443", 0, 0, "ADDRESS",
		"host:port or unix:/path to serve on; may be repeated; port 0 takes a free one"},
	{"insecure", SETTING_SWITCH, AT(insecure), "no", 0, 0, NULL,
		"allow plaintext on addresses that other machines reach"},
	{"database", SETTING_TEXT, AT(database), NULL, 0, 0, "URL",
		"libpq URL, keyword list or service=NAME; without it tallyd runs a Postgres of its own. "
		"A password is better kept in TALLYD_DATABASE or a service file: flags are seen by every user"},
	{"data-dir", SETTING_TEXT, AT(data_dir), NULL, 0, 0, "DIR", "where tallyd's own Postgres keeps its data"},
	{"log-level", SETTING_LEVEL, AT(log_level), "info", 0, 0, "LEVEL", "debug, info, warning or error"},
	{"log-format", SETTING_FORMAT, AT(log_format), "logfmt", 0, 0, "FORMAT", "logfmt or json"},
	{"max-message", SETTING_SIZE, AT(max_message_bytes), "16MiB", 64 * KIB, 64 * MIB, "SIZE",
		"largest request that is read, and largest answer"},
	{"max-calls", SETTING_COUNT, AT(max_calls), "10000", 1, 1000000, "N",
		"calls at once, of all clients, streams not counted"},
	{"max-streams", SETTING_COUNT, AT(max_streams), "12000", 1, 1000000, "N", "subscriptions at once"},
	{"max-streams-per-connection", SETTING_COUNT, AT(max_streams_per_connection), "1000", 1, 1000000, "N",
		"subscriptions at once on one connection; not of Unix sockets, whose clients cannot be told apart"},
	{"request-memory", SETTING_SIZE, AT(request_bytes), "128MiB", MIB, 1024 * GIB, "SIZE",
		"requests worked on at once, of all clients; more are refused with RESOURCE_EXHAUSTED"},
	{"max-calls-per-second", SETTING_COUNT, AT(calls_per_second), "0", 0, 1000000, "N",
		"calls that one client address may begin in a second; 0 for any number; not of Unix sockets"},
	{"grace", SETTING_MS, AT(grace_ms), "10s", 0, 3600 * SECOND, "TIME",
		"how long calls in flight may take after SIGTERM"},
	{"partitions", SETTING_COUNT, AT(partitions), "64", 1, 1024, "N",
		"partitions of a new database; fixed once it exists"},
	{"lanes", SETTING_COUNT, AT(lanes), "0", 0, 64, "N",
		"threads that write, each with a connection; 0 for one for every two cores"},
	{"readers", SETTING_COUNT, AT(readers), "2", 1, 64, "N", "threads that read, each with a connection"},
	{"batch-changes", SETTING_COUNT, AT(batch_changes), "64", 1, 1024, "N", "changes in one transaction, at most"},
	{"batch-memory", SETTING_SIZE, AT(batch_bytes), "4MiB", 64 * KIB, 256 * MIB, "SIZE",
		"descriptors in one transaction, at most; one change may be larger"},
	{"queue-changes", SETTING_COUNT, AT(queue_changes), "4096", 1, 1000000, "N",
		"changes that may wait in one lane; more are refused with RESOURCE_EXHAUSTED"},
	{"queue-reads", SETTING_COUNT, AT(queue_reads), "4096", 1, 1000000, "N", "reads that may wait for a reader"},
	{"view-memory", SETTING_SIZE, AT(view_bytes), "256MiB", MIB, 1024 * GIB, "SIZE",
		"memory for systems ready to be read; the least recently used go first"},
	{"ring-events", SETTING_COUNT, AT(ring_events), "8192", 16, 16777216, "N",
		"recent events of each partition kept in memory"},
	{"ring-memory", SETTING_SIZE, AT(ring_bytes), "64MiB", MIB, 1024 * GIB, "SIZE",
		"memory for recent events of all partitions"},
	{"stream-memory", SETTING_SIZE, AT(stream_bytes), "256MiB", MIB, 1024 * GIB, "SIZE",
		"memory for what subscribers that begin or fell behind have still to be sent from the database; "
		"when it is full no state is given out and the slow read less at a time"},
	{"connect-timeout", SETTING_SECONDS, AT(connect_timeout_s), "5s", SECOND, 300 * SECOND, "TIME",
		"for a connection to the database"},
	{"statement-timeout", SETTING_MS, AT(statement_timeout_ms), "10s", 100, 3600 * SECOND, "TIME",
		"for one statement in the database"},
	{"lock-timeout", SETTING_MS, AT(lock_timeout_ms), "5s", 100, 3600 * SECOND, "TIME",
		"for one lock in the database"},
	{"follow-interval", SETTING_MS, AT(follow_interval_ms), "100ms", 10, 60 * SECOND, "TIME",
		"how often other servers' commits are looked for"},
	{"hints", SETTING_SWITCH, AT(hints), "yes", 0, 0, "no|yes",
		"tell other servers of commits at once, with NOTIFY, and listen for theirs; all look every "
		"follow-interval besides"},
	{"event-retention", SETTING_SECONDS, AT(event_retention_s), "720h", 60 * SECOND, 87600 * 3600 * SECOND, "TIME",
		"how long events are kept for subscribers that come back"},
	{"event-limit", SETTING_COUNT, AT(event_limit), "10000000", 1, 2147483647, "N",
		"events of each partition that are kept, once they are a minute old"},
};
/* clang-format on */

enum {
	TABLE_COUNT = sizeof(table) / sizeof(table[0]),
};

const struct setting *settings(size_t *count)
{
	*count = TABLE_COUNT;
	return table;
}

static bool same_name(const char *name, const char *text, size_t size)
{
	if (strlen(name) != size)
		return false;
	for (size_t i = 0; i < size; i++) {
		if (name[i] != text[i] && !(name[i] == '-' && text[i] == '_'))
			return false;
	}
	return true;
}

const struct setting *setting_named(const char *name, size_t size)
{
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		if (same_name(table[i].name, name, size))
			return &table[i];
	}
	return NULL;
}

const char *setting_nearest(const char *name)
{
	const char *names[TABLE_COUNT + 3] = {"config", "help", "version"};
	for (size_t i = 0; i < TABLE_COUNT; i++)
		names[i + 3] = table[i].name;
	return nearest_word(name, names, TABLE_COUNT + 3);
}

char *setting_variable(const struct setting *setting, char *text)
{
	int length = snprintf(text, SETTING_NAME_MAX, "TALLYD_%s", setting->name);
	for (int i = 0; i < length && i < SETTING_NAME_MAX - 1; i++)
		text[i] = text[i] == '-' ? '_' : (char)toupper((unsigned char)text[i]);
	return text;
}

static enum fault_code refuse(struct fault *fault, const char *where, const char *wanted)
{
	return fault_set(fault, FAULT_INVALID, "USAGE", "%s must be %s", where, wanted);
}

/* As the user would have written it. */
static void bound_text(const struct setting *setting, int64_t bound, char *text, size_t size)
{
	bool is_size = setting->type == SETTING_SIZE;
	if (is_size && bound >= GIB && bound % GIB == 0)
		snprintf(text, size, "%lldGiB", (long long)(bound / GIB));
	else if (is_size && bound % MIB == 0)
		snprintf(text, size, "%lldMiB", (long long)(bound / MIB));
	else if (is_size)
		snprintf(text, size, "%lldKiB", (long long)(bound / KIB));
	else if (setting->type == SETTING_COUNT)
		snprintf(text, size, "%lld", (long long)bound);
	else if (bound % SECOND == 0)
		snprintf(text, size, "%llds", (long long)(bound / SECOND));
	else
		snprintf(text, size, "%lldms", (long long)bound);
}

static enum fault_code check_bounds(
	const struct setting *setting, int64_t number, const char *where, struct fault *fault)
{
	if (number >= setting->least && number <= setting->most)
		return FAULT_NONE;
	char least[32], most[32];
	bound_text(setting, setting->least, least, sizeof(least));
	bound_text(setting, setting->most, most, sizeof(most));
	return fault_set(fault, FAULT_INVALID, "USAGE", "%s must be %s to %s", where, least, most);
}

static enum fault_code apply_number(const struct setting *setting, const char *value, const char *where,
	void *member, struct fault *fault)
{
	int64_t number = 0;
	const char *wanted = setting->type == SETTING_COUNT  ? value_count(value, &number)
			     : setting->type == SETTING_SIZE ? value_size(value, &number)
							     : value_duration(value, &number);
	if (wanted)
		return refuse(fault, where, wanted);
	if (check_bounds(setting, number, where, fault) != FAULT_NONE)
		return fault->code;
	if (setting->type == SETTING_SECONDS && number % SECOND != 0)
		return refuse(fault, where, "whole seconds");
	if (setting->type == SETTING_SIZE || setting->offset == AT(ring_events))
		*(size_t *)member = (size_t)number;
	else
		*(int *)member = (int)(setting->type == SETTING_SECONDS ? number / SECOND : number);
	return FAULT_NONE;
}

static enum fault_code apply_addresses(
	char *value, const char *where, struct config *config, struct fault *fault)
{
	for (char *comma = value; comma; value = comma + 1) {
		comma = strchr(value, ',');
		if (comma)
			*comma = '\0';
		const char *wanted = value_address(value);
		if (wanted)
			return refuse(fault, where, wanted);
		if (config->listen_count == CONFIG_LISTENERS_MAX)
			return fault_set(fault, FAULT_INVALID, "USAGE",
				"%s: at most %d addresses can be listened on", where, CONFIG_LISTENERS_MAX);
		config->listen[config->listen_count++] = value;
	}
	return FAULT_NONE;
}

static enum fault_code apply_word(const struct setting *setting, const char *value, const char *where,
	void *member, struct fault *fault)
{
	if (setting->type == SETTING_LEVEL) {
		enum log_level level = log_level_named(value);
		if (level == LOG_LEVEL_COUNT)
			return refuse(fault, where, setting->help);
		*(enum log_level *)member = level;
		return FAULT_NONE;
	}
	bool json = strcmp(value, "json") == 0;
	if (!json && strcmp(value, "logfmt") != 0)
		return refuse(fault, where, setting->help);
	*(enum log_format *)member = json ? LOG_JSON : LOG_LOGFMT;
	return FAULT_NONE;
}

enum fault_code setting_apply(const struct setting *setting, char *value, const char *where,
	struct config *config, struct fault *fault)
{
	void *member = (char *)config + setting->offset;
	const char *wanted;
	switch (setting->type) {
	case SETTING_TEXT:
		if (!value[0])
			return refuse(fault, where, "given a value");
		*(const char **)member = value;
		return FAULT_NONE;
	case SETTING_ADDRESSES: return apply_addresses(value, where, config, fault);
	case SETTING_SWITCH:
		wanted = value_switch(value, member);
		return wanted ? refuse(fault, where, wanted) : FAULT_NONE;
	case SETTING_LEVEL:
	case SETTING_FORMAT: return apply_word(setting, value, where, member, fault);
	default: return apply_number(setting, value, where, member, fault);
	}
}
