/* Bytes of files: plain, packed, cut off, and their digest. */
#include "profile/source.h"

#include "cases.h"

#include <string.h>

#include <zlib.h>
#include <zstd.h>

#include "base/buffer.h"

enum packing {
	PLAIN,
	GZIP,
	ZSTD,
};

struct row {
	const char *name;
	enum packing packing;
	size_t size;       /* of the text */
	size_t parts;      /* packed ones that follow each other */
	size_t cut;        /* bytes that are missing at the end */
	const char *fault; /* reason, or NULL */
};

static void pack_gzip(const char *text, size_t size, struct buffer *out)
{
	z_stream gzip = {0};
	const size_t room = size + size / 1000 + 100;
	assert_int_equal(deflateInit2(&gzip, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	gzip.next_in = (unsigned char *)(uintptr_t)text;
	gzip.avail_in = (unsigned)size;
	gzip.next_out = buffer_reserve(out, room);
	gzip.avail_out = (unsigned)room;
	assert_int_equal(deflate(&gzip, Z_FINISH), Z_STREAM_END);
	out->size += gzip.total_out;
	deflateEnd(&gzip);
}

static void pack_zstd(const char *text, size_t size, struct buffer *out)
{
	const size_t room = ZSTD_compressBound(size);
	const size_t packed = ZSTD_compress(buffer_reserve(out, room), room, text, size, 3);
	assert_false(ZSTD_isError(packed));
	out->size += packed;
}

static void pack(const struct row *row, const char *text, struct buffer *out)
{
	const size_t part = row->size / row->parts;
	for (size_t i = 0; i < row->parts; i++) {
		const size_t size = i + 1 < row->parts ? part : row->size - i * part;
		if (row->packing == GZIP)
			pack_gzip(text + i * part, size, out);
		else if (row->packing == ZSTD)
			pack_zstd(text + i * part, size, out);
		else
			buffer_add(out, text + i * part, size);
	}
	out->size -= row->cut;
}

static void check(void **state)
{
	const struct row *row = *state;
	static struct fault fault;
	struct buffer packed = {0}, got = {0};
	char *text = malloc(row->size + 1);
	assert_non_null(text);
	for (size_t i = 0; i < row->size; i++)
		text[i] = "abcdefgh,\n"[i * i % 97 % 10];
	pack(row, text, &packed);
	struct source *source = source_memory(packed.bytes ? packed.bytes : "", packed.size, 3000);
	enum fault_code code;
	size_t size;
	do {
		code = source_read(source, buffer_reserve(&got, 10000), 10000, &size, &fault);
		got.size += code ? 0 : size;
	} while (code == FAULT_NONE && size > 0);
	if (row->fault) {
		assert_int_equal(code, FAULT_INVALID);
		assert_string_equal(fault.reason, row->fault);
	} else {
		assert_int_equal(code, FAULT_NONE);
		assert_int_equal(got.size, row->size);
		assert_int_equal(source_done(source), packed.size);
		if (row->size > 0)
			assert_memory_equal(got.bytes, text, row->size);
	}
	source_free(source);
	buffer_done(&packed);
	buffer_done(&got);
	free(text);
}

static const struct row rows[] = {
	{"plain bytes come as they are", PLAIN, 100000, 1, 0, NULL},
	{"an empty file has none", PLAIN, 0, 1, 0, NULL},
	{"three bytes are enough", PLAIN, 3, 1, 0, NULL},
	{"gzip is unpacked", GZIP, 1000000, 1, 0, NULL},
	{"gzip of nothing is nothing", GZIP, 0, 1, 0, NULL},
	{"gzip in parts is unpacked", GZIP, 1000000, 7, 0, NULL},
	{"gzip that is cut off is refused", GZIP, 1000000, 1, 5, "FILE_BROKEN"},
	{"gzip whose last part is cut off is refused", GZIP, 1000000, 3, 20, "FILE_BROKEN"},
	{"zstd is unpacked", ZSTD, 1000000, 1, 0, NULL},
	{"zstd of nothing is nothing", ZSTD, 0, 1, 0, NULL},
	{"zstd in parts is unpacked", ZSTD, 1000000, 7, 0, NULL},
	{"zstd that is cut off is refused", ZSTD, 1000000, 1, 5, "FILE_BROKEN"},
};

static void a_broken_file_is_refused(void **state)
{
	(void)state;
	static struct fault fault;
	char bytes[100];
	size_t got;
	struct source *source = source_memory("\x1f\x8b\x08\x00xxxxxxxxxxxxxxxxxxxx", 24, 24);
	enum fault_code code;
	while (!(code = source_read(source, bytes, sizeof(bytes), &got, &fault)) && got > 0)
		continue;
	assert_int_equal(code, FAULT_INVALID);
	assert_string_equal(fault.reason, "FILE_BROKEN");
	source_free(source);
}

static void a_file_that_is_not_there_is_refused(void **state)
{
	(void)state;
	static struct fault fault;
	assert_null(source_open("/nowhere/at/all.csv", &fault));
	assert_string_equal(fault.message, "/nowhere/at/all.csv: No such file or directory");
	assert_null(source_open("", &fault));
}

static void a_folder_is_refused(void **state)
{
	(void)state;
	static struct fault fault;
	char bytes[10];
	size_t got;
	struct source *source = source_open("/", &fault);
	assert_non_null(source);
	assert_int_equal(source_read(source, bytes, sizeof(bytes), &got, &fault), FAULT_INVALID);
	assert_string_equal(fault.message, "/: Is a directory");
	source_free(source);
}

static void the_digest_is_that_of_the_file(void **state)
{
	(void)state;
	static struct fault fault;
	char bytes[10];
	size_t got;
	struct source *source = source_memory("abc", 3, 2);
	while (!source_read(source, bytes, sizeof(bytes), &got, &fault) && got > 0)
		continue;
	/* FIPS 180-2, B.1 */
	assert_string_equal(source_digest(source),
		"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	source_free(source);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + 4];
	size_t count = CASES_ADD(tests, 0, rows, check);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(a_broken_file_is_refused);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(a_file_that_is_not_there_is_refused);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(a_folder_is_refused);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(the_digest_is_that_of_the_file);
	return CASES_RUN_ALL(tests, count);
}
