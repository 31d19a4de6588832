/*
 * Croissant: a data set's page in JSON-LD, of versions 0.8 to 1.1. Keys are
 * known by their local names ("cr:field" is field), which is what all tools
 * write; contexts are not expanded. A record set that only lists what a field
 * may be becomes that field's allowed values.
 */
#include <string.h>

#include "base/map.h"
#include "codec/base64.h"
#include "import/columns.h"
#include "import/formats.h"
#include "import/tree.h"

bool croissant_looks(const char *head, size_t size)
{
	return memmem(head, size, "@context", 8) &&
	       (memmem(head, size, "mlcommons.org", 13) || memmem(head, size, "recordSet", 9));
}

/* The record sets of a file, and what they are told apart by. */
struct sets {
	struct map by_id; /* -> node of the record set */
	const struct codec_node *list;
	size_t tables; /* of them: no enumerations */
};

static const char *local(const char *key)
{
	const char *colon = strrchr(key, ':');
	return colon ? colon + 1 : key;
}

/* A key's value, whatever prefix it has. */
static const struct codec_node *get(const struct codec_node *node, const char *key)
{
	for (size_t i = 0; tree_is_mapping(node) && i < node->count; i++)
		if (strcmp(local(node->keys[i]->text), key) == 0 && node->items[i]->type != CODEC_NULL)
			return node->items[i];
	return NULL;
}

/* One text of several languages: English, else the first one; the first of a list. */
static const char *text_of(const struct codec_node *node)
{
	if (tree_is_list(node))
		return node->count ? text_of(node->items[0]) : NULL;
	if (!tree_is_mapping(node))
		return tree_text(node);
	static const char *const keys[] = {"@value", "en", "@id", "url", "name"};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (tree_text(tree_get(node, keys[i])))
			return tree_text(tree_get(node, keys[i]));
	for (size_t i = 0; i < node->count; i++)
		if (node->keys[i]->text[0] != '@' && tree_text(node->items[i]))
			return tree_text(node->items[i]);
	return NULL;
}

/* Before 1.0 names were what things are called by. */
static const char *id_of(const struct codec_node *node)
{
	const char *id = tree_text(tree_get(node, "@id"));
	return id ? id : text_of(get(node, "name"));
}

static const char *path_to(struct import *import, const char *list, size_t at, const char *key)
{
	return import_print(import, "%s[%zu]%s%s", list, at, *key ? "." : "", key);
}

