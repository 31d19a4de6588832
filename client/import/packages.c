/* Puts what many formats know in their own words into the fields that all of them share. */
#include "import/packages.h"

#include <ctype.h>
#include <string.h>

static bool has_field(const struct draft_place *at, const char *field)
{
	return protobuf_c_message_descriptor_get_field_by_name(at->type, field) != NULL;
}

/* "=3.8" of conda accepts any 3.8.x: said as PEP 440 does. */
static const char *accepted(struct import *import, const struct requirement *requirement)
{
	if (requirement->prefix)
		return import_print(import, "==%s.*", requirement->prefix);
	return requirement->specifier;
}

void packages_put(struct import *import, const struct draft_place *at, const struct requirement *requirement,
	const char *path)
{
	if (strcmp(requirement->package, "python") == 0) {
		packages_language(import, at, "python", requirement->version,
			requirement->version ? NULL : accepted(import, requirement), path);
		return;
	}
	const struct draft_place *package =
		import_named(import, at, "packages", "name", requirement->package, path);
	if (requirement->version)
		import_text(import, package, "version", requirement->version, path);
	else
		import_text(import, package, "requirement", accepted(import, requirement), path);
	const char *framework = requirement_framework(requirement->package);
	if (framework && has_field(at, "ml_frameworks"))
		import_add(import, at, "ml_frameworks", framework, path);
	if (has_field(at, "system_dependencies"))
		import_add(import, at, "system_dependencies", requirement_text(import->arena, requirement),
			path);
}

/* Languages as people write them. */
static const char *language_title(struct import *import, const char *name)
{
	static const struct {
		const char *name, *title;
	} titles[] = {
		{"r", "R"}, {"node", "JavaScript"}, {"openjdk", "Java"}, {"php", "PHP"}, {"golang", "Go"}};
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		if (strcmp(titles[i].name, name) == 0)
			return titles[i].title;
	char *title = arena_text(import->arena, name);
	title[0] = (char)toupper((unsigned char)title[0]);
	return title;
}

void packages_language(struct import *import, const struct draft_place *at, const char *name,
	const char *version, const char *requirement, const char *path)
{
	const struct draft_place *language = import_named(import, at, "languages", "name", name, path);
	import_text(import, language, "version", version, path);
	import_text(import, language, "requirement", requirement, path);
	const char *title = language_title(import, name);
	if (has_field(at, "programming_languages"))
		import_add(import, at, "programming_languages", title, path);
	if (has_field(at, "model_components"))
		import_add(import, import_item(import, at, "model_components", "model", path),
			"programming_languages", title, path);
}

/* The letters and digits of a name, lower case: "F1-Score" is f1score. */
static const char *bare(struct import *import, const char *name)
{
	char *made = arena_text(import->arena, name);
	size_t size = 0;
	for (; *name; name++)
		if (isalnum((unsigned char)*name))
			made[size++] = (char)tolower((unsigned char)*name);
	made[size] = '\0';
	return made;
}

static const struct {
	const char *bare, *metric;
} metrics[] = {
	{"accuracy", "Accuracy"},
	{"acc", "Accuracy"},
	{"accuracyscore", "Accuracy"},
	{"f1", "F1 Score"},
	{"f1score", "F1 Score"},
	{"precision", "Positive Predictive Value (PPV)"},
	{"precisionscore", "Positive Predictive Value (PPV)"},
	{"ppv", "Positive Predictive Value (PPV)"},
	{"positivepredictivevalue", "Positive Predictive Value (PPV)"},
	{"npv", "Negative Predictive Value (NPV)"},
	{"negativepredictivevalue", "Negative Predictive Value (NPV)"},
	{"fpr", "False Positive Rate"},
	{"falsepositiverate", "False Positive Rate"},
	{"fnr", "False Negative Rate"},
	{"falsenegativerate", "False Negative Rate"},
};

void packages_metric(struct import *import, const struct draft_place *at, const char *list, const char *name,
	double value, const char *path)
{
	const struct draft_place *metric = import_item(import, at, list, name, path);
	const char *bare_name = bare(import, name), *known = NULL;
	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]) && !known; i++)
		if (strcmp(metrics[i].bare, bare_name) == 0)
			known = metrics[i].metric;
	import_text(import, metric, "metric", known ? known : "Other", path);
	if (!known)
		import_text(import, metric, "other_metric", name, path);
	import_number(import, metric, "result", value, path);
}

void packages_parameter(struct import *import, const struct draft_place *at, const char *name,
	const char *value, const char *path)
{
	const struct draft_place *component = import_item(import, at, "model_components", "model", path);
	const struct draft_place *parameter =
		import_named(import, component, "hyper_parameters", "parameter_name", name, path);
	import_text(import, parameter, "parameter_value", value, path);
}
