/* Turns filter options into the fields of requests. */
#include "command/filter.h"

Tally__V1__Kind *filter_kinds(struct session *session, size_t *count)
{
	const char **ids = options_all(&session->options, "kind", count);
	Tally__V1__Kind *kinds = arena_array(session->arena, *count + 1, sizeof(*kinds));
	for (size_t i = 0; i < *count; i++)
		kinds[i] = (Tally__V1__Kind)model_kind_by_id(ids[i]);
	return kinds;
}

char **filter_texts(struct session *session, const char *option, size_t *count)
{
	const char **texts = options_all(&session->options, option, count);
	char **copies = arena_array(session->arena, *count + 1, sizeof(*copies));
	for (size_t i = 0; i < *count; i++)
		copies[i] = arena_text(session->arena, texts[i]);
	return copies;
}

/* Of several the least grave counts: each asks for it and all above. */
Tally__V1__Severity filter_severity(struct session *session)
{
	size_t count;
	const char **words = options_all(&session->options, "severity", &count);
	Tally__V1__Severity least = TALLY__V1__SEVERITY__SEVERITY_UNSPECIFIED;
	for (size_t i = 0; i < count; i++) {
		Tally__V1__Severity one = words_severity_named(words[i]);
		if (least == TALLY__V1__SEVERITY__SEVERITY_UNSPECIFIED || one < least)
			least = one;
	}
	return least;
}
