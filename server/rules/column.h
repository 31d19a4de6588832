/*
 * Two profiles of one column, side by side: what each can tell, and how far
 * they are apart by every measure. Knows neither descriptors nor thresholds;
 * whoever decides is drift.c. Pure; any thread.
 *
 * Each measure comes twice: as it reads, and `_least`, what is left of it when
 * the sketches' own errors are taken to its disfavour. p-values are of the
 * latter, so that no finding comes from a sketch.
 */
#ifndef RULES_COLUMN_H
#define RULES_COLUMN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "statistics/points.h"
#include "tally/v1/profile.pb-c.h"

/* The probability with which chance stays below an index' chance level. */
#define COLUMN_CHANCE_LEVEL 0.99

enum {
	COLUMN_COUNTED_MAX = 50 /* different numbers up to which they are categories too */
};

/* What a column's present values look like. */
enum column_type {
	COLUMN_EMPTY,   /* none is present */
	COLUMN_NUMBER,  /* int or float: which of them is a matter of the sample */
	COLUMN_TEXT,    /* string */
	COLUMN_UNKNOWN, /* a word that we do not know */
};

/*
 * One side of a column. Borrows the profile. Points and categories are looked
 * through only when something asks for them: a table may have ten thousand
 * columns, and most questions are about counts.
 */
struct column_side {
	const Tally__V1__ColumnProfile *profile;
	enum column_type type;
	double rows;
	double missing;
	double present;
};

/**
 * Reads one side's counts.
 *
 * @param profile  borrowed by the result; NULL is not usable
 * @param[out] side
 * @return false when they contradict each other: a profile like that is compared with nothing
 */
bool rule_column_read(const Tally__V1__ColumnProfile *profile, struct column_side *side);

/* A side's numbers. */
struct column_points {
	struct statistics_points points;
	double rank_error;
};

/** @return false when there are none, or they contradict themselves or the counts */
bool rule_column_points(const struct column_side *side, struct column_points *points);

/* A side's categories. */
struct column_list {
	double other;  /* present values in none of them */
	bool complete; /* they are all there, counted */
};

/** @return false when they contradict themselves or the counts */
bool rule_column_list(const struct column_side *side, struct column_list *list);

/** Text of which more than half of the present values differ: a name or a number of each row. */
bool rule_column_identifies(const struct column_side *reference);

/* A measure of many bins or categories. */
struct column_index {
	size_t bins;
	double psi;
	double psi_least;
	double psi_chance; /* what chance reaches in 1 of 100 pairs; COLUMN_TELL */
	double p;          /* of Pearson's test, fair to both sides */
	double js;         /* COLUMN_TELL */
};

struct column_numbers {
	bool there; /* both sides have numbers and quantiles */
	double n;
	double m;
	double ks;
	double ks_least;
	double ks_p;
	double wasserstein; /* in the reference's standard deviations; NaN when it is constant; COLUMN_TELL */
	struct column_index index;
};

struct column_categories {
	bool there; /* both sides have texts, or few different numbers of one type */
	double n;
	double m;
	double linf;
	double linf_least;
	const char *linf_category; /* borrowed from a profile; "" when it is that of the rest */
	double chi2_p;
	struct column_index index;
};

/* How much is wanted of a comparison. */
enum column_depth {
	COLUMN_DECIDE, /* what decisions rest on */
	COLUMN_TELL,   /* that and what is only reported: distances, chance levels */
};

/**
 * The index that chance stays below with COLUMN_CHANCE_LEVEL: statistics_psi_chance(), whose quantiles are
 * worked out once for as many bins as there can be.
 */
double rule_column_chance(size_t bins, double n, double m);

/** Compares the numbers. @param[out] numbers */
void rule_column_compare_numbers(const struct column_side *reference, const struct column_side *current,
	enum column_depth depth, struct column_numbers *numbers);

/** Compares the categories. @param scratch borrowed; what is made on the way @param[out] categories */
void rule_column_compare_categories(struct arena *scratch, const struct column_side *reference,
	const struct column_side *current, enum column_depth depth, struct column_categories *categories);

/* Values that only the current side has. */
struct column_unseen {
	bool there; /* the reference knows all its categories */
	double mass;
	size_t categories;
	const char *largest; /* borrowed from the profile; NULL without any */
	double p;            /* that chance makes so much of them; 1 unless mass is at least that asked for */
};

/** Looks for new categories. @param least share of the current side from which p is worked out */
void rule_column_unseen(struct arena *scratch, const struct column_side *reference,
	const struct column_side *current, double least, struct column_unseen *unseen);

struct column_outside {
	bool there; /* the reference has a range, the current side numbers */
	double share;
	double below, above, infinite; /* values, without those that a sketch's error may have put there */
	double p;                      /* that chance puts so many there */
};

/** Looks for numbers outside of the reference's range. @param[out] outside */
void rule_column_outside(const struct column_side *reference, const struct column_side *current,
	struct column_outside *outside);

#endif
