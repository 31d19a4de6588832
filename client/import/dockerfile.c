/*
 * Dockerfiles: which Python and which packages are in the image, what it
 * exposes, where the model lies. The last stage is the image; what is
 * installed in any stage counts, because it is copied on. Nothing is run.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/map.h"
#include "import/formats.h"
#include "import/lines.h"
#include "import/packages.h"
#include "import/serving.h"
#include "import/variables.h"

struct docker {
	struct import *import;
	const struct draft_place *at;   /* the production environment */
	struct map variables;           /* ARG and ENV with a value */
	struct map stages;              /* name -> the image that it began with */
	const char *image, *image_path; /* of the last FROM */
	const char *ports;
	const char *ports_path;
	int froms;
};

static const char *look_up(void *context, const char *name)
{
	const struct docker *docker = context;
	return map_get(&docker->variables, name);
}

static const char *resolved(struct docker *docker, const char *text)
{
	return variables_resolve(docker->import->arena, text, look_up, docker);
}

/* The next word of a line; quotes hold one together. @return arena; NULL at the end */
static const char *next_word(struct docker *docker, const char **at)
{
	*at += strspn(*at, " \t");
	const char *start = *at;
	char quote = '\0';
	while (**at && (quote || (**at != ' ' && **at != '\t'))) {
		if (quote ? **at == quote : (**at == '"' || **at == '\''))
			quote = quote ? '\0' : **at;
		(*at)++;
	}
	return *at > start ? arena_copy(docker->import->arena, start, (size_t)(*at - start)) : NULL;
}

static const char *unquoted(struct docker *docker, const char *text)
{
	const size_t size = strlen(text);
	if (size > 1 && (*text == '"' || *text == '\'') && text[size - 1] == *text)
		return arena_copy(docker->import->arena, text + 1, size - 2);
	return text;
}

static void read_from(struct docker *docker, const char *rest, const char *path)
{
	const char *word, *image = NULL;
	while ((word = next_word(docker, &rest)))
		if (strncmp(word, "--", 2) != 0) {
			image = word;
			break;
		}
	if (!image) {
		import_leave(docker->import, path, "an image is expected after FROM");
		return;
	}
	image = resolved(docker, image);
	docker->froms++;
	import_note(docker->import, path, image);
	const char *earlier = map_get(&docker->stages, image);
	docker->image = earlier ? earlier : image;
	docker->image_path = path;
	docker->ports = NULL;
	word = next_word(docker, &rest);
	const char *name = word && strcasecmp(word, "as") == 0 ? next_word(docker, &rest) : NULL;
	if (name)
		map_put(&docker->stages, name, (void *)(uintptr_t)docker->image);
	map_put(&docker->stages, import_print(docker->import, "%d", docker->froms - 1),
		(void *)(uintptr_t)docker->image);
}

static void set_variable(
	struct docker *docker, const char *name, const char *value, const char *path, bool lasts)
{
	value = resolved(docker, unquoted(docker, value));
	map_put(&docker->variables, name, (void *)(uintptr_t)value);
	if (lasts && serving_is_model_path(name) && !strchr(value, '$'))
		import_text(docker->import, docker->at, "model_artifact", value,
			import_print(docker->import, "%s %s", path, name));
}

/* NAME=value ..., or ENV's older NAME value */
static void read_variables(struct docker *docker, const char *rest, const char *path, bool lasts)
{
	const char *word = next_word(docker, &rest);
	if (lasts && word && !strchr(word, '=')) {
		set_variable(docker, word, lines_trim(docker->import->arena, rest), path, lasts);
		return;
	}
	for (; word; word = next_word(docker, &rest)) {
		const char *equals = strchr(word, '=');
		if (equals)
			set_variable(docker, arena_copy(docker->import->arena, word, (size_t)(equals - word)),
				equals + 1, path, lasts);
	}
}

static void read_argument(struct docker *docker, const char *rest, const char *path)
{
	read_variables(docker, rest, path, false);
}

static void read_environment(struct docker *docker, const char *rest, const char *path)
{
	import_note(docker->import, path, rest);
	read_variables(docker, rest, path, true);
}

static void read_expose(struct docker *docker, const char *rest, const char *path)
{
	const char *word;
	while ((word = next_word(docker, &rest))) {
		word = resolved(docker, word);
		import_note(docker->import, path, word);
		docker->ports =
			docker->ports ? import_print(docker->import, "%s, %s", docker->ports, word) : word;
		docker->ports_path = path;
	}
}

