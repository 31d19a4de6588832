/* The wire format, field by field. Every length is checked against what is left before it is used. */
#include "import/protobuf_wire.h"

#include <string.h>

#include "base/utf8.h"

enum {
	TEXT_SIZE_MAX = 64 * 1024,
	GROUPS_MAX = 32, /* inside each other */
};

struct wire wire_of(const void *bytes, size_t size)
{
	static const uint8_t nothing;
	const uint8_t *at = size ? bytes : &nothing;
	return (struct wire){.at = at, .end = at + size};
}

struct wire wire_inside(const struct wire_field *field)
{
	return wire_of(field->bytes, field->type == WIRE_BYTES ? field->size : 0);
}

static bool read_varint(struct wire *wire, uint64_t *value)
{
	*value = 0;
	for (int shift = 0; shift < 70 && wire->at < wire->end; shift += 7) {
		const uint8_t byte = *wire->at++;
		if (shift < 64)
			*value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return true;
	}
	wire->broken = true;
	return false;
}

static bool read_fixed(struct wire *wire, size_t size, uint64_t *value)
{
	if ((size_t)(wire->end - wire->at) < size) {
		wire->broken = true;
		return false;
	}
	*value = 0;
	for (size_t i = 0; i < size; i++)
		*value |= (uint64_t)wire->at[i] << (8 * i);
	wire->at += size;
	return true;
}

static bool read_bytes(struct wire *wire, struct wire_field *field)
{
	uint64_t size;
	if (!read_varint(wire, &size))
		return false;
	if (size > (uint64_t)(wire->end - wire->at)) {
		wire->broken = true;
		return false;
	}
	field->bytes = wire->at;
	field->size = (size_t)size;
	wire->at += size;
	return true;
}

static bool read_value(struct wire *wire, unsigned type, struct wire_field *field)
{
	field->type = (enum wire_type)type;
	switch (type) {
	case WIRE_VARINT: return read_varint(wire, &field->value);
	case WIRE_FIXED64: return read_fixed(wire, 8, &field->value);
	case WIRE_BYTES: return read_bytes(wire, field);
	case WIRE_FIXED32: return read_fixed(wire, 4, &field->value);
	default: wire->broken = true; return false;
	}
}

bool wire_next(struct wire *wire, struct wire_field *field)
{
	enum {
		GROUP_START = 3,
		GROUP_END = 4,
	};
	int groups = 0;
	while (!wire->broken && wire->at < wire->end) {
		uint64_t tag;
		*field = (struct wire_field){0};
		if (!read_varint(wire, &tag))
			return false;
		const unsigned type = (unsigned)(tag & 7);
		wire->broken = tag >> 3 == 0 || tag >> 3 > 0x1fffffff;
		groups += (type == GROUP_START) - (type == GROUP_END);
		wire->broken = wire->broken || groups < 0 || groups > GROUPS_MAX;
		if (wire->broken)
			return false;
		if (type == GROUP_START || type == GROUP_END)
			continue;
		field->number = (uint32_t)(tag >> 3);
		if (!read_value(wire, type, field))
			return false;
		if (groups == 0)
			return true;
	}
	wire->broken = wire->broken || groups > 0;
	return false;
}

bool wire_find(struct wire wire, uint32_t number, struct wire_field *field)
{
	while (wire_next(&wire, field))
		if (field->number == number)
			return true;
	return false;
}

const char *wire_text(struct arena *arena, const struct wire_field *field)
{
	if (field->type != WIRE_BYTES || field->size > TEXT_SIZE_MAX)
		return NULL;
	if (field->size == 0)
		return "";
	if (utf8_check((const char *)field->bytes, field->size) != field->size)
		return NULL;
	return arena_copy(arena, field->bytes, field->size);
}

int64_t wire_signed(const struct wire_field *field)
{
	int64_t value;
	memcpy(&value, &field->value, sizeof(value));
	return value;
}

double wire_double(const struct wire_field *field)
{
	double value;
	memcpy(&value, &field->value, sizeof(value));
	return value;
}

float wire_float(const struct wire_field *field)
{
	const uint32_t bits = (uint32_t)field->value;
	float value;
	memcpy(&value, &bits, sizeof(value));
	return value;
}

bool wire_packed(struct wire *wire, uint64_t *value)
{
	return !wire->broken && wire->at < wire->end && read_varint(wire, value);
}
