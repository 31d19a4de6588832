/* From version rows to messages. */
#include "service/descriptors.h"

#include "model/message.h"

Tally__V1__Descriptor *descriptors_of_row(
	struct arena *arena, const char *system, const struct store_version *version)
{
	const Tally__V1__Descriptor *content = NULL;
	if (version->body) {
		content = model_message_unpack(
			arena, &tally__v1__descriptor__descriptor, version->body, version->body_size);
		if (!content)
			return NULL;
	}
	Tally__V1__Descriptor *message =
		model_descriptor_message_of(arena, system, &version->version, content);
	message->deleted = version->deleted;
	return message;
}

struct model_versions descriptors_versions(
	struct arena *arena, const struct store_version *rows, size_t count)
{
	const struct model_version **items = arena_array(arena, count, sizeof(const struct model_version *));
	for (size_t i = 0; i < count; i++)
		items[i] = &rows[i].version;
	return (struct model_versions){items, count, NULL};
}
