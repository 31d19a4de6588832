/* When versions of languages, frameworks and packages do not fit, and when they do. */
#include "rule_case.h"

#include "cases.h"

#define TM         KIND_TRAINED_MODEL
#define DE         KIND_DEVELOPMENT_ENVIRONMENT
#define PE         KIND_PRODUCTION_ENVIRONMENT
#define LANGUAGE   "environment.language-version"
#define FRAMEWORK  "environment.framework-version"
#define DEPENDENCY "environment.dependency-version"

#define PIN(name, version)     "{'name': '" name "', 'version': '" version "'}"
#define ASK(name, requirement) "{'name': '" name "', 'requirement': '" requirement "'}"
#define PACKAGES(kind, items)                                                                                \
	{                                                                                                    \
		kind, "{'packages': [" items "]}"                                                            \
	}
#define LANGUAGES(kind, items)                                                                               \
	{                                                                                                    \
		kind, "{'languages': [" items "]}"                                                           \
	}

static const struct rule_case rows[] = {
	{"patches of one minor agree", LANGUAGE, "", NULL,
		{LANGUAGES(TM, PIN("python", "3.8.10")), LANGUAGES(PE, PIN("Python", "3.8"))}},
	{"another minor of the language is found", LANGUAGE,
		"python @ production_environment:languages[0] trained_model:languages[0]",
		"python: the trained model has 3.8.10, the production environment has 3.10, another version.",
		{LANGUAGES(TM, PIN("python", "3.8.10")), LANGUAGES(PE, PIN("python", "3.10"))}},
	{"the development environment is compared too", LANGUAGE,
		"python @ development_environment:languages[0] trained_model:languages[0]", NULL,
		{LANGUAGES(TM, PIN("python", "3.8")), LANGUAGES(DE, PIN("python", "3.11"))}},
	{"a language version inside of what is asked for agrees", LANGUAGE, "", NULL,
		{LANGUAGES(TM, PIN("python", "3.10.1")), LANGUAGES(DE, ASK("python", ">=3.8"))}},
	{"a language version outside of what is asked for is found", LANGUAGE,
		"python @ development_environment:languages[0] trained_model:languages[0]",
		"which excludes it",
		{LANGUAGES(TM, PIN("python", "3.7.3")), LANGUAGES(DE, ASK("python", ">=3.8"))}},
	{"a language without a version says nothing", LANGUAGE, "", NULL,
		{LANGUAGES(TM, PIN("python", "3.7.3")), LANGUAGES(DE, PIN("python", ""))}},

	{"one pin on both sides agrees", FRAMEWORK, "", NULL,
		{PACKAGES(TM, PIN("scikit-learn", "1.0.2")), PACKAGES(PE, PIN("scikit_learn", "1.0.2"))}},
	{"another minor of the framework is found", FRAMEWORK,
		"scikit-learn @ production_environment:packages[0] trained_model:packages[0]",
		"another version",
		{PACKAGES(TM, PIN("scikit-learn", "1.0.2")), PACKAGES(PE, PIN("scikit-learn", "1.2.1"))}},
	{"a format for exchange does not mind the minor", FRAMEWORK, "", NULL,
		{{TM, "{'serialization': 'ONNX', 'packages': [" PIN("onnxruntime", "1.14.0") "]}"},
			PACKAGES(PE, PIN("onnxruntime", "1.16.1"))}},
	{"a format for exchange minds the major", FRAMEWORK,
		"onnxruntime @ production_environment:packages[0] trained_model:packages[0]", NULL,
		{{TM, "{'serialization': 'ONNX', 'packages': [" PIN("onnxruntime", "1.14.0") "]}"},
			PACKAGES(PE, PIN("onnxruntime", "2.0"))}},
	{"no version beside a pin is found", FRAMEWORK,
		"xgboost @ development_environment:packages[1] trained_model:packages[0]",
		"xgboost: the trained model has 1.5.2, the development environment has any version, which lets any "
		"later version in.",
		{PACKAGES(TM, PIN("xgboost", "1.5.2")),
			PACKAGES(DE, PIN("numpy", "1.0") ", " PIN("xgboost", ""))}},
	{"a requirement without an end beside a pin is found", FRAMEWORK,
		"xgboost @ development_environment:packages[0] trained_model:packages[0]", ">=1.0",
		{PACKAGES(TM, PIN("xgboost", "1.5.2")), PACKAGES(DE, ASK("xgboost", ">=1.0"))}},
	{"a bounded requirement that accepts the pin agrees", FRAMEWORK, "", NULL,
		{PACKAGES(TM, PIN("xgboost", "1.5.2")), PACKAGES(DE, ASK("xgboost", ">=1.0,<2"))}},
	{"a requirement that excludes the pin is found", FRAMEWORK,
		"xgboost @ development_environment:packages[0] trained_model:packages[0]",
		"which excludes it",
		{PACKAGES(TM, PIN("xgboost", "1.5.2")), PACKAGES(DE, ASK("xgboost", "~=1.6"))}},
	{"an unpinned model beside a pinned environment is found", FRAMEWORK,
		"xgboost @ development_environment:packages[0] trained_model:packages[0]", NULL,
		{PACKAGES(TM, PIN("xgboost", "")), PACKAGES(DE, PIN("xgboost", "1.6.0"))}},
	{"two requirements cannot be told apart", FRAMEWORK, "", NULL,
		{PACKAGES(TM, ASK("xgboost", ">=1")), PACKAGES(DE, ASK("xgboost", "<1"))}},
	{"two models of other minors are found once", FRAMEWORK,
		"torch @ trained_model/a:packages[0] trained_model/b:packages[0]", NULL,
		{{TM, "{'packages': [" PIN("torch", "1.13.0") "]}", "a"},
			{TM, "{'packages': [" PIN("torch", "2.0.1") "]}", "b"}}},
	{"a framework is no dependency", DEPENDENCY, "", NULL,
		{PACKAGES(TM, PIN("xgboost", "1.5.2")), PACKAGES(DE, PIN("xgboost", "1.6.0"))}},

	{"another minor of a package is found", DEPENDENCY,
		"numpy @ production_environment:packages[0] trained_model:packages[0]", NULL,
		{PACKAGES(TM, PIN("numpy", "1.19.5")), PACKAGES(PE, PIN("NumPy", "1.24.2"))}},
	{"a package that only one side has says nothing", DEPENDENCY, "", NULL,
		{PACKAGES(TM, PIN("numpy", "1.19.5")), PACKAGES(PE, PIN("pandas", "1.24.2"))}},
	{"a dependency is no framework", FRAMEWORK, "", NULL,
		{PACKAGES(TM, PIN("numpy", "1.19.5")), PACKAGES(PE, PIN("numpy", "1.24.2"))}},
};

int main(void)
{
	return CASES_RUN(rows, rule_case_check);
}
