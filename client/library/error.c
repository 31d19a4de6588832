/* Errors as the server tells them. Knows google.rpc's messages, nothing of calls. */
#include "error.h"

#include <string.h>

#include "google/rpc/status.pb-c.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const code_names[] = {
	"OK",
	"CANCELLED",
	"UNKNOWN",
	"INVALID_ARGUMENT",
	"DEADLINE_EXCEEDED",
	"NOT_FOUND",
	"ALREADY_EXISTS",
	"PERMISSION_DENIED",
	"RESOURCE_EXHAUSTED",
	"FAILED_PRECONDITION",
	"ABORTED",
	"OUT_OF_RANGE",
	"UNIMPLEMENTED",
	"INTERNAL",
	"UNAVAILABLE",
	"DATA_LOSS",
	"UNAUTHENTICATED",
};

const char *tally_code_name(int code)
{
	return code >= 0 && (size_t)code < COUNT(code_names) ? code_names[code] : "UNKNOWN";
}

/* Copies text that may be too long, and cuts it where a character ends. */
static void copy(char *to, size_t capacity, const char *from, size_t size)
{
	size_t kept = size;
	if (kept >= capacity) {
		kept = capacity - 1;
		while (kept > 0 && ((unsigned char)from[kept] & 0xC0) == 0x80)
			kept--;
	}
	if (kept > 0)
		memcpy(to, from, kept);
	to[kept] = '\0';
}

static void copy_text(char *to, size_t capacity, const char *from)
{
	copy(to, capacity, from, strlen(from));
}

void error_set(struct tally_error *error, int code, const void *message, size_t size)
{
	memset(error, 0, sizeof(*error));
	error->code = code;
	copy(error->message, sizeof(error->message), message, size);
}

static void take_info(struct tally_error *error, const ProtobufCMessage *message)
{
	const Google__Rpc__ErrorInfo *info = (const Google__Rpc__ErrorInfo *)message;
	copy_text(error->reason, sizeof(error->reason), info->reason);
	for (size_t i = 0; i < info->n_metadata && error->fact_count < COUNT(error->facts); i++) {
		size_t at = error->fact_count++;
		copy_text(error->facts[at].key, sizeof(error->facts[at].key), info->metadata[i]->key);
		copy_text(error->facts[at].value, sizeof(error->facts[at].value), info->metadata[i]->value);
	}
}

static void take_violations(struct tally_error *error, const ProtobufCMessage *message)
{
	const Google__Rpc__BadRequest *request = (const Google__Rpc__BadRequest *)message;
	for (size_t i = 0;
		i < request->n_field_violations && error->violation_count < COUNT(error->violations); i++) {
		const Google__Rpc__BadRequest__FieldViolation *from = request->field_violations[i];
		size_t at = error->violation_count++;
		copy_text(error->violations[at].field, sizeof(error->violations[at].field), from->field);
		copy_text(error->violations[at].description, sizeof(error->violations[at].description),
			from->description);
	}
}

static const struct detail {
	const char *type;
	const ProtobufCMessageDescriptor *message;
	void (*take)(struct tally_error *error, const ProtobufCMessage *message);
} details[] = {
	{"google.rpc.ErrorInfo", &google__rpc__error_info__descriptor, take_info},
	{"google.rpc.BadRequest", &google__rpc__bad_request__descriptor, take_violations},
};

static void take(struct tally_error *error, const Google__Protobuf__Any *any)
{
	const char *slash = strrchr(any->type_url, '/');
	const char *type = slash ? slash + 1 : any->type_url;
	for (size_t i = 0; i < COUNT(details); i++) {
		if (strcmp(type, details[i].type) != 0)
			continue;
		ProtobufCMessage *message =
			protobuf_c_message_unpack(details[i].message, NULL, any->value.len, any->value.data);
		if (message)
			details[i].take(error, message);
		protobuf_c_message_free_unpacked(message, NULL);
	}
}

void error_details(struct tally_error *error, const void *bytes, size_t size)
{
	Google__Rpc__Status *status = google__rpc__status__unpack(NULL, size, bytes);
	if (!status)
		return;
	for (size_t i = 0; i < status->n_details; i++)
		take(error, status->details[i]);
	google__rpc__status__free_unpacked(status, NULL);
}