/* Each of one value or a list, so that facts tell them apart. */
static void note_each(struct import *import, const struct codec_node *node, const char *path)
{
	if (!tree_is_list(node)) {
		import_note(import, path, text_of(node));
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		import_note(import, import_print(import, "%s[%zu]", path, i), text_of(node->items[i]));
}

/* Kaggle writes MD5 in base64, everybody else in hexadecimal digits. */
static const char *hexadecimal(struct import *import, const char *text, size_t digits)
{
	if (strlen(text) == digits && strspn(text, "0123456789abcdefABCDEF") == digits)
		return text;
	unsigned char *bytes = arena_alloc(import->arena, strlen(text) + 1);
	size_t size;
	if (!base64_read(text, bytes, &size) || size * 2 != digits)
		return NULL;
	const char *made = "";
	for (size_t i = 0; i < size; i++)
		made = import_print(import, "%s%02x", made, bytes[i]);
	return made;
}

static bool put_digest(struct import *import, const struct draft_place *data, const struct codec_node *file,
	const char *algorithm, size_t digits, const char *path)
{
	const char *text = tree_text(get(file, algorithm));
	if (!text)
		return false;
	import_note(import, path, text);
	const char *digest = hexadecimal(import, text, digits);
	if (!digest)
		import_leave(import, path, "\"%s\" is no %s digest", text, algorithm);
	else if (data)
		import_text(import, data, "dataset_version", import_print(import, "%s:%s", algorithm, digest),
			path);
	return digest != NULL;
}

/* The bytes tell the version of a data set that is one file. @return do they? */
static bool read_files(struct import *import, const struct draft_place *data, const struct codec_node *list)
{
	size_t digests = 0;
	for (size_t i = 0; i < tree_count(list); i++)
		digests += get(list->items[i], "sha256") || get(list->items[i], "md5");
	for (size_t i = 0; i < tree_count(list); i++) {
		const struct codec_node *file = list->items[i];
		const struct draft_place *at = digests == 1 ? data : NULL;
		import_note(import, path_to(import, "distribution", i, "@id"), id_of(file));
		import_note(import, path_to(import, "distribution", i, "@type"),
			tree_text(tree_get(file, "@type")));
		note_each(import, get(file, "encodingFormat"),
			path_to(import, "distribution", i, "encodingFormat"));
		import_note(import, path_to(import, "distribution", i, "contentSize"),
			tree_text(get(file, "contentSize")));
		if (!put_digest(import, at, file, "sha256", 64, path_to(import, "distribution", i, "sha256")))
			put_digest(import, at, file, "md5", 32, path_to(import, "distribution", i, "md5"));
		else
			import_note(import, path_to(import, "distribution", i, "md5"),
				tree_text(get(file, "md5")));
	}
	return digests == 1;
}

/* sc:Text, and of several the one that is a type, not a meaning. */
static const char *type_of(const struct codec_node *field)
{
	const struct codec_node *type = get(field, "dataType");
	return tree_is_list(type) && type->count ? tree_text(type->items[0]) : tree_text(type);
}

static bool is_enumeration(const struct codec_node *set)
{
	bool flag;
	const char *type = type_of(set);
	return (tree_flag(get(set, "isEnumeration"), &flag) && flag) ||
	       (type && strcmp(local(type), "Enumeration") == 0);
}

/* Splits name the parts of a data set; they describe no column. */
static bool is_split(const struct codec_node *set)
{
	const char *type = type_of(set);
	return type && strcmp(local(type), "Split") == 0;
}

/* The values that stand in an enumeration itself: the first field of each row. */
static void allow_listed(struct import *import, const struct draft_place *column,
	const struct codec_node *set, const char *path)
{
	const struct codec_node *rows = get(set, "data");
	struct codec_node values = {.type = CODEC_SEQUENCE, .text = ""};
	values.items = arena_array(import->arena, tree_count(rows) + 1, sizeof(struct codec_node *));
	for (size_t i = 0; tree_is_list(rows) && i < rows->count; i++) {
		struct codec_node *row = rows->items[i];
		values.items[values.count++] = tree_is_mapping(row) && row->count ? row->items[0] : row;
	}
	columns_allow(import, column, &values, path);
}

/* The record set that a field refers to: "genders/label", {"@id": …}, {"field": {"@id": …}}. */
static const struct codec_node *referred(
	struct import *import, const struct sets *sets, const struct codec_node *field)
{
	const struct codec_node *references = get(field, "references");
	if (tree_is_mapping(references) && get(references, "field"))
		references = get(references, "field");
	const char *id = text_of(references);
	const char *slash = id ? strrchr(id, '/') : NULL;
	return slash ? map_get(&sets->by_id, arena_copy(import->arena, id, (size_t)(slash - id))) : NULL;
}

/* What the column is called in the file; a name such as "data/split" only repeats its set's. */
static const char *column_name(const struct codec_node *field)
{
	const char *column = text_of(get(get(get(field, "source"), "extract"), "column"));
	const char *name = column ? column : text_of(get(field, "name"));
	if (!name)
		name = id_of(field);
	const char *slash = name && !column ? strrchr(name, '/') : NULL;
	return slash ? slash + 1 : name;
}

static void read_field(struct import *import, const struct sets *sets, const struct draft_place *data,
	const struct codec_node *field, const char *path)
{
	const char *name = column_name(field), *type = type_of(field);
	import_note(import, import_print(import, "%s.@id", path), id_of(field));
	import_note(import, import_print(import, "%s.name", path), text_of(get(field, "name")));
	note_each(import, get(field, "dataType"), import_print(import, "%s.dataType", path));
	import_note(import, import_print(import, "%s.source.extract.column", path),
		text_of(get(get(get(field, "source"), "extract"), "column")));
	if (!data || !name)
		return;
	const struct draft_place *column = columns_put(import, data, name, path);
	import_text(import, column, "field_type", type, import_print(import, "%s.dataType", path));
	import_text(import, column, "field_description", text_of(get(field, "description")),
		import_print(import, "%s.description", path));
	if (get(field, "subField"))
		import_leave(import, import_print(import, "%s.subField", path),
			"the fields inside a field are not taken");
	const struct codec_node *set = referred(import, sets, field);
	if (set && is_enumeration(set))
		allow_listed(import, column, set, import_print(import, "%s.references", path));
}

static void read_set(struct import *import, const struct sets *sets, size_t at, const char *dataset,
	const struct draft_place *whole)
{
	const struct codec_node *set = sets->list->items[at], *fields = get(set, "field");
	const char *path = path_to(import, "recordSet", at, ""), *id = id_of(set);
	import_note(import, import_print(import, "%s.@id", path), id);
	const struct draft_place *data = NULL;
	if (!is_enumeration(set) && !is_split(set)) {
		/* Sets that are called train and test say of what they are; a second table is its own. */
		const enum model_kind kind = id ? columns_kind(local(id)) : KIND_NONE;
		if (sets->tables > 1 && kind == KIND_TRAINING_DATA) {
			data = import_descriptor_of(import, kind, whole->subject);
			import_text(import, data, "dataset_name", id, path);
			import_text(import, data, "raw_data_identifier", dataset, "name");
		} else {
			data = sets->tables > 1 ? import_descriptor_of(import, KIND_RAW_DATA, id) : whole;
		}
		if (sets->tables > 1 && data->kind == KIND_RAW_DATA)
			import_text(import, data, "dataset_name", id, path);
	}
	for (size_t i = 0; i < tree_count(fields); i++)
		read_field(
			import, sets, data, fields->items[i], import_print(import, "%s.field[%zu]", path, i));
	if (data && get(set, "data"))
		import_leave(import, import_print(import, "%s.data", path), "rows in the file are not taken");
}

static void read_sets(struct import *import, const struct draft_place *data, const struct codec_node *top)
{
	struct sets sets = {.list = get(top, "recordSet")};
	for (size_t i = 0; i < tree_count(sets.list); i++) {
		const struct codec_node *set = sets.list->items[i];
		if (id_of(set))
			map_put(&sets.by_id, id_of(set), (void *)(uintptr_t)set);
		sets.tables += !is_enumeration(set) && !is_split(set);
	}
	for (size_t i = 0; i < tree_count(sets.list); i++)
		read_set(import, &sets, i, text_of(get(top, "name")), data);
	map_done(&sets.by_id);
}

/* Keys of schema.org, Croissant and its vocabulary for responsible AI that raw data has a place for. */
static const struct {
	const char *key, *part, *field;
} words[] = {
	{"name", NULL, "dataset_name"},
	{"description", NULL, "dataset_description"},
	{"license", NULL, "data_rights"},
	{"dataCollectionTimeframe", "metadata", "timeframe"},
	{"temporalCoverage", "metadata", "timeframe"},
	{"spatialCoverage", "metadata", "geographic_location"},
	{"dataLimitations", "metadata", "known_issues"},
	{"dataBiases", "metadata", "known_issues"},
	{"personalSensitiveInformation", NULL, "anonymization"},
	{"dataUseCases", NULL, "restrictions"},
	{"conditionsOfAccess", NULL, "restrictions"},
	{"usageInfo", NULL, "data_policies"},
};

static void read_words(struct import *import, const struct draft_place *data, const struct codec_node *top)
{
	struct map said = {0};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *text = text_of(get(top, words[i].key));
		if (!text)
			continue;
		/* Two keys may speak of one field: the first one counts. */
		if (map_get(&said, words[i].field)) {
			import_note(import, words[i].key, text);
			continue;
		}
		map_put(&said, words[i].field, &said);
		const struct draft_place *at =
			words[i].part ? import_part(import, data, words[i].part) : data;
		import_text(import, at, words[i].field, text, words[i].key);
	}
	map_done(&said);
}

