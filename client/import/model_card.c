/*
 * Cards of models and data sets as Hugging Face has them: the front matter of
 * a README.md. The text below it is model_card_text.c.
 */
#include <string.h>

#include "codec/number.h"
#include "import/columns.h"
#include "import/formats.h"
#include "import/model_card_text.h"
#include "import/packages.h"
#include "import/tree.h"

static const char mark[] = "\xef\xbb\xbf";

/* Where the front matter ends; 0 when there is none. @param[out] body where the text begins */
static size_t front_size(const char *text, size_t size, size_t *body)
{
	const size_t from = size >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0;
	if (size < from + 4 || memcmp(text + from, "---", 3) != 0 || !strchr("\r\n", text[from + 3]))
		return 0;
	for (size_t at = from + 3; at + 3 < size; at++) {
		if (text[at] != '\n' || memcmp(text + at + 1, "---", 3) != 0)
			continue;
		if (at + 4 < size && !strchr("\r\n", text[at + 4]))
			continue;
		*body = at + 4;
		return at + 1;
	}
	return 0;
}

bool model_card_looks(const char *head, size_t size)
{
	static const char *const keys[] = {
		"license:", "library_name:", "model-index:", "pipeline_tag:", "datasets:", "task_categories:",
		"dataset_info:", "size_categories:", "pretty_name:", "base_model:", "widget:", NULL};
	size_t body;
	const size_t front = front_size(head, size, &body);
	for (size_t i = 0; front && keys[i]; i++) {
		const char *at = memmem(head, front, keys[i], strlen(keys[i]));
		if (at && at > head && at[-1] == '\n')
			return true;
	}
	return false;
}

/* ---- what both have ---- */

/* One value or a list. */
static void note_each(struct import *import, const struct codec_node *node, const char *path)
{
	if (tree_text(node))
		import_note(import, path, tree_text(node));
	for (size_t i = 0; tree_is_list(node) && i < node->count; i++)
		import_note(import, import_print(import, "%s[%zu]", path, i), tree_text(node->items[i]));
}

static const char *joined(struct import *import, const struct codec_node *node)
{
	const char *text = "";
	if (!tree_is_list(node))
		return tree_text(node);
	for (size_t i = 0; i < node->count; i++)
		if (tree_text(node->items[i]))
			text = import_print(
				import, "%s%s%s", text, *text ? ", " : "", tree_text(node->items[i]));
	return text;
}

static void note_keys(struct import *import, const struct codec_node *top, const char *const *keys)
{
	for (; *keys; keys++)
		note_each(import, tree_get(top, *keys), *keys);
}

/* ---- models ---- */

/* Tasks of Hugging Face, by what their names end in or hold, and the SEI's kinds of problem. */
static const struct {
	const char *part, *problem;
} problems[] = {
	{"classification", "Classification"},
	{"segmentation", "Detection"},
	{"detection", "Detection"},
	{"summarization", "Summarization"},
	{"forecasting", "Forecasting"},
	{"clustering", "Clustering"},
	{"text-generation", "Content Generation"},
	{"text2text", "Content Generation"},
	{"text-to-", "Content Generation"},
	{"image-to-", "Content Generation"},
	{"translation", "Content Generation"},
};

static bool put_problem(struct import *import, const char *task, bool sure, const char *path)
{
	const char *problem = NULL;
	for (size_t i = 0; i < sizeof(problems) / sizeof(problems[0]) && !problem; i++)
		if (strstr(task, problems[i].part))
			problem = problems[i].problem;
	if (!problem && !sure)
		return false;
	const struct draft_place *at =
		import_part(import, import_descriptor(import, KIND_SYSTEM_CONTEXT), "ml_problem_type");
	import_text(import, at, "ml_problem", problem ? problem : "Other", path);
	if (!problem)
		import_text(import, at, "other_problem", task, path);
	return true;
}

static void read_tags(struct import *import, const struct draft_place *model, const struct codec_node *top)
{
	const char *library = tree_text(tree_get(top, "library_name"));
	const char *task = tree_text(tree_get(top, "pipeline_tag"));
	const struct codec_node *tags = tree_get(top, "tags");
	const char *framework = library ? requirement_framework(library) : NULL;
	import_add(import, model, "ml_frameworks", framework ? framework : library, "library_name");
	bool told = task && put_problem(import, task, true, "pipeline_tag");
	for (size_t i = 0; tree_is_list(tags) && i < tags->count; i++) {
		const char *tag = tree_text(tags->items[i]);
		const char *path = import_print(import, "tags[%zu]", i);
		if (!tag)
			continue;
		framework = requirement_framework(strcmp(tag, "pytorch") == 0 ? "torch" : tag);
		import_add(import, model, "ml_frameworks", framework, path);
		told = told || put_problem(import, tag, false, path);
		import_note(import, path, tag);
	}
}

