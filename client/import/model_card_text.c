/* Of the text of a card the sections with known titles. */
#include "import/model_card_text.h"

#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "import/lines.h"

enum {
	SECTION_MAX = 4000, /* bytes of a section that are taken */
};

/* What a section's title holds, and where its text goes. */
static const struct section {
	const char *title;
	enum model_kind kind;
	const char *part, *field;
} sections[] = {
	{"model description", KIND_TRAINED_MODEL, NULL, "model_description"},
	{"intended use", KIND_SYSTEM_CONTEXT, NULL, "usage_context"},
	{"direct use", KIND_SYSTEM_CONTEXT, NULL, "usage_context"},
	{"bias, risks", KIND_SYSTEM_CONTEXT, "risks", "risk_other"},
	{"limitations", KIND_SYSTEM_CONTEXT, "risks", "risk_other"},
	{"dataset summary", KIND_RAW_DATA, NULL, "dataset_description"},
	{"dataset description", KIND_RAW_DATA, NULL, "dataset_description"},
	{"out-of-scope use", KIND_RAW_DATA, NULL, "restrictions"},
	{"personal and sensitive", KIND_RAW_DATA, NULL, "anonymization"},
	{"bias, risks", KIND_RAW_DATA, "metadata", "known_issues"},
	{"known limitations", KIND_RAW_DATA, "metadata", "known_issues"},
};

enum {
	SECTION_COUNT = sizeof(sections) / sizeof(sections[0]),
};

/* Text that is read section by section. */
struct body {
	struct lines lines;
	const struct draft_place *data; /* NULL: the card is a model's */
	bool said[SECTION_COUNT];
	const struct section *section; /* that the lines belong to; NULL: none */
	struct buffer text;
	int line; /* of the title */
	bool hidden;
	const char *until; /* what ends what is hidden */
	/* The first paragraph below the card's own title: what stands where no section describes. */
	enum {
		INTRO_BEFORE,
		INTRO_OPEN,
		INTRO_DONE
	} intro;
	struct buffer intro_text;
	int intro_line;
};

static const struct draft_place *place_of(struct import *import, const struct body *body)
{
	const struct section *section = body->section;
	const struct draft_place *at =
		section->kind == KIND_RAW_DATA ? body->data : import_descriptor(import, section->kind);
	return section->part ? import_part(import, at, section->part) : at;
}

/* Only the first section that says something of a field is taken. */
static void end_section(struct import *import, struct body *body)
{
	const char *text = lines_trim(import->arena, arena_text(import->arena, buffer_string(&body->text)));
	if (body->section && *text && !strcasestr(text, "more information needed")) {
		import_text(import, place_of(import, body), body->section->field, text,
			import_print(import, "line %d", body->line));
		for (size_t i = 0; i < SECTION_COUNT; i++)
			if (sections[i].kind == body->section->kind &&
				strcmp(sections[i].field, body->section->field) == 0)
				body->said[i] = true;
	}
	buffer_done(&body->text);
	body->text = (struct buffer){0};
	body->section = NULL;
}

static void begin_section(struct body *body, const char *title)
{
	for (size_t i = 0; i < SECTION_COUNT && !body->section; i++)
		if (!body->said[i] && (sections[i].kind == KIND_RAW_DATA) == (body->data != NULL) &&
			strcasestr(title, sections[i].title))
			body->section = &sections[i];
	body->line = body->lines.number;
}

/* Comments, styles and scripts of HTML are not what people read. */
static bool is_hidden(struct body *body, const char *line)
{
	static const char *const pairs[][2] = {
		{"<!--", "-->"}, {"<style", "</style>"}, {"<script", "</script>"}, {"```", "```"}};
	for (size_t i = 0; i < 4 && !body->hidden; i++) {
		const char *start = strcasestr(line, pairs[i][0]);
		if (!start)
			continue;
		body->until = pairs[i][1];
		body->hidden = !strcasestr(start + strlen(pairs[i][0]), body->until);
		return true;
	}
	if (!body->hidden)
		return *line == '<';
	body->hidden = !strcasestr(line, body->until);
	return true;
}

static void read_intro(struct body *body, const char *line)
{
	if (*line == '#') {
		body->intro = body->intro == INTRO_BEFORE && line[1] == ' ' ? INTRO_OPEN : INTRO_DONE;
	} else if (body->intro == INTRO_OPEN && !*line) {
		body->intro = body->intro_text.size ? INTRO_DONE : INTRO_OPEN;
	} else if (body->intro == INTRO_OPEN && *line != '[' && *line != '!' && *line != '|' &&
		   body->intro_text.size + strlen(line) < SECTION_MAX) {
		/* Badges, pictures and tables describe nothing. */
		if (!body->intro_text.size)
			body->intro_line = body->lines.number;
		buffer_print(&body->intro_text, "%s%s", body->intro_text.size ? "\n" : "", line);
	}
}

static void end_intro(struct import *import, struct body *body)
{
	const char *field = body->data ? "dataset_description" : "model_description";
	const char *text = arena_text(import->arena, buffer_string(&body->intro_text));
	bool said = strcasestr(text, "more information needed") != NULL;
	for (size_t i = 0; i < SECTION_COUNT; i++)
		said |= body->said[i] && strcmp(sections[i].field, field) == 0;
	if (!said)
		import_text(import, body->data ? body->data : import_descriptor(import, KIND_TRAINED_MODEL),
			field, text, import_print(import, "line %d", body->intro_line));
	buffer_done(&body->intro_text);
}

void model_card_text(struct import *import, const struct draft_place *data, const char *text, size_t size)
{
	struct body body = {.data = data};
	if (!lines_start_text(&body.lines, import, text, size))
		return;
	/* Lines are counted from the file's top. */
	for (const char *at = import->file->bytes; at < text; at++)
		body.lines.number += *at == '\n';
	const char *line;
	while ((line = lines_next(&body.lines))) {
		line = lines_trim(import->arena, line);
		if (is_hidden(&body, line))
			continue;
		read_intro(&body, line);
		if (*line == '#') {
			end_section(import, &body);
			begin_section(&body, line);
		} else if (body.section && body.text.size + strlen(line) < SECTION_MAX) {
			buffer_print(&body.text, "%s\n", line);
		}
	}
	end_section(import, &body);
	end_intro(import, &body);
}
