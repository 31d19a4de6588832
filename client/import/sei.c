/*
 * The SEI's descriptor documents. Their field names are ours, so this only
 * settles what differs: older names, values that stand for "not given", and
 * which kind it is. The codec does the rest.
 */
#include "import/sei.h"

#include <ctype.h>

#include "codec/codec.h"
#include "model/kind.h"

struct importing {
	struct arena *arena;
	const char *file;
	struct fault *fault;
	const char **ignored;
	size_t ignored_count, ignored_capacity;
};

/* Fields as v1.0 and v1.1 called them, named by the message they stand in. */
static const struct {
	const char *message, *old, *now;
} renamed[] = {
	{"SystemContext", "business_goals", "goals"},
	{"MonitoredMetric", "business_goal_mapping", "goal_mapping"},
};

/*
 * Where 0 or false stands for "not given". Such a value is a value all the
 * same when one of `unless` is given: a field that is not blank, or, behind
 * '=', a field that has this text. All other numbers and booleans are kept:
 * no GPU beside 4 cores, a label that has 0 % of production, label_field false.
 */
static const struct {
	const char *message, *field, *unless;
} blank_at_zero[] = {
	{"ItemSpecification", "min_value", "max_value"},
	{"ItemSpecification", "max_value", "min_value"},
	{"ItemSpecification", "min_length", "max_length"},
	{"ItemSpecification", "max_length", "min_length"},
	{"ItemSpecification", "resolution_x", NULL},
	{"ItemSpecification", "resolution_y", NULL},
	{"ItemSpecification", "channels", NULL},
	{"ItemSpecification", "empty", NULL},
	{"ItemSpecification", "numeric", NULL},
	{"ItemSpecification", "slashes", NULL},
	{"ItemSpecification", "spaces", NULL},
	{"ItemSpecification", "special", NULL},
	{"ErrorHandling", "error_code_value", "error_type=Return error code"},
	{"RawData", "number_of_instances", NULL},
	{"LabelShare", "percentage", NULL},
	{"EvaluationDataset", "holdout_percentage", NULL},
	{"EvaluationDataset", "seed", NULL},
	{"ReportedMetric", "result", NULL},
	{"MonitoredMetric", "threshold", NULL},
	{"InferenceTime", "time", NULL},
};

static void settle(struct importing *importing, const char *path, struct codec_node *node,
	const ProtobufCMessageDescriptor *type);

static void ignore(struct importing *importing, const char *path)
{
	if (importing->ignored_count == importing->ignored_capacity) {
		importing->ignored_capacity =
			importing->ignored_capacity ? importing->ignored_capacity * 2 : 8;
		const char **larger =
			arena_array(importing->arena, importing->ignored_capacity, sizeof(*larger));
		if (importing->ignored_count)
			memcpy(larger, importing->ignored, importing->ignored_count * sizeof(*larger));
		importing->ignored = larger;
	}
	importing->ignored[importing->ignored_count++] = path;
}

static const char *inner_path(struct importing *importing, const char *path, const char *name)
{
	return *path ? arena_print(importing->arena, "%s.%.100s", path, name)
		     : arena_print(importing->arena, "%.100s", name);
}

/* Is it 0, false, "" or null? */
static bool is_blank(const struct codec_node *node)
{
	if (!node || node->type == CODEC_NULL)
		return true;
	if (node->type != CODEC_SCALAR)
		return node->count == 0;
	if (node->quoted)
		return node->text_size == 0;
	return strcmp(node->text, "false") == 0 ||
	       (strchr(node->text, '0') && node->text[strspn(node->text, "+-0.")] == '\0');
}

static struct codec_node *get(struct codec_node *mapping, const char *key)
{
	return (struct codec_node *)(uintptr_t)codec_get(mapping, key);
}

static void remove_pair(struct codec_node *mapping, size_t at)
{
	mapping->count--;
	for (size_t i = at; i < mapping->count; i++) {
		mapping->keys[i] = mapping->keys[i + 1];
		mapping->items[i] = mapping->items[i + 1];
	}
}

/* Removes the pairs that are marked. */
static void keep_pairs(struct codec_node *mapping, const bool *gone)
{
	size_t kept = 0;
	for (size_t i = 0; i < mapping->count; i++) {
		if (gone[i])
			continue;
		mapping->keys[kept] = mapping->keys[i];
		mapping->items[kept++] = mapping->items[i];
	}
	mapping->count = kept;
}

