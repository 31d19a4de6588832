/* The table of settings: the only place where one is named. */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "config/config.h"

enum setting_type {
	SETTING_TEXT,
	SETTING_ADDRESSES, /* may be given several times, or several with commas between them */
	SETTING_SWITCH,    /* as a flag it needs no value */
	SETTING_COUNT,
	SETTING_SIZE,
	SETTING_MS,      /* a duration, kept in milliseconds */
	SETTING_SECONDS, /* a duration, kept in whole seconds */
	SETTING_LEVEL,
	SETTING_FORMAT,
};

enum {
	SETTING_NAME_MAX = 64,
};

/*
 * A setting named `max-message` is the flag --max-message, the variable
 * TALLYD_MAX_MESSAGE and the file's key max_message.
 */
struct setting {
	const char *name;
	enum setting_type type;
	size_t offset;       /* into struct config */
	const char *initial; /* as it would be written; NULL: made by config.c, or none */
	int64_t least, most; /* in the unit of the type: milliseconds for both kinds of duration */
	const char *word;    /* stands for the value in --help */
	const char *help;
};

/** Returns the table. @param[out] count */
const struct setting *settings(size_t *count);

/** @return the setting whose name is these bytes, `_` read as `-`; or NULL */
const struct setting *setting_named(const char *name, size_t size);

/** Returns the name that was probably meant, or NULL. */
const char *setting_nearest(const char *name);

/** Writes the variable's name. @param[out] text  SETTING_NAME_MAX bytes @return text */
char *setting_variable(const struct setting *setting, char *text);

/**
 * Sets one setting.
 *
 * @param value   borrowed as long as the config; may be split in place
 * @param where   what to call the place it stood at, e.g. "--lanes" or "tallyd.conf:3"
 * @param config  addresses are appended
 * @return FAULT_NONE or FAULT_INVALID (USAGE)
 */
enum fault_code setting_apply(const struct setting *setting, char *value, const char *where,
	struct config *config, struct fault *fault);

#endif
