/* BentoML's build files. */
#include "importing.h"

#include "cases.h"

struct row {
	const char *name;
	const char *text;
	const char *says;
	const char *path; /* NULL: bentofile.yaml */
};

static void check(void **state)
{
	const struct row *row = *state;
	importing_expect("bentoml", row->path ? row->path : "bentofile.yaml", row->text, row->says);
}

static const struct row rows[] = {
	{"packages are what the image has",
		"service: s:S\n"
		"python: {packages: [torch, 'scikit-learn==1.2.2']}\n",
		"production_environment packages[torch].name = torch @ python.packages[0]\n"
		"production_environment packages[scikit-learn].version = 1.2.2 @ python.packages[1]\n",
		NULL},
	{"an unquoted Python version keeps its zero", "docker: {python_version: 3.10}\n",
		"production_environment languages[python].requirement = ==3.10.* @ docker.python_version\n",
		NULL},
	{"a whole Python version is exact", "docker: {python_version: 3.10.4}\n",
		"production_environment languages[python].version = 3.10.4 @ docker.python_version\n", NULL},
	{"requirements that are not there are told", "python: {requirements_txt: ./requirements.txt}\n",
		"left python.requirements_txt: ./requirements.txt is not there, so its packages are not known\n",
		NULL},
	{"labels and variables are understood",
		"service: s\n"
		"labels: {stage: dev}\n"
		"docker: {system_packages: [git], env: {A: b}}\n",
		"dev @ labels.stage\n"
		"git @ docker.system_packages[0]\n"
		"b @ docker.env.A\n"
		"!left\n",
		NULL},
	{"a template of a Dockerfile is told", "docker: {dockerfile_template: ./D.j2}\n",
		"left docker.dockerfile_template: the template ./D.j2 is not read\n", NULL},
	{"an unknown key inside is told", "docker: {setup_script: ./s.sh}\n",
		"left docker.setup_script: this is not taken from bentofiles\n", NULL},
	{"an option of pip is told", "python: {packages: ['-f x']}\n",
		"left python.packages[0]: an option of pip is not followed: -f x\n", NULL},
	{"packages of conda are what the image has",
		"service: s\n"
		"conda: {dependencies: [numpy=1.19]}\n",
		"production_environment packages[numpy].requirement = ==1.19.* @ conda.dependencies[0]\n",
		NULL},
	{"the model is what it serves",
		"service: s\n"
		"models: ['iris:v1', {tag: 'other:v2'}]\n",
		"production_environment model_artifact = iris:v1 @ models[0]\n"
		"left models[1]: one model is taken, and other:v2 is another one\n",
		NULL},
	{"the base image is the image",
		"service: s\n"
		"docker: {base_image: 'a:1'}\n",
		"production_environment image = a:1 @ docker.base_image\n", NULL},
	{"an unknown key is told",
		"service: s\n"
		"wow: 1\n",
		"left wow: this is not known of bentofiles\n", NULL},
	{"a file without a service is refused", "a: 1\n",
		"refused: bentofile.yaml:1:1: service: a bentofile names its service here: \"service:Name\"\n",
		NULL},
};

int main(void)
{
	return CASES_RUN(rows, check);
}
