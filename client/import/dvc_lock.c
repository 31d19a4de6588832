/*
 * What DVC's pipelines ran with (dvc.lock), and its pointers to data (*.dvc).
 * The digests tell versions: those that the training stage was run with become
 * the model's training data version, those that the stages before it wrote the
 * training data's own. What a digest is of is not read: the data need not be
 * here.
 */
#include "import/dvc.h"

#include <string.h>

#include "base/map.h"
#include "import/columns.h"
#include "import/tree.h"

static const char leaked[] = "the test data has the digest of the training data, %s";

/* A file or folder of a lock or a pointer. */
struct output {
	const char *path;    /* from the project's top */
	const char *version; /* md5:…; NULL: not known */
	const char *where;   /* in this file */
};

static struct output output_of(struct import *import, const struct codec_node *node, const char *where)
{
	static const char *const keys[] = {"md5", "etag", "checksum", "version_id", "rev_lock", NULL};
	struct output output = {.where = where};
	const char *path = tree_text(tree_get(node, "path"));
	output.path = path ? dvc_place(import, path) : NULL;
	for (size_t i = 0; keys[i] && !output.version; i++)
		if (tree_text(tree_get(node, keys[i])))
			output.version =
				import_print(import, "%s:%s", keys[i], tree_text(tree_get(node, keys[i])));
	if (output.path)
		import_note(import, import_print(import, "%s.path", where), path);
	import_note(import, import_print(import, "%s.version", where), output.version);
	return output;
}

/* What is known of all stages of a lock. */
struct locked {
	struct map written; /* path -> struct output that a stage wrote */
	struct output training, test, raw, model;
	struct output written_test; /* that a stage wrote, whoever reads it */
};

/* What data a path is of, by the name of the file itself. */
static enum model_kind kind_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return columns_kind(slash ? slash + 1 : path);
}

static void look_at_outputs(struct import *import, struct locked *locked, const struct codec_node *stages)
{
	for (size_t i = 0; i < tree_count(stages); i++) {
		const struct codec_node *outs = tree_get(stages->items[i], "outs");
		for (size_t j = 0; j < tree_count(outs); j++) {
			struct output *output = arena_alloc(import->arena, sizeof(*output));
			*output = output_of(import, outs->items[j],
				import_print(import, "stages.%s.outs[%zu]", stages->keys[i]->text, j));
			if (!output->path)
				continue;
			map_put(&locked->written, output->path, output);
			if (kind_of(output->path) == KIND_TRAINED_MODEL && !dvc_is_model(output->path) &&
				!locked->written_test.path)
				locked->written_test = *output;
		}
	}
}

/* The data that the model was trained on: what is called so, else the first that is no code. */
static void look_at_training(
	struct import *import, struct locked *locked, const char *name, const struct codec_node *stage)
{
	const struct codec_node *deps = tree_get(stage, "deps"), *outs = tree_get(stage, "outs");
	for (size_t i = 0; i < tree_count(deps); i++) {
		const struct output dep = output_of(
			import, deps->items[i], import_print(import, "stages.%s.deps[%zu]", name, i));
		if (!dep.path || dvc_is_code(dep.path) || kind_of(dep.path) == KIND_TRAINED_MODEL)
			continue;
		if (!locked->training.path ||
			(columns_kind(dep.path) == KIND_TRAINING_DATA &&
				columns_kind(locked->training.path) != KIND_TRAINING_DATA))
			locked->training = dep;
	}
	for (size_t i = 0; i < tree_count(outs); i++) {
		const char *path = tree_text(tree_get(outs->items[i], "path"));
		if (path && dvc_is_model(path) && !locked->model.path)
			locked->model = output_of(
				import, outs->items[i], import_print(import, "stages.%s.outs[%zu]", name, i));
	}
}

