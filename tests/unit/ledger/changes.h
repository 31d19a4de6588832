/* Making changes for the ledger's tests: small descriptors whose findings can be told. */
#ifndef LEDGER_CHANGES_H
#define LEDGER_CHANGES_H

#include "ledger/ledger.h"
#include "model/message.h"

static const struct model_principal nobody = {"anonymous", ""};

/* Makes one item: raw data whose dataset_name is `text` ("" opens a completeness finding). */
static inline struct ledger_item raw_data_item(struct arena *arena, const char *name, const char *text)
{
	Tally__V1__RawData raw = TALLY__V1__RAW_DATA__INIT;
	raw.dataset_name = arena_text(arena, text);
	Tally__V1__Descriptor message = TALLY__V1__DESCRIPTOR__INIT;
	message.spec_case = TALLY__V1__DESCRIPTOR__SPEC_RAW_DATA;
	message.raw_data = &raw;
	struct ledger_item item = {
		.kind = KIND_RAW_DATA, .name = arena_text(arena, name), .etag = "", .owner_team = ""};
	item.message = model_message_copy(arena, &message);
	item.body = model_descriptor_pack(arena, &message, &item.body_size, &item.digest);
	return item;
}

/* A change with everything set that must be; `items` borrowed. */
static inline struct ledger_change change_of(struct arena *arena, enum ledger_action action,
	const char *system, const struct ledger_item *items, size_t count)
{
	return (struct ledger_change){
		.action = action,
		.system = system,
		.items = items,
		.item_count = count,
		.meta = "",
		.etag = "",
		.request_id = "",
		.change_note = "note",
		.principal = &nobody,
		.arena = arena,
	};
}

#endif
