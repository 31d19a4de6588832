/* One walk over the top level of a packed protobuf message. */
#include "message.h"

#include "bench.h"

static uint64_t varint(const uint8_t **at, const uint8_t *end)
{
	uint64_t value = 0;
	for (unsigned shift = 0; shift < 64 && *at < end; shift += 7) {
		uint8_t byte = *(*at)++;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return value;
	}
	give_up("a message breaks off");
}

bool message_next(const uint8_t **at, const uint8_t *end, struct message_field *field)
{
	if (*at >= end)
		return false;
	uint64_t tag = varint(at, end);
	*field = (struct message_field){.number = (uint32_t)(tag >> 3), .bytes = *at};
	switch (tag & 7) {
	case 0: field->value = varint(at, end); return true;
	case 1: field->size = 8; break;
	case 2:
		field->size = varint(at, end);
		field->bytes = *at;
		break;
	case 5: field->size = 4; break;
	default: give_up("a message has a field of an unknown type");
	}
	if (field->size > (size_t)(end - *at))
		give_up("a message breaks off");
	*at += field->size;
	return true;
}

size_t message_count(const uint8_t *bytes, size_t size, uint32_t number)
{
	size_t count = 0;
	struct message_field field;
	for (const uint8_t *at = bytes, *end = bytes + size; message_next(&at, end, &field);)
		count += field.number == number;
	return count;
}

const uint8_t *message_bytes(const uint8_t *bytes, size_t size, uint32_t number, size_t *found_size)
{
	const uint8_t *found = bytes;
	*found_size = 0;
	struct message_field field;
	for (const uint8_t *at = bytes, *end = bytes + size; message_next(&at, end, &field);) {
		if (field.number == number) {
			found = field.bytes;
			*found_size = field.size;
		}
	}
	return found;
}

uint64_t message_number(const uint8_t *bytes, size_t size, uint32_t number)
{
	uint64_t value = 0;
	struct message_field field;
	for (const uint8_t *at = bytes, *end = bytes + size; message_next(&at, end, &field);)
		if (field.number == number)
			value = field.value;
	return value;
}
