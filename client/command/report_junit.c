/*
 * JUnit's XML. Each finding is a test case of its rule's class: one that
 * fails where it is grave enough, one that is skipped where it is waived, else
 * one that passes; what it found stands in the suite's output. A rule that found nothing is one
 * that passes.
 */
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "command/report_inside.h"
#include "command/words.h"

/* Writes text into an attribute or an element. XML has no place for most control characters. */
static void escape(const char *text, struct buffer *out)
{
	for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
		switch (*at) {
		case '&': buffer_text(out, "&amp;"); break;
		case '<': buffer_text(out, "&lt;"); break;
		case '>': buffer_text(out, "&gt;"); break;
		case '"': buffer_text(out, "&quot;"); break;
		case '\n': buffer_text(out, "&#10;"); break;
		case '\t': buffer_text(out, "&#9;"); break;
		default:
			if (*at >= 0x20)
				buffer_add(out, at, 1);
			else
				buffer_text(out, "?");
		}
	}
}

static void attribute(const char *name, const char *value, struct buffer *out)
{
	buffer_print(out, " %s=\"", name);
	escape(value, out);
	buffer_text(out, "\"");
}

static void open_case(const char *class, const char *name, struct buffer *out)
{
	buffer_text(out, "    <testcase");
	attribute("name", name, out);
	attribute("classname", class, out);
	attribute("time", "0", out);
}

static void print_case(struct arena *arena, const struct report *report, const Tally__V1__Finding *finding,
	struct buffer *out)
{
	open_case(finding->rule, arena_print(arena, "%s (%s)", finding->subject, words_last(finding->name)),
		out);
	if (finding->waived) {
		buffer_text(out, ">\n      <skipped>");
		escape(report_waiver(arena, finding), out);
		buffer_text(out, "</skipped>\n    </testcase>\n");
	} else if (report_fails(report, finding)) {
		buffer_text(out, ">\n      <failure");
		attribute("message", finding->message, out);
		attribute("type", words_severity(finding->severity), out);
		buffer_text(out, ">");
		escape(report_details(arena, finding), out);
		buffer_text(out, "</failure>\n    </testcase>\n");
	} else {
		buffer_text(out, "/>\n");
	}
}

static bool is_open(const Tally__V1__Finding *finding)
{
	return finding->state != TALLY__V1__STATE__STATE_RESOLVED;
}

static bool has_finding(const struct report *report, const char *rule)
{
	for (size_t i = 0; i < report->count; i++) {
		if (is_open(report->findings[i]) && strcmp(report->findings[i]->rule, rule) == 0)
			return true;
	}
	return false;
}

static void print_cases(struct arena *arena, const struct report *report, struct buffer *out)
{
	for (size_t i = 0; i < report->count; i++) {
		if (is_open(report->findings[i]))
			print_case(arena, report, report->findings[i], out);
	}
	for (size_t i = 0; i < report->rule_count; i++) {
		const char *rule = words_last(report->rules[i]->name);
		if (has_finding(report, rule))
			continue;
		open_case(rule, report->rules[i]->title, out);
		buffer_text(out, "/>\n");
	}
}

struct counts {
	size_t tests, failures, skipped;
};

static struct counts count_cases(const struct report *report)
{
	struct counts counts = {0};
	for (size_t i = 0; i < report->count; i++) {
		const Tally__V1__Finding *finding = report->findings[i];
		counts.tests += is_open(finding);
		counts.skipped += is_open(finding) && finding->waived;
		counts.failures += report_fails(report, finding);
	}
	for (size_t i = 0; i < report->rule_count; i++)
		counts.tests += !has_finding(report, words_last(report->rules[i]->name));
	return counts;
}

/* What passes says what it found here: a test case that passes has no place for it. */
static void print_passed(struct arena *arena, const struct report *report, struct buffer *out)
{
	buffer_text(out, "    <system-out>");
	for (size_t i = 0; i < report->count; i++) {
		const Tally__V1__Finding *finding = report->findings[i];
		if (!is_open(finding) || finding->waived || report_fails(report, finding))
			continue;
		escape(arena_print(arena, "%s %s (%s): %s\n\n", words_severity(finding->severity),
			       finding->rule, words_last(finding->name), report_details(arena, finding)),
			out);
	}
	buffer_text(out, "</system-out>\n    <system-err></system-err>\n");
}

static void print_property(const char *name, const char *value, struct buffer *out)
{
	buffer_text(out, "      <property");
	attribute("name", name, out);
	attribute("value", value, out);
	buffer_text(out, "/>\n");
}

static void print_properties(struct arena *arena, const struct report *report, struct buffer *out)
{
	buffer_text(out, "    <properties>\n");
	print_property("system", report->system, out);
	print_property("revision", arena_print(arena, "%lld", (long long)report->revision), out);
	if (report->verdict)
		print_property("verdict", words_decision(report->verdict->decision), out);
	buffer_text(out, "    </properties>\n");
}

static void open_suite(struct arena *arena, const struct report *report, struct buffer *out)
{
	struct counts counts = count_cases(report);
	char at[32];
	time_t seconds = (time_t)report->made_at_s;
	struct tm parts;
	strftime(at, sizeof(at), "%Y-%m-%dT%H:%M:%S", gmtime_r(&seconds, &parts));
	buffer_text(out, "  <testsuite");
	attribute("name",
		*report->environment ? arena_print(arena, "%s in %s", report->system, report->environment)
				     : report->system,
		out);
	attribute("package", "tally", out);
	attribute("hostname", "tally", out);
	attribute("timestamp", at, out);
	buffer_print(
		out, " id=\"0\" tests=\"%zu\" failures=\"%zu\" errors=\"0\"", counts.tests, counts.failures);
	if (counts.skipped > 0)
		buffer_print(out, " skipped=\"%zu\"", counts.skipped);
	buffer_text(out, " time=\"0\">\n");
}

/* What the schemas of Ant and of Jenkins both take, as long as nothing is waived: Ant's knows no skipped. */
void report_junit(struct arena *arena, const struct report *report, struct buffer *out)
{
	buffer_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
	open_suite(arena, report, out);
	print_properties(arena, report, out);
	print_cases(arena, report, out);
	print_passed(arena, report, out);
	buffer_text(out, "  </testsuite>\n</testsuites>\n");
}
