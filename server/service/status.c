/*
 * From faults to what gRPC sends: the only place where codes are mapped.
 *
 * A peer takes 8 KiB of metadata unless told otherwise, and the details travel
 * there as base64 beside the message, so they are cut to DETAILS_MAX: first
 * violations go, then variables; the reason always arrives.
 */
#include "base/utf8.h"
#include "google/rpc/status.pb-c.h"
#include "model/message.h"
#include "service/service.h"

enum {
	DETAILS_MAX = 4096, /* bytes */
};

/* Status codes as gRPC numbers them. */
static const int codes[FAULT_COUNT] = {
	[FAULT_NONE] = 0,
	[FAULT_CANCELLED] = 1,
	[FAULT_INVALID] = 3,
	[FAULT_TIMEOUT] = 4,
	[FAULT_NOT_FOUND] = 5,
	[FAULT_EXISTS] = 6,
	[FAULT_DENIED] = 7,
	[FAULT_EXHAUSTED] = 8,
	[FAULT_CONFLICT] = 10,
	[FAULT_OUT_OF_RANGE] = 11,
	[FAULT_UNIMPLEMENTED] = 12,
	[FAULT_INTERNAL] = 13,
	[FAULT_UNAVAILABLE] = 14,
	[FAULT_UNCERTAIN] = 14,
};

/* Text of peers may have been cut inside a character on its way here; a string of protobuf must be UTF-8. */
static char *text_of(struct arena *arena, const char *text)
{
	char *copy = arena_text(arena, text);
	size_t size = strlen(copy);
	for (size_t good = 0; (good += utf8_check(copy + good, size - good)) < size;)
		copy[good] = '?';
	return copy;
}

static Google__Rpc__ErrorInfo__MetadataEntry *entry_of(
	struct arena *arena, const char *key, const char *value)
{
	Google__Rpc__ErrorInfo__MetadataEntry *entry = arena_alloc(arena, sizeof(*entry));
	google__rpc__error_info__metadata_entry__init(entry);
	entry->key = arena_text(arena, key);
	entry->value = text_of(arena, value);
	return entry;
}

static Google__Rpc__ErrorInfo *info_of(struct arena *arena, const struct fault *fault)
{
	Google__Rpc__ErrorInfo *info = arena_alloc(arena, sizeof(*info));
	google__rpc__error_info__init(info);
	info->reason = text_of(arena, fault->reason);
	info->domain = arena_text(arena, "tally");
	info->metadata = arena_array(arena, fault->fact_count + 1, sizeof(*info->metadata));
	if (fault->violation_count > FAULT_VIOLATIONS_MAX)
		info->metadata[info->n_metadata++] =
			entry_of(arena, "violation_count", arena_print(arena, "%zu", fault->violation_count));
	for (size_t i = 0; i < fault->fact_count; i++)
		info->metadata[info->n_metadata++] =
			entry_of(arena, fault->facts[i].key, fault->facts[i].value);
	return info;
}

static Google__Rpc__BadRequest *violations_of(struct arena *arena, const struct fault *fault)
{
	size_t count =
		fault->violation_count < FAULT_VIOLATIONS_MAX ? fault->violation_count : FAULT_VIOLATIONS_MAX;
	Google__Rpc__BadRequest *request = arena_alloc(arena, sizeof(*request));
	google__rpc__bad_request__init(request);
	request->field_violations = arena_array(arena, count, sizeof(*request->field_violations));
	for (size_t i = 0; i < count; i++) {
		Google__Rpc__BadRequest__FieldViolation *violation = arena_alloc(arena, sizeof(*violation));
		google__rpc__bad_request__field_violation__init(violation);
		violation->field = text_of(arena, fault->violations[i].field);
		violation->description = text_of(arena, fault->violations[i].description);
		request->field_violations[request->n_field_violations++] = violation;
	}
	return request;
}

static Google__Protobuf__Any *any_of(struct arena *arena, const void *message)
{
	Google__Protobuf__Any *any = arena_alloc(arena, sizeof(*any));
	google__protobuf__any__init(any);
	const ProtobufCMessage *base = message;
	any->type_url = arena_print(arena, "type.googleapis.com/%s", base->descriptor->name);
	any->value.data = model_message_pack(arena, message, &any->value.len);
	return any;
}

static Google__Protobuf__Any *retry_of(struct arena *arena, int64_t after_ms)
{
	Google__Protobuf__Duration delay = GOOGLE__PROTOBUF__DURATION__INIT;
	Google__Rpc__RetryInfo retry = GOOGLE__RPC__RETRY_INFO__INIT;
	delay.seconds = after_ms / 1000;
	delay.nanos = (int32_t)(after_ms % 1000) * 1000000;
	retry.retry_delay = &delay;
	return any_of(arena, &retry);
}

static void *pack(struct arena *arena, const struct fault *fault, int code,
	const Google__Rpc__ErrorInfo *info, const Google__Rpc__BadRequest *request, size_t *size)
{
	Google__Protobuf__Any *details[3] = {any_of(arena, info)};
	Google__Rpc__Status status = GOOGLE__RPC__STATUS__INIT;
	status.code = code;
	status.message = text_of(arena, fault->message);
	status.details = details;
	status.n_details = 1;
	if (request->n_field_violations > 0)
		details[status.n_details++] = any_of(arena, request);
	if (fault->retry_after_ms > 0)
		details[status.n_details++] = retry_of(arena, fault->retry_after_ms);
	return model_message_pack(arena, &status, size);
}

void service_status(const struct fault *fault, struct arena *arena, int *code, const char **message,
	const void **details, size_t *details_size)
{
	Google__Rpc__ErrorInfo *info = info_of(arena, fault);
	Google__Rpc__BadRequest *request = violations_of(arena, fault);
	*code = codes[fault->code];
	*message = text_of(arena, fault->message);
	*details = pack(arena, fault, *code, info, request, details_size);
	while (*details_size > DETAILS_MAX && request->n_field_violations + info->n_metadata > 0) {
		if (request->n_field_violations > 0)
			request->n_field_violations--;
		else
			info->n_metadata--;
		*details = pack(arena, fault, *code, info, request, details_size);
	}
}
