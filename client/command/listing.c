/* Reading all findings of a system, of one revision. */
#include "command/listing.h"

#include <string.h>
#include <time.h>

#include "command/filter.h"
#include "command/report.h"
#include "command/rule_list.h"
#include "command/show.h"

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

void listing_request(struct session *session, const char *system, Tally__V1__ListFindingsRequest *request)
{
	tally__v1__list_findings_request__init(request);
	request->parent = session_system_name(session, system);
	request->page_size = SESSION_PAGE_SIZE;
}

bool listing_read(struct session *session, Tally__V1__ListFindingsRequest *request, struct listing *listing)
{
	bool past = request->as_of_revision > 0;
	if (past ? !read_past(session, request, listing) : !read_current(session, request, listing))
		return false;
	show_sort_findings(listing->findings, listing->count);
	return true;
}

bool listing_report(struct session *session, const struct listing *listing, const char *format)
{
	struct rule_list rules;
	if (!rule_list_read(session, &rules))
		return false;
	struct report report = {
		.system = listing->system,
		.environment = listing->verdict ? listing->verdict->environment : "",
		.revision = listing->revision,
		.verdict = listing->verdict,
		.findings = listing->findings,
		.count = listing->count,
		.rules = rules.rules,
		.rule_count = rules.count,
		.made_at_s = time(NULL),
		.fail_on = TALLY__V1__SEVERITY__SEVERITY_ERROR,
	};
	report_print(format, session->arena, &report, &session->out);
	return true;
}