/* The first data set is the one that it was trained on; a card may name more. */
static void read_datasets(
	struct import *import, const struct draft_place *model, const struct codec_node *list)
{
	const char *first = tree_is_list(list) && list->count ? tree_text(list->items[0]) : tree_text(list);
	import->strength = DRAFT_WEAK;
	import_text(import, model, "training_data_identifier", first,
		tree_is_list(list) ? "datasets[0]" : "datasets");
	import->strength = DRAFT_FIRM;
	for (size_t i = 1; tree_is_list(list) && i < list->count; i++)
		import_leave(import, import_print(import, "datasets[%zu]", i),
			"a model has one set of training data here, and that is %s", first ? first : "none");
}

static bool number_of(const struct codec_node *node, double *value)
{
	return tree_text(node) && number_double(tree_text(node), value) == NUMBER_OK;
}

/* One result of the index: several metrics on one data set. Of a metric the first result is taken. */
static void read_result(struct import *import, const struct draft_place *model,
	const struct codec_node *result, const char *path)
{
	const struct codec_node *metrics = tree_get(result, "metrics");
	const char *dataset = tree_text(tree_at(result, "dataset.name"));
	if (!tree_is_mapping(tree_get(result, "dataset"))) {
		import_leave(import, path, "a result without its data set says nothing");
		return;
	}
	if (!dataset)
		dataset = tree_text(tree_at(result, "dataset.type"));
	for (size_t i = 0; tree_is_list(metrics) && i < metrics->count; i++) {
		const char *type = tree_text(tree_get(metrics->items[i], "type"));
		const char *here = import_print(import, "%s.metrics[%zu]", path, i);
		double value;
		if (!type)
			type = tree_text(tree_get(metrics->items[i], "name"));
		if (type && number_of(tree_get(metrics->items[i], "value"), &value))
			packages_metric(import, model, "evaluation_metrics", type, value, here);
		else
			import_leave(import, here, "a metric has a type and a number");
	}
	import_note(import, import_print(import, "%s.dataset", path), dataset);
}

static bool same_dataset(const struct codec_node *a, const struct codec_node *b)
{
	const char *left = tree_text(tree_at(a, "dataset.name")),
		   *right = tree_text(tree_at(b, "dataset.name"));
	return left && right && strcmp(left, right) == 0;
}

static void read_index(struct import *import, const struct draft_place *model, const struct codec_node *index)
{
	const struct codec_node *entry = tree_is_list(index) && index->count ? index->items[0] : NULL;
	const struct codec_node *results = tree_get(entry, "results");
	import_text(import, model, "model_name", tree_text(tree_get(entry, "name")), "model-index[0].name");
	for (size_t i = 1; tree_is_list(index) && i < index->count; i++)
		import_leave(
			import, import_print(import, "model-index[%zu]", i), "only the first model is taken");
	for (size_t i = 0; tree_is_list(results) && i < results->count; i++) {
		const char *path = import_print(import, "model-index[0].results[%zu]", i);
		if (i == 0 || same_dataset(results->items[0], results->items[i]))
			read_result(import, model, results->items[i], path);
		else
			import_leave(
				import, path, "results on another data set than the first one are not taken");
	}
	if (tree_is_list(results) && results->count)
		import_text(import, import_part(import, model, "evaluation_dataset"), "name",
			tree_text(tree_at(results->items[0], "dataset.name")),
			"model-index[0].results[0].dataset.name");
}

/* What an example's values look like. @param[out] gaps is one of them null? */
static const char *type_of_values(const struct codec_node *values, bool *gaps)
{
	const char *type = NULL;
	double number;
	int64_t whole;
	*gaps = false;
	for (size_t i = 0; tree_is_list(values) && i < values->count; i++) {
		const struct codec_node *value = values->items[i];
		if (value->type == CODEC_NULL || (tree_number(value, &number) && number != number))
			*gaps = true;
		else if (!tree_number(value, &number))
			return "string";
		else if (!tree_integer(value, &whole) || strpbrk(value->text, ".eE"))
			type = "float";
		else
			type = type ? type : "integer";
	}
	return type;
}

