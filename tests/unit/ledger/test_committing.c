/* When the follower leaves a partition to its lane, and when it does not. */
#include "ledger/committing.h"

#include "cases.h"

enum {
	PARTITION = 3,
	START_US = 5000000,
};

enum act {
	STOP,
	BEGIN,
	END,
	BEHIND,
	ASK
};

struct row {
	const char *name;
	enum act acts[6];
	int64_t later_us; /* when it is asked at last */
	bool waits;
};

static const struct row rows[] = {
	{"nobody waits for nothing", {STOP}, 0, false},
	{"a commit under way is waited for", {BEGIN}, 2000, true},
	{"one that takes long is not", {BEGIN}, 10000000, false},
	{"what is published is not waited for", {BEGIN, END}, 0, false},
	{"the next commit is", {BEGIN, END, BEGIN}, 0, true},
	{"a lane that misses events is not waited for", {BEGIN, BEHIND}, 0, false},
	{"nor when it has published", {BEGIN, BEHIND, END}, 0, false},
	{"nor when it commits again", {BEGIN, BEHIND, END, BEGIN}, 0, false},
	{"but again once the follower has looked", {BEGIN, BEHIND, END, ASK, BEGIN}, 0, true},
	{"an end without a beginning is nothing", {END, END}, 0, false},
};

static void check(void **state)
{
	const struct row *row = *state;
	struct committing *committing = committing_new(PARTITION + 1);
	for (const enum act *act = row->acts; *act != STOP; act++) {
		switch (*act) {
		case BEGIN: committing_begin(committing, PARTITION, START_US); break;
		case END: committing_end(committing, PARTITION); break;
		case BEHIND: committing_behind(committing, PARTITION); break;
		default: committing_waits(committing, PARTITION, START_US);
		}
	}
	assert_false(committing_waits(committing, 0, START_US));
	assert_int_equal(committing_waits(committing, PARTITION, START_US + row->later_us), row->waits);
	committing_free(committing);
	committing_free(NULL);
}

int main(void)
{
	return CASES_RUN(rows, check);
}