/* Data that no stage wrote came from outside. */
static void look_at_sources(
	struct import *import, struct locked *locked, const char *name, const struct codec_node *stage)
{
	const struct codec_node *deps = tree_get(stage, "deps");
	for (size_t i = 0; i < tree_count(deps); i++) {
		const char *where = import_print(import, "stages.%s.deps[%zu]", name, i);
		const struct output dep = output_of(import, deps->items[i], where);
		if (!dep.path || dvc_is_code(dep.path) || map_get(&locked->written, dep.path))
			continue;
		if (locked->raw.path && strcmp(locked->raw.path, dep.path) != 0)
			import_leave(import, where,
				"one source of raw data is taken, %s; this is another one", locked->raw.path);
		else
			locked->raw = dep;
	}
}

static void look_at_tests(
	struct import *import, struct locked *locked, const char *name, const struct codec_node *stage)
{
	const struct codec_node *deps = tree_get(stage, "deps");
	for (size_t i = 0; i < tree_count(deps); i++) {
		const struct output dep = output_of(
			import, deps->items[i], import_print(import, "stages.%s.deps[%zu]", name, i));
		if (dep.path && !dvc_is_code(dep.path) && !dvc_is_model(dep.path) && !locked->test.path)
			locked->test = dep;
	}
}

static void look_at_stages(struct import *import, struct locked *locked, const struct codec_node *stages)
{
	for (size_t i = 0; i < tree_count(stages); i++) {
		const char *name = stages->keys[i]->text;
		const struct codec_node *stage = stages->items[i];
		switch (dvc_work(import, name, stage)) {
		case DVC_PREPARE: look_at_sources(import, locked, name, stage); break;
		case DVC_TRAIN: look_at_training(import, locked, name, stage); break;
		case DVC_EVALUATE: look_at_tests(import, locked, name, stage); break;
		}
	}
}

static void put_locked(struct import *import, const struct locked *locked)
{
	const struct draft_place *model = import_descriptor(import, KIND_TRAINED_MODEL);
	const struct draft_place *data = import_descriptor(import, KIND_TRAINING_DATA);
	const struct output *training = &locked->training, *test = &locked->test, *raw = &locked->raw;
	const struct output *written = training->path ? map_get(&locked->written, training->path) : NULL;
	import_text(import, model, "training_data_identifier", training->path, training->where);
	import_text(import, model, "training_data_version", training->version, training->where);
	import_text(import, model, "artifact", locked->model.path, locked->model.where);
	import_text(import, import_part(import, model, "test_dataset"), "file", test->path, test->where);
	/* A lock that is half run has two digests of one file: what was written, and what was trained on. */
	import_text(import, data, "dataset_identifier", written ? written->path : training->path,
		written ? written->where : training->where);
	import_text(import, data, "dataset_version", written ? written->version : NULL,
		written ? written->where : training->where);
	import->strength = DRAFT_WEAK;
	if (!written)
		import_text(import, data, "dataset_version", training->version, training->where);
	import_text(import, model, "model_version", locked->model.version, locked->model.where);
	if (raw->path) {
		const struct draft_place *source = import_descriptor(import, KIND_RAW_DATA);
		import_text(import, source, "dataset_identifier", raw->path, raw->where);
		import_text(import, source, "dataset_version", raw->version, raw->where);
	}
	import->strength = DRAFT_FIRM;
	import_text(import, data, "raw_data_identifier", raw->path, raw->where);
	import_text(import, data, "raw_data_version", raw->version, raw->where);
	if (!test->path)
		test = &locked->written_test;
	if (training->version && test->version && strcmp(training->version, test->version) == 0)
		import_warn(import, test->where, leaked, training->version);
}

bool dvc_read_lock(struct import *import, const struct codec_node *stages)
{
	struct locked locked = {0};
	look_at_outputs(import, &locked, stages);
	look_at_stages(import, &locked, stages);
	put_locked(import, &locked);
	for (size_t i = 0; i < tree_count(stages); i++) {
		const char *name = stages->keys[i]->text;
		const struct codec_node *files = tree_get(stages->items[i], "params");
		for (size_t j = 0; tree_is_mapping(files) && j < files->count; j++)
			if (dvc_work(import, name, stages->items[i]) == DVC_TRAIN &&
				tree_is_mapping(files->items[j]))
				for (size_t k = 0; k < files->items[j]->count; k++)
					dvc_parameters(import, import_descriptor(import, KIND_TRAINED_MODEL),
						files->items[j]->keys[k]->text, files->items[j]->items[k],
						import_print(import, "stages.%s.params.%s.%s", name,
							files->keys[j]->text,
							files->items[j]->keys[k]->text));
	}
	map_done(&locked.written);
	return true;
}