static void add_pair(
	struct importing *importing, struct codec_node *mapping, const char *key, struct codec_node *value)
{
	struct codec_node **keys =
		arena_array(importing->arena, mapping->count + 1, sizeof(struct codec_node *));
	struct codec_node **items =
		arena_array(importing->arena, mapping->count + 1, sizeof(struct codec_node *));
	for (size_t i = 0; i < mapping->count; i++) {
		keys[i] = mapping->keys[i];
		items[i] = mapping->items[i];
	}
	struct codec_node *name = arena_alloc(importing->arena, sizeof(*name));
	*name = *value;
	name->type = CODEC_SCALAR;
	name->text = key;
	name->text_size = strlen(key);
	keys[mapping->count] = name;
	items[mapping->count++] = value;
	mapping->keys = keys;
	mapping->items = items;
}

/* v1.0 wrote goal ids with a letter in front: G1 is 1 since. */
static void strip_letter(struct codec_node *id)
{
	if (!id || id->type != CODEC_SCALAR || !isalpha((unsigned char)id->text[0]) ||
		!isdigit((unsigned char)id->text[1]))
		return;
	id->text++;
	id->text_size--;
	id->quoted = true;
}

static void strip_goal_ids(struct codec_node *value)
{
	strip_letter(value);
	for (size_t i = 0; value->type == CODEC_SEQUENCE && i < value->count; i++)
		strip_letter(get(value->items[i], "id"));
}

static void rename_fields(
	struct importing *importing, struct codec_node *node, const ProtobufCMessageDescriptor *type)
{
	for (size_t i = 0; i < sizeof(renamed) / sizeof(renamed[0]); i++) {
		struct codec_node *value = get(node, renamed[i].old);
		if (!value || strcmp(type->short_name, renamed[i].message) != 0 || get(node, renamed[i].now))
			continue;
		size_t at = 0;
		while (node->items[at] != value)
			at++;
		remove_pair(node, at);
		strip_goal_ids(value);
		add_pair(importing, node, renamed[i].now, value);
	}
}

/* Until v1.1 an item had its specification in words, as expected_values. */
static void move_expected_values(
	struct importing *importing, struct codec_node *node, const ProtobufCMessageDescriptor *type)
{
	struct codec_node *value =
		strcmp(type->short_name, "Item") == 0 ? get(node, "expected_values") : NULL;
	struct codec_node *specification = get(node, "item_specification");
	if (!value || (specification &&
			      (specification->type != CODEC_MAPPING || get(specification, "other_value"))))
		return;
	if (!specification) {
		specification = arena_alloc(importing->arena, sizeof(*specification));
		*specification = (struct codec_node){
			.type = CODEC_MAPPING, .text = "", .line = value->line, .column = value->column};
		add_pair(importing, node, "item_specification", specification);
	}
	add_pair(importing, specification, "other_value", value);
	size_t at = 0;
	while (strcmp(node->keys[at]->text, "expected_values") != 0)
		at++;
	remove_pair(node, at);
}

/* Does what `unless` names make a 0 beside it a value? */
static bool exception_holds(const struct codec_node *node, const char *unless)
{
	if (!unless)
		return false;
	const char *equals = strchr(unless, '=');
	if (!equals)
		return !is_blank(codec_get(node, unless));
	char name[40];
	snprintf(name, sizeof(name), "%.*s", (int)(equals - unless), unless);
	const struct codec_node *value = codec_get(node, name);
	return value && value->type == CODEC_SCALAR && strcmp(value->text, equals + 1) == 0;
}

static bool stands_for_nothing(const struct codec_node *node, const ProtobufCMessageDescriptor *type,
	const char *field, const struct codec_node *value)
{
	if (value->type == CODEC_NULL ||
		(value->type == CODEC_SCALAR && value->quoted && value->text_size == 0))
		return true;
	if (value->type != CODEC_SCALAR || !is_blank(value))
		return false;
	for (size_t i = 0; i < sizeof(blank_at_zero) / sizeof(blank_at_zero[0]); i++)
		if (strcmp(blank_at_zero[i].message, type->short_name) == 0 &&
			strcmp(blank_at_zero[i].field, field) == 0)
			return !exception_holds(node, blank_at_zero[i].unless);
	return false;
}

/* Marks what stands for nothing before anything goes, because the exceptions look at neighbours. */
static void drop_blanks(
	struct importing *importing, struct codec_node *node, const ProtobufCMessageDescriptor *type)
{
	bool *gone = arena_array(importing->arena, node->count, sizeof(*gone));
	for (size_t i = 0; i < node->count; i++)
		gone[i] = stands_for_nothing(node, type, node->keys[i]->text, node->items[i]);
	keep_pairs(node, gone);
}

