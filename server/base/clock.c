/* Reading and printing clocks. */
#include "base/clock.h"

#include <inttypes.h>

static int64_t now_us(clockid_t id)
{
	struct timespec now;
	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_wall_us(void)
{
	return now_us(CLOCK_REALTIME);
}

int64_t clock_steady_us(void)
{
	return now_us(CLOCK_MONOTONIC);
}

char *clock_text(int64_t wall_us, char *text)
{
	int64_t seconds = wall_us / 1000000;
	int64_t rest = wall_us % 1000000;
	if (rest < 0) {
		rest += 1000000;
		seconds--;
	}
	time_t when = (time_t)seconds;
	struct tm parts;
	gmtime_r(&when, &parts);
	char stamp[24];
	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &parts);
	snprintf(text, CLOCK_TEXT_SIZE, "%s.%06" PRId64 "Z", stamp, rest);
	return text;
}