static void read_dataset(struct import *import, const struct codec_node *top)
{
	const struct draft_place *data = columns_set(import, KIND_RAW_DATA);
	const struct codec_node *version = get(top, "version");
	const char *url = text_of(get(top, "url")), *name = text_of(get(top, "name"));
	import_text(import, data, "dataset_identifier", name, "name");
	note_each(import, get(top, "conformsTo"), "conformsTo");
	read_words(import, data, top);
	import_note(import, "version", text_of(version));
	if (!read_files(import, data, get(top, "distribution")))
		import_text(import, data, "dataset_version", text_of(version), "version");
	read_sets(import, data, top);
	const struct draft_place *about = url ? import_item(import, data, "documentation", url, "url") : NULL;
	if (about) {
		import_text(import, about, "location", url, "url");
		import_text(import, about, "description", text_of(get(top, "citeAs")), "citeAs");
	}
}

bool croissant_read(struct import *import)
{
	const struct codec_node *top = tree_json(import);
	if (!top)
		return false;
	/* Kaggle wraps it in a list. */
	if (tree_is_list(top) && top->count == 1)
		top = top->items[0];
	if (!tree_is_mapping(top) || !get(top, "@context"))
		return import_refuse(import, top, "@context",
			"a Croissant file is a JSON-LD object, and has its context here");
	if (!get(top, "recordSet") && !get(top, "distribution") && !get(top, "conformsTo"))
		return import_refuse(import, top, "conformsTo",
			"this is JSON-LD, but no Croissant: it has neither record sets nor files");
	read_dataset(import, top);
	return true;
}
