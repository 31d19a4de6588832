/*
 * Templates: every field of a kind, walked in the order of the .proto. What
 * has an example is filled in; all else is there, commented out as "#field:".
 */
#include "document/document.h"

#include <string.h>
#include <time.h>

#include "codec/shape.h"
#include "document/document_words.h"
#include "document/examples.h"

enum {
	DAYS_AHEAD = 30, /* of a time that must not have passed */
	SECONDS_PER_DAY = 24 * 60 * 60,
	DATE_SIZE = sizeof("2026-12-31"),
};

/* Where the next line goes. A commented-out part keeps its '#' in the column where it began. */
struct cursor {
	struct buffer *out;
	int column;     /* of what is written */
	int off_column; /* of the '#', or -1 */
	bool item;      /* the next field opens an item: "- " stands before it */
};

static void show_fields(const struct cursor *cursor, const ProtobufCMessageDescriptor *type);

/* Opens a line up to its text; an item's first field gets its dash. */
static void open_line(const struct cursor *cursor)
{
	const int column = cursor->column - (cursor->item ? 2 : 0);
	if (cursor->off_column < 0)
		buffer_print(cursor->out, "%*s", column, "");
	else
		buffer_print(cursor->out, "%*s#%*s", cursor->off_column, "", column - cursor->off_column, "");
	buffer_text(cursor->out, cursor->item ? "- " : "");
}

/* Text of its own: "# " and words; left out inside of what is commented out. */
static void show_comment(const struct cursor *cursor, const char *text)
{
	if (text && cursor->off_column < 0)
		buffer_print(cursor->out, "%*s# %s\n", cursor->column - (cursor->item ? 2 : 0), "", text);
}

static const char *blank_value(const ProtobufCFieldDescriptor *field)
{
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return field->type == PROTOBUF_C_TYPE_STRING ? "[]" : "[0]";
	switch (field->type) {
	case PROTOBUF_C_TYPE_STRING: return "\"\"";
	case PROTOBUF_C_TYPE_MESSAGE: return "0s";
	case PROTOBUF_C_TYPE_BOOL: return "false";
	default: return "0";
	}
}

/* @param[out] text  DATE_SIZE bytes @return text */
static const char *coming_date(char *text)
{
	const time_t then = time(NULL) + (time_t)DAYS_AHEAD * SECONDS_PER_DAY;
	struct tm parts;
	gmtime_r(&then, &parts);
	strftime(text, DATE_SIZE, "%Y-%m-%d", &parts);
	return text;
}

/* The value that the table of examples tells, without the '#' that comments it out; NULL: none. */
static const char *given_value(
	const ProtobufCFieldDescriptor *field, const struct example *example, char *date)
{
	if (!example || !example->value)
		return NULL;
	if (!*example->value && field->type == PROTOBUF_C_TYPE_MESSAGE)
		return coming_date(date);
	return example->value + (*example->value == '#');
}

/* Nobody writes a profile by hand. */
static bool is_profile(const ProtobufCFieldDescriptor *field)
{
	return strcmp(field->name, "profile") == 0;
}

/* Is it written in one line? */
static bool is_scalar(const ProtobufCFieldDescriptor *field)
{
	return field->type != PROTOBUF_C_TYPE_MESSAGE || shape_known(field->descriptor) != SHAPE_ORDINARY;
}

static void show_field(
	const struct cursor *at, const ProtobufCFieldDescriptor *field, const struct example *example)
{
	struct cursor cursor = *at;
	show_comment(&cursor, example ? example->comment : NULL);
	if (cursor.off_column < 0 && (!example || !example->value || *example->value == '#'))
		cursor.off_column = cursor.column;
	open_line(&cursor);
	if (is_scalar(field)) {
		char date[DATE_SIZE];
		const char *given = given_value(field, example, date);
		buffer_print(cursor.out, "%s: %s\n", field->name, given ? given : blank_value(field));
		return;
	}
	buffer_print(cursor.out, "%s:\n", field->name);
	cursor.item = field->label == PROTOBUF_C_LABEL_REPEATED;
	cursor.column += cursor.item ? 4 : 2;
	show_fields(&cursor, field->descriptor);
}

/* The first field of a listed message is one that has an example: it carries the dash. */
static void show_fields(const struct cursor *at, const ProtobufCMessageDescriptor *type)
{
	struct cursor cursor = *at;
	for (unsigned i = 0; i < type->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &type->fields[i];
		if (is_profile(field)) {
			show_comment(&cursor, "profile: comes from `tally profile`, which reads the data.");
			continue;
		}
		show_field(&cursor, field, example_of(type->short_name, field->name));
		cursor.item = false;
	}
}

/* What the whole is for. The kinds beside the eight are acted on, so some of theirs is required. */
static void show_head(struct buffer *out, const struct model_kind_info *info)
{
	static const char *const purposes[KIND_LIMIT] = {
		[KIND_POLICY] = "how a system wants to be judged. There is one; it is named default.",
		[KIND_WAIVER] = "why something does not block, until a date. `tally waive` makes one too.",
		[KIND_DEPLOYMENT] = "what runs in the production environment whose name it has.\n"
				    "# `tally record-deployment` makes one of the current versions.",
	};
	if (purposes[info->kind])
		buffer_print(out, "# %s: %s\n", info->document, purposes[info->kind]);
	else
		buffer_print(
			out, "# %s: what the %s team knows.\n", info->document, model_team_id(info->team));
	buffer_text(out,
		"# Replace the examples, take the # away where you know more, delete what does not apply.\n");
	if (!purposes[info->kind])
		buffer_text(out, "# Nothing is required: what others need and do not find, Tally tells.\n");
}

void document_template(struct buffer *out, enum model_kind kind, const char *system)
{
	const struct model_kind_info *info = model_kind_info(kind);
	show_head(out, info);
	buffer_print(out, "apiVersion: %s\nkind: %s\nmetadata:\n", DOCUMENT_API_VERSION, info->document);
	buffer_print(out, system[0] ? "  system: %s\n" : "  #system: my-system%s\n", system);
	buffer_print(out, "  name: default\n  ownerTeam: %s\nspec:\n", model_team_id(info->team));
	const struct cursor cursor = {.out = out, .column = 2, .off_column = -1};
	show_fields(&cursor, info->spec);
}
