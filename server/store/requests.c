/* Idempotency: looking request ids up and forgetting them. */
#include "base/clock.h"
#include "store/parts.h"

#define DAY_US (INT64_C(24) * 60 * 60 * 1000000)

static const struct column request_parameters[] = {
	COLUMN_INT(struct ask, partition, "partition"),
	COLUMN_TEXT(struct ask, system, "system"),
	COLUMN_UUID(struct ask, request_id, "request_id"),
	COLUMN_TIME(struct ask, at_us, "oldest"),
};
static const struct column request_columns[] = {
	COLUMN_DIGEST(struct store_request, fingerprint, "fingerprint"),
	COLUMN_BYTES(struct store_request, answer, answer_size, "answer"),
};
static const struct column delete_parameters[] = {
	COLUMN_TIME(struct ask, at_us, "before"),
};

const struct statement statement_request = {.file = "request.sql",
	.parameters = COLUMNS(struct ask, request_parameters),
	.result = COLUMNS(struct store_request, request_columns)};
const struct statement statement_delete_requests = {
	.file = "delete_requests.sql", .parameters = COLUMNS(struct ask, delete_parameters)};

enum fault_code store_request(struct store *store, struct arena *arena, int partition, const char *system,
	const char *request_id, struct store_request *request, struct fault *fault)
{
	struct ask ask = {.partition = partition,
		.system = system,
		.request_id = request_id,
		.at_us = clock_wall_us() - DAY_US};
	uint8_t bytes[COLUMN_UUID_SIZE];
	void *rows = NULL;
	size_t found = 0;
	if (!column_uuid(request_id, bytes))
		return fault_set(fault, FAULT_INVALID, "REQUEST_ID_INVALID", "a request id is a UUID");
	enum fault_code code = store_read(store, &statement_request, &ask, arena, &rows, &found, fault);
	if (code != FAULT_NONE)
		return code;
	if (found == 0)
		return fault_set(fault, FAULT_NOT_FOUND, "REQUEST_NOT_FOUND", "the request id is new");
	memcpy(request, rows, sizeof(*request));
	return FAULT_NONE;
}

enum fault_code store_forget_requests(
	struct store *store, int64_t before_us, int64_t *removed, struct fault *fault)
{
	struct ask ask = {.at_us = before_us};
	struct step step = {&statement_delete_requests, &ask, 1, NULL};
	enum fault_code code = store_run(store, &step, 1, fault);
	if (code == FAULT_NONE && removed)
		*removed = step_written(&step);
	steps_done(&step, 1);
	return code;
}
