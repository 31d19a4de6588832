/*
 * Text to nodes: libfyaml's events become the arena's nodes. Limits, anchors,
 * merge keys and repeated keys are judged here, because libfyaml's own
 * documents would write every alias out before anyone could count. Knows no
 * message type.
 */
#include "codec/codec.h"

#include <libfyaml.h>

#include "base/map.h"
#include "base/utf8.h"

/* How much a value is when its aliases are written out. */
struct extent {
	size_t values;
	size_t bytes;
	int height;
};

struct anchor {
	const char *name;
	struct codec_node *node;
	struct extent extent;
};

struct parsing {
	struct arena *arena;
	const char *file;
	struct fault *fault;
	struct fy_diag *diag;
	struct fy_parser *parser;
	struct fy_event *event;
	struct map anchors; /* of this document */
	struct extent total;
	int depth;
	int line, column; /* of the last token that had a place */
};

static struct codec_node *read_node(struct parsing *parsing, struct extent *extent);

static void refuse(struct parsing *parsing, const char *reason, int line, int column, const char *text)
{
	const struct codec_place place = {parsing->file, "", line, column};
	codec_refuse(parsing->fault, reason, &place, "%s", text);
}

/* libfyaml tells its first error best; what follows are consequences. */
static void refuse_syntax(struct parsing *parsing)
{
	void *at = NULL;
	const struct fy_diag_error *error = fy_diag_errors_iterate(parsing->diag, &at);
	if (!error || !error->msg)
		refuse(parsing, "SYNTAX", parsing->line, parsing->column, "this is neither YAML nor JSON");
	else
		refuse(parsing, "SYNTAX", error->line > 0 ? error->line : parsing->line,
			error->column > 0 ? error->column : parsing->column, error->msg);
}

/* Frees the event and gets the next. @return false at the end and, with a fault, on an error */
static bool next_event(struct parsing *parsing)
{
	if (parsing->event)
		fy_parser_event_free(parsing->parser, parsing->event);
	parsing->event = fy_parser_parse(parsing->parser);
	if (!parsing->event && fy_parser_get_stream_error(parsing->parser))
		refuse_syntax(parsing);
	return parsing->event != NULL;
}

static bool next_event_needed(struct parsing *parsing)
{
	if (next_event(parsing))
		return true;
	if (parsing->fault->code == FAULT_NONE)
		refuse(parsing, "SYNTAX", parsing->line, parsing->column, "the text ends too early");
	return false;
}

static struct fy_token *event_token(const struct fy_event *event)
{
	switch (event->type) {
	case FYET_SCALAR: return event->scalar.value;
	case FYET_ALIAS: return event->alias.anchor;
	case FYET_MAPPING_START: return event->mapping_start.mapping_start;
	case FYET_SEQUENCE_START: return event->sequence_start.sequence_start;
	default: return NULL;
	}
}

/* A quoted scalar's mark stands behind its quote; an empty value has none. */
static void note_place(struct parsing *parsing, bool quoted)
{
	struct fy_token *token = event_token(parsing->event);
	const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;
	if (!mark)
		return;
	parsing->line = mark->line + 1;
	parsing->column = mark->column + (quoted && mark->column > 0 ? 0 : 1);
}

/* @return false, with a fault, when the text has grown beyond its limits */
static bool count_in(struct parsing *parsing, const struct extent *more)
{
	parsing->total.values += more->values;
	parsing->total.bytes += more->bytes;
	if (parsing->total.values <= CODEC_VALUES_MAX && parsing->total.bytes <= CODEC_SIZE_MAX)
		return true;
	refuse(parsing, "TOO_LARGE", parsing->line, parsing->column,
		"the text is too large, with its aliases written out: at most 2000000 values and 16 MiB are "
		"read");
	return false;
}

static struct codec_node *new_node(struct parsing *parsing, enum codec_node_type type)
{
	struct codec_node *node = arena_alloc(parsing->arena, sizeof(*node));
	node->type = type;
	node->text = "";
	node->line = parsing->line;
	node->column = parsing->column;
	return node;
}

/* What a tag asks for. Ours are told by the field that is filled, so only the core's are let through. */
static bool judge_tag(struct parsing *parsing, bool *text)
{
	static const char *const harmless[] = {"int", "float", "bool", "null", "map", "seq"};
	struct fy_token *tag = fy_event_get_tag_token(parsing->event);
	*text = false;
	if (!tag)
		return true;
	const char *handle = fy_tag_token_handle0(tag);
	const char *suffix = fy_tag_token_suffix0(tag);
	if (handle && suffix && strcmp(handle, "!!") == 0) {
		*text = strcmp(suffix, "str") == 0;
		for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]) && !*text; i++)
			if (strcmp(suffix, harmless[i]) == 0)
				return true;
	}
	if (!*text)
		refuse(parsing, "SYNTAX", parsing->line, parsing->column,
			"tags (!...) other than !!str are not understood");
	return *text;
}

