/* Saying where in a text something is wrong. */
#include "codec/codec.h"

#include <stdarg.h>

#include "base/nearest.h"
#include "base/utf8.h"

/* What is quoted from a peer's text may be cut inside a character or hold controls; a message is one line of
 * text. */
static void make_line(char *text)
{
	for (char *at = text; *at; at++)
		if ((unsigned char)*at < 0x20 || *at == 0x7f)
			*at = '?';
	const size_t size = strlen(text);
	for (size_t bad = utf8_check(text, size); bad < size; bad = utf8_check(text, size))
		text[bad] = '?';
}

enum fault_code codec_refuse(
	struct fault *fault, const char *reason, const struct codec_place *place, const char *format, ...)
{
	char text[400], path[200];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	make_line(text);
	snprintf(path, sizeof(path), "%s", place->path);
	make_line(path);
	const bool whole = !path[0];
	fault_set(fault, FAULT_INVALID, reason, "%s:%d:%d: %s%s%s", place->file, place->line, place->column,
		path, whole ? "" : ": ", text);
	if (!whole)
		fault_violate(fault, path, "%s", text);
	fault_add(fault, "file", "%s", place->file);
	fault_add(fault, "line", "%d", place->line);
	fault_add(fault, "column", "%d", place->column);
	return FAULT_INVALID;
}

enum fault_code codec_refuse_name(struct fault *fault, const char *reason, const struct codec_place *place,
	const char *what, const char *name, const char *const *known, size_t count)
{
	const char *meant = nearest_word(name, known, count);
	if (meant)
		return codec_refuse(fault, reason, place, "there is no %s \"%.100s\"; did you mean %s?", what,
			name, meant);
	char list[300] = "";
	size_t used = 0;
	for (size_t i = 0; i < count && used < sizeof(list); i++)
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", i ? ", " : "", known[i]);
	if (used >= sizeof(list))
		return codec_refuse(fault, reason, place, "there is no %s \"%.100s\"", what, name);
	return codec_refuse(
		fault, reason, place, "there is no %s \"%.100s\"; known are %s", what, name, list);
}
