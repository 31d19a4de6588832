/*
 * Schemas of TensorFlow Data Validation: what the training data's columns
 * should be. A domain that may be left by some values limits nothing; it is
 * said as text only.
 */
#include <string.h>

#include "import/columns.h"
#include "import/formats.h"
#include "import/protobuf_text.h"
#include "import/tree.h"

enum {
	LISTED_VALUES = 12, /* in a text; more are told by their number */
};

bool tfdv_schema_looks(const char *head, size_t size)
{
	return memmem(head, size, "feature", 7) != NULL;
}

static const char *text_of(const struct codec_node *message, const char *field)
{
	return tree_text(protobuf_text_first(message, field));
}

/* A domain that the feature has itself, or that it names. */
static const struct codec_node *domain_of(
	const struct codec_node *top, const struct codec_node *feature, const char *kind)
{
	const struct codec_node *own = protobuf_text_first(feature, kind);
	const char *wanted = text_of(feature, "domain");
	const struct codec_node *all = protobuf_text_all(top, kind);
	for (size_t i = 0; !own && wanted && i < tree_count(all); i++) {
		const char *name = text_of(all->items[i], "name");
		if (name && strcmp(name, wanted) == 0)
			own = all->items[i];
	}
	return own;
}

/* Must every value be in the domain? */
static bool is_strict(const struct codec_node *feature)
{
	double mass;
	const struct codec_node *constraints = protobuf_text_first(feature, "distribution_constraints");
	return !tree_number(protobuf_text_first(constraints, "min_domain_mass"), &mass) || mass >= 1;
}

static void put_values(struct import *import, const struct draft_place *field,
	const struct codec_node *domain, bool strict, const char *path)
{
	const struct codec_node *values = protobuf_text_all(domain, "value");
	const char *text = import_print(import, "one of %zu texts", tree_count(values));
	for (size_t i = 0; i < tree_count(values); i++) {
		const char *value = tree_text(values->items[i]);
		if (strict)
			import_add(import, field, "allowed_values", value, path);
		if (tree_count(values) <= LISTED_VALUES)
			text = import_print(
				import, "%s%s%s", i ? text : "", i ? ", " : "", value ? value : "\"\"");
	}
	if (tree_count(values) > 0)
		columns_expect(import, field, text, path);
}

static void put_range(struct import *import, const struct draft_place *field, const struct codec_node *domain,
	bool strict, const char *path)
{
	const struct codec_node *min = protobuf_text_first(domain, "min"),
				*max = protobuf_text_first(domain, "max");
	const char *const paths[] = {path, path};
	if (strict)
		columns_range(import, field, min, max, paths);
	else if (tree_text(min) && tree_text(max))
		columns_expect(import, field,
			import_print(import, "mostly %s to %s", tree_text(min), tree_text(max)), path);
}

static void put_presence(struct import *import, const struct draft_place *field,
	const struct codec_node *feature, const char *path)
{
	double share;
	const struct codec_node *presence = protobuf_text_first(feature, "presence");
	if (presence && tree_number(protobuf_text_first(presence, "min_fraction"), &share) && share > 0)
		columns_missing(import, field, 1 - share, path);
}

/* A text where several values or no fixed number of them stand in a row. */
static const char *type_of(struct import *import, const struct codec_node *feature, bool flag)
{
	const char *type = flag ? "bool" : text_of(feature, "type");
	double most;
	const struct codec_node *count = protobuf_text_first(feature, "value_count");
	if (type && tree_number(protobuf_text_first(count, "max"), &most) && most > 1)
		return import_print(import, "list of %s", type);
	return type;
}

static void read_feature(
	struct import *import, const struct codec_node *top, const struct codec_node *feature, size_t at)
{
	const char *name = text_of(feature, "name"), *path = import_print(import, "feature[%zu]", at);
	const char *stage = text_of(feature, "lifecycle_stage");
	if (!name) {
		import_leave(import, path, "this feature has no name");
		return;
	}
	import_note(import, import_print(import, "%s.name", path), name);
	if (stage && (strcmp(stage, "DEPRECATED") == 0 || strcmp(stage, "DISABLED") == 0)) {
		import_note(import, path, stage);
		return;
	}
	/* A schema often lies in a folder of its own; it is of the training data wherever that lies. */
	const struct draft_place *field =
		columns_put(import, import_descriptor(import, KIND_TRAINING_DATA), name, path);
	const struct codec_node *flag = domain_of(top, feature, "bool_domain");
	const bool strict = is_strict(feature);
	import_text(import, field, "field_type", type_of(import, feature, flag != NULL), path);
	import_text(import, field, "field_description",
		text_of(protobuf_text_first(feature, "annotation"), "comment"), path);
	put_values(import, field, domain_of(top, feature, "string_domain"), strict, path);
	put_range(import, field, domain_of(top, feature, "int_domain"), strict, path);
	put_range(import, field, domain_of(top, feature, "float_domain"), strict, path);
	put_presence(import, field, feature, path);
}

bool tfdv_schema_read(struct import *import)
{
	static const char *const known[] = {"feature", "string_domain", "int_domain", "float_domain",
		"default_environment", "annotation", "tensor_representation_group",
		"represent_variable_length_as_ragged", NULL};
	const struct codec_node *top = protobuf_text(import);
	if (!top)
		return false;
	const struct codec_node *features = protobuf_text_all(top, "feature");
	if (tree_count(features) == 0)
		return import_refuse(
			import, NULL, "", "a schema has features: feature { name: \"…\" type: … }");
	for (size_t i = 0; i < tree_count(features); i++)
		read_feature(import, top, features->items[i], i);
	tree_leave_unknown(import, top, "", known, "this is not taken from a schema");
	return true;
}