static bool is_null(const char *text)
{
	static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
	for (size_t i = 0; i < sizeof(nulls) / sizeof(nulls[0]); i++)
		if (strcmp(text, nulls[i]) == 0)
			return true;
	return false;
}

static struct codec_node *read_scalar(struct parsing *parsing, struct extent *extent)
{
	struct fy_token *token = parsing->event->scalar.value;
	const bool plain = !token || fy_token_scalar_style(token) == FYSS_PLAIN;
	const bool block = token && (fy_token_scalar_style(token) == FYSS_LITERAL ||
					    fy_token_scalar_style(token) == FYSS_FOLDED);
	note_place(parsing, !plain && !block);
	bool tagged_text;
	if (!judge_tag(parsing, &tagged_text))
		return NULL;
	size_t size = 0;
	const char *text = token ? fy_token_get_text(token, &size) : "";
	struct codec_node *node = new_node(parsing, CODEC_SCALAR);
	node->text = arena_copy(parsing->arena, text ? text : "", text ? size : 0);
	node->text_size = text ? size : 0;
	node->quoted = !plain || tagged_text;
	if (utf8_check(node->text, node->text_size) != node->text_size) {
		refuse(parsing, "NOT_TEXT", node->line, node->column,
			"this holds a character that is not text, such as NUL");
		return NULL;
	}
	if (!node->quoted && is_null(node->text))
		node->type = CODEC_NULL;
	*extent = (struct extent){1, node->text_size, 1};
	return count_in(parsing, extent) ? node : NULL;
}

static struct codec_node *read_alias(struct parsing *parsing, struct extent *extent)
{
	note_place(parsing, false);
	size_t size = 0;
	const char *text = fy_token_get_text(parsing->event->alias.anchor, &size);
	const char *name = arena_copy(parsing->arena, text ? text : "", text ? size : 0);
	const struct anchor *anchor = map_get(&parsing->anchors, name);
	if (!anchor) {
		refuse(parsing, "SYNTAX", parsing->line, parsing->column,
			arena_print(parsing->arena, "the alias *%.100s has no anchor before it", name));
		return NULL;
	}
	*extent = anchor->extent;
	if (parsing->depth + extent->height > CODEC_DEPTH_MAX) {
		refuse(parsing, "TOO_DEEP", parsing->line, parsing->column,
			"values are nested deeper than 64 levels");
		return NULL;
	}
	return count_in(parsing, extent) ? anchor->node : NULL;
}

/* Makes room for one more in an array of the arena that doubles. */
static void **grown(struct arena *arena, void *array, size_t count)
{
	if (count & (count - 1) || count == 1)
		return array;
	void **larger = arena_array(arena, count ? count * 2 : 2, sizeof(void *));
	if (count)
		memcpy(larger, array, count * sizeof(void *));
	return larger;
}

static void extend(struct extent *whole, const struct extent *part)
{
	whole->values += part->values;
	whole->bytes += part->bytes;
	if (part->height + 1 > whole->height)
		whole->height = part->height + 1;
}

static bool read_items(struct parsing *parsing, struct codec_node *node, struct extent *extent)
{
	while (next_event_needed(parsing)) {
		if (parsing->event->type == FYET_SEQUENCE_END)
			return true;
		struct extent part;
		struct codec_node *item = read_node(parsing, &part);
		if (!item)
			return false;
		extend(extent, &part);
		node->items = (struct codec_node **)grown(parsing->arena, node->items, node->count);
		node->items[node->count++] = item;
	}
	return false;
}

static bool read_pairs(struct parsing *parsing, struct codec_node *node, struct extent *extent)
{
	while (next_event_needed(parsing)) {
		if (parsing->event->type == FYET_MAPPING_END)
			return true;
		struct extent part;
		struct codec_node *key = read_node(parsing, &part);
		if (!key)
			return false;
		if (key->type != CODEC_SCALAR && key->type != CODEC_NULL) {
			refuse(parsing, "SYNTAX", key->line, key->column, "a key must be plain text");
			return false;
		}
		extend(extent, &part);
		if (!next_event_needed(parsing))
			return false;
		struct codec_node *value = read_node(parsing, &part);
		if (!value)
			return false;
		extend(extent, &part);
		node->keys = (struct codec_node **)grown(parsing->arena, node->keys, node->count);
		node->items = (struct codec_node **)grown(parsing->arena, node->items, node->count);
		node->keys[node->count] = key;
		node->items[node->count++] = value;
	}
	return false;
}

