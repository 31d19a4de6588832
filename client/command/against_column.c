/* How a column looks on both sides. The measures are those of the rules. */
#include "command/against_column.h"

#include <math.h>
#include <string.h>

#include "command/colour.h"
#include "command/text.h"
#include "rules/column.h"

enum {
	BARS = 24,
	HEIGHTS = 8,
	CATEGORIES_SHOWN = 6,
	LEAD = 13,  /* columns that "reference" and "current" take */
	WIDTH = 80, /* without a terminal */
	WIDEST = 100,
	SHARES = 20,   /* columns of a category's line that the shares and blanks take */
	NARROWEST = 8, /* columns of a category's name, and of each bar */
};

size_t against_width(const struct session *session)
{
	if (session->width == 0)
		return WIDTH;
	return session->width < WIDEST ? session->width : WIDEST;
}

/* Both sides of a column, and how far they are apart. */
struct sides {
	struct column_side reference, current;
	struct column_points reference_points, current_points; /* empty without numbers */
	bool both;                                             /* both can be counted on */
	struct column_numbers numbers;
	struct column_categories categories;
};

static void measure(struct arena *arena, const Tally__V1__ColumnProfile *reference,
	const Tally__V1__ColumnProfile *current, struct sides *sides)
{
	*sides = (struct sides){.both = false};
	sides->both = rule_column_read(reference, &sides->reference);
	if (!current || !rule_column_read(current, &sides->current))
		sides->both = false;
	if (!sides->both)
		return;
	rule_column_points(&sides->reference, &sides->reference_points);
	rule_column_points(&sides->current, &sides->current_points);
	rule_column_compare_numbers(&sides->reference, &sides->current, COLUMN_TELL, &sides->numbers);
	rule_column_compare_categories(
		arena, &sides->reference, &sides->current, COLUMN_TELL, &sides->categories);
}

/* ---- numbers ---- */

/* Where the histogram begins and ends: around all but the outermost hundredth of both sides. */
static bool find_range(const struct sides *sides, double *low, double *high)
{
	static const double shares[] = {0.01, 0.99};
	double ends[2][2];
	statistics_quantiles(&sides->reference_points.points, shares, 2, ends[0]);
	statistics_quantiles(&sides->current_points.points, shares, 2, ends[1]);
	*low = fmin(ends[0][0], ends[1][0]);
	*high = fmax(ends[0][1], ends[1][1]);
	return *high > *low && isfinite(*high - *low);
}

static void count_bars(const struct statistics_points *points, double low, double high, double *bars)
{
	memset(bars, 0, BARS * sizeof(*bars));
	for (size_t i = 0; i < points->count; i++) {
		const double place = (points->values[i] - low) / (high - low) * BARS;
		const size_t bar = place <= 0 ? 0 : place >= BARS ? BARS - 1 : (size_t)place;
		bars[bar] += statistics_weight(points, i) / points->total;
	}
}

static const char *draw(struct arena *arena, const double *bars, double tallest)
{
	static const char *const blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	const char *text = "";
	for (size_t i = 0; i < BARS; i++) {
		const double height = ceil(bars[i] / tallest * HEIGHTS - 1e-9);
		text = arena_print(arena, "%s%s", text, blocks[height < 1 ? 0 : (size_t)height]);
	}
	return text;
}

static void print_histograms(struct session *session, const struct sides *sides)
{
	double low, high, bars[2][BARS], tallest = 0;
	if (!sides->numbers.there || !find_range(sides, &low, &high))
		return;
	count_bars(&sides->reference_points.points, low, high, bars[0]);
	count_bars(&sides->current_points.points, low, high, bars[1]);
	for (size_t i = 0; i < BARS; i++)
		tallest = fmax(tallest, fmax(bars[0][i], bars[1][i]));
	buffer_print(&session->out, "  reference  %s  %.6g to %.6g\n", draw(session->arena, bars[0], tallest),
		low, high);
	buffer_print(&session->out, "  current    %s\n", draw(session->arena, bars[1], tallest));
}

/* ---- categories ---- */

static double share_of(const struct column_side *side, const char *category)
{
	for (size_t i = 0; i < side->profile->n_categories; i++) {
		if (strcmp(side->profile->categories[i]->value, category) == 0)
			return (double)side->profile->categories[i]->count / fmax(side->present, 1);
	}
	return 0;
}

/* @param[out] width  columns that it takes */
static const char *bar(struct arena *arena, double share, size_t longest, size_t *width)
{
	const size_t whole = (size_t)lround(share * (double)longest);
	const char *text = share > 0 && whole == 0 ? "▏" : "";
	*width = share > 0 && whole == 0 ? 1 : whole;
	for (size_t i = 0; i < whole; i++)
		text = arena_print(arena, "%s█", text);
	return text;
}

static void print_category(struct session *session, const struct sides *sides, const char *category)
{
	const double was = share_of(&sides->reference, category), is = share_of(&sides->current, category);
	const size_t width = against_width(session);
	const size_t part = width > SHARES + 3 * NARROWEST ? (width - SHARES) / 3 : NARROWEST;
	const char *name = text_cut(session->arena, text_clean(session->arena, category), part);
	size_t old_width, new_width;
	const char *old_bar = bar(session->arena, was, part, &old_width);
	const char *new_bar = bar(session->arena, is, part, &new_width);
	buffer_print(&session->out, "  %s%*s %5.1f %% %s%*s %5.1f %%%s%s\n", name,
		(int)(part - text_width(name)), "", 100 * was, old_bar, (int)(part - old_width), "", 100 * is,
		new_width > 0 ? " " : "", new_bar);
}