static void read_health(struct docker *docker, const char *rest, const char *path)
{
	if (strncasecmp(rest, "NONE", 4) == 0)
		return;
	const struct draft_place *metric =
		import_item(docker->import, docker->at, "other_metrics", "health", path);
	import_text(docker->import, metric, "metric", "health of the container", path);
	import_text(docker->import, metric, "implementation",
		import_print(docker->import, "HEALTHCHECK %s", rest), path);
}

/* A file that is installed from: "-r requirements.txt", or the project itself. */
static void read_file(struct docker *docker, const char *file, const char *format)
{
	const char *slash = strrchr(file, '/');
	if (*file == '/' || strncmp(file, "/tmp", 4) == 0)
		file = slash ? slash + 1 : file;
	import_beside(docker->import, file, format, KIND_PRODUCTION_ENVIRONMENT);
}

static void install(struct docker *docker, const char *word, const char *path)
{
	struct requirement requirement;
	word = resolved(docker, unquoted(docker, word));
	if (strcmp(word, ".") == 0 || strncmp(word, ".[", 2) == 0) {
		read_file(docker, "pyproject.toml", "pyproject");
		return;
	}
	if (strpbrk(word, "/$") || !requirement_pip(docker->import->arena, word, &requirement))
		import_leave(
			docker->import, path, "\"%.100s\" is no requirement that can be read here", word);
	else
		packages_put(docker->import, docker->at, &requirement, path);
}

/* Words behind "pip install". Options that take a value take the next word with them. */
static void read_pip(struct docker *docker, const char *rest, const char *path)
{
	static const char *const with_value[] = {"-i", "--index-url", "--extra-index-url", "-f",
		"--find-links", "-t", "--target", "--prefix", "--root", "-c", "--constraint",
		"--trusted-host", "--timeout", "--default-timeout", "--platform", "--python-version",
		"--cache-dir", "--src", NULL};
	const char *word;
	while ((word = next_word(docker, &rest))) {
		bool takes = false;
		for (size_t i = 0; with_value[i]; i++)
			takes = takes || strcmp(with_value[i], word) == 0;
		if (strcmp(word, "-r") == 0 || strcmp(word, "--requirement") == 0) {
			const char *file = next_word(docker, &rest);
			if (file)
				read_file(docker, resolved(docker, file), "requirements");
		} else if (strcmp(word, "-e") == 0 || strcmp(word, "--editable") == 0)
			continue;
		else if (takes)
			next_word(docker, &rest);
		else if (*word != '-')
			install(docker, word, path);
	}
}

/* One command of a RUN, between && ; and |. */
static void read_command(struct docker *docker, const char *command, const char *path)
{
	const char *pip = strstr(command, "pip"), *install_word = strstr(command, " install ");
	const char *conda = strstr(command, "env create"), *update = strstr(command, "env update");
	if (pip && install_word && pip < install_word)
		read_pip(docker, install_word + strlen(" install "), path);
	else if (conda || update) {
		const char *file = strstr(command, "-f ");
		const char *rest = file ? file + 3 : "";
		const char *word = next_word(docker, &rest);
		read_file(docker, word ? word : "environment.yml", "conda");
	}
}

static void read_run(struct docker *docker, const char *rest, const char *path)
{
	while (*rest) {
		size_t size = 0;
		char quote = '\0';
		for (; rest[size] && (quote || !strchr("&;|", rest[size])); size++)
			if (quote ? rest[size] == quote : (rest[size] == '"' || rest[size] == '\''))
				quote = quote ? '\0' : rest[size];
		read_command(docker, arena_copy(docker->import->arena, rest, size), path);
		rest += size + strspn(rest + size, "&;|");
	}
}

typedef void instruction_fn(struct docker *docker, const char *rest, const char *path);

static const struct {
	const char *name;
	instruction_fn *read;
} instructions[] = {
	{"FROM", read_from},
	{"ARG", read_argument},
	{"ENV", read_environment},
	{"EXPOSE", read_expose},
	{"HEALTHCHECK", read_health},
	{"RUN", read_run},
};

static bool is_instruction(const char *word)
{
	static const char *const others[] = {"CMD", "LABEL", "MAINTAINER", "ADD", "COPY", "ENTRYPOINT",
		"VOLUME", "USER", "WORKDIR", "ONBUILD", "STOPSIGNAL", "SHELL", NULL};
	for (size_t i = 0; others[i]; i++)
		if (strcasecmp(others[i], word) == 0)
			return true;
	return false;
}

