/* Runs of MLflow as its file store keeps them: meta.yaml, and the folders params and metrics beside it. */
#include <string.h>

#include "codec/number.h"
#include "import/formats.h"
#include "import/lines.h"
#include "import/packages.h"
#include "import/tree.h"

bool mlflow_run_looks(const char *head, size_t size)
{
	return memmem(head, size, "run_id", 6) || memmem(head, size, "model_id", 8);
}

/* The last line of a small text file. @return NULL when it cannot be read */
static const char *last_line(struct import *import, const char *name)
{
	const struct import_file *file = import_open_beside(import, name);
	struct lines lines;
	const char *line = NULL, *last = NULL;
	struct import inner = *import;
	struct fault ignored;
	inner.file = file;
	inner.fault = &ignored;
	if (!file || !lines_start(&lines, &inner))
		return NULL;
	while ((line = lines_next(&lines)))
		if (*lines_trim(import->arena, line))
			last = line;
	return last ? lines_trim(import->arena, last) : NULL;
}

static void read_parameters(struct import *import, const struct draft_place *model)
{
	size_t count;
	const char **names = import_list_beside(import, "params", &count);
	for (size_t i = 0; names && i < count; i++) {
		const char *path = import_print(import, "params/%s", names[i]);
		packages_parameter(import, model, names[i], last_line(import, path), path);
	}
}

/* Each line is time, value, step; the last one is the newest. MLflow 3 puts more words behind. */
static void read_metrics(struct import *import, const struct draft_place *model)
{
	size_t count;
	const char **names = import_list_beside(import, "metrics", &count);
	for (size_t i = 0; names && i < count; i++) {
		const char *path = import_print(import, "metrics/%s", names[i]);
		const char *line = last_line(import, path);
		double value;
		if (!line || !strchr(line, ' '))
			continue;
		const char *text = strchr(line, ' ') + 1;
		text = arena_copy(import->arena, text, strcspn(text, " "));
		if (number_double(text, &value) == NUMBER_OK)
			packages_metric(import, model, "evaluation_metrics", names[i], value, path);
		else
			import_leave(import, path, "\"%s\" is no number that can be kept", text);
	}
}

bool mlflow_run_read(struct import *import)
{
	const struct codec_node *top = tree_yaml_one(import);
	if (!top)
		return false;
	const char *run = tree_text(tree_get(top, "run_id")),
		   *model_id = tree_text(tree_get(top, "model_id"));
	if (!run && !model_id)
		return import_refuse(import, top, "run_id", "a run of MLflow has its id here");
	const struct draft_place *model = import_descriptor(import, KIND_TRAINED_MODEL);
	import_note(import, "run_id", run);
	/* What the model calls itself counts more. */
	import->strength = DRAFT_WEAK;
	import_text(import, model, "model_name", tree_text(tree_get(top, "run_name")), "run_name");
	import->strength = DRAFT_FIRM;
	/* A model of MLflow 3 has its own id, which its MLmodel says too. */
	if (!import->part)
		import_text(import, model, "model_version", model_id ? model_id : run,
			model_id ? "model_id" : "run_id");
	read_parameters(import, model);
	read_metrics(import, model);
	return true;
}
