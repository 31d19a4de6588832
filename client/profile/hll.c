/* HyperLogLog. Knows no column. */
#include "profile/hll.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void hll_init(struct hll *hll, unsigned bits)
{
	hll->bits = bits;
	hll->registers = calloc(1, (size_t)1 << bits);
	if (!hll->registers)
		abort();
}

void hll_done(struct hll *hll)
{
	free(hll->registers);
	*hll = (struct hll){0};
}

/* Ertl's sigma: what empty registers say. */
static double sigma(double x)
{
	if (x == 1)
		return INFINITY;
	double y = 1, z = x, before;
	do {
		x *= x;
		before = z;
		z += x * y;
		y += y;
	} while (z != before);
	return z;
}

/* Ertl's tau: what full registers say. */
static double tau(double x)
{
	if (x == 0 || x == 1)
		return 0;
	double y = 1, z = 1 - x, before;
	do {
		x = sqrt(x);
		before = z;
		y *= 0.5;
		z -= (1 - x) * (1 - x) * y;
	} while (z != before);
	return z / 3;
}

double hll_estimate(const struct hll *hll)
{
	const size_t count = (size_t)1 << hll->bits;
	const unsigned last = 64 - hll->bits;
	unsigned histogram[66] = {0};
	for (size_t i = 0; i < count; i++)
		histogram[hll->registers[i]]++;
	double z = (double)count * tau(1 - histogram[last + 1] / (double)count);
	for (unsigned rank = last; rank >= 1; rank--)
		z = 0.5 * (z + histogram[rank]);
	z += (double)count * sigma(histogram[0] / (double)count);
	return (double)count * (double)count / (2 * log(2)) / z;
}

double hll_error(unsigned bits)
{
	return 1.04 / sqrt((double)((size_t)1 << bits));
}

bool hll_read(struct hll *hll, const void *registers, size_t size)
{
	unsigned bits = HLL_BITS_MIN;
	while (bits < HLL_BITS_MAX && (size_t)1 << bits < size)
		bits++;
	if ((size_t)1 << bits != size)
		return false;
	const uint8_t *bytes = registers;
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] > 64 - bits + 1)
			return false;
	}
	hll_init(hll, bits);
	memcpy(hll->registers, registers, size);
	return true;
}

/*
 * The bits of the place that go become the first ones of the rest: where they
 * are not all zero, they alone say where its first one is.
 */
static uint8_t folded(const uint8_t *group, size_t width, unsigned gone)
{
	uint8_t rank = 0;
	for (size_t i = 0; i < width; i++) {
		if (group[i] == 0)
			continue;
		const uint8_t here = i == 0 ? (uint8_t)(group[i] + gone)
					    : (uint8_t)(gone - (31 - (unsigned)__builtin_clz((unsigned)i)));
		rank = here > rank ? here : rank;
	}
	return rank;
}

void hll_fold(struct hll *hll, unsigned bits)
{
	const unsigned gone = hll->bits - bits;
	const size_t width = (size_t)1 << gone;
	for (size_t place = 0; place < (size_t)1 << bits; place++)
		hll->registers[place] = folded(hll->registers + place * width, width, gone);
	hll->bits = bits;
}

void hll_join(struct hll *hll, const struct hll *other)
{
	if (other->bits < hll->bits)
		hll_fold(hll, other->bits);
	const unsigned gone = other->bits - hll->bits;
	const size_t width = (size_t)1 << gone;
	for (size_t place = 0; place < (size_t)1 << hll->bits; place++) {
		const uint8_t rank = folded(other->registers + place * width, width, gone);
		if (rank > hll->registers[place])
			hll->registers[place] = rank;
	}
}