/* A resource group whose cpu, memory and storage are blank is none, whatever its gpu. */
static void drop_blank_resources(struct importing *importing, const char *path, struct codec_node *node,
	const ProtobufCMessageDescriptor *type)
{
	if (strcmp(type->short_name, "ComputingResources") != 0 || !is_blank(codec_get(node, "cpu")) ||
		!is_blank(codec_get(node, "memory")) || !is_blank(codec_get(node, "storage")))
		return;
	if (!is_blank(codec_get(node, "gpu")))
		ignore(importing, inner_path(importing, path, "gpu"));
	node->count = 0;
}

/* Settles one field's value. @return false when the pair has to go */
static bool settle_field(struct importing *importing, const char *path, struct codec_node *value,
	const ProtobufCFieldDescriptor *field)
{
	if (!field) {
		if (!is_blank(value))
			ignore(importing, path);
		return false;
	}
	if (field->type != PROTOBUF_C_TYPE_MESSAGE)
		return true;
	if (field->label == PROTOBUF_C_LABEL_REPEATED) {
		for (size_t i = 0; value->type == CODEC_SEQUENCE && i < value->count; i++)
			settle(importing, arena_print(importing->arena, "%s[%zu]", path, i), value->items[i],
				field->descriptor);
		return true;
	}
	settle(importing, path, value, field->descriptor);
	return value->type != CODEC_MAPPING || value->count > 0;
}

/* Makes a mapping ready for the codec. Items of lists stay, also blank ones: they say that somebody left them
 * so. */
static void settle(struct importing *importing, const char *path, struct codec_node *node,
	const ProtobufCMessageDescriptor *type)
{
	if (node->type != CODEC_MAPPING)
		return;
	rename_fields(importing, node, type);
	move_expected_values(importing, node, type);
	bool *gone = arena_array(importing->arena, node->count, sizeof(*gone));
	for (size_t i = 0; i < node->count; i++) {
		const char *name = node->keys[i]->text;
		gone[i] = !settle_field(importing, inner_path(importing, path, name), node->items[i],
			protobuf_c_message_descriptor_get_field_by_name(type, name));
	}
	keep_pairs(node, gone);
	drop_blank_resources(importing, path, node, type);
	drop_blanks(importing, node, type);
}

/* How many of the document's fields a kind knows, not counting those that several kinds share. */
static size_t likeness(const struct codec_node *node, enum model_kind kind)
{
	const ProtobufCMessageDescriptor *type = model_kind_info(kind)->spec;
	size_t known = 0;
	for (size_t i = 0; i < node->count; i++) {
		const char *name = node->keys[i]->text;
		bool old = false;
		for (size_t r = 0; r < sizeof(renamed) / sizeof(renamed[0]); r++)
			old = old || (strcmp(renamed[r].message, type->short_name) == 0 &&
					     strcmp(renamed[r].old, name) == 0);
		known += strcmp(name, "documentation") != 0 &&
			 (old || protobuf_c_message_descriptor_get_field_by_name(type, name));
	}
	return known;
}

/* The kind that knows most of the fields, if it is the only one. */
static enum model_kind kind_by_shape(const struct codec_node *node)
{
	enum model_kind best = KIND_NONE;
	size_t most = 0;
	for (unsigned kind = KIND_NONE + 1; kind < KIND_END; kind++) {
		size_t known = likeness(node, (enum model_kind)kind);
		if (known == most)
			best = KIND_NONE;
		if (known > most) {
			most = known;
			best = (enum model_kind)kind;
		}
	}
	return best;
}

/* Writes the lower-case letters and digits of text. @param[out] bare `size` bytes */
static void bare_letters(const char *text, char *bare, size_t size)
{
	size_t at = 0;
	for (; *text && at + 1 < size; text++)
		if (isalnum((unsigned char)*text))
			bare[at++] = (char)tolower((unsigned char)*text);
	bare[at] = '\0';
}

/* The kind whose name is in the file's name, if it is the only one. */
static enum model_kind kind_by_name(const char *file)
{
	const char *slash = strrchr(file, '/');
	char name[256], id[40];
	bare_letters(slash ? slash + 1 : file, name, sizeof(name));
	enum model_kind found = KIND_NONE;
	for (unsigned kind = KIND_NONE + 1; kind < KIND_END; kind++) {
		bare_letters(model_kind_info((enum model_kind)kind)->id, id, sizeof(id));
		if (!strstr(name, id))
			continue;
		if (found != KIND_NONE)
			return KIND_NONE;
		found = (enum model_kind)kind;
	}
	return found;
}

