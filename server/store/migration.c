/* Takes migration files in dbmate's layout apart. */
#include "store/migration.h"

#include <assert.h>
#include <ctype.h>

#include "migrations.h"

size_t migration_count(void)
{
	return sizeof(embedded_files) / sizeof(embedded_files[0]);
}

/* Finds a line and returns what follows it. */
static const char *after_line(const char *text, const char *line)
{
	const char *at = strstr(text, line);
	assert(at && (at == text || at[-1] == '\n'));
	at += strcspn(at, "\n");
	return *at ? at + 1 : at;
}

struct migration migration_at(size_t index)
{
	static const char up[] = "-- migrate:up", down[] = "-- migrate:down";
	const char *text = (const char *)embedded_files[index].bytes;
	const char *name = embedded_files[index].name;
	struct migration migration = {.up = after_line(text, up), .down = after_line(text, down)};
	for (size_t i = 0; i + 1 < sizeof(migration.version) && isdigit((unsigned char)name[i]); i++)
		migration.version[i] = name[i];
	migration.up_size = (size_t)(strstr(migration.up, down) - migration.up);
	migration.down_size = strlen(migration.down);
	return migration;
}