/* Puts the key into the map, or says where it stood first. */
static bool once(struct parsing *parsing, struct map *seen, struct codec_node *key)
{
	const struct codec_node *first = map_get(seen, key->text);
	if (!first) {
		map_put(seen, key->text, key);
		return true;
	}
	refuse(parsing, "REPEATED_KEY", key->line, key->column,
		arena_print(parsing->arena, "\"%.100s\" stands here again; it was given in line %d",
			key->text, first->line));
	return false;
}

static bool is_merge(const struct codec_node *key)
{
	return !key->quoted && strcmp(key->text, "<<") == 0;
}

/* Appends the pairs of a mapping whose keys are not there yet: what is nearer wins. */
static bool merge_one(
	struct parsing *parsing, struct codec_node *into, const struct codec_node *from, struct map *seen)
{
	if (from->type != CODEC_MAPPING) {
		refuse(parsing, "SYNTAX", from->line, from->column,
			"<< takes a mapping, or a list of mappings");
		return false;
	}
	for (size_t i = 0; i < from->count; i++) {
		if (map_get(seen, from->keys[i]->text))
			continue;
		map_put(seen, from->keys[i]->text, from->keys[i]);
		into->keys = (struct codec_node **)grown(parsing->arena, into->keys, into->count);
		into->items = (struct codec_node **)grown(parsing->arena, into->items, into->count);
		into->keys[into->count] = from->keys[i];
		into->items[into->count++] = from->items[i];
	}
	return true;
}

static bool merge(
	struct parsing *parsing, struct codec_node *into, const struct codec_node *value, struct map *seen)
{
	if (value->type != CODEC_SEQUENCE)
		return merge_one(parsing, into, value, seen);
	for (size_t i = 0; i < value->count; i++)
		if (!merge_one(parsing, into, value->items[i], seen))
			return false;
	return true;
}

/* Refuses repeated keys and writes merge keys out. */
static bool settle_keys(struct parsing *parsing, struct codec_node *node)
{
	struct map seen = {0};
	struct codec_node *merged = NULL;
	size_t kept = 0;
	bool well = true;
	for (size_t i = 0; i < node->count && well; i++) {
		well = once(parsing, &seen, node->keys[i]);
		if (is_merge(node->keys[i])) {
			merged = node->items[i];
			continue;
		}
		node->keys[kept] = node->keys[i];
		node->items[kept++] = node->items[i];
	}
	node->count = kept;
	if (well && merged)
		well = merge(parsing, node, merged, &seen);
	map_done(&seen);
	return well;
}

static struct codec_node *read_collection(struct parsing *parsing, struct extent *extent, bool mapping)
{
	note_place(parsing, false);
	bool text;
	if (!judge_tag(parsing, &text))
		return NULL;
	if (parsing->depth >= CODEC_DEPTH_MAX) {
		refuse(parsing, "TOO_DEEP", parsing->line, parsing->column,
			"values are nested deeper than 64 levels");
		return NULL;
	}
	struct codec_node *node = new_node(parsing, mapping ? CODEC_MAPPING : CODEC_SEQUENCE);
	*extent = (struct extent){1, 0, 1};
	if (!count_in(parsing, extent))
		return NULL;
	parsing->depth++;
	bool well = mapping ? read_pairs(parsing, node, extent) && settle_keys(parsing, node)
			    : read_items(parsing, node, extent);
	parsing->depth--;
	return well ? node : NULL;
}

/* An anchor is known when its value is complete, so that no value can hold itself. */
static void drop_anchor(
	struct parsing *parsing, const char *name, struct codec_node *node, const struct extent *extent)
{
	struct anchor *anchor = arena_alloc(parsing->arena, sizeof(*anchor));
	*anchor = (struct anchor){name, node, *extent};
	map_put(&parsing->anchors, name, anchor);
}

/* Reads the value that starts with the current event. @return NULL with a fault */
static struct codec_node *read_node(struct parsing *parsing, struct extent *extent)
{
	if (parsing->event->type == FYET_ALIAS)
		return read_alias(parsing, extent);
	const char *name = NULL;
	struct fy_token *token = fy_event_get_anchor_token(parsing->event);
	if (token) {
		size_t size = 0;
		const char *text = fy_token_get_text(token, &size);
		name = arena_copy(parsing->arena, text ? text : "", text ? size : 0);
	}
	struct codec_node *node = NULL;
	switch (parsing->event->type) {
	case FYET_SCALAR: node = read_scalar(parsing, extent); break;
	case FYET_SEQUENCE_START: node = read_collection(parsing, extent, false); break;
	case FYET_MAPPING_START: node = read_collection(parsing, extent, true); break;
	default: refuse(parsing, "SYNTAX", parsing->line, parsing->column, "a value is missing here"); break;
	}
	if (node && name)
		drop_anchor(parsing, name, node, extent);
	return node;
}

