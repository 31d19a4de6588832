/* What a subscriber asks for, and which events pass: said by the events' bytes, not by the columns beside
 * them. */
#ifndef CHECK_WISH_H
#define CHECK_WISH_H

#include "check.h"
#include "journal.h"
#include "tally/v1/event_service.pb-c.h"

struct wish {
	char **systems; /* ids; none: all */
	size_t system_count;
	kind_set kinds;
	uint32_t classes; /* bits (1 << enum model_class) */
	int min_severity;
	uint32_t teams; /* TEAM_BIT()s */
	uint32_t types; /* bits (1 << type) */
	bool state;
	int interval_ms;
};

/* What a filter asks of an event, as its message says it. */
struct wish_facts {
	const char *system; /* id */
	int type;
	kind_set kinds;
	int class;
	int severity;
	uint32_t teams;
};

/** Reads an event's message. @param[out] facts borrows the event's text */
void wish_facts_of(const Tally__V1__Event *event, struct wish_facts *facts);

bool wish_passes(const struct wish *wish, const struct wish_facts *facts);

/** Makes the wish of the n-th subscriber: every sort of filter comes in turn. @param systems that there are
 */
struct wish wish_at(int number, const char *prefix, int systems);

void wish_done(struct wish *wish);

/** Makes the request. @return arena */
Tally__V1__SubscribeRequest *wish_request(struct arena *arena, const struct wish *wish, const char *token);

/** Writes the wish as an entry. */
void wish_write(const struct wish *wish, struct journal *journal);

/** Reads it back. */
struct wish wish_read(const struct journal_file *file, const struct journal_entry *entry);

/** Digests an event without its mark; the same bytes, the same text. @param[out] text 17 bytes @return text
 */
char *wish_digest(const Tally__V1__Event *event, char *text);

enum {
	WISH_DIGEST_SIZE = 17
};

#endif
