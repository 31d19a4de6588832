/* Versions that deployments name, waivers that lapse, clocks that move. When all that happens is apply.c. */
#include "ledger/special.h"

#include <string.h>

#include "model/message.h"

/* ---- deployments ---- */

/* The number that the last version with content has; 0: there never was one. */
static int32_t last_version(const struct ledger_view *view, enum model_kind kind, const char *name)
{
	const struct model_descriptor *current = model_system_find(&view->system, kind, name);
	if (current)
		return model_descriptor_version(current)->version;
	for (size_t i = 0; i < view->gone_count; i++)
		if (view->gone[i].kind == kind && strcmp(view->gone[i].name, name) == 0)
			return view->gone[i].version - 1; /* the last one says that it was deleted */
	return 0;
}

static enum fault_code check_deployment(const struct ledger_view *view, size_t item,
	const Tally__V1__Deployment *deployment, struct fault *fault)
{
	for (size_t i = 0; i < deployment->n_versions; i++) {
		const Tally__V1__DeployedVersion *wanted = deployment->versions[i];
		size_t length = strcspn(wanted->descriptor, "/");
		enum model_kind kind = model_kind_by_collection(wanted->descriptor, length);
		const char *name = wanted->descriptor + length + (wanted->descriptor[length] == '/');
		int32_t last = last_version(view, kind, name);
		if (wanted->version <= last)
			continue;
		char field[100];
		snprintf(field, sizeof(field), "descriptors[%zu].deployment.versions[%zu].version", item, i);
		if (last == 0)
			return fault_field(fault, "VERSION_NOT_FOUND", field, "there is no %s in %s",
				wanted->descriptor, view->system.id);
		return fault_field(fault, "VERSION_NOT_FOUND", field,
			"is %d, but the last version of %s is %d", wanted->version, wanted->descriptor, last);
	}
	return FAULT_NONE;
}

enum fault_code special_check_deployments(
	const struct ledger_view *view, const struct ledger_item *items, size_t count, struct fault *fault)
{
	enum fault_code code = FAULT_NONE;
	for (size_t i = 0; !code && i < count; i++) {
		if (items[i].kind != KIND_DEPLOYMENT)
			continue;
		const struct model_descriptor *pushed =
			model_system_find(&view->system, KIND_DEPLOYMENT, items[i].name);
		code = check_deployment(view, i, model_descriptor_spec(pushed), fault);
	}
	return code;
}

/* ---- waivers ---- */

const struct model_descriptor *const *special_lapsed(
	struct arena *arena, const struct ledger_view *before, const struct ledger_view *after, size_t *count)
{
	*count = 0;
	if (!before)
		return NULL;
	size_t total;
	struct model_descriptor *const *waivers = model_system_of_kind(&after->system, KIND_WAIVER, &total);
	const struct model_descriptor **lapsed =
		arena_array(arena, total, sizeof(const struct model_descriptor *));
	for (size_t i = 0; i < total; i++) {
		const Tally__V1__Waiver *spec = model_descriptor_spec(waivers[i]);
		int64_t until_us = model_time_us(spec->expire_time);
		if (until_us <= rules_now_us(&before->system) || until_us > rules_now_us(&after->system))
			continue;
		if (model_system_find(&before->system, KIND_WAIVER,
			    model_descriptor_version(waivers[i])->name) == waivers[i])
			lapsed[(*count)++] = waivers[i];
	}
	return lapsed;
}

/* ---- clocks ---- */

struct ledger_item special_clock(
	struct arena *arena, const struct model_system *system, bool first, int64_t now_us)
{
	Tally__V1__Descriptor message = TALLY__V1__DESCRIPTOR__INIT;
	message.spec_case = TALLY__V1__DESCRIPTOR__SPEC_CLOCK;
	message.clock = rules_clock_next(arena, system, first, now_us);
	struct ledger_item item = {.kind = KIND_CLOCK, .name = "default", .etag = "", .owner_team = ""};
	item.message = model_message_copy(arena, &message);
	item.body = model_descriptor_pack(arena, &message, &item.body_size, &item.digest);
	return item;
}
