/* Sets of versions put together in thought. What is asked of them is evaluate.c. */
#include "service/candidate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	STORED_BYTES_MAX = 64 << 20, /* of versions that are read for one set */
};

static void append(struct candidate *candidate, struct model_descriptor *taken)
{
	if (candidate->count == candidate->capacity) {
		size_t capacity = 2 * candidate->capacity + 16;
		struct model_descriptor **larger =
			arena_array(candidate->reading->arena, capacity, sizeof(*larger));
		if (candidate->count > 0)
			memcpy(larger, candidate->descriptors, candidate->count * sizeof(*larger));
		candidate->descriptors = larger;
		candidate->capacity = capacity;
	}
	candidate->descriptors[candidate->count++] = taken;
	candidate->system.descriptors = candidate->descriptors;
	candidate->system.count = candidate->count;
}

static void append_all(struct candidate *candidate, const struct model_system *system)
{
	candidate->system.id = system->id;
	for (size_t i = 0; i < system->count; i++)
		append(candidate, model_descriptor_ref(system->descriptors[i]));
}

void candidate_init(struct candidate *candidate, struct reading *reading, struct store *store)
{
	*candidate = (struct candidate){.reading = reading, .store = store};
	append_all(candidate, ledger_view_system(reading->view));
}

void candidate_copy(struct candidate *candidate, const struct candidate *from)
{
	*candidate = (struct candidate){.reading = from->reading,
		.store = from->store,
		.bytes = from->bytes,
		.changed = from->changed};
	append_all(candidate, &from->system);
}

void candidate_done(struct candidate *candidate)
{
	for (size_t i = 0; i < candidate->count; i++)
		model_descriptor_unref(candidate->descriptors[i]);
	rules_evaluation_unref(candidate->evaluation);
	*candidate = (struct candidate){0};
}

static struct model_descriptor **place_of(
	const struct candidate *candidate, enum model_kind kind, const char *name)
{
	for (size_t i = 0; i < candidate->count; i++) {
		const struct model_version *version = model_descriptor_version(candidate->descriptors[i]);
		if (version->kind == kind && strcmp(version->name, name) == 0)
			return &candidate->descriptors[i];
	}
	return NULL;
}

static void put(struct candidate *candidate, struct model_descriptor *taken)
{
	const struct model_version *version = model_descriptor_version(taken);
	struct model_descriptor **place = place_of(candidate, version->kind, version->name);
	candidate->changed = true;
	if (!place) {
		append(candidate, taken);
		return;
	}
	model_descriptor_unref(*place);
	*place = taken;
}

/* The current version, which needs no reading, if it is the one. */
static struct model_descriptor *current(
	const struct candidate *candidate, enum model_kind kind, const char *name)
{
	return model_system_find(ledger_view_system(candidate->reading->view), kind, name);
}

static enum fault_code deleted(enum model_kind kind, const char *name, int32_t version, struct fault *fault)
{
	return fault_set(fault, FAULT_NOT_FOUND, "VERSION_NOT_FOUND",
		"version %" PRId32 " of %s/%s says that it was deleted", version,
		model_kind_info(kind)->collection, name);
}

static enum fault_code read_version(struct candidate *candidate, enum model_kind kind, const char *name,
	int32_t number, struct model_descriptor **owned, struct fault *fault)
{
	struct reading *reading = candidate->reading;
	struct store_version row;
	enum fault_code code = store_version(candidate->store, reading->arena, reading_partition(reading),
		reading->system, kind, name, number, &row, fault);
	if (code)
		return code;
	if (row.deleted || !row.body)
		return deleted(kind, name, number, fault);
	candidate->bytes += row.body_size;
	if (candidate->bytes > STORED_BYTES_MAX)
		return fault_set(fault, FAULT_EXHAUSTED, "VERSIONS_TOO_LARGE",
			"the versions have more than %d bytes together", (int)STORED_BYTES_MAX);
	*owned = model_descriptor_new(&row.version, row.body, row.body_size);
	if (!*owned)
		return fault_set(
			fault, FAULT_INTERNAL, "BODY_NOT_READABLE", "a stored version cannot be read");
	return FAULT_NONE;
}

