/* Reads requirements on packages, as pip and conda write them. Resolves nothing: which version fits is not
 * asked. */
#include "import/requirement.h"

#include <ctype.h>
#include <string.h>

#include "import/lines.h"

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '.' || c == '_' || c == '-';
}

/* PEP 503: lower case, each run of -_. one hyphen. */
static const char *normal_name(struct arena *arena, const char *name)
{
	char *made = arena_copy(arena, name, strlen(name));
	size_t size = 0;
	for (const char *at = name; *at; at++) {
		bool mark = *at == '-' || *at == '_' || *at == '.';
		if (mark && size > 0 && made[size - 1] == '-')
			continue;
		made[size++] = mark ? '-' : (char)tolower((unsigned char)*at);
	}
	made[size] = '\0';
	return made;
}

/* Leaves white space out: ">= 1.0, < 2" is ">=1.0,<2". */
static const char *squeezed(struct arena *arena, const char *text)
{
	char *made = arena_copy(arena, text, strlen(text));
	size_t size = 0;
	for (const char *at = text; *at; at++)
		if (!isspace((unsigned char)*at))
			made[size++] = *at;
	made[size] = '\0';
	return made;
}

/* ==1.2.3 is a pin, ==1.2.* a prefix; nothing else is either. */
static void judge_pin(struct arena *arena, struct requirement *requirement)
{
	const char *text = requirement->specifier;
	if (strncmp(text, "==", 2) != 0 || strpbrk(text, ",|<>!~"))
		return;
	text += 2 + (text[2] == '=');
	size_t size = strlen(text);
	if (size > 2 && strcmp(text + size - 2, ".*") == 0)
		requirement->prefix = arena_copy(arena, text, size - 2);
	else if (size > 0 && !strchr(text, '*'))
		requirement->version = text;
}

static bool read_name(struct arena *arena, const char **at, struct requirement *requirement)
{
	const char *start = *at;
	while (is_name(**at))
		(*at)++;
	size_t size = (size_t)(*at - start);
	if (size == 0 || !isalnum((unsigned char)*start) || !isalnum((unsigned char)(*at)[-1]))
		return false;
	requirement->name = arena_copy(arena, start, size);
	requirement->package = normal_name(arena, requirement->name);
	return true;
}

static bool read_extras(struct arena *arena, const char **at, struct requirement *requirement)
{
	*at += strspn(*at, " \t");
	if (**at != '[')
		return true;
	const char *close = strchr(*at, ']');
	if (!close)
		return false;
	requirement->extras = squeezed(arena, arena_copy(arena, *at + 1, (size_t)(close - *at) - 1));
	*at = close + 1 + strspn(close + 1, " \t");
	return true;
}

