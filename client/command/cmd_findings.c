/* tally findings: what is wrong, now or at an earlier revision. */
#include <string.h>

#include "command/filter.h"
#include "command/listing.h"
#include "command/report.h"
#include "command/session.h"
#include "command/show.h"
#include "command/words.h"

static void fill(struct session *session, const char *system, Tally__V1__ListFindingsRequest *request)
{
	listing_request(session, system, request);
	request->kinds = filter_kinds(session, &request->n_kinds);
	request->rule_classes = filter_texts(session, "class", &request->n_rule_classes);
	request->rules = filter_texts(session, "rule", &request->n_rules);
	request->teams = filter_texts(session, "team", &request->n_teams);
	request->min_severity = filter_severity(session);
	request->as_of_revision = options_number(&session->options, "as-of", 0);
	request->include_resolved = options_given(&session->options, "resolved");
}

static void print_json(struct session *session, struct listing *listing)
{
	json_t *verdict =
		listing->verdict ? json_string(words_decision(listing->verdict->decision)) : json_null();
	session_json(session, json_pack("{s:s, s:I, s:o, s:o}", "system", listing->system, "revision",
				      (json_int_t)listing->revision, "verdict", verdict, "findings",
				      show_findings_json(listing->findings, listing->count)));
}

static void print_counts(struct session *session, const struct listing *listing)
{
	struct arena *arena = session->arena;
	int64_t counts[4] = {0};
	const char *separator = "";
	for (size_t i = 0; i < listing->count; i++) {
		unsigned severity = (unsigned)listing->findings[i]->severity;
		counts[severity < 4 ? severity : 0]++;
	}
	buffer_print(&session->out, "%s%s at revision %lld", listing->count > 0 ? "\n" : "",
		words_count(arena, (int64_t)listing->count, "finding"), (long long)listing->revision);
	for (int severity = 3; severity > 0; severity--) {
		if (counts[severity] == 0)
			continue;
		buffer_print(&session->out, "%s %s", *separator ? separator : ":",
			words_count(arena, counts[severity], words_severity((Tally__V1__Severity)severity)));
		separator = ",";
	}
	buffer_text(&session->out, "\n");
}

static void print_text(struct session *session, struct listing *listing)
{
	if (listing->count > 0)
		show_findings_table(session, listing->findings, listing->count);
	print_counts(session, listing);
	if (listing->verdict)
		show_verdict_line(session, listing->verdict);
}

static enum command_exit run(struct session *session)
{
	Tally__V1__ListFindingsRequest request;
	struct listing listing = {.system = session_system_argument(session)};
	if (!listing.system)
		return COMMAND_FAILED;
	fill(session, listing.system, &request);
	if (!listing_read(session, &request, &listing))
		return COMMAND_FAILED;
	const char *output = options_text(&session->options, "output");
	if (session->json)
		print_json(session, &listing);
	else if (!output || strcmp(output, "text") == 0)
		print_text(session, &listing);
	else if (!listing_report(session, &listing, output))
		return COMMAND_FAILED;
	return COMMAND_WELL;
}

static const struct option options[] = {
	{"system", 0, OPTION_TEXT, "SYSTEM", "else the argument or $TALLY_SYSTEM", NULL, NULL},
	FILTER_OPTIONS,
	{"rule", 0, OPTION_TEXT, "RULE", "only these rules, e.g. api.output-type", NULL, NULL},
	{"as-of", 0, OPTION_NUMBER, "REVISION", "as it was at this revision; then there is no verdict", NULL,
		NULL},
	{"resolved", 0, OPTION_FLAG, NULL, "also findings that were resolved", NULL, NULL},
	REPORT_OUTPUT_OPTION,
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_findings = {
	.name = "findings",
	.summary = "List the findings of a system",
	.arguments = "[SYSTEM]",
	.about = "A filter may be given several times or with commas: any of its values will do.\n"
		 "It ends with 0 whatever is found: `tally verdict` is the gate.",
	.options = options,
	.words = WORDS_TEXT,
	.most = 1,
	.example = "  tally findings fraud-scoring --severity warning --team operations",
	.run = run,
};
