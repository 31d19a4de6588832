/* Amounts: the three ways in which files write them. */
#include "import/quantity.h"

#include "cases.h"

#include <string.h>

struct row {
	const char *name;
	bool (*read)(const char *text, double *value);
	const char *text;
	double value; /* negative: it is refused */
};

static void check(void **state)
{
	const struct row *row = *state;
	double value = -1;
	assert_int_equal(row->read(row->text, &value), row->value >= 0);
	assert_true(value >= row->value && value <= row->value);
}

#define KUBERNETES(says, text, value)                                                                        \
	{                                                                                                    \
		"Kubernetes: " says, quantity_kubernetes, text, value                                        \
	}
#define DOCKER(says, text, value)                                                                            \
	{                                                                                                    \
		"Docker: " says, quantity_docker_bytes, text, value                                          \
	}
#define DATA(says, text, value)                                                                              \
	{                                                                                                    \
		"data tools: " says, quantity_bytes, text, value                                             \
	}

static const struct row rows[] = {
	KUBERNETES("m is a thousandth", "500m", 0.5),
	KUBERNETES("a thousandth is the nearest double", "256m", 0.256),
	KUBERNETES("a fraction is read", "0.1", 0.1),
	KUBERNETES("digits before the point may be missing", ".5", 0.5),
	KUBERNETES("digits behind the point may be missing", "5.", 5),
	KUBERNETES("Gi is binary", "2Gi", 2147483648.0),
	KUBERNETES("a fraction of Gi is read", "0.5Gi", 536870912.0),
	KUBERNETES("G is decimal", "1G", 1e9),
	KUBERNETES("k is small", "1k", 1000),
	KUBERNETES("K alone is nothing", "1K", -1),
	KUBERNETES("an exponent is read", "1e3", 1000),
	KUBERNETES("an exponent may be large", "129E6", 129e6),
	KUBERNETES("E without digits is exa", "1E", 1e18),
	KUBERNETES("Ei is binary", "1Ei", 0x1p60),
	KUBERNETES("an exponent and a suffix do not go together", "1e3Mi", -1),
	KUBERNETES("GB is nothing", "1GB", -1),
	KUBERNETES("Kb is nothing", "1Kb", -1),
	KUBERNETES("a space is refused", "2 Gi", -1),
	KUBERNETES("a suffix alone is refused", "Gi", -1),
	KUBERNETES("nothing is refused", "", -1),
	KUBERNETES("a point alone is refused", ".", -1),
	DOCKER("m is binary", "512m", 0x1p29),
	DOCKER("M is the same", "512M", 0x1p29),
	DOCKER("gb is binary too", "2gb", 0x1p31),
	DOCKER("a bare number is bytes", "1073741824", 0x1p30),
	DOCKER("an unknown suffix is refused", "1x", -1),
	DATA("KB is decimal", "134.607 KB", 134607),
	DATA("KiB is binary", "2 KiB", 2048),
	DATA("a bare number is bytes", "12", 12),
	DATA("a word is refused", "large", -1),
};

int main(void)
{
	return CASES_RUN(rows, check);
}
