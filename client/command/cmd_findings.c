/* tally findings: what is wrong, now or at an earlier revision. */
#include <string.h>

#include "command/filter.h"
#include "command/session.h"
#include "command/show.h"
#include "command/words.h"
#include "tally/v1/mismatch_service.pb-c.h"

/* All pages together. */
struct listing {
	const char *system;
	int64_t revision;                  /* that all pages show */
	const Tally__V1__Verdict *verdict; /* NULL for the past */
	Tally__V1__Finding **findings;
	size_t count, capacity;
};

static void fill(struct session *session, const char *system, Tally__V1__ListFindingsRequest *request)
{
	tally__v1__list_findings_request__init(request);
	request->parent = session_system_name(session, system);
	request->page_size = SESSION_PAGE_SIZE;
	request->kinds = filter_kinds(session, &request->n_kinds);
	request->rule_classes = filter_texts(session, "class", &request->n_rule_classes);
	request->rules = filter_texts(session, "rule", &request->n_rules);
	request->teams = filter_texts(session, "team", &request->n_teams);
	request->min_severity = filter_severity(session);
	request->as_of_revision = options_number(&session->options, "as-of", 0);
	request->include_resolved = options_given(&session->options, "resolved");
}

static void add_page(
	struct session *session, struct listing *listing, const Tally__V1__ListFindingsResponse *page)
{
	size_t needed = listing->count + page->n_findings;
	if (needed > listing->capacity) {
		listing->capacity = 2 * needed;
		Tally__V1__Finding **larger =
			arena_array(session->arena, listing->capacity, sizeof(Tally__V1__Finding *));
		if (listing->count > 0)
			memcpy(larger, listing->findings, listing->count * sizeof(Tally__V1__Finding *));
		listing->findings = larger;
	}
	for (size_t i = 0; i < page->n_findings; i++)
		listing->findings[listing->count++] = page->findings[i];
}

/* @param[out] same  do all pages show the revision that is wanted? */
static bool read_pages(
	struct session *session, Tally__V1__ListFindingsRequest *request, struct listing *listing, bool *same)
{
	listing->count = 0;
	*same = true;
	request->page_token = arena_text(session->arena, "");
	do {
		const Tally__V1__ListFindingsResponse *page =
			session_call(session, "/tally.v1.MismatchService/ListFindings", &request->base,
				&tally__v1__list_findings_response__descriptor);
		if (!page)
			return false;
		*same = *same && page->revision == listing->revision;
		add_page(session, listing, page);
		request->page_token = page->next_page_token;
	} while (*request->page_token);
	return true;
}

static const Tally__V1__Verdict *ask_verdict(struct session *session, const char *system)
{
	Tally__V1__GetVerdictRequest request = TALLY__V1__GET_VERDICT_REQUEST__INIT;
	request.system = session_system_name(session, system);
	return session_call(session, "/tally.v1.MismatchService/GetVerdict", &request.base,
		&tally__v1__verdict__descriptor);
}

/* Verdict and findings must be of one revision; when a push came in between, the past is asked for. */
static bool read_current(
	struct session *session, Tally__V1__ListFindingsRequest *request, struct listing *listing)
{
	bool same;
	listing->verdict = ask_verdict(session, listing->system);
	if (!listing->verdict)
		return false;
	listing->revision = listing->verdict->revision;
	request->min_revision = listing->revision;
	if (!read_pages(session, request, listing, &same))
		return false;
	if (same)
		return true;
	request->as_of_revision = listing->revision;
	return read_pages(session, request, listing, &same);
}

static bool read_past(
	struct session *session, Tally__V1__ListFindingsRequest *request, struct listing *listing)
{
	bool same;
	listing->revision = request->as_of_revision;
	return read_pages(session, request, listing, &same);
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
	show_sort_findings(listing->findings, listing->count);
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
	bool past = request.as_of_revision > 0;
	if (past ? !read_past(session, &request, &listing) : !read_current(session, &request, &listing))
		return COMMAND_FAILED;
	if (session->json)
		print_json(session, &listing);
	else
		print_text(session, &listing);
	return COMMAND_WELL;
}

static const struct option options[] = {
	{"system", 0, OPTION_TEXT, "SYSTEM", "else the argument or $TALLY_SYSTEM", NULL, NULL},
	FILTER_OPTIONS,
	{"rule", 0, OPTION_TEXT, "RULE", "only these rules, e.g. api.output-type", NULL, NULL},
	{"as-of", 0, OPTION_NUMBER, "REVISION", "as it was at this revision; then there is no verdict", NULL,
		NULL},
	{"resolved", 0, OPTION_FLAG, NULL, "also findings that were resolved", NULL, NULL},
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
