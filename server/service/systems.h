/* Systems in answers. */
#ifndef SERVICE_SYSTEMS_H
#define SERVICE_SYSTEMS_H

#include "ledger/view.h"
#include "store/store.h"
#include "tally/v1/system.pb-c.h"

/** Makes the API's message of a system. @param view borrowed @return arena */
Tally__V1__System *systems_of_view(struct arena *arena, const struct ledger_view *view);

/** Makes the API's message of a stored system. @param system borrowed @return arena */
Tally__V1__System *systems_of_row(struct arena *arena, const struct store_system *system);

#endif