/* Examples of texts and images say nothing of types. */
static void note_examples(struct import *import, const struct codec_node *widget)
{
	static const char *const keys[] = {"text", "src", "context", "example_title"};
	for (size_t i = 0; tree_is_list(widget) && i < widget->count; i++)
		for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++)
			import_note(import, import_print(import, "widget[%zu].%s", i, keys[k]),
				tree_text(tree_get(widget->items[i], keys[k])));
}

static void read_widget(
	struct import *import, const struct draft_place *model, const struct codec_node *widget)
{
	const struct codec_node *example = tree_is_list(widget) && widget->count ? widget->items[0] : widget;
	const struct codec_node *columns = tree_get(example, "structuredData");
	const char *path = tree_is_list(widget) ? "widget[0].structuredData" : "widget.structuredData";
	import->strength = DRAFT_WEAK; /* an example is no signature */
	for (size_t i = 0; tree_is_mapping(columns) && i < columns->count; i++) {
		bool gaps;
		const char *name = columns->keys[i]->text, *here = import_print(import, "%s.%s", path, name);
		const char *type = type_of_values(columns->items[i], &gaps);
		const struct draft_place *item =
			import_named(import, model, "input_signature", "item_name", name, here);
		import_text(import, item, "item_type", type, here);
		if (gaps)
			import_flag(import, import_part(import, item, "item_specification"), "optional_value",
				true, here);
	}
	import->strength = DRAFT_FIRM;
}

static void read_model(struct import *import, const struct codec_node *top)
{
	static const char *const notes[] = {"language", "license", "license_name", "base_model", "metrics",
		"co2_eq_emissions", "base_model_relation", NULL};
	static const char *const known[] = {"language", "license", "license_name", "license_link",
		"base_model", "metrics", "co2_eq_emissions", "base_model_relation", "library_name", "tags",
		"datasets", "model-index", "pipeline_tag", "widget", "thumbnail", "inference", "new_version",
		"extra_gated_prompt", "extra_gated_fields", "extra_gated_heading",
		"extra_gated_button_content", "extra_gated_description", "mask_token", "arxiv", "model_name",
		"model_format", "model_file", "quantized_by", "developers", "author", "authors", "title",
		"emoji", "colorFrom", "colorTo", "sdk", NULL};
	const struct draft_place *model = import_descriptor(import, KIND_TRAINED_MODEL);
	read_tags(import, model, top);
	read_datasets(import, model, tree_get(top, "datasets"));
	read_index(import, model, tree_get(top, "model-index"));
	read_widget(import, model, tree_get(top, "widget"));
	note_examples(import, tree_get(top, "widget"));
	import_text(import, model, "serialization", tree_text(tree_get(top, "model_format")), "model_format");
	import_text(import, model, "artifact", tree_text(tree_get(top, "model_file")), "model_file");
	note_keys(import, top, notes);
	tree_leave_unknown(import, top, "", known, "this is not known of model cards");
}

/* ---- data sets ---- */

/* The names of labels stand under their numbers. */
static void read_labels(struct import *import, const struct draft_place *column,
	const struct codec_node *names, const char *path)
{
	struct codec_node list = {.type = CODEC_SEQUENCE, .text = "", .items = NULL};
	if (tree_is_list(names) || tree_is_mapping(names)) {
		list.items = names->items;
		list.count = names->count;
	}
	columns_allow(import, column, &list, path);
	import_text(import, column, "field_type", "class label", path);
}

static void read_feature(struct import *import, const struct draft_place *data,
	const struct codec_node *feature, const char *path)
{
	const char *name = tree_text(tree_get(feature, "name"));
	const struct codec_node *type = tree_get(feature, "dtype");
	const struct codec_node *inner = tree_get(feature, "sequence");
	if (!inner)
		inner = tree_get(feature, "list");
	if (!name) {
		import_leave(import, path, "a feature has its name here");
		return;
	}
	const struct draft_place *column = columns_put(import, data, name, path);
	const char *here = import_print(import, "%s.dtype", path);
	if (tree_get(type, "class_label"))
		read_labels(import, column, tree_at(type, "class_label.names"), here);
	else if (tree_text(type))
		import_text(import, column, "field_type", tree_text(type), here);
	else if (inner)
		import_text(import, column, "field_type",
			import_print(import, "list(%s)", tree_text(inner) ? tree_text(inner) : "…"),
			import_print(
				import, "%s.%s", path, tree_get(feature, "sequence") ? "sequence" : "list"));
	else
		import_leave(import, path, "the fields inside a feature are not taken");
}

