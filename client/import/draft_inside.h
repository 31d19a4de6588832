/* What draft.c and draft_build.c share. */
#ifndef IMPORT_DRAFT_INSIDE_H
#define IMPORT_DRAFT_INSIDE_H

#include "import/draft.h"

struct draft {
	struct arena *arena;
	struct draft_fact *facts;
	size_t fact_count, fact_capacity;
	struct draft_remark *remarks;
	size_t remark_count, remark_capacity;
};

#endif
