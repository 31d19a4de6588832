/* Checks that several methods make. What only one needs stands in its own file. */
#include "service/check.h"

#include <ctype.h>
#include <inttypes.h>

#include "base/buffer.h"
#include "model/kind.h"

bool check_refuse(struct fault *fault, const char *reason, const char *field, const char *format, ...)
{
	struct buffer text = {0};
	va_list arguments;
	va_start(arguments, format);
	buffer_vprint(&text, format, arguments);
	va_end(arguments);
	if (fault->code == FAULT_NONE)
		fault_field(fault, reason, field, "%s", buffer_string(&text));
	else
		fault_violate(fault, field, "%s", buffer_string(&text));
	buffer_done(&text);
	return false;
}

bool check_size(struct fault *fault, const char *field, const char *text, size_t max)
{
	size_t size = strlen(text);
	if (size <= max)
		return true;
	return check_refuse(fault, "TEXT_TOO_LONG", field, "has %zu bytes, at most %zu are kept", size, max);
}

bool check_request_id(struct fault *fault, char *id)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	size_t size = strlen(id);
	bool good = size == 0 || size == sizeof(form) - 1;
	for (size_t i = 0; good && i < size; i++)
		good = form[i] == '-' ? id[i] == '-' : isxdigit((unsigned char)id[i]) != 0;
	if (!good)
		return check_refuse(fault, "REQUEST_ID_INVALID", "request_id", "must be a UUID: %s", form);
	for (size_t i = 0; i < size; i++)
		id[i] = (char)tolower((unsigned char)id[i]);
	return true;
}

bool check_revision(struct fault *fault, const char *field, int64_t revision)
{
	if (revision >= 0)
		return true;
	return check_refuse(
		fault, "REVISION_NEGATIVE", field, "is %" PRId64 ", but revisions begin with 1", revision);
}

bool check_kinds(struct fault *fault, const char *field, const int *kinds, size_t count, uint32_t *set)
{
	kind_set made = count == 0 ? KIND_EVERY : 0;
	for (size_t i = 0; i < count; i++) {
		if (!model_kind_known(kinds[i]))
			return check_refuse(
				fault, "KIND_UNSPECIFIED", field, "must name kinds, not %d", kinds[i]);
		made |= KIND_BIT(kinds[i]);
	}
	*set = made;
	return true;
}
