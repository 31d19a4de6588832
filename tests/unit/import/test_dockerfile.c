/* Dockerfiles: stages, variables, continued lines, what is installed. */
#include "importing.h"

#include "cases.h"

struct row {
	const char *name;
	const char *text;
	const char *expected;
};

static void check(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	assert_string_equal(importing_documents(arena, "dockerfile", "Dockerfile", row->text), row->expected);
	arena_free(arena);
}

#define FROM(image)                                                                                          \
	"production_environment/default {\"deployment_platform\":\"container made from " image "\""
#define PYTHON(how, version) ",\"languages\":[{\"name\":\"python\",\"" how "\":\"" version "\"}]"

static const struct row rows[] = {
	{"a full tag is a version", "FROM python:3.12.11-slim\n",
		FROM("python:3.12.11-slim") PYTHON("version", "3.12.11") "}\n"},
	{"a short tag is any of its patches", "FROM docker.io/library/python:3.9\n",
		FROM("docker.io/library/python:3.9") PYTHON("requirement", "==3.9.*") "}\n"},
	{"an argument before FROM is known in it", "ARG V=3.8.1\nFROM python:${V}-slim AS run\n",
		FROM("python:3.8.1-slim") PYTHON("version", "3.8.1") "}\n"},
	{"an image without a tag tells no version", "FROM langchain/langchain\n",
		FROM("langchain/langchain") "}\n"},
	{"a registry's port is no tag", "FROM host:5000/python\n",
		FROM("host:5000/python") ",\"languages\":[{\"name\":\"python\"}]}\n"},
	{"the last stage counts", "FROM node:20 AS web\nEXPOSE 1\nFROM python:3.9.2\nEXPOSE 8000\n",
		FROM("python:3.9.2") ",\"deployment_mechanism\":\"container; ports 8000\"" PYTHON(
			"version", "3.9.2") "}\n"},
	{"a stage that begins with another one has its Python", "FROM python:3.9.2 AS base\nFROM base\n",
		FROM("python:3.9.2") PYTHON("version", "3.9.2") "}\n"},
	{"a comment inside a continued line is no part of it",
		"FROM a\nRUN pip install numpy==1.2 \\\n  # why\n  pandas\n",
		FROM("a") ",\"packages\":[{\"name\":\"numpy\",\"version\":\"1.2\"},{\"name\":\"pandas\"}]}\n"},
	{"options of pip are no packages",
		"FROM a\nRUN pip3 install --no-cache-dir -i http://u numpy && rm -rf x\n",
		FROM("a") ",\"packages\":[{\"name\":\"numpy\"}]}\n"},
	{"a script inside is not read as instructions", "FROM a\nRUN <<EOF\nFROM b\nEOF\nEXPOSE 1\n",
		FROM("a") ",\"deployment_mechanism\":\"container; ports 1\"}\n"},
	{"a variable names the model's file", "FROM a\nENV D=/m\nENV MODEL_PATH=$D/x.pkl\n",
		FROM("a") ",\"model_artifact\":\"/m/x.pkl\"}\n"},
	{"a word that is no instruction is refused with its line", "FROM a\n\nINSTALL b\n",
		"refused: Dockerfile:3:1: \"INSTALL\" is no instruction of a Dockerfile; FROM, RUN, COPY … are\n"},
	{"a file without FROM is refused", "RUN a\n",
		"refused: Dockerfile: a Dockerfile has a FROM; there is none\n"},
};

int main(void)
{
	return CASES_RUN(rows, check);
}
