/* When the rules about the development environment fire, and when they stay quiet. */
#include "rule_case.h"

#include "cases.h"

#define TM        KIND_TRAINED_MODEL
#define DE        KIND_DEVELOPMENT_ENVIRONMENT
#define LANGUAGE  "environment.language-unsupported"
#define FRAMEWORK "environment.framework-unsupported"

static const struct rule_case rows[] = {
	{"an offered language is quiet", LANGUAGE, "", NULL,
		{{TM, "{'model_components': [{'programming_languages': ['Python ']}]}"},
			{DE, "{'programming_languages': ['C++', 'Python']}"}}},
	{"a language that is not offered is found", LANGUAGE,
		"Julia @ development_environment:programming_languages "
		"trained_model:model_components[1].programming_languages[1]",
		"Component 2 of the trained model is written in \"Julia\"; development environments offer \"C++\", \"Python\".",
		{{TM, "{'model_components': [{'programming_languages': ['C++']}, "
		      "{'programming_languages': ['Python', 'Julia']}]}"},
			{DE, "{'programming_languages': ['C++', 'Python', '']}"}}},
	{"a language of two components is one finding", LANGUAGE,
		"R @ development_environment:programming_languages "
		"trained_model:model_components[0].programming_languages[0] "
		"trained_model:model_components[1].programming_languages[0]",
		NULL,
		{{TM, "{'model_components': [{'programming_languages': ['R']}, {'programming_languages': [' "
		      "R']}]}"},
			{DE, "{'programming_languages': ['Python']}"}}},
	{"two languages are two findings", LANGUAGE,
		"Julia @ development_environment:programming_languages "
		"trained_model:model_components[0].programming_languages[1]\n"
		"R @ development_environment:programming_languages "
		"trained_model:model_components[0].programming_languages[0]",
		NULL,
		{{TM, "{'model_components': [{'programming_languages': ['R', 'Julia']}]}"}, {DE, "{}"}}},
	{"a blank language is none", LANGUAGE, "", NULL,
		{{TM, "{'model_components': [{'programming_languages': ['', ' ']}]}"}, {DE, "{}"}}},
	{"any of several environments may offer it", LANGUAGE, "", NULL,
		{{TM, "{'model_components': [{'programming_languages': ['R']}]}"}, {DE, "{}", "a"},
			{DE, "{'programming_languages': ['R']}", "b"}}},
	{"an environment that offers nothing is told so", LANGUAGE,
		"R @ development_environment:programming_languages "
		"trained_model:model_components[0].programming_languages[0]",
		"development environments offer nothing.",
		{{TM, "{'model_components': [{'programming_languages': ['R']}]}"}, {DE, "{}"}}},
	{"without a development environment nothing is said", LANGUAGE, "", NULL,
		{{TM, "{'model_components': [{'programming_languages': ['R']}]}"}}},
	{"an offered framework is quiet", FRAMEWORK, "", NULL,
		{{TM, "{'ml_frameworks': ['TensorFlow']}"}, {DE, "{'ml_frameworks': [' TensorFlow']}"}}},
	{"a framework that is not offered is found", FRAMEWORK,
		"Caffe @ development_environment:ml_frameworks trained_model:ml_frameworks[1]",
		"the trained model needs \"Caffe\"; development environments offer \"TensorFlow\".",
		{{TM, "{'ml_frameworks': ['TensorFlow', 'Caffe']}"},
			{DE, "{'ml_frameworks': ['TensorFlow']}"}}},
	{"a framework in another case is another one", FRAMEWORK,
		"caffe @ development_environment:ml_frameworks trained_model:ml_frameworks[0]", NULL,
		{{TM, "{'ml_frameworks': ['caffe']}"}, {DE, "{'ml_frameworks': ['Caffe']}"}}},
	{"each model that needs the framework has its finding", FRAMEWORK,
		"Caffe @ development_environment:ml_frameworks trained_model/a:ml_frameworks[0]\n"
		"Caffe @ development_environment:ml_frameworks trained_model/b:ml_frameworks[0]",
		NULL,
		{{TM, "{'ml_frameworks': ['Caffe']}", "a"}, {TM, "{'ml_frameworks': ['Caffe']}", "b"},
			{DE, "{}"}}},
};

int main(void)
{
	return CASES_RUN(rows, rule_case_check);
}
