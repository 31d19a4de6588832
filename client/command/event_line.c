/* How events look. Knows nothing of the stream they come from. */
#include "command/event_line.h"

#include <string.h>

#include "command/colour.h"
#include "command/show.h"
#include "command/text.h"
#include "command/words.h"

static const char *of_descriptor(struct arena *arena, const Tally__V1__Descriptor *descriptor)
{
	enum model_kind kind = show_kind_of(descriptor);
	struct model_name name;
	const char *why;
	const char *id = model_name_parse(descriptor->name, &name, &why) ? name.descriptor : "";
	const char *place =
		show_place(arena, kind == KIND_NONE ? descriptor->name : model_kind_info(kind)->id, id);
	return arena_print(arena, "%s version %d%s%s%s%s", place, (int)descriptor->version,
		*descriptor->author ? " by " : "", descriptor->author, *descriptor->change_note ? ": " : "",
		descriptor->change_note);
}

static const char *of_finding(struct arena *arena, const Tally__V1__Finding *finding)
{
	return arena_print(arena, "%s %s %s: %s", words_severity(finding->severity), finding->rule,
		finding->subject, finding->message);
}

static const char *of_verdict(struct arena *arena, const Tally__V1__Verdict *verdict)
{
	return arena_print(arena, "%s: %s, %s, %s", words_decision(verdict->decision),
		words_count(arena, verdict->error_count, "error"),
		words_count(arena, verdict->warning_count, "warning"),
		words_count(arena, verdict->note_count, "note"));
}

static const char *said(struct arena *arena, const Tally__V1__Event *event)
{
	switch (event->what_case) {
	case TALLY__V1__EVENT__WHAT_DESCRIPTOR: return of_descriptor(arena, event->descriptor);
	case TALLY__V1__EVENT__WHAT_FINDING: return of_finding(arena, event->finding);
	case TALLY__V1__EVENT__WHAT_VERDICT: return of_verdict(arena, event->verdict);
	default: return "";
	}
}

static enum colour colour_of(const Tally__V1__Event *event)
{
	bool grave = event->what_case == TALLY__V1__EVENT__WHAT_FINDING &&
		     event->finding->severity == TALLY__V1__SEVERITY__SEVERITY_ERROR;
	switch (event->type) {
	case TALLY__V1__EVENT_TYPE__EVENT_TYPE_FINDING_OPENED: return grave ? COLOUR_RED : COLOUR_YELLOW;
	case TALLY__V1__EVENT_TYPE__EVENT_TYPE_FINDING_RESOLVED: return COLOUR_GREEN;
	case TALLY__V1__EVENT_TYPE__EVENT_TYPE_VERDICT_CHANGED: return COLOUR_BOLD;
	default: return COLOUR_PLAIN;
	}
}

void event_line_text(struct arena *arena, const Tally__V1__Event *event, bool colour, struct buffer *out)
{
	enum colour look = colour_of(event);
	buffer_print(out, "%s  %s@%lld  %s%-18s%s  %s\n", words_short_time(arena, event->time),
		text_clean(arena, words_last(event->system)), (long long)event->revision,
		colour_start(look, colour), words_event(event->type), colour_end(look, colour),
		text_clean(arena, said(arena, event)));
}

static const char *phase_word(Tally__V1__Phase phase)
{
	return phase == TALLY__V1__PHASE__PHASE_STATE || phase == TALLY__V1__PHASE__PHASE_END_OF_STATE
		       ? "state"
		       : "live";
}

static json_t *event_json(struct arena *arena, const Tally__V1__Event *event, Tally__V1__Phase phase)
{
	json_t *object = json_pack("{s:s, s:I, s:s, s:s, s:b, s:s}", "system",
		text_clean(arena, words_last(event->system)), "revision", (json_int_t)event->revision, "type",
		words_event(event->type), "time", words_time(arena, event->time), "last_of_revision",
		(int)event->last_of_revision, "phase", phase_word(phase));
	if (event->what_case == TALLY__V1__EVENT__WHAT_DESCRIPTOR)
		json_object_set_new(object, "descriptor", show_descriptor_json(event->descriptor));
	else if (event->what_case == TALLY__V1__EVENT__WHAT_FINDING)
		json_object_set_new(object, "finding", show_finding_json(event->finding));
	else if (event->what_case == TALLY__V1__EVENT__WHAT_VERDICT)
		json_object_set_new(object, "verdict", show_verdict_json(event->verdict));
	return object;
}

static void print_object(json_t *object, const char *token, struct buffer *out)
{
	json_object_set_new(object, "token", *token ? json_string(token) : json_null());
	char *text = json_dumps(object, JSON_COMPACT);
	buffer_print(out, "%s\n", text ? text : "{}");
	free(text);
	json_decref(object);
}

void event_line_json(struct arena *arena, const Tally__V1__SubscribeResponse *message, struct buffer *out)
{
	bool complete = message->phase == TALLY__V1__PHASE__PHASE_END_OF_STATE;
	for (size_t i = 0; i < message->n_events; i++) {
		bool last = i + 1 == message->n_events && !complete;
		print_object(event_json(arena, message->events[i], message->phase),
			last ? message->resume_token : "", out);
	}
	if (complete || message->n_events == 0)
		print_object(json_pack("{s:s, s:s}", "type", complete ? "end_of_state" : "checkpoint",
				     "phase", phase_word(message->phase)),
			message->resume_token, out);
}
