/* Says of a bad name what would be right. The grammar is the model room's. */
#include "service/names.h"

#include "service/check.h"

static const char *const forms[] = {
	[NAME_SYSTEM] = "systems/{system}",
	[NAME_DESCRIPTOR] = "systems/{system}/{collection}/{name}",
	[NAME_VERSION] = "systems/{system}/{collection}/{name}/versions/{n}",
	[NAME_FINDING] = "systems/{system}/findings/{finding}",
};

bool names_take(struct fault *fault, const char *field, const char *text, enum model_name_form form,
	struct model_name *name)
{
	struct model_name parsed;
	const char *why = NULL;
	if (!text[0])
		return check_refuse(fault, "NAME_INVALID", field, "is required: %s", forms[form]);
	if (!model_name_parse(text, &parsed, &why))
		return check_refuse(
			fault, "NAME_INVALID", field, "\"%.100s\" is not %s: %s", text, forms[form], why);
	if (parsed.form != form)
		return check_refuse(fault, "NAME_INVALID", field, "\"%.100s\" is %s, but %s belongs here",
			text, forms[parsed.form], forms[form]);
	*name = parsed;
	return true;
}