/* ---- *.dvc ---- */

/* Pointers of one folder are one data set each, if there are several. */
static const struct draft_place *pointed(struct import *import, enum model_kind kind, const char *path)
{
	size_t count, pointers = 0;
	const char **names = import_list_beside(import, ".", &count);
	for (size_t i = 0; names && i < count; i++) {
		static const char *const ending[] = {".dvc", NULL};
		const enum model_kind other = columns_kind(names[i]);
		pointers += dvc_ends_with(names[i], ending) &&
			    (other == KIND_NONE ? KIND_RAW_DATA : other) == kind;
	}
	return pointers > 1 ? import_descriptor_of(import, kind, path) : columns_set(import, kind);
}

/* Another pointer of the folder is to training data: is it the same data? */
static void look_for_leak(struct import *import, const struct output *test)
{
	size_t count;
	const char **names = import_list_beside(import, ".", &count);
	for (size_t i = 0; names && i < count && test->version; i++) {
		static const char *const ending[] = {".dvc", NULL};
		if (!dvc_ends_with(names[i], ending) || columns_kind(names[i]) != KIND_TRAINING_DATA)
			continue;
		const struct codec_node *top = dvc_parse_beside(import, names[i]);
		const char *digest = tree_text_at(top, "outs.0.md5");
		if (digest && strcmp(import_print(import, "md5:%s", digest), test->version) == 0)
			import_warn(import, test->where, leaked, test->version);
	}
}

static void read_pointer_output(struct import *import, const struct codec_node *node, const char *where)
{
	const struct output output = output_of(import, node, where);
	if (!output.path)
		return;
	const char *slash = strrchr(output.path, '/');
	const enum model_kind told = columns_kind(slash ? slash + 1 : output.path);
	const bool model = dvc_is_model(output.path);
	if (model || told == KIND_TRAINED_MODEL) {
		const struct draft_place *at = import_descriptor(import, KIND_TRAINED_MODEL);
		const struct draft_place *tested = import_part(import, at, "test_dataset");
		import_text(import, model ? at : tested, model ? "artifact" : "file", output.path, where);
		if (!model)
			look_for_leak(import, &output);
		import->strength = DRAFT_WEAK;
		import_text(import, at, "model_version", model ? output.version : NULL, where);
		import->strength = DRAFT_FIRM;
		return;
	}
	const struct draft_place *data =
		pointed(import, told == KIND_NONE ? KIND_RAW_DATA : told, output.path);
	if (data->kind == KIND_PRODUCTION_DATA) {
		import_note(import, where, output.version);
		return;
	}
	import_text(import, data, "dataset_identifier", output.path, where);
	import_text(import, data, "dataset_version", output.version, where);
}

bool dvc_read_pointer(struct import *import, const struct codec_node *top)
{
	static const char *const known[] = {"outs", "deps", "md5", "frozen", "wdir", "meta", "desc", NULL};
	const struct codec_node *outs = tree_get(top, "outs"), *deps = tree_get(top, "deps");
	if (!tree_is_list(outs))
		return import_refuse(import, outs ? outs : top, "outs", "a list of files is expected here");
	for (size_t i = 0; i < outs->count; i++)
		read_pointer_output(import, outs->items[i], import_print(import, "outs[%zu]", i));
	for (size_t i = 0; i < tree_count(deps); i++)
		import_note(import, import_print(import, "deps[%zu].path", i),
			tree_text(tree_get(deps->items[i], "path")));
	tree_leave_unknown(import, top, "", known, "this is not known of DVC's pointers");
	return true;
}
