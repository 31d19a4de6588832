/* Taking resource names apart and putting them together. */
#include "model/name.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_lower_or_digit(char c)
{
	return is_lower(c) || (c >= '0' && c <= '9');
}

static bool id_valid(const char *id, size_t length)
{
	if (length == 0 || length >= MODEL_ID_SIZE || !is_lower(id[0]) || !is_lower_or_digit(id[length - 1]))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!is_lower_or_digit(id[i]) && id[i] != '-')
			return false;
	return true;
}

bool model_id_valid(const char *id)
{
	return id_valid(id, strlen(id));
}

/* One segment of a path. */
struct segment {
	const char *text;
	size_t length;
};

enum {
	SEGMENTS_MAX = 6
};

/* Cuts at slashes; returns SEGMENTS_MAX + 1 when there are more. */
static size_t cut(const char *text, struct segment *segments)
{
	size_t count = 0;
	for (;;) {
		size_t length = strcspn(text, "/");
		if (count == SEGMENTS_MAX)
			return SEGMENTS_MAX + 1;
		segments[count++] = (struct segment){text, length};
		if (!text[length])
			return count;
		text += length + 1;
	}
}

static bool is(struct segment segment, const char *word)
{
	return strlen(word) == segment.length && memcmp(segment.text, word, segment.length) == 0;
}

static bool take_id(struct segment segment, char *id)
{
	if (!id_valid(segment.text, segment.length))
		return false;
	memcpy(id, segment.text, segment.length);
	id[segment.length] = '\0';
	return true;
}

static bool take_version(struct segment segment, int32_t *version)
{
	if (segment.length == 0 || segment.length > 9 || segment.text[0] == '0')
		return false;
	int32_t number = 0;
	for (size_t i = 0; i < segment.length; i++) {
		if (segment.text[i] < '0' || segment.text[i] > '9')
			return false;
		number = number * 10 + (segment.text[i] - '0');
	}
	*version = number;
	return true;
}

static const char id_form[] =
	"an id is 1 to 63 of a-z, 0-9 and '-', begins with a letter and does not end with '-'";

/* What is behind systems/{system}/: a finding, a descriptor or a version of one. */
static const char *take_rest(const struct segment *segments, size_t count, struct model_name *name)
{
	if (count == 4 && is(segments[2], "findings")) {
		name->form = NAME_FINDING;
		return take_id(segments[3], name->finding) ? NULL : id_form;
	}
	name->kind = model_kind_by_collection(segments[2].text, segments[2].length);
	if (name->kind == KIND_NONE)
		return "the third part must be findings or one of systemContexts, rawData, dataPipelines, "
		       "trainingData, "
		       "trainedModels, developmentEnvironments, productionEnvironments, productionData, "
		       "policies, waivers, deployments, clocks";
	if (count < 4 || count == 5)
		return "a descriptor is systems/{system}/{collection}/{name}, with /versions/{n} for one "
		       "version";
	if (!take_id(segments[3], name->descriptor))
		return id_form;
	name->form = NAME_DESCRIPTOR;
	if (count == 4)
		return NULL;
	name->form = NAME_VERSION;
	if (!is(segments[4], "versions") || !take_version(segments[5], &name->version))
		return "a version is systems/{system}/{collection}/{name}/versions/{n} with n from 1";
	return NULL;
}

bool model_name_parse(const char *text, struct model_name *name, const char **why)
{
	struct segment segments[SEGMENTS_MAX];
	struct model_name parsed = {.form = NAME_SYSTEM};
	size_t count = cut(text, segments);
	const char *wrong = NULL;
	if (count < 2 || count > SEGMENTS_MAX || !is(segments[0], "systems"))
		wrong = "a name begins with systems/{system}";
	else if (!take_id(segments[1], parsed.system))
		wrong = id_form;
	else if (count > 2)
		wrong = take_rest(segments, count, &parsed);
	if (wrong)
		*why = wrong;
	else
		*name = parsed;
	return !wrong;
}

char *model_name_print(const struct model_name *name, char *text)
{
	switch (name->form) {
	case NAME_SYSTEM: snprintf(text, MODEL_NAME_SIZE, "systems/%s", name->system); break;
	case NAME_DESCRIPTOR:
		snprintf(text, MODEL_NAME_SIZE, "systems/%s/%s/%s", name->system,
			model_kind_info(name->kind)->collection, name->descriptor);
		break;
	case NAME_VERSION:
		snprintf(text, MODEL_NAME_SIZE, "systems/%s/%s/%s/versions/%" PRId32, name->system,
			model_kind_info(name->kind)->collection, name->descriptor, name->version);
		break;
	case NAME_FINDING:
		snprintf(text, MODEL_NAME_SIZE, "systems/%s/findings/%s", name->system, name->finding);
		break;
	}
	return text;
}

int model_partition(const char *system, int partitions)
{
	uint64_t hash = 0xcbf29ce484222325U;
	for (const unsigned char *at = (const unsigned char *)system; *at; at++)
		hash = (hash ^ *at) * 0x100000001b3U;
	return (int)(hash % (uint64_t)partitions);
}
