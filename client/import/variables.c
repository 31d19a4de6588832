/* Replaces variables. A default that holds variables is taken as it is written. */
#include "import/variables.h"

#include <ctype.h>
#include <string.h>

#include "base/buffer.h"

static size_t name_size(const char *text)
{
	size_t size = 0;
	while (isalnum((unsigned char)text[size]) || text[size] == '_')
		size++;
	return size && !isdigit((unsigned char)*text) ? size : 0;
}

/* @param end behind the closing brace */
static void put_braced(struct arena *arena, struct buffer *out, const char *from, const char *end,
	variables_fn *look_up, void *context)
{
	const char *at = from + 2;
	const size_t size = name_size(at);
	const char *value = size && look_up ? look_up(context, arena_copy(arena, at, size)) : NULL;
	at += size;
	at += *at == ':';
	if (value)
		buffer_text(out, value);
	else if (size && *at == '-')
		buffer_add(out, at + 1, (size_t)(end - at) - 2);
	else
		buffer_add(out, from, (size_t)(end - from));
}

const char *variables_resolve(struct arena *arena, const char *text, variables_fn *look_up, void *context)
{
	struct buffer out = {0};
	while (*text) {
		const char *close = text[0] == '$' && text[1] == '{' ? strchr(text, '}') : NULL;
		const size_t size = *text == '$' ? name_size(text + 1) : 0;
		const char *value =
			size && look_up ? look_up(context, arena_copy(arena, text + 1, size)) : NULL;
		if (text[0] == '$' && text[1] == '$') {
			buffer_text(&out, "$");
			text += 2;
		} else if (close) {
			put_braced(arena, &out, text, close + 1, look_up, context);
			text = close + 1;
		} else if (value) {
			buffer_text(&out, value);
			text += size + 1;
		} else
			buffer_add(&out, text++, 1);
	}
	const char *kept = arena_copy(arena, buffer_string(&out), out.size);
	buffer_done(&out);
	return kept;
}

bool variables_left(const char *text)
{
	for (; (text = strchr(text, '$')); text++)
		if (text[1] == '{' || name_size(text + 1))
			return true;
	return false;
}
