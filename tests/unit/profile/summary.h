/* A profile in few words, for tests to compare. */
#ifndef TEST_SUMMARY_H
#define TEST_SUMMARY_H

#include "base/buffer.h"
#include "profile/profile.h"

/* E.g. "a int 3-1 {1:2} 1..1": rows less missing, categories, smallest to largest. */
static inline void summarise(const struct profile_data *data, struct buffer *out)
{
	buffer_print(out, "%lld", (long long)data->dataset->rows);
	if (data->dataset->ragged_rows > 0)
		buffer_print(out, "+%lld", (long long)data->dataset->ragged_rows);
	for (size_t i = 0; i < data->count; i++) {
		const Tally__V1__ColumnProfile *profile = data->columns[i].profile;
		buffer_print(out, " | %s%s %s", data->columns[i].name, data->columns[i].label ? "!" : "",
			profile->inferred_type);
		if (profile->missing > 0)
			buffer_print(out, " -%lld", (long long)profile->missing);
		if (profile->not_finite > 0)
			buffer_print(out, " ~%lld", (long long)profile->not_finite);
		for (size_t j = 0; j < profile->n_categories; j++)
			buffer_print(out, "%s%s:%lld", j ? "," : " {", profile->categories[j]->value,
				(long long)profile->categories[j]->count);
		buffer_text(out, profile->n_categories > 0 ? "}" : "");
		if (profile->other_count > 0)
			buffer_print(out, " other %lld", (long long)profile->other_count);
		if (profile->_min_case)
			buffer_print(out, " %g..%g", profile->min, profile->max);
	}
}

#endif
