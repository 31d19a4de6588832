/* What files begin with. Looks no further: a byte of 0 further down is csv.c's. */
#include "profile/foreign.h"

#include <string.h>

#define KIND(start, text)                                                                                    \
	{                                                                                                    \
		start, sizeof(start) - 1, text                                                               \
	}

#define UTF32 "UTF-32; make it UTF-8 first, e.g. with iconv -f UTF-32 -t UTF-8"
#define UTF16 "UTF-16; make it UTF-8 first, e.g. with iconv -f UTF-16 -t UTF-8"
#define JSON  "JSON and no CSV; make a row of each object first"

/* The first that fits counts: UTF-32 begins as UTF-16 does. */
static const struct {
	const char *start;
	size_t size;
	const char *kind;
} kinds[] = {
	KIND("\xff\xfe\0\0", UTF32),
	KIND("\0\0\xfe\xff", UTF32),
	KIND("\xff\xfe", UTF16),
	KIND("\xfe\xff", UTF16),
	KIND("PK\3\4", "a zip archive or a workbook; unpack it, or save the sheet as CSV"),
	KIND("PAR1", "a Parquet file; write it as CSV first"),
	KIND("ARROW1", "an Arrow file; write it as CSV first"),
	KIND("Obj\1", "an Avro file; write it as CSV first"),
	KIND("\x89HDF\r\n", "an HDF5 file; write it as CSV first"),
	KIND("SQLite format 3", "an SQLite database; write the table as CSV first"),
	KIND("\xfd"
	     "7zXZ",
		"packed with xz; unpack it first: xz -dc FILE | tally profile -"),
	KIND("BZh91AY&SY", "packed with bzip2; unpack it first: bzip2 -dc FILE | tally profile -"),
	KIND("{\"", JSON),
	KIND("[{\"", JSON),
};

const char *foreign_kind(const char *bytes, size_t size)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (size >= kinds[i].size && memcmp(bytes, kinds[i].start, kinds[i].size) == 0)
			return kinds[i].kind;
	}
	return NULL;
}
