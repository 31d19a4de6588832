/* Progress on standard error. Knows nothing of the work. */
#include "command/progress.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "command/text.h"

enum {
	FIRST_US = 400000, /* what is over by then needs no line */
	PAUSE_US = 100000,
	WHAT_WIDTH = 40,
};

void progress_start(struct progress *progress)
{
	*progress = (struct progress){.shown = isatty(STDERR_FILENO), .start_us = clock_steady_us()};
	progress->next_us = progress->start_us + FIRST_US;
}

static const char *bytes_text(struct arena *arena, double bytes)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
	size_t unit = 0;
	while (bytes >= 1000 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		bytes /= 1000;
		unit++;
	}
	return arena_print(arena, unit == 0 || bytes >= 100 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
}

static const char *time_text(struct arena *arena, double seconds)
{
	const int64_t whole = (int64_t)(seconds + 0.5);
	if (whole >= 3600)
		return arena_print(
			arena, "%lld h %02lld min", (long long)(whole / 3600), (long long)(whole / 60 % 60));
	if (whole >= 60)
		return arena_print(
			arena, "%lld min %02lld s", (long long)(whole / 60), (long long)(whole % 60));
	return arena_print(arena, "%lld s", (long long)whole);
}

/* Of a path the end tells more than the beginning. @return borrowed */
static const char *last_part(const char *what)
{
	const char *slash = strrchr(what, '/');
	return slash && slash[1] ? slash + 1 : what;
}

const char *progress_text(
	struct arena *arena, const char *what, int64_t done, int64_t total, int64_t rows, int64_t elapsed_us)
{
	const double seconds = (double)elapsed_us / 1e6;
	const double rate = seconds > 0 ? (double)done / seconds : 0;
	const char *text =
		arena_print(arena, "%s  %s", text_cut(arena, text_clean(arena, last_part(what)), WHAT_WIDTH),
			bytes_text(arena, (double)done));
	if (total > 0)
		text = arena_print(arena, "%s of %s", text, bytes_text(arena, (double)total));
	if (rows > 0)
		text = arena_print(arena, "%s, %lld rows", text, (long long)rows);
	text = arena_print(arena, "%s, %s/s", text, bytes_text(arena, rate));
	if (total > done && rate > 0)
		text = arena_print(
			arena, "%s, %s left", text, time_text(arena, (double)(total - done) / rate));
	return text;
}

const char *progress_count_text(
	struct arena *arena, const char *what, int64_t done, int64_t total, int64_t elapsed_us)
{
	const double seconds = (double)elapsed_us / 1e6;
	const double rate = seconds > 0 ? (double)done / seconds : 0;
	const char *text = arena_print(arena, "%s  %lld", what, (long long)done);
	if (total > 0)
		text = arena_print(arena, "%s of %lld", text, (long long)total);
	text = arena_print(arena, "%s, %.0f/s", text, rate);
	if (total > done && rate > 0)
		text = arena_print(
			arena, "%s, %s left", text, time_text(arena, (double)(total - done) / rate));
	return text;
}

/* Is it time for a line? */
static bool is_due(const struct progress *progress, int64_t *now_us)
{
	if (!progress->shown)
		return false;
	*now_us = clock_steady_us();
	return *now_us >= progress->next_us;
}

static void show(struct progress *progress, const char *text, int64_t now_us)
{
	fprintf(stderr, "\r%s\x1b[K", text);
	fflush(stderr);
	progress->next_us = now_us + PAUSE_US;
	progress->line = true;
}

void progress_tell(struct progress *progress, const char *what, int64_t done, int64_t total, int64_t rows)
{
	int64_t now_us;
	if (!is_due(progress, &now_us))
		return;
	struct arena *arena = arena_new();
	show(progress, progress_text(arena, what, done, total, rows, now_us - progress->start_us), now_us);
	arena_free(arena);
}

void progress_count(struct progress *progress, const char *what, int64_t done, int64_t total)
{
	int64_t now_us;
	if (!is_due(progress, &now_us))
		return;
	struct arena *arena = arena_new();
	show(progress, progress_count_text(arena, what, done, total, now_us - progress->start_us), now_us);
	arena_free(arena);
}

void progress_end(struct progress *progress)
{
	if (progress->line)
		fputs("\r\x1b[K", stderr);
	progress->line = false;
}
