/* Random descriptors as JSON, by walking protobuf-c's own descriptions. */
#include "random.h"

#include <stdio.h>
#include <string.h>

#include "model/finding.h"

#include "cases.h"

static uint64_t dice;

void random_seed(uint64_t seed)
{
	dice = seed;
}

/* xorshift64 */
unsigned random_roll(unsigned sides)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return (unsigned)(dice % sides);
}

/* Few enough words that mappings meet, and often enough blank or repeated. */
static const char *const words[] = {"a", "a ", "b", "b", "", "1", "Other"};
static const char *const types[] = {"Float", "int", "Integer", "", "a"};
static const char *const units[] = {"ms", "Seconds", "Seconds", ""};

static const char *const operators[] = {"less than", "greater than", "", "bigger"};
static const char *const packages[] = {"numpy", "XGBoost", "python", "a"};
static const char *const versions[] = {"1.2.3", "1.3", ">=1.1", ""};
/* Of policies and waivers. */
static const char *const policed[] = {"api.*", "api.output-unmapped", "data.*", "completeness.field-missing",
	"monitoring.overdue", "data.field-type", "completeness.descriptor-missing"};
static const char *const severities[] = {"", "", "note", "warning", "error"};

/* A finding that there was, so that waivers meet it. */
static char some_finding[MODEL_FINDING_ID_SIZE];

void random_mention(const char *finding)
{
	snprintf(some_finding, sizeof(some_finding), "%s", finding);
}

static const char *random_text(const char *field)
{
	if (strcmp(field, "operator") == 0)
		return operators[random_roll(CASES_COUNT(operators))];
	if (strcmp(field, "name") == 0)
		return packages[random_roll(CASES_COUNT(packages))];
	if (strcmp(field, "version") == 0 || strcmp(field, "requirement") == 0)
		return versions[random_roll(CASES_COUNT(versions))];
	if (strcmp(field, "rule") == 0 || strcmp(field, "rules_off") == 0)
		return policed[random_roll(CASES_COUNT(policed))];
	if (strcmp(field, "severity") == 0)
		return severities[random_roll(CASES_COUNT(severities))];
	if (strcmp(field, "finding") == 0)
		return random_roll(2) ? some_finding : "";
	if (strstr(field, "_type"))
		return types[random_roll(CASES_COUNT(types))];
	if (strcmp(field, "unit") == 0)
		return units[random_roll(CASES_COUNT(units))];
	return words[random_roll(CASES_COUNT(words))];
}

static json_t *random_value(const ProtobufCFieldDescriptor *field)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_STRING: return json_string(random_text(field->name));
	case PROTOBUF_C_TYPE_MESSAGE: return random_message(field->descriptor);
	case PROTOBUF_C_TYPE_BOOL: return json_boolean(random_roll(2));
	default: return json_integer(random_roll(16) ? (json_int_t)random_roll(4) * 7 : -1);
	}
}

json_t *random_field(const ProtobufCFieldDescriptor *field)
{
	if (field->label != PROTOBUF_C_LABEL_REPEATED)
		return random_value(field);
	json_t *list = json_array();
	for (unsigned left = random_roll(6); left > 0; left--)
		json_array_append_new(list, random_value(field));
	return list;
}

/* ---- profiles, whose figures must agree with each other to be compared ---- */

/* A few different values with their counts, as numbers or as texts. */
static json_t *random_profile(void)
{
	static const int presents[] = {30, 300};
	bool numbers = random_roll(3) > 0;
	int present = random_roll(8) ? presents[random_roll(2)] : 0;
	int missing = random_roll(2) ? 0 : 300;
	int values = present ? 1 + (int)random_roll(3) : 0; /* of at least 30: some are left for each */
	int first = (int)random_roll(3);
	json_t *categories = json_array();
	json_t *points = json_array();
	json_t *weights = json_array();
	for (int i = 0, left = present; i < values; i++) {
		int count = i + 1 == values ? left : 1 + (int)random_roll((unsigned)left / 2 + 1);
		char text[2] = {(char)((numbers ? '0' : 'a') + first + i), 0};
		json_array_append_new(categories, json_pack("{s:s, s:i}", "value", text, "count", count));
		json_array_append_new(points, json_integer(first + i));
		json_array_append_new(weights, json_integer(count));
		left -= count;
	}
	json_t *profile = json_pack("{s:i, s:i, s:s, s:i, s:o}", "count", present + missing, "missing",
		missing, "inferred_type", numbers ? "int" : "string", "distinct", values, "categories",
		categories);
	json_object_set_new(
		profile, "quantiles", json_pack("{s:o, s:o}", "values", points, "weights", weights));
	json_object_set_new(profile, "min", json_integer(first));
	json_object_set_new(profile, "max", json_integer(first + values));
	return profile;
}

static json_t *random_sketch(void)
{
	json_t *digests = json_array();
	int digest = 0;
	for (unsigned left = random_roll(4); left > 0; left--)
		json_array_append_new(digests, json_integer(digest += 1 + (int)random_roll(2)));
	return json_pack("{s:o, s:i}", "digests", digests, "size", 3);
}

json_t *random_message(const ProtobufCMessageDescriptor *type)
{
	if (random_roll(4) && strcmp(type->short_name, "ColumnProfile") == 0)
		return random_profile();
	if (strcmp(type->short_name, "RowSketch") == 0)
		return random_sketch();
	json_t *object = json_object();
	for (unsigned i = 0; i < type->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &type->fields[i];
		if (random_roll(5) > 0)
			json_object_set_new(object, field->name, random_field(field));
	}
	return object;
}
