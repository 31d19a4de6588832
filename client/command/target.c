/* Reads names of descriptors. Asks no server. */
#include "command/target.h"

#include <string.h>

#include "base/nearest.h"
#include "command/options.h"

enum {
	WORD_SIZE = 64,
};

enum model_kind target_kind(const char *word, size_t length)
{
	char id[WORD_SIZE];
	if (length >= sizeof(id))
		return KIND_NONE;
	memcpy(id, word, length);
	id[length] = '\0';
	enum model_kind kind = model_kind_by_document(id);
	if (kind == KIND_NONE)
		kind = model_kind_by_collection(id, length);
	if (kind != KIND_NONE)
		return kind;
	for (char *hyphen; (hyphen = strchr(id, '-'));)
		*hyphen = '_';
	return model_kind_by_id(id);
}

enum fault_code target_unknown_kind(const char *word, struct fault *fault)
{
	const char *ids[2 * KIND_LIMIT];
	size_t count = 0;
	for (int kind = KIND_NONE + 1; kind < KIND_LIMIT; kind++) {
		if (!model_kind_known(kind))
			continue;
		ids[count++] = model_kind_info((enum model_kind)kind)->id;
		ids[count++] = model_kind_info((enum model_kind)kind)->document;
	}
	const char *near = nearest_word(word, ids, count);
	if (near)
		return fault_set(fault, FAULT_INVALID, "KIND_UNKNOWN",
			"there is no kind \"%s\"; did you mean %s?", word, near);
	return fault_set(fault, FAULT_INVALID, "KIND_UNKNOWN",
		"there is no kind \"%s\"; there are system_context, raw_data, data_pipeline, training_data, "
		"trained_model, development_environment, production_environment and production_data",
		word);
}

static enum fault_code read_resource(const char *text, struct target *target, struct fault *fault)
{
	struct model_name name;
	const char *why = "";
	bool well = model_name_parse(text, &name, &why);
	if (!well || (name.form != NAME_DESCRIPTOR && name.form != NAME_VERSION))
		return fault_set(fault, FAULT_INVALID, "NAME_INVALID", "\"%s\" names no descriptor%s%s", text,
			well ? "" : ": ", well ? "" : why);
	*target = (struct target){.kind = name.kind, .named = true};
	memcpy(target->system, name.system, sizeof(target->system));
	memcpy(target->name, name.descriptor, sizeof(target->name));
	target->version = name.form == NAME_VERSION ? name.version : 0;
	return FAULT_NONE;
}

static enum fault_code read_version(const char *text, struct target *target, struct fault *fault)
{
	int64_t version;
	if (!options_parse_number(text, &version) || version < 1 || version > INT32_MAX)
		return fault_set(fault, FAULT_INVALID, "VERSION_INVALID",
			"\"%s\" is not a version: 1, 2, 3 ...", text);
	target->version = (int32_t)version;
	return FAULT_NONE;
}

static enum fault_code read_name(const char *text, size_t length, struct target *target, struct fault *fault)
{
	if (length < sizeof(target->name)) {
		memcpy(target->name, text, length);
		target->name[length] = '\0';
		target->named = true;
		if (model_id_valid(target->name))
			return FAULT_NONE;
	}
	return fault_set(fault, FAULT_INVALID, "NAME_INVALID",
		"\"%.*s\" is not a descriptor's name: lower-case letters, digits and hyphens, a letter first",
		(int)length, text);
}

enum fault_code target_parse(const char *text, struct target *target, struct fault *fault)
{
	if (strncmp(text, "systems/", 8) == 0)
		return read_resource(text, target, fault);
	struct target found = {.name = "default"};
	size_t kind = strcspn(text, "/@");
	size_t name = text[kind] == '/' ? strcspn(text + kind + 1, "@") : 0;
	found.kind = target_kind(text, kind);
	if (found.kind == KIND_NONE) {
		char word[WORD_SIZE] = "";
		memcpy(word, text, kind < sizeof(word) ? kind : sizeof(word) - 1);
		return target_unknown_kind(word, fault);
	}
	if (text[kind] == '/' && read_name(text + kind + 1, name, &found, fault))
		return fault->code;
	const char *version = strchr(text, '@');
	if (version && read_version(version + 1, &found, fault))
		return fault->code;
	*target = found;
	return FAULT_NONE;
}

char *target_resource(const struct target *target, const char *system, char *text)
{
	struct model_name name = {
		.form = target->version ? NAME_VERSION : NAME_DESCRIPTOR,
		.kind = target->kind,
		.version = target->version,
	};
	snprintf(name.system, sizeof(name.system), "%s", *target->system ? target->system : system);
	memcpy(name.descriptor, target->name, sizeof(name.descriptor));
	return model_name_print(&name, text);
}