static bool refuse(struct importing *importing, const char *path, const struct codec_node *at,
	const char *reason, const char *text)
{
	const struct codec_place place = {importing->file, path, at->line, at->column};
	codec_refuse(importing->fault, reason, &place, "%s", text);
	return false;
}

/* Is there anything in it but what every kind has? */
static bool says_something(const struct codec_node *node)
{
	for (size_t i = 0; i < node->count; i++)
		if (strcmp(node->keys[i]->text, "documentation") != 0)
			return true;
	return false;
}

static bool tell_kind(struct importing *importing, const struct codec_node *node, enum model_kind *kind)
{
	const char *advice = *kind == KIND_NONE ? "; give --kind" : "";
	if (*kind == KIND_NONE)
		*kind = kind_by_name(importing->file);
	if (*kind == KIND_NONE)
		*kind = kind_by_shape(node);
	if (*kind == KIND_NONE)
		return refuse(importing, "", node, "UNKNOWN_KIND",
			"neither the file's name nor its fields tell which kind of descriptor this is; give "
			"--kind");
	if (likeness(node, *kind) > 0 || !says_something(node))
		return true;
	return refuse(importing, "", node, "UNKNOWN_KIND",
		arena_print(importing->arena, "this does not look like a %s: none of its fields is there%s",
			model_kind_info(*kind)->id, advice));
}

/* Judges the version and takes it away: it is the document's, not the descriptor's. */
static bool take_version(struct importing *importing, struct codec_node *node)
{
	static const char *const known[] = {"1.0", "1.1", "1.2"};
	const struct codec_node *version = codec_get(node, "version");
	if (!version)
		return true;
	const char *text = version->type == CODEC_SCALAR ? version->text : "";
	text += *text == 'v';
	bool found = is_blank(version);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		found = found || strcmp(text, known[i]) == 0;
	if (!found)
		return refuse(importing, "version", version, "UNKNOWN_VERSION",
			"only 1.0, 1.1 and 1.2 are understood");
	for (size_t i = 0; i < node->count; i++)
		if (node->items[i] == version) {
			remove_pair(node, i);
			break;
		}
	return true;
}

static bool read_only_document(
	struct importing *importing, const char *text, size_t size, struct codec_node **node)
{
	struct codec_node **nodes;
	size_t count;
	if (codec_parse(importing->arena, importing->file, text, size, &nodes, &count, importing->fault) !=
		FAULT_NONE)
		return false;
	const struct codec_node start = {.line = 1, .column = 1};
	if (count == 0)
		return refuse(importing, "", &start, "EMPTY", "there is no document in it");
	if (count > 1)
		return refuse(importing, "", nodes[1], "SYNTAX",
			"an SEI file holds one document; a second one starts here");
	if (nodes[0]->type != CODEC_MAPPING)
		return refuse(importing, "", nodes[0], "WRONG_TYPE", "an SEI document is one JSON object");
	if (codec_get(nodes[0], "apiVersion"))
		return refuse(importing, "", nodes[0], "WRONG_TYPE",
			"this is a document of ours, not the SEI's; `tally push` takes it as it is");
	*node = nodes[0];
	return true;
}

/* Says where the whole document came from. */
static void note_source(struct importing *importing, Tally__V1__Descriptor *descriptor)
{
	Tally__V1__Source *source = arena_alloc(importing->arena, sizeof(*source));
	tally__v1__source__init(source);
	source->file = arena_text(importing->arena, importing->file);
	descriptor->n_sources = 1;
	descriptor->sources = arena_array(importing->arena, 1, sizeof(*descriptor->sources));
	descriptor->sources[0] = source;
}

enum fault_code import_sei(struct arena *arena, const char *file, const char *text, size_t size,
	enum model_kind kind, struct document *document, struct fault *fault)
{
	struct importing importing = {.arena = arena, .file = file, .fault = fault};
	struct codec_node *node = NULL;
	if (!read_only_document(&importing, text, size, &node) || !take_version(&importing, node) ||
		!tell_kind(&importing, node, &kind))
		return FAULT_INVALID;
	const ProtobufCMessageDescriptor *type = model_kind_info(kind)->spec;
	settle(&importing, "", node, type);
	ProtobufCMessage *spec = codec_message(arena, file, "", node, type, fault);
	if (!spec)
		return FAULT_INVALID;
	*document = (struct document){
		.file = arena_text(arena, file),
		.line = node->line,
		.kind = kind,
		.system = "",
		.name = "default",
		.descriptor = document_descriptor(arena, kind, spec),
		.ignored = importing.ignored,
		.ignored_count = importing.ignored_count,
	};
	note_source(&importing, document->descriptor);
	return FAULT_NONE;
}
