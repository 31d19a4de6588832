/*
 * Reads the embedded descriptor set (cmake makes it from every published
 * .proto) into an index of names. The set is ours, so a broken one aborts.
 *
 * A file is handed out as the bytes that protoc wrote, never packed anew:
 * protobuf-c does not know every field that newer clients look at.
 */
#include "service/files.h"

#include <pthread.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "descriptor_set.h"
#include "google/protobuf/descriptor.pb-c.h"

enum {
	FILE_TAG = 1 << 3 | 2, /* FileDescriptorSet.file, length-delimited */
};

typedef Google__Protobuf__FileDescriptorProto file_proto;
typedef Google__Protobuf__DescriptorProto message_proto;
typedef Google__Protobuf__EnumDescriptorProto enum_proto;
typedef Google__Protobuf__ServiceDescriptorProto service_proto;

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Written once, then only read. */
static struct files files;
static struct arena *arena;
static struct map names;   /* struct files_file, by name */
static struct map symbols; /* struct files_file, by full name */

static size_t place_of(const struct files_file *file)
{
	return file ? (size_t)(file - files.list) : SIZE_MAX;
}

/* Joins a scope and a name; a method's dot is the same as a message's. */
static const char *declare(struct files_file *file, const char *scope, const char *name)
{
	const char *full = scope[0] ? arena_print(arena, "%s.%s", scope, name) : arena_text(arena, name);
	map_put(&symbols, full, file);
	return full;
}

/* An enum's values live beside it, not in it. */
static void declare_enum(struct files_file *file, const char *scope, const enum_proto *type)
{
	declare(file, scope, type->name);
	for (size_t i = 0; i < type->n_value; i++)
		declare(file, scope, type->value[i]->name);
}

static void declare_message(struct files_file *file, const char *scope, const message_proto *type)
{
	const char *full = declare(file, scope, type->name);
	for (size_t i = 0; i < type->n_nested_type; i++)
		declare_message(file, full, type->nested_type[i]);
	for (size_t i = 0; i < type->n_enum_type; i++)
		declare_enum(file, full, type->enum_type[i]);
}

static void declare_service(struct files_file *file, const char *scope, const service_proto *type)
{
	const char *full = declare(file, scope, type->name);
	files.services[files.service_count++] = full;
	for (size_t i = 0; i < type->n_method; i++)
		declare(file, full, type->method[i]->name);
}

static void add_imports(struct files_file *file, const file_proto *proto)
{
	file->imports = arena_array(arena, proto->n_dependency, sizeof(*file->imports));
	for (size_t i = 0; i < proto->n_dependency; i++) {
		size_t place = place_of(map_get(&names, proto->dependency[i]));
		if (place == SIZE_MAX)
			abort(); /* protoc writes imports first */
		file->imports[file->import_count++] = place;
	}
}

static void add_symbols(struct files_file *file, const file_proto *proto)
{
	const char *package = proto->package ? proto->package : "";
	for (size_t i = 0; i < proto->n_message_type; i++)
		declare_message(file, package, proto->message_type[i]);
	for (size_t i = 0; i < proto->n_enum_type; i++)
		declare_enum(file, package, proto->enum_type[i]);
	files.services =
		realloc(files.services, (files.service_count + proto->n_service + 1) * sizeof(char *));
	if (!files.services)
		abort();
	for (size_t i = 0; i < proto->n_service; i++)
		declare_service(file, package, proto->service[i]);
}

/* Takes the next file off the set. @return false at the end */
static bool next_file(const uint8_t **at, const uint8_t *end, ProtobufCBinaryData *bytes)
{
	if (*at == end)
		return false;
	if (*(*at)++ != FILE_TAG)
		abort();
	size_t size = 0;
	for (unsigned shift = 0;; shift += 7) {
		uint8_t byte = *(*at)++;
		size |= (size_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			break;
	}
	*bytes = (ProtobufCBinaryData){.len = size, .data = (uint8_t *)(uintptr_t)*at};
	*at += size;
	if (*at > end)
		abort();
	return true;
}

static void read_all(void)
{
	const uint8_t *at = embedded_files[0].bytes;
	const uint8_t *end = at + embedded_files[0].size;
	ProtobufCBinaryData bytes;
	size_t count = 0;
	while (next_file(&at, end, &bytes))
		count++;
	arena = arena_new();
	files.list = arena_array(arena, count, sizeof(*files.list));
	at = embedded_files[0].bytes;
	while (next_file(&at, end, &bytes)) {
		file_proto *proto =
			google__protobuf__file_descriptor_proto__unpack(NULL, bytes.len, bytes.data);
		if (!proto)
			abort();
		struct files_file *file = &files.list[files.count++];
		file->name = arena_text(arena, proto->name);
		file->bytes = bytes;
		add_imports(file, proto);
		add_symbols(file, proto);
		map_put(&names, file->name, file);
		google__protobuf__file_descriptor_proto__free_unpacked(proto, NULL);
	}
}

const struct files *files_get(void)
{
	pthread_once(&once, read_all);
	return &files;
}

size_t files_named(const char *name)
{
	files_get();
	return place_of(map_get(&names, name));
}

size_t files_declaring(const char *symbol)
{
	files_get();
	return place_of(map_get(&symbols, symbol));
}