static void print_categories(struct session *session, const struct sides *sides)
{
	const Tally__V1__ColumnProfile *reference = sides->reference.profile,
				       *current = sides->current.profile;
	size_t shown = 0;
	for (size_t i = 0; i < reference->n_categories && shown < CATEGORIES_SHOWN; i++, shown++)
		print_category(session, sides, reference->categories[i]->value);
	/* What is new is what one wants to see. */
	for (size_t i = 0, added = 0; i < current->n_categories && added < CATEGORIES_SHOWN / 2; i++) {
		if (share_of(&sides->reference, current->categories[i]->value) > 0)
			continue;
		print_category(session, sides, current->categories[i]->value);
		added++;
	}
}

/* ---- all ---- */

static const char *percent(struct arena *arena, const struct column_side *side)
{
	return arena_print(arena, "%.3g %%", side->rows > 0 ? 100 * side->missing / side->rows : 0);
}

static const char *figures(struct arena *arena, const struct column_side *side)
{
	const Tally__V1__ColumnProfile *profile = side->profile;
	const char *text = arena_print(
		arena, "%s, %.0f rows, %s missing", profile->inferred_type, side->rows, percent(arena, side));
	if (profile->_mean_case)
		return arena_print(arena, "%s, mean %.4g, deviation %.4g, %.6g to %.6g", text, profile->mean,
			profile->standard_deviation, profile->min, profile->max);
	return arena_print(arena, "%s, %s%.0f different", text, profile->distinct_error > 0 ? "about " : "",
		profile->distinct);
}

/* Writes a text behind "reference", "current" or nothing. */
static void print_block(struct session *session, const char *lead, size_t indent, const char *text)
{
	const struct text_block block = {lead, strlen(lead), indent, against_width(session)};
	text_block(&session->out, &block, text);
}

static void print_measures(struct session *session, const struct sides *sides)
{
	const struct column_numbers *numbers = &sides->numbers;
	const struct column_categories *categories = &sides->categories;
	const char *wasserstein = "";
	if (numbers->there && isfinite(numbers->wasserstein))
		wasserstein =
			arena_print(session->arena, ", Wasserstein %.4f deviations", numbers->wasserstein);
	if (numbers->there)
		print_block(session, "  ", 4,
			arena_print(session->arena,
				"KS %.4f, PSI %.4f nats (chance %.4f), JS distance %.4f%s", numbers->ks,
				numbers->index.psi, numbers->index.psi_chance, numbers->index.js,
				wasserstein));
	if (categories->there)
		print_block(session, "  ", 4,
			arena_print(session->arena,
				"categories: L-infinity %.4f, PSI %.4f nats (chance %.4f), JS distance %.4f",
				categories->linf, categories->index.psi, categories->index.psi_chance,
				categories->index.js));
}

void against_column_print(struct session *session, const char *name,
	const Tally__V1__ColumnProfile *reference, const Tally__V1__ColumnProfile *current)
{
	struct sides sides;
	measure(session->arena, reference, current, &sides);
	buffer_print(&session->out, "%s%s%s\n", colour_start(COLOUR_BOLD, session->colour),
		text_cut(session->arena, text_clean(session->arena, name), against_width(session)),
		colour_end(COLOUR_BOLD, session->colour));
	if (!sides.both) {
		buffer_text(&session->out, current ? "  one of the profiles contradicts itself\n"
						   : "  the current data have no such column\n");
		return;
	}
	print_block(session, "  reference  ", LEAD, figures(session->arena, &sides.reference));
	print_block(session, "  current    ", LEAD, figures(session->arena, &sides.current));
	if (rule_column_identifies(&sides.reference)) {
		buffer_text(&session->out,
			"  tells rows apart: only its type and its missing values are compared\n");
		return;
	}
	if (sides.categories.there)
		print_categories(session, &sides);
	else
		print_histograms(session, &sides);
	print_measures(session, &sides);
}

static void set_number(json_t *object, const char *key, double value)
{
	json_object_set_new(object, key, isfinite(value) ? json_real(value) : json_null());
}

json_t *against_column_json(
	const char *name, const Tally__V1__ColumnProfile *reference, const Tally__V1__ColumnProfile *current)
{
	struct arena *arena = arena_new();
	struct sides sides;
	json_t *object = json_pack("{s:s}", "column", name);
	measure(arena, reference, current, &sides);
	json_object_set_new(object, "compared", json_boolean(sides.both));
	if (sides.both && sides.numbers.there) {
		set_number(object, "ks", sides.numbers.ks);
		set_number(object, "psi", sides.numbers.index.psi);
		set_number(object, "js_distance", sides.numbers.index.js);
		set_number(object, "wasserstein", sides.numbers.wasserstein);
	}
	if (sides.both && sides.categories.there) {
		set_number(object, "linf", sides.categories.linf);
		set_number(object, "category_psi", sides.categories.index.psi);
		set_number(object, "category_js_distance", sides.categories.index.js);
	}
	arena_free(arena);
	return object;
}
