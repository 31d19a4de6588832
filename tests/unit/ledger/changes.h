/* Making changes for the ledger's tests: small descriptors whose findings can be told. */
#ifndef LEDGER_CHANGES_H
#define LEDGER_CHANGES_H

#include "ledger/ledger.h"
#include "model/message.h"

static const struct model_principal nobody = {"anonymous", ""};

/* Makes one item of a message. */
static inline struct ledger_item item_of(
	struct arena *arena, const char *name, const Tally__V1__Descriptor *message)
{
	struct ledger_item item = {.kind = model_message_kind(message),
		.name = arena_text(arena, name),
		.etag = "",
		.owner_team = ""};
	item.message = model_message_copy(arena, message);
	item.body = model_descriptor_pack(arena, message, &item.body_size, &item.digest);
	return item;
}

/* Makes one item: raw data whose dataset_name is `text` ("" opens a completeness finding). */
static inline struct ledger_item raw_data_item(struct arena *arena, const char *name, const char *text)
{
	Tally__V1__RawData raw = TALLY__V1__RAW_DATA__INIT;
	raw.dataset_name = arena_text(arena, text);
	Tally__V1__Descriptor message = TALLY__V1__DESCRIPTOR__INIT;
	message.spec_case = TALLY__V1__DESCRIPTOR__SPEC_RAW_DATA;
	message.raw_data = &raw;
	return item_of(arena, name, &message);
}

/* Makes one item: a waiver of a rule until some second. */
static inline struct ledger_item waiver_item(
	struct arena *arena, const char *name, const char *rule, int64_t until_s)
{
	Google__Protobuf__Timestamp until = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
	until.seconds = until_s;
	Tally__V1__Waiver waiver = TALLY__V1__WAIVER__INIT;
	waiver.rule = arena_text(arena, rule);
	waiver.expire_time = &until;
	Tally__V1__Descriptor message = TALLY__V1__DESCRIPTOR__INIT;
	message.spec_case = TALLY__V1__DESCRIPTOR__SPEC_WAIVER;
	message.waiver = &waiver;
	return item_of(arena, name, &message);
}

/* Makes one item: production data of which fresh one is promised every so many seconds. */
static inline struct ledger_item production_item(struct arena *arena, const char *name, int64_t every_s)
{
	Google__Protobuf__Duration every = GOOGLE__PROTOBUF__DURATION__INIT;
	every.seconds = every_s;
	Tally__V1__ProductionData data = TALLY__V1__PRODUCTION_DATA__INIT;
	data.refresh_interval = &every;
	Tally__V1__Descriptor message = TALLY__V1__DESCRIPTOR__INIT;
	message.spec_case = TALLY__V1__DESCRIPTOR__SPEC_PRODUCTION_DATA;
	message.production_data = &data;
	return item_of(arena, name, &message);
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
