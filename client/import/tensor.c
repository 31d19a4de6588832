/* Puts tensors into lists of items. */
#include "import/tensor.h"

void tensor_dimension(struct tensor *tensor, int64_t size, const char *name)
{
	if (tensor->count == TENSOR_DIMENSIONS_MAX)
		return;
	tensor->sizes[tensor->count] = size < 0 ? -1 : size;
	tensor->names[tensor->count++] = name && *name ? name : NULL;
}

const char *tensor_shape(struct import *import, const struct tensor *tensor)
{
	const char *text = "";
	for (size_t i = 0; i < tensor->count; i++) {
		const char *separator = i ? ", " : "";
		if (tensor->names[i])
			text = import_print(import, "%s%s%s", text, separator, tensor->names[i]);
		else if (tensor->sizes[i] < 0)
			text = import_print(import, "%s%s?", text, separator);
		else
			text = import_print(import, "%s%s%lld", text, separator, (long long)tensor->sizes[i]);
	}
	return text;
}

void tensor_put(struct import *import, const struct draft_place *at, const char *list,
	const struct tensor *tensor, const char *path)
{
	const struct draft_place *item = import_named(import, at, list, "item_name", tensor->name, path);
	const struct draft_place *specification = import_part(import, item, "item_specification");
	bool named = false;
	import_text(import, item, "item_description", tensor->description, path);
	import_text(import, item, "item_type", tensor->type, path);
	for (size_t i = 0; i < tensor->count && !tensor->unranked; i++) {
		import_add_integer(import, specification, "shape", tensor->sizes[i], path);
		named |= tensor->names[i] != NULL;
	}
	if (named)
		import_text(import, specification, "other_value",
			import_print(import, "dimensions %s", tensor_shape(import, tensor)), path);
}
