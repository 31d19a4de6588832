/* Documents to YAML and JSON. */
#include "document/document.h"

#include "codec/codec.h"
#include "document/document_words.h"
#include "model/descriptor.h"

static json_t *metadata_json(const char *system, const char *name, const Tally__V1__Descriptor *descriptor)
{
	json_t *metadata = json_object();
	if (system[0])
		json_object_set_new(metadata, "system", json_string(system));
	json_object_set_new(metadata, "name", json_string(name));
	json_t *fields = codec_json(&descriptor->base);
	json_t *team = json_object_get(fields, "owner_team");
	json_t *sources = json_object_get(fields, "sources");
	if (team)
		json_object_set(metadata, "ownerTeam", team);
	if (sources)
		json_object_set(metadata, "sources", sources);
	json_decref(fields);
	return metadata;
}

json_t *document_json(const char *system, const char *name, const Tally__V1__Descriptor *descriptor)
{
	enum model_kind kind = model_message_kind(descriptor);
	json_t *document = json_object();
	json_object_set_new(document, "apiVersion", json_string(DOCUMENT_API_VERSION));
	if (kind != KIND_NONE)
		json_object_set_new(document, "kind", json_string(model_kind_info(kind)->document));
	json_object_set_new(document, "metadata", metadata_json(system, name, descriptor));
	if (kind == KIND_NONE)
		return document;
	const ProtobufCFieldDescriptor *field =
		protobuf_c_message_descriptor_get_field(descriptor->base.descriptor, descriptor->spec_case);
	const ProtobufCMessage *spec =
		*(ProtobufCMessage *const *)(const void *)((const char *)descriptor + field->offset);
	json_object_set_new(document, "spec", codec_json(spec));
	return document;
}

void document_print_yaml(
	struct buffer *out, const char *system, const char *name, const Tally__V1__Descriptor *descriptor)
{
	json_t *document = document_json(system, name, descriptor);
	buffer_text(out, "---\n");
	codec_print_yaml(document, out);
	json_decref(document);
}