static void read_splits(struct import *import, const struct draft_place *data,
	const struct codec_node *splits, const char *path)
{
	int64_t rows, all = 0;
	for (size_t i = 0; tree_is_list(splits) && i < splits->count; i++) {
		const char *here = import_print(import, "%s[%zu].num_examples", path, i);
		if (!tree_integer(tree_get(splits->items[i], "num_examples"), &rows) || rows < 0 ||
			__builtin_add_overflow(all, rows, &all)) {
			import_leave(import, here, "a number of rows is expected here");
			return;
		}
		import_note(import, here, tree_text(tree_get(splits->items[i], "num_examples")));
	}
	if (tree_count(splits))
		import_integer(import, data, "number_of_instances", all, path);
}

static void read_info(struct import *import, const struct draft_place *data, const struct codec_node *info,
	const char *path)
{
	const struct codec_node *features = tree_get(info, "features");
	for (size_t i = 0; tree_is_list(features) && i < features->count; i++)
		read_feature(
			import, data, features->items[i], import_print(import, "%s.features[%zu]", path, i));
	read_splits(import, data, tree_get(info, "splits"), import_print(import, "%s.splits", path));
}

static const struct draft_place *read_data(struct import *import, const struct codec_node *top)
{
	static const char *const notes[] = {"language", "annotations_creators", "language_creators",
		"multilinguality", "size_categories", "source_datasets", "task_categories", "task_ids",
		"tags", NULL};
	static const char *const known[] = {"language", "annotations_creators", "language_creators",
		"multilinguality", "size_categories", "source_datasets", "task_categories", "task_ids",
		"tags", "license", "license_name", "license_link", "pretty_name", "dataset_info", "configs",
		"viewer", "paperswithcode_id", "train-eval-index", "config_names", "extra_gated_prompt",
		"extra_gated_fields", "extra_gated_heading", "arxiv", "thumbnail", NULL};
	const struct codec_node *info = tree_get(top, "dataset_info");
	const struct draft_place *data = columns_set(import, KIND_RAW_DATA);
	import_text(import, data, "dataset_name", tree_text(tree_get(top, "pretty_name")), "pretty_name");
	import_text(import, data, "data_rights", joined(import, tree_get(top, "license")), "license");
	if (tree_is_mapping(info))
		read_info(import, data, info, "dataset_info");
	for (size_t i = 0; tree_is_list(info) && i < info->count; i++) {
		const char *name = tree_text(tree_get(info->items[i], "config_name"));
		const struct draft_place *at =
			name && info->count > 1 ? import_descriptor_of(import, KIND_RAW_DATA, name) : data;
		read_info(import, at, info->items[i], import_print(import, "dataset_info[%zu]", i));
	}
	note_keys(import, top, notes);
	tree_leave_unknown(import, top, "", known, "this is not known of cards of data sets");
	return data;
}

/* Keys that only cards of data sets have. */
static bool is_data(const struct codec_node *top)
{
	static const char *const keys[] = {"task_categories", "dataset_info", "size_categories",
		"annotations_creators", "pretty_name", "source_datasets", "multilinguality", NULL};
	for (size_t i = 0; keys[i]; i++)
		if (tree_get(top, keys[i]))
			return true;
	return false;
}

bool model_card_read(struct import *import)
{
	size_t body = 0;
	const char *bytes = import->file->bytes;
	const size_t size = bytes ? front_size(bytes, import->file->size, &body) : 0;
	if (!size)
		return import_refuse_line(import, 1,
			"a card begins with its front matter between two lines of ---, and there is none: only that "
			"is read");
	if (memmem(bytes, size, "{{", 2))
		return import_refuse(import, NULL, "",
			"this is a template ({{ … }}) of a card: fill it in first, e.g. with huggingface_hub");
	struct import_file front = *import->file;
	struct import inner = *import;
	front.size = size;
	inner.file = &front;
	const struct codec_node *top = tree_yaml_one(&inner);
	if (!top)
		return false;
	if (!tree_is_mapping(top))
		return import_refuse(
			import, top, "", "the front matter must be a mapping, such as license: mit");
	const bool data = is_data(top);
	const struct draft_place *at = data ? read_data(import, top) : NULL;
	if (!data)
		read_model(import, top);
	model_card_text(import, at, bytes + body, import->file->size - body);
	return true;
}