static bool read_documents(struct parsing *parsing, struct codec_node ***documents, size_t *count)
{
	struct codec_node **list = NULL;
	size_t found = 0;
	while (next_event(parsing)) {
		if (parsing->event->type != FYET_DOCUMENT_START)
			continue;
		map_done(&parsing->anchors);
		parsing->anchors = (struct map){0};
		if (!next_event_needed(parsing))
			return false;
		struct extent extent;
		struct codec_node *node = read_node(parsing, &extent);
		if (!node)
			return false;
		list = (struct codec_node **)grown(parsing->arena, list, found);
		list[found++] = node;
	}
	if (parsing->fault->code != FAULT_NONE)
		return false;
	*documents = list;
	*count = found;
	return true;
}

/*
 * libfyaml's time grows with the square of a run of empty lines and of a
 * directive's length, so both have a limit that no document reaches.
 *
 * @return false with a fault when one is beyond it
 */
static bool judge_lines(struct parsing *parsing, const char *text, size_t size)
{
	enum {
		EMPTY_LINES_MAX = 1000,
		DIRECTIVE_MAX = 1000,
	};
	int line = 1, empty = 0;
	for (size_t at = 0; at < size; line++) {
		size_t length = 0, blanks = 0;
		for (; at + length < size && text[at + length] != '\n' && text[at + length] != '\r'; length++)
			blanks += text[at + length] == ' ' || text[at + length] == '\t';
		empty = blanks == length ? empty + 1 : 0;
		if (empty > EMPTY_LINES_MAX || (text[at] == '%' && length > DIRECTIVE_MAX)) {
			refuse(parsing, "TOO_LARGE", line, 1,
				empty ? "more than 1000 empty lines in a row are not read"
				      : "a directive (%...) of more than 1000 bytes is not read");
			return false;
		}
		at += length;
		at += at + 1 < size && text[at] == '\r' && text[at + 1] == '\n' ? 2 : 1;
	}
	return true;
}

/* @return false with a fault when it is not UTF-8 or too large */
static bool judge_text(struct parsing *parsing, const char *text, size_t size)
{
	if (size > CODEC_SIZE_MAX) {
		refuse(parsing, "TOO_LARGE", 1, 1, "the text is too large: at most 16 MiB are read");
		return false;
	}
	size_t bad = utf8_check(text, size);
	if (bad == size)
		return judge_lines(parsing, text, size);
	int line = 1, column = 1;
	for (size_t i = 0; i < bad; i++) {
		column = text[i] == '\n' ? 1 : column + (((unsigned char)text[i] & 0xc0) != 0x80);
		line += text[i] == '\n';
	}
	refuse(parsing, "NOT_TEXT", line, column,
		arena_print(parsing->arena, "byte 0x%02x is not UTF-8 text", (unsigned char)text[bad]));
	return false;
}

static void start_parser(struct parsing *parsing, const char *text, size_t size)
{
	struct fy_diag_cfg quiet;
	fy_diag_cfg_default(&quiet);
	quiet.fp = NULL;
	parsing->diag = fy_diag_create(&quiet);
	if (!parsing->diag)
		abort();
	fy_diag_set_collect_errors(parsing->diag, true);
	const struct fy_parse_cfg how = {
		.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE,
		.diag = parsing->diag,
	};
	parsing->parser = fy_parser_create(&how);
	if (!parsing->parser || fy_parser_set_string(parsing->parser, text, size) != 0)
		abort();
}

enum fault_code codec_parse(struct arena *arena, const char *file, const char *text, size_t size,
	struct codec_node ***documents, size_t *count, struct fault *fault)
{
	struct fault problem = {0};
	struct parsing parsing = {.arena = arena, .file = file, .fault = &problem, .line = 1, .column = 1};
	if (judge_text(&parsing, text, size) && size) {
		start_parser(&parsing, text, size);
		read_documents(&parsing, documents, count);
		if (parsing.event)
			fy_parser_event_free(parsing.parser, parsing.event);
		fy_parser_destroy(parsing.parser);
		fy_diag_destroy(parsing.diag);
		map_done(&parsing.anchors);
	} else if (!size) {
		*documents = NULL;
		*count = 0;
	}
	if (problem.code != FAULT_NONE)
		*fault = problem;
	return problem.code;
}

const struct codec_node *codec_get(const struct codec_node *mapping, const char *key)
{
	if (mapping->type != CODEC_MAPPING)
		return NULL;
	for (size_t i = 0; i < mapping->count; i++)
		if (strcmp(mapping->keys[i]->text, key) == 0)
			return mapping->items[i];
	return NULL;
}
