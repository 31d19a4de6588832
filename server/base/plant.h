/*
 * Planted bugs: places where a build made for that breaks a promise, so that a
 * test can show that tally-check would notice. Only tests/check/ makes such a
 * build, as tallyd-planted; in every other one PLANTED() is false at compile
 * time and leaves nothing behind.
 */
#ifndef BASE_PLANT_H
#define BASE_PLANT_H

#include <stdbool.h>

#ifdef TALLY_PLANTED
/** Is it this bug's turn? Any thread. @param bug a literal */
bool planted(const char *bug);
#define PLANTED(bug) planted(bug)
#else
#define PLANTED(bug) false
#endif

#endif
