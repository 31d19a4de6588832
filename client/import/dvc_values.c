/* What ${…} in a pipeline of DVC stands for: the pipeline's vars, their files, and params.yaml. */
#include <string.h>

#include "base/buffer.h"
#include "import/dvc.h"
#include "import/tree.h"

const struct codec_node *dvc_parse_beside(struct import *import, const char *name)
{
	const struct import_file *file = strstr(name, "${") ? NULL : import_open_beside(import, name);
	struct fault problem = {0};
	struct import inner = *import;
	if (!file)
		return NULL;
	inner.file = file;
	inner.fault = &problem;
	const struct codec_node *top = tree_any(&inner);
	if (!top)
		import_leave(import, name, "%s", problem.message);
	return top;
}

static void add(struct dvc_values *values, const struct codec_node *node)
{
	if (node && values->count < DVC_VALUES_MAX)
		values->nodes[values->count++] = node;
}

/* "params.json" or "params.json:a,b": the names of some of its values; then the others are not asked for. */
static const struct codec_node *parse_named(struct import *import, const char *text)
{
	const size_t size = strcspn(text, ":");
	return dvc_parse_beside(import, arena_copy(import->arena, text, size));
}

struct dvc_values dvc_values(struct import *import, const struct codec_node *vars)
{
	struct dvc_values values = {0};
	for (size_t i = 0; tree_is_list(vars) && i < vars->count; i++) {
		const char *file = tree_text(vars->items[i]);
		add(&values, file ? parse_named(import, file) : vars->items[i]);
	}
	add(&values, dvc_parse_beside(import, "params.yaml"));
	return values;
}

static const char *value_of(const struct dvc_values *values, const char *name)
{
	const char *found = NULL;
	for (size_t i = 0; i < values->count && !found; i++)
		found = tree_text(tree_at(values->nodes[i], name));
	return found;
}

const char *dvc_resolve(struct import *import, const struct dvc_values *values, const char *text)
{
	struct buffer out = {0};
	while (text && *text) {
		const char *end = strncmp(text, "${", 2) == 0 ? strchr(text, '}') : NULL;
		const char *value = NULL;
		if (end) {
			char *name = arena_copy(import->arena, text + 2, (size_t)(end - text) - 2);
			value = value_of(values, name + strspn(name, " "));
		}
		if (value) {
			buffer_text(&out, value);
			text = end + 1;
		} else {
			buffer_add(&out, text++, 1);
		}
	}
	const char *kept = text ? arena_copy(import->arena, buffer_string(&out), out.size) : NULL;
	buffer_done(&out);
	return kept;
}
