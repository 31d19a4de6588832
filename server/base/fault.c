/* Filling faults. Turning them into a status is service/status.c. */
#include "base/fault.h"

#include <stdarg.h>

static const char *const names[FAULT_COUNT] = {
	[FAULT_NONE] = "none",
	[FAULT_INVALID] = "invalid",
	[FAULT_OUT_OF_RANGE] = "out_of_range",
	[FAULT_NOT_FOUND] = "not_found",
	[FAULT_EXISTS] = "exists",
	[FAULT_CONFLICT] = "conflict",
	[FAULT_DENIED] = "denied",
	[FAULT_EXHAUSTED] = "exhausted",
	[FAULT_UNAVAILABLE] = "unavailable",
	[FAULT_UNCERTAIN] = "uncertain",
	[FAULT_TIMEOUT] = "timeout",
	[FAULT_CANCELLED] = "cancelled",
	[FAULT_UNIMPLEMENTED] = "unimplemented",
	[FAULT_INTERNAL] = "internal",
};

/* vsnprintf cuts at a byte; what is left of a cut character is taken off too. */
static void print(char *to, size_t size, const char *format, va_list arguments)
{
	int length = vsnprintf(to, size, format, arguments);
	if (length < 0) {
		to[0] = '\0';
		return;
	}
	if ((size_t)length < size)
		return;
	size_t end = size - 1;
	size_t start = end;
	while (start > 0 && ((unsigned char)to[start - 1] & 0xc0) == 0x80)
		start--;
	if (start > 0 && (unsigned char)to[start - 1] >= 0xc0)
		start--;
	if (start < end)
		to[start] = '\0';
}

enum fault_code fault_set(
	struct fault *fault, enum fault_code code, const char *reason, const char *format, ...)
{
	*fault = (struct fault){.code = code, .reason = reason};
	va_list arguments;
	va_start(arguments, format);
	print(fault->message, sizeof(fault->message), format, arguments);
	va_end(arguments);
	return code;
}

static void violate(struct fault *fault, const char *field, const char *format, va_list arguments)
{
	if (fault->violation_count < FAULT_VIOLATIONS_MAX) {
		struct fault_violation *violation = &fault->violations[fault->violation_count];
		snprintf(violation->field, sizeof(violation->field), "%s", field);
		print(violation->description, sizeof(violation->description), format, arguments);
		if (!fault->message[0])
			snprintf(fault->message, sizeof(fault->message), "%s: %s", violation->field,
				violation->description);
	}
	fault->violation_count++;
}

void fault_violate(struct fault *fault, const char *field, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	violate(fault, field, format, arguments);
	va_end(arguments);
}

void fault_add(struct fault *fault, const char *key, const char *format, ...)
{
	if (fault->fact_count == FAULT_FACTS_MAX)
		return;
	struct fault_fact *fact = &fault->facts[fault->fact_count++];
	fact->key = key;
	va_list arguments;
	va_start(arguments, format);
	print(fact->value, sizeof(fact->value), format, arguments);
	va_end(arguments);
}

enum fault_code fault_field(
	struct fault *fault, const char *reason, const char *field, const char *format, ...)
{
	*fault = (struct fault){.code = FAULT_INVALID, .reason = reason};
	va_list arguments;
	va_start(arguments, format);
	violate(fault, field, format, arguments);
	va_end(arguments);
	return FAULT_INVALID;
}

const char *fault_name(enum fault_code code)
{
	return (unsigned)code < FAULT_COUNT ? names[code] : "unknown";
}