/* RUN <<EOF: the lines until EOF are not instructions. */
static void skip_here_document(struct docker *docker, struct lines *lines, const char *line)
{
	char name[64];
	const char *at = strstr(line, "<<");
	if (!at || at[2] == '<')
		return;
	at += 2 + strspn(at + 2, "-'\"");
	size_t size = 0;
	while (size + 1 < sizeof(name) && (isalnum((unsigned char)at[size]) || at[size] == '_')) {
		name[size] = at[size];
		size++;
	}
	name[size] = '\0';
	if (size == 0 || isdigit((unsigned char)*name))
		return;
	while ((line = lines_next(lines)))
		if (strcmp(lines_trim(docker->import->arena, line), name) == 0)
			return;
}

static bool read_instruction(struct docker *docker, struct lines *lines, const char *line)
{
	const char *rest = line;
	const char *word = next_word(docker, &rest);
	if (!word || *word == '#')
		return true;
	rest = lines_trim(docker->import->arena, rest);
	for (size_t i = 0; i < sizeof(instructions) / sizeof(instructions[0]); i++)
		if (strcasecmp(instructions[i].name, word) == 0) {
			instructions[i].read(docker, rest,
				import_print(
					docker->import, "line %d: %s", lines->first, instructions[i].name));
			skip_here_document(docker, lines, rest);
			return true;
		}
	if (is_instruction(word)) {
		skip_here_document(docker, lines, rest);
		return true;
	}
	return import_refuse_line(docker->import, lines->first,
		"\"%.40s\" is no instruction of a Dockerfile; FROM, RUN, COPY … are", word);
}

/* Images whose tag begins with the version of a language or a package. */
static const struct {
	const char *repository;
	const char *language, *package;
} images[] = {
	{"python", "python", NULL},
	{"node", "node", NULL},
	{"golang", "golang", NULL},
	{"openjdk", "openjdk", NULL},
	{"eclipse-temurin", "openjdk", NULL},
	{"r-base", "r", NULL},
	{"pypy", "python", NULL},
	{"tensorflow/tensorflow", NULL, "tensorflow"},
	{"pytorch/pytorch", NULL, "torch"},
};

/* Does the image, without tag, end in the repository's name? */
static bool is_repository(const char *image, size_t size, const char *repository)
{
	const size_t length = strlen(repository);
	return size >= length && memcmp(image + size - length, repository, length) == 0 &&
	       (size == length || image[size - length - 1] == '/');
}

/* 3.12.11-slim is a release, 3.12 any of its patches. */
static void put_version(struct docker *docker, size_t i, const char *tag)
{
	const size_t size = strspn(tag, "0123456789.");
	const char *version = size ? arena_copy(docker->import->arena, tag, size) : NULL;
	const char *dot = version ? strchr(version, '.') : NULL;
	const bool whole = dot && strchr(dot + 1, '.');
	const char *accepted = version && !whole ? import_print(docker->import, "==%s.*", version) : NULL;
	if (images[i].language) {
		packages_language(docker->import, docker->at, images[i].language, whole ? version : NULL,
			accepted, docker->image_path);
		return;
	}
	struct requirement requirement;
	const char *text = import_print(docker->import, "%s%s%s", images[i].package, whole ? "==" : "",
		whole      ? version
		: accepted ? accepted
			   : "");
	if (requirement_pip(docker->import->arena, text, &requirement))
		packages_put(docker->import, docker->at, &requirement, docker->image_path);
}

/* What the last stage began with, and what it exposes. */
static void put_image(struct docker *docker)
{
	struct import *import = docker->import;
	const char *image = docker->image;
	const char *slash = strrchr(image, '/');
	const char *colon = strchr(slash ? slash : image, ':');
	const size_t size = colon ? (size_t)(colon - image) : strcspn(image, "@");
	for (size_t i = 0; i < sizeof(images) / sizeof(images[0]); i++)
		if (is_repository(image, size, images[i].repository)) {
			put_version(docker, i, colon ? colon + 1 : "");
			break;
		}
	const enum draft_strength before = import->strength;
	import->strength = DRAFT_WEAK;
	import_text(import, docker->at, "deployment_platform",
		import_print(import, "container made from %s", image), docker->image_path);
	if (docker->ports)
		import_text(import, docker->at, "deployment_mechanism",
			import_print(import, "container; ports %s", docker->ports), docker->ports_path);
	import->strength = before;
}

bool dockerfile_read(struct import *import)
{
	struct docker docker = {.import = import};
	struct lines lines;
	const char *line;
	bool well = lines_start(&lines, import);
	docker.at = import_descriptor(import, KIND_PRODUCTION_ENVIRONMENT);
	while (well && (line = lines_next_joined(&lines)))
		well = read_instruction(&docker, &lines, line);
	if (well && !docker.image)
		well = import_refuse_line(import, 0, "a Dockerfile has a FROM; there is none");
	if (well)
		put_image(&docker);
	map_done(&docker.variables);
	map_done(&docker.stages);
	return well;
}
