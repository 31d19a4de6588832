/* Croissant files: what differs between versions and hubs, and what is refused. */
#include "importing.h"

#include "cases.h"

struct row {
	const char *name;
	const char *text;
	const char *says;
	const char *path; /* NULL: croissant.json */
};

static void check(void **state)
{
	const struct row *row = *state;
	importing_expect("croissant", row->path ? row->path : "croissant.json", row->text, row->says);
}

static const struct row rows[] = {
	{"keys of 0.8 have a prefix or none",
		"{\"@context\":{},\"ml:recordSet\":[{\"name\":\"t\",\"ml:field\":[{\"name\":\"a\",\"ml:dataType\":\"sc:Integer\"}]}]}",
		"raw_data schema[column a].field_type = sc:Integer @ recordSet[0].field[0].dataType\n", NULL},
	{"a file that is a list of one data set is read",
		"[{\"@context\":{\"cr\":\"http://mlcommons.org/croissant/\"},\"name\":\"d\",\"conformsTo\":\"x\"}]",
		"raw_data dataset_name = d @ name\n", NULL},
	{"conformsTo may be a list",
		"{\"@context\":{\"cr\":\"http://mlcommons.org/croissant/\"},\"name\":\"d\",\"conformsTo\":[\"a\",\"b\"]}",
		"a @ conformsTo[0]\n"
		"b @ conformsTo[1]\n",
		NULL},
	{"a name in several languages is the English one",
		"{\"@context\":{},\"conformsTo\":\"x\",\"name\":{\"de\":\"Daten\",\"en\":\"data\"}}",
		"raw_data dataset_name = data @ name\n"
		"!Daten\n",
		NULL},
	{"a licence may be an object",
		"{\"@context\":{\"cr\":\"http://mlcommons.org/croissant/\"},\"name\":\"d\",\"license\":{\"@type\":\"sc:CreativeWork\",\"name\":\"other\"},\"distribution\":[]}",
		"raw_data data_rights = other @ license\n", NULL},
	{"a field without a type has none",
		"{\"@context\":{\"cr\":\"http://mlcommons.org/croissant/\"},\"name\":\"d\",\"recordSet\":[{\"@id\":\"t\",\"field\":[{\"@id\":\"t/a\",\"subField\":[{\"@id\":\"t/a/b\"}]}]}]}",
		"raw_data schema[column a].field_name = a @ recordSet[0].field[0]\n"
		"!field_type\n"
		"left recordSet[0].field[0].subField: the fields inside a field are not taken\n",
		NULL},
	{"of several types the first one counts",
		"{\"@context\":{\"cr\":\"http://mlcommons.org/croissant/\"},\"name\":\"d\",\"recordSet\":[{\"@id\":\"t\",\"field\":[{\"@id\":\"t/a\",\"dataType\":[\"sc:URL\",\"wd:Q1\"]}]}]}",
		"raw_data schema[column a].field_type = sc:URL @ recordSet[0].field[0].dataType\n"
		"wd:Q1 @ recordSet[0].field[0].dataType[1]\n",
		NULL},
	{"the column in the file counts, not the field's name",
		"{\"@context\":{\"cr\":\"http://mlcommons.org/croissant/\"},\"name\":\"d\",\"recordSet\":[{\"@id\":\"t\",\"field\":[{\"@id\":\"t/gender\",\"name\":\"gender\",\"source\":{\"extract\":{\"column\":\"sex\"}}}]}]}",
		"raw_data schema[column sex].field_name = sex @ recordSet[0].field[0]\n", NULL},
	{"MD5 in base64 is the same digest in hexadecimal digits",
		"{\"@context\":{\"cr\":\"http://mlcommons.org/croissant/\"},\"name\":\"d\",\"distribution\":[{\"@id\":\"f\",\"md5\":\"xnQ+q8WLj9aPCvhTsG+L6A==\"}]}",
		"raw_data dataset_version = md5:c6743eabc58b8fd68f0af853b06f8be8 @ distribution[0].md5\n",
		NULL},
	{"a digest that is an address is told",
		"{\"@context\":{\"cr\":\"http://mlcommons.org/croissant/\"},\"name\":\"d\",\"distribution\":[{\"@id\":\"f\",\"sha256\":\"https://example.org/80\"}]}",
		"left distribution[0].sha256: \"https://example.org/80\" is no sha256 digest\n"
		"!dataset_version\n",
		NULL},
	{"digests of several files are not one version",
		"{\"@context\":{\"cr\":\"http://mlcommons.org/croissant/\"},\"name\":\"d\",\"version\":\"1.0.0\",\"distribution\":[{\"@id\":\"f\",\"md5\":\"c741394174287c04331718c76be0336e\"},{\"@id\":\"g\",\"md5\":\"c741394174287c04331718c76be0336f\"}]}",
		"raw_data dataset_version = 1.0.0 @ version\n"
		"!dataset_version = md5\n",
		NULL},
	{"an enumeration is no table but a column's allowed values",
		"{\"@context\":{\"cr\":\"http://mlcommons.org/croissant/\"},\"name\":\"d\",\"recordSet\":[{\"@id\":\"e/x\",\"dataType\":\"sc:Enumeration\",\"data\":[{\"e/x/value\":\"lo\"},{\"e/x/value\":\"hi\"}],\"field\":[{\"@id\":\"e/x/value\"}]},{\"@id\":\"t\",\"field\":[{\"@id\":\"t/x\",\"references\":{\"@id\":\"e/x/value\"}}]}]}",
		"raw_data schema[column x].allowed_values = lo @ recordSet[1].field[0].references[0]\n"
		"raw_data schema[column x].expected_values = lo, hi @ recordSet[1].field[0].references\n"
		"!column value\n",
		NULL},
	{"a record set that is called train is training data",
		"{\"@context\":{\"cr\":\"http://mlcommons.org/croissant/\"},\"name\":\"d\",\"recordSet\":[{\"@id\":\"train\",\"field\":[{\"@id\":\"train/a\"}]},{\"@id\":\"other\",\"field\":[{\"@id\":\"other/b\"}]}]}",
		"training_data schema[column a].field_name = a @ recordSet[0].field[0]\n"
		"training_data raw_data_identifier = d @ name\n"
		"raw_data/other schema[column b].field_name = b @ recordSet[1].field[0]\n",
		NULL},
	{"known issues of the vocabulary for responsible AI are taken",
		"{\"@context\":{\"cr\":\"http://mlcommons.org/croissant/\"},\"name\":\"d\",\"rai:dataBiases\":[\"few women\"],\"conformsTo\":\"x\"}",
		"raw_data metadata.known_issues = few women @ dataBiases\n", NULL},
	{"JSON-LD of anything else is refused", "{\"@context\":\"https://schema.org\",\"@type\":\"Person\"}",
		"refused: croissant.json: conformsTo: this is JSON-LD, but no Croissant: it has neither record sets nor files\n",
		NULL},
	{"a text is refused", "\"x\"",
		"refused: croissant.json: @context: a Croissant file is a JSON-LD object, and has its context here\n",
		NULL},
};

int main(void)
{
	return CASES_RUN(rows, check);
}
