/* Letting old events go. When, and how many, is the ledger's. */
#include "store/parts.h"

struct trim_ask {
	int32_t partition;
	int64_t before_us;
	int64_t keep;
	int64_t young_us;
	int32_t limit;
};

struct trim_row {
	int64_t removed;
};

static const struct column trim_parameters[] = {
	COLUMN_INT(struct trim_ask, partition, "partition"),
	COLUMN_TIME(struct trim_ask, before_us, "before"),
	COLUMN_LONG(struct trim_ask, keep, "keep"),
	COLUMN_TIME(struct trim_ask, young_us, "young"),
	COLUMN_INT(struct trim_ask, limit, "limit"),
};
static const struct column trim_columns[] = {
	COLUMN_LONG(struct trim_row, removed, "removed"),
};

const struct statement statement_trim_events = {.file = "trim_events.sql",
	.parameters = COLUMNS(struct trim_ask, trim_parameters),
	.result = COLUMNS(struct trim_row, trim_columns)};

enum fault_code store_trim_events(struct store *store, int partition, const struct store_retention *retention,
	int64_t *removed, struct fault *fault)
{
	struct trim_ask ask = {
		partition, retention->before_us, retention->keep, retention->young_us, retention->limit};
	struct step step = {&statement_trim_events, &ask, 1, NULL};
	struct trim_row row = {0};
	enum fault_code code = store_run(store, &step, 1, fault);
	if (code == FAULT_NONE && step_rows(&step) == 1)
		code = step_read(&step, NULL, &row, fault);
	if (code == FAULT_NONE)
		*removed = row.removed;
	steps_done(&step, 1);
	return code;
}
