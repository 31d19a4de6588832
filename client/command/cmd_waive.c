/* tally waive: someone answers for a finding until a date. It is a push of a waiver. */
#include <string.h>
#include <time.h>

#include "codec/moment.h"
#include "command/push.h"
#include "command/session.h"
#include "command/words.h"
#include "model/digest.h"

/* @return arena; NULL when the text is no date, time or length */
static Google__Protobuf__Timestamp *read_until(struct arena *arena, const char *text)
{
	struct moment moment = {0};
	if (moment_read_duration(text, &moment)) {
		if (moment.seconds <= 0)
			return NULL;
		moment.seconds += (int64_t)time(NULL);
	} else if (!moment_read_time(text, &moment)) {
		return NULL;
	}
	Google__Protobuf__Timestamp *until = arena_alloc(arena, sizeof(*until));
	google__protobuf__timestamp__init(until);
	until->seconds = moment.seconds;
	until->nanos = moment.nanos;
	return until;
}

/* The same thing waived again is a new version of the same waiver. */
static const char *name_of(struct arena *arena, const Tally__V1__Waiver *waiver)
{
	if (*waiver->finding)
		return waiver->finding;
	struct model_digest digest =
		model_digest_of((struct model_digest_part[]){{waiver->rule, strlen(waiver->rule)}, {"\n", 1},
					{waiver->subject, strlen(waiver->subject)}},
			3);
	const uint8_t *d = digest.bytes;
	return arena_print(
		arena, "r%02x%02x%02x%02x%02x%02x%02x%02x", d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]);
}

static char *text_of(struct session *session, const char *option)
{
	return arena_text(session->arena, options_text(&session->options, option));
}

static enum command_exit run(struct session *session)
{
	static const char *const required[] = {"reason", "until", "by"};
	const struct options *given = &session->options;
	for (size_t i = 0; i < sizeof(required) / sizeof(required[0]); i++)
		if (!options_given(given, required[i]))
			return session_usage(session, "--%s is required", required[i]);
	if ((given->argument_count == 1) == options_given(given, "rule"))
		return session_usage(session, "name one finding, or a rule with --rule");
	Tally__V1__Waiver *waiver = arena_alloc(session->arena, sizeof(*waiver));
	tally__v1__waiver__init(waiver);
	if (given->argument_count == 1)
		waiver->finding = arena_text(session->arena, words_last(given->arguments[0]));
	waiver->rule = text_of(session, "rule");
	waiver->subject = text_of(session, "subject");
	waiver->reason = text_of(session, "reason");
	waiver->waived_by = text_of(session, "by");
	waiver->expire_time = read_until(session->arena, options_text(given, "until"));
	if (!waiver->expire_time)
		return session_usage(session,
			"--until: \"%s\" is not a date such as 2027-01-31, a time or 30d",
			options_text(given, "until"));
	const char *system = session_system(session);
	if (!system)
		return COMMAND_FAILED;
	const char *name = options_text(given, "name");
	struct document document = {.file = "waiver",
		.kind = KIND_WAIVER,
		.system = system,
		.name = name ? name : name_of(session->arena, waiver),
		.descriptor = document_descriptor(session->arena, KIND_WAIVER, &waiver->base)};
	return push_documents(session, &document, 1);
}

static const struct option options[] = {
	{"system", 0, OPTION_TEXT, "SYSTEM", "else $TALLY_SYSTEM", NULL, NULL},
	{"rule", 0, OPTION_TEXT, "RULE", "all findings of this rule, instead of one finding", NULL, NULL},
	{"subject", 0, OPTION_TEXT, "SUBJECT", "with --rule: only those about it", NULL, NULL},
	{"reason", 0, OPTION_TEXT, "TEXT", "required: why it does not block", NULL, NULL},
	{"until", 0, OPTION_TEXT, "DATE",
		"required: a date or time (UTC unless it says), or e.g. 12h, 30d, 2w", NULL, NULL},
	{"by", 0, OPTION_TEXT, "NAME", "required: who answers for it", NULL, NULL},
	{"name", 0, OPTION_TEXT, "NAME", "of the waiver; else it is made of what is waived", NULL, NULL},
	PUSH_OPTIONS,
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_waive = {
	.name = "waive",
	.summary = "Keep a finding from blocking until a date",
	.arguments = "[FINDING]",
	.about = "The finding stays visible, marked as waived. The same thing waived again replaces the\n"
		 "earlier waiver; `tally delete waiver/NAME` ends one.",
	.options = options,
	.words = WORDS_TEXT,
	.most = 1,
	.example = "  tally waive --system fraud-scoring --rule api.output-type --subject score \\\n"
		   "    --reason \"scorer 4 mends it\" --until 30d --by ann",
	.run = run,
};