/* Each part between commas: an operator and a version. */
static bool is_specifier(const char *text)
{
	while (*text) {
		size_t operator= strspn(text, "=<>!~");
		size_t version = strcspn(text + operator, ",");
		if (operator== 0 || operator> 3 || version == 0)
			return false;
		if (strspn(text + operator,
			    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.*+!_-") < version)
			return false;
		text += operator+ version;
		text += *text == ',';
	}
	return true;
}

bool requirement_pip(struct arena *arena, const char *text, struct requirement *requirement)
{
	const char *at = lines_trim(arena, text);
	*requirement = (struct requirement){.extras = "", .specifier = ""};
	if (!read_name(arena, &at, requirement) || !read_extras(arena, &at, requirement))
		return false;
	at += strspn(at, " \t");
	if (*at == '@') {
		const char *end = strstr(at, " ;");
		size_t size = end ? (size_t)(end - at) - 1 : strlen(at) - 1;
		requirement->url = lines_trim(arena, arena_copy(arena, at + 1, size));
		at = end ? end + 1 : "";
	}
	const char *marker = strchr(at, ';');
	if (marker)
		requirement->marker = lines_trim(arena, marker + 1);
	const char *specifier =
		squeezed(arena, arena_copy(arena, at, marker ? (size_t)(marker - at) : strlen(at)));
	size_t size = strlen(specifier);
	if (size > 1 && specifier[0] == '(' && specifier[size - 1] == ')')
		specifier = arena_copy(arena, specifier + 1, size - 2);
	requirement->specifier = specifier;
	judge_pin(arena, requirement);
	return is_specifier(specifier) && (!requirement->url || *requirement->url);
}

/* "=1.2" and a bare "1.2" mean any version that starts so; "==1.2" exactly it; a build may follow. */
static void judge_conda(struct arena *arena, struct requirement *requirement, const char *text)
{
	const bool exact = strncmp(text, "==", 2) == 0;
	const char *version = text + strspn(text, "=");
	if (strpbrk(version, "<>!~,|")) {
		requirement->specifier = text;
		return;
	}
	const char *build = strchr(version, '=');
	if (build)
		version = arena_copy(arena, version, (size_t)(build - version));
	size_t size = strlen(version);
	bool star = size > 1 && version[size - 1] == '*';
	if (star)
		version = arena_copy(arena, version, size - 1 - (version[size - 2] == '.'));
	if (!*version || strchr(version, '*')) {
		requirement->specifier = *version ? text : "";
		return;
	}
	/* Three parts leave nothing open in practice: python=3.12.11 is that release. */
	const char *dot = strchr(version, '.');
	const bool whole = exact || build || (!star && dot && strchr(dot + 1, '.'));
	if (whole)
		requirement->version = version;
	else
		requirement->prefix = version;
	requirement->specifier = arena_print(arena, "%s%s", whole ? "==" : "=", version);
}

bool requirement_conda(struct arena *arena, const char *text, struct requirement *requirement)
{
	const char *at = lines_trim(arena, text);
	const char *channel = strstr(at, "::");
	*requirement = (struct requirement){.extras = "", .specifier = ""};
	if (channel)
		at = channel + 2;
	if (*at == '_') /* _libgcc_mutex */
		at++;
	if (!read_name(arena, &at, requirement))
		return false;
	at += strspn(at, " \t");
	if (*at == '[')
		return strchr(at, ']') != NULL;
	/* "python 3.8 h1234_0": the words are version and build. */
	const char *words = at;
	size_t first = strcspn(words, " \t");
	const char *rest = words + first + strspn(words + first, " \t");
	if (*words && !strchr("=<>!~", *words) && *rest && !strpbrk(rest, "<>=,|"))
		words = arena_print(arena, "=%.*s=%s", (int)first, words, rest);
	const char *squeezed_text = squeezed(arena, words);
	if (*squeezed_text && !strchr("=<>!~", *squeezed_text) && !isdigit((unsigned char)*squeezed_text) &&
		*squeezed_text != '*')
		return false;
	if (*squeezed_text)
		judge_conda(arena, requirement, squeezed_text);
	return true;
}

/* Packages that are frameworks; a package's name and its framework's are often not the same. */
static const struct {
	const char *package, *framework;
} frameworks[] = {
	{"scikit-learn", "scikit-learn"},
	{"sklearn", "scikit-learn"},
	{"tensorflow", "TensorFlow"},
	{"tensorflow-cpu", "TensorFlow"},
	{"tensorflow-gpu", "TensorFlow"},
	{"tensorflow-macos", "TensorFlow"},
	{"tf-nightly", "TensorFlow"},
	{"torch", "PyTorch"},
	{"pytorch", "PyTorch"},
	{"pytorch-lightning", "PyTorch Lightning"},
	{"lightning", "PyTorch Lightning"},
	{"keras", "Keras"},
	{"xgboost", "XGBoost"},
	{"lightgbm", "LightGBM"},
	{"catboost", "CatBoost"},
	{"onnx", "ONNX"},
	{"onnxruntime", "ONNX Runtime"},
	{"onnxruntime-gpu", "ONNX Runtime"},
	{"transformers", "Transformers"},
	{"sentence-transformers", "Sentence Transformers"},
	{"spacy", "spaCy"},
	{"fastai", "fastai"},
	{"jax", "JAX"},
	{"flax", "Flax"},
	{"mxnet", "MXNet"},
	{"paddlepaddle", "PaddlePaddle"},
	{"statsmodels", "statsmodels"},
	{"prophet", "Prophet"},
	{"h2o", "H2O"},
	{"pyspark", "Apache Spark"},
	{"opencv-python", "OpenCV"},
	{"opencv-python-headless", "OpenCV"},
	{"diffusers", "Diffusers"},
	{"langchain", "LangChain"},
	{"vllm", "vLLM"},
	{"stable-baselines3", "Stable Baselines3"},
	{"gluon", "Gluon"},
	{"gensim", "gensim"},
	{"nltk", "NLTK"},
};

const char *requirement_framework(const char *package)
{
	for (size_t i = 0; i < sizeof(frameworks) / sizeof(frameworks[0]); i++)
		if (strcmp(frameworks[i].package, package) == 0)
			return frameworks[i].framework;
	return NULL;
}

const char *requirement_text(struct arena *arena, const struct requirement *requirement)
{
	if (requirement->version)
		return arena_print(arena, "%s %s", requirement->name, requirement->version);
	return arena_print(arena, "%s%s%s", requirement->name, *requirement->specifier ? " " : "",
		requirement->specifier);
}
