/* How large the scenarios are: one table of numbers with a value for each size of run. */
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

enum options_scale {
	SCALE_FULL,
	SCALE_QUICK, /* a few seconds for each scenario */
	SCALE_TINY,  /* does everything run? Its figures mean nothing */
	SCALE_COUNT,
};

struct options {
	enum options_scale scale;
	bool sockets;        /* connections over Unix sockets, else over the loopback */
	long runs;           /* of each side, in turns */
	long run_ms;         /* length of one */
	long clients;        /* that push at once */
	long systems;        /* that they push to */
	long size_bytes;     /* of a descriptor */
	long outstanding;    /* calls for a verdict at once */
	long revisions;      /* of the longest history */
	long subscribers;    /* of everything */
	long events;         /* that each of them gets, flat out */
	long replayed;       /* events that one who comes back reads from the database */
	long streams;        /* idle ones */
	long columns;        /* of the widest data */
	long previewed;      /* revisions of each system that a policy is tried on */
	long mixed_s;        /* length of the mixed run */
	char *const *chosen; /* scenarios; NULL-terminated, borrowed from the arguments */
};

/** Reads the command line; ends the program when it is wrong. */
void options_read(int count, char **arguments, struct options *options);

/** Was this scenario asked for? Without names all are. */
bool options_chosen(const struct options *options, const char *scenario);

/** Prints the flags, one a line. */
void options_help(FILE *out);

#endif
