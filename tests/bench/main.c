/* tally-bench: measures a running tallyd beside something independent on the same Postgres. */
#include <getopt.h>
#include <stdarg.h>
#include <sys/utsname.h>

#include "bench.h"

void give_up(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("tally-bench: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(2);
}

static long number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);
	if (*end || value < 1 || value > 100000000)
		give_up("%s is not a number from 1 to 100000000", text);
	return value;
}

int main(int count, char **arguments)
{
	static const struct option flags[] = {
		{"server", required_argument, NULL, 's'},
		{"database", required_argument, NULL, 'd'},
		{"pushes", required_argument, NULL, 'n'},
		{"size", required_argument, NULL, 'b'},
		{"clients", required_argument, NULL, 'c'},
		{"systems", required_argument, NULL, 'm'},
		{0},
	};
	struct options options = {.pushes = 1000, .size = 10240, .clients = 64, .systems = 100};
	int flag;
	while ((flag = getopt_long(count, arguments, "", flags, NULL)) != -1) {
		switch (flag) {
		case 's': options.server = optarg; break;
		case 'd': options.database = optarg; break;
		case 'n': options.pushes = (int)number(optarg); break;
		case 'b': options.size = (size_t)number(optarg); break;
		case 'c': options.clients = (int)number(optarg); break;
		case 'm': options.systems = (int)number(optarg); break;
		default: return 2;
		}
	}
	if (!options.server || !options.database)
		give_up("usage: tally-bench --server ADDRESS --database URL [--pushes N] [--size BYTES] "
			"[--clients N] [--systems N]");
	struct utsname machine;
	uname(&machine);
	printf("machine: %s %s, tally " TALLY_VERSION "\n", machine.sysname, machine.release);
	baseline_prepare(options.database);
	bench_push(&options);
	bench_throughput(&options);
	baseline_remove(options.database);
	return 0;
}