enum fault_code candidate_put_version(struct candidate *candidate, enum model_kind kind, const char *name,
	int32_t version, struct fault *fault)
{
	struct model_descriptor **place = place_of(candidate, kind, name);
	if (place && model_descriptor_version(*place)->version == version)
		return FAULT_NONE;
	struct model_descriptor *now = current(candidate, kind, name), *read;
	if (now && model_descriptor_version(now)->version == version) {
		put(candidate, model_descriptor_ref(now));
		return FAULT_NONE;
	}
	enum fault_code code = read_version(candidate, kind, name, version, &read, fault);
	if (!code)
		put(candidate, read);
	return code;
}

/* The same content again is the current version, as in a push. */
void candidate_put_item(struct candidate *candidate, const struct ledger_item *item)
{
	struct model_descriptor *now = current(candidate, item->kind, item->name);
	if (now && memcmp(&model_descriptor_version(now)->digest, &item->digest, sizeof(item->digest)) == 0) {
		put(candidate, model_descriptor_ref(now));
		return;
	}
	const struct ledger_view *view = candidate->reading->view;
	struct model_version version = {
		.kind = item->kind,
		.name = item->name,
		.version = ledger_view_next_version(view, item->kind, item->name),
		.owner_team = item->owner_team,
		.author = "",
		.author_team = "",
		.change_note = "",
		.digest = item->digest,
	};
	put(candidate, model_descriptor_of(&version, item->message));
}

enum fault_code candidate_put_deployed(
	struct candidate *candidate, const char *environment, struct fault *fault)
{
	const struct model_descriptor *found = current(candidate, KIND_DEPLOYMENT, environment);
	if (!found) {
		fault_set(fault, FAULT_NOT_FOUND, "DEPLOYMENT_NOT_FOUND",
			"nothing is recorded to run in %s of %s", environment, candidate->system.id);
		fault_add(fault, "system", "%s", candidate->system.id);
		fault_add(fault, "environment", "%s", environment);
		return FAULT_NOT_FOUND;
	}
	const Tally__V1__Deployment *deployment = model_descriptor_spec(found);
	enum fault_code code = FAULT_NONE;
	for (size_t i = 0; !code && i < deployment->n_versions; i++) {
		const Tally__V1__DeployedVersion *runs = deployment->versions[i];
		size_t length = strcspn(runs->descriptor, "/");
		enum model_kind kind = model_kind_by_collection(runs->descriptor, length);
		const char *name = runs->descriptor + length + (runs->descriptor[length] == '/');
		if (kind != KIND_NONE && kind != KIND_CLOCK)
			code = candidate_put_version(candidate, kind, name, runs->version, fault);
	}
	return code;
}

static void evaluate(struct candidate *candidate)
{
	struct rules_evaluation *now = ledger_view_evaluation(candidate->reading->view);
	if (candidate->count > 1)
		qsort(candidate->descriptors, candidate->count, sizeof(struct model_descriptor *),
			model_descriptor_compare);
	rules_evaluation_unref(candidate->evaluation);
	candidate->evaluation =
		candidate->changed ? rules_evaluate(&candidate->system, now) : rules_evaluation_ref(now);
}

static void move_clock(struct candidate *candidate, int64_t now_us)
{
	struct arena *arena = candidate->reading->arena;
	Tally__V1__Descriptor message = TALLY__V1__DESCRIPTOR__INIT;
	message.spec_case = TALLY__V1__DESCRIPTOR__SPEC_CLOCK;
	message.clock = rules_clock_next(arena, &candidate->system, false, now_us);
	struct ledger_item item = {
		.kind = KIND_CLOCK, .name = "default", .owner_team = "", .message = &message};
	item.body = model_descriptor_pack(arena, &message, &item.body_size, &item.digest);
	candidate_put_item(candidate, &item);
}

void candidate_evaluate(struct candidate *candidate, int64_t now_us)
{
	if (candidate->changed && rules_clock_behind(&candidate->system))
		move_clock(candidate, now_us);
	evaluate(candidate);
	if (candidate->changed && rules_evaluation_due_us(candidate->evaluation) <= now_us) {
		move_clock(candidate, now_us);
		evaluate(candidate);
	}
}
