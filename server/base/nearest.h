/* The word that was probably meant. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

/**
 * Finds the candidate nearest to a word by edit distance (insertions,
 * deletions, substitutions and swaps of neighbours count 1; optimal string
 * alignment), if it is near enough to be a slip: at most a third of the word.
 *
 * @param candidates  borrowed; entries may be NULL and are skipped
 * @return borrowed from candidates, or NULL; the first of equally near ones
 */
const char *nearest_word(const char *word, const char *const *candidates, size_t count);

#endif
