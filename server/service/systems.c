/* Puts together what the owner said of a system and what the ledger knows. */
#include "service/systems.h"

#include "model/message.h"

Tally__V1__System *systems_of_row(struct arena *arena, const struct store_system *system)
{
	Tally__V1__System *message = NULL;
	if (system->meta_size > 0)
		message = model_message_unpack(
			arena, &tally__v1__system__descriptor, system->meta, system->meta_size);
	if (!message) {
		message = arena_alloc(arena, sizeof(*message));
		tally__v1__system__init(message);
	}
	char *etag = arena_alloc(arena, LEDGER_ETAG_SIZE);
	message->name = arena_print(arena, "systems/%s", system->id);
	message->revision = system->revision;
	message->etag = ledger_system_etag(system->revision, etag);
	message->create_time = model_timestamp(arena, system->created_at_us);
	message->update_time = model_timestamp(arena, system->updated_at_us);
	return message;
}

Tally__V1__System *systems_of_view(struct arena *arena, const struct ledger_view *view)
{
	struct store_system row = {
		.revision = ledger_view_revision(view),
		.created_at_us = ledger_view_created_at_us(view),
		.updated_at_us = ledger_view_updated_at_us(view),
	};
	row.meta = ledger_view_meta(view, &row.meta_size);
	snprintf(row.id, sizeof(row.id), "%s", ledger_view_system(view)->id);
	return systems_of_row(arena, &row);
}
