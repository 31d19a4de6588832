/* Units of measurement, as people write them. */
#ifndef MODEL_UNITS_H
#define MODEL_UNITS_H

#include <stdbool.h>

/**
 * Do two texts name the same unit? "m" and "metres" do, "m" and "ft" do not.
 * Unknown ones are compared as trimmed text; case counts there, because it
 * does in units (mW and MW).
 *
 * @param a, b  not blank
 */
bool model_units_equal(const char *a, const char *b);

#endif
