/* Names of packages and which of them are frameworks. */
#include "model/packages.h"

#include <ctype.h>
#include <string.h>

static bool is_separator(char c)
{
	return c == '-' || c == '_' || c == '.';
}

char *model_package_name(const char *text, char *name)
{
	size_t size = 0;
	while (isspace((unsigned char)*text))
		text++;
	for (; *text && size < MODEL_PACKAGE_NAME_SIZE - 1; text++) {
		if (is_separator(*text) && size > 0 && name[size - 1] == '-')
			continue;
		name[size++] = is_separator(*text) ? '-' : (char)tolower((unsigned char)*text);
	}
	while (size > 0 && isspace((unsigned char)name[size - 1]))
		size--;
	name[size] = '\0';
	return name;
}

bool model_package_is_framework(const char *name)
{
	static const char *const frameworks[] = {"catboost", "dgl", "fastai", "flax", "gensim", "h2o", "jax",
		"joblib", "keras", "lightgbm", "mxnet", "onnx", "onnxruntime", "onnxruntime-gpu",
		"paddlepaddle", "pmdarima", "prophet", "pyspark", "pytorch", "pytorch-lightning",
		"scikit-learn", "sentence-transformers", "spacy", "statsmodels", "tensorflow",
		"tensorflow-cpu", "tensorflow-gpu", "torch", "torchvision", "transformers", "xgboost"};
	for (size_t i = 0; i < sizeof(frameworks) / sizeof(frameworks[0]); i++) {
		if (strcmp(name, frameworks[i]) == 0)
			return true;
	}
	return false;
}
