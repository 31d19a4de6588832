/* Tells the model's service from those around it, by its image, its variables and its name. */
#include "import/serving.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Is the word one of the parts of the text, between characters that are no letters or digits? */
static bool has_word(const char *text, const char *word)
{
	const size_t size = strlen(word);
	for (const char *at = text; (at = strcasestr(at, word)); at++)
		if ((at == text || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[size]))
			return true;
	return false;
}

static bool has_any(const char *text, const char *const *words)
{
	for (; text && *words; words++)
		if (has_word(text, *words))
			return true;
	return false;
}

/* The image without registry, tag and digest. */
static const char *image_name(char *copy, size_t size, const char *image)
{
	snprintf(copy, size, "%s", image ? image : "");
	copy[strcspn(copy, "@")] = '\0';
	char *slash = strrchr(copy, '/');
	char *colon = strrchr(slash ? slash : copy, ':');
	if (colon)
		*colon = '\0';
	return slash ? slash + 1 : copy;
}

bool serving_is_infrastructure(const char *image)
{
	static const char *const names[] = {"postgres", "postgresql", "mysql", "mariadb", "redis", "valkey",
		"mongo", "mongodb", "neo4j", "elasticsearch", "opensearch", "kafka", "zookeeper", "rabbitmq",
		"nats", "minio", "nginx", "traefik", "haproxy", "envoy", "grafana", "prometheus",
		"alertmanager", "loki", "jaeger", "kibana", "pgadmin4", "adminer", "busybox", "alpine",
		"memcached", "etcd", "istio", "qdrant", "weaviate", "milvus", "chroma", "localstack",
		"pushgateway", NULL};
	char copy[256];
	return image && has_any(image_name(copy, sizeof(copy), image), names);
}

bool serving_is_model_image(const char *image)
{
	static const char *const words[] = {"serving", "triton", "tritonserver", "torchserve", "mlserver",
		"vllm", "ollama", "kserve", "seldon", "mlflow", "bentoml", "bento", "sklearnserver",
		"xgbserver", "lgbserver", "paddleserver", "huggingfaceserver", "inference", "predictor",
		"model", "models", "text-generation-inference", "tgi", "ray", "onnxruntime", "sagemaker",
		"predict", "scoring", NULL};
	return has_any(image, words);
}

bool serving_is_model_path(const char *name)
{
	static const char *const names[] = {"MODEL_PATH", "MODEL_FILE", "MODEL_DIR", "MODEL_URI",
		"MODEL_LOCATION", "MODEL_ARTIFACT", "MODEL_BASE_PATH", "MODEL_REPOSITORY", "MODEL_STORE",
		"MODEL_ID", "STORAGE_URI", "MLFLOW_MODEL_URI", "MODEL_STORAGE_URI",
		"PREDICTIVE_UNIT_MODEL_PATH", "MODEL_FILE_PATH", "MODEL", NULL};
	char bare[64];
	size_t size = 0;
	for (name += strspn(name, "-"); *name && size + 1 < sizeof(bare); name++)
		bare[size++] = *name == '-' ? '_' : *name;
	bare[size] = '\0';
	for (size_t i = 0; names[i]; i++)
		if (strcasecmp(names[i], bare) == 0)
			return true;
	return false;
}

const char *serving_subject(struct import *import, const char *name, const char *namespace)
{
	static const char *const stages[] = {
		"staging", "stage", "production", "prod", "preprod", "canary", "qa", "uat", "dev", NULL};
	for (size_t i = 0; stages[i]; i++) {
		const char *slash = strrchr(import->file->path, '/');
		const char *folder = slash ? arena_copy(import->arena, import->file->path,
						     (size_t)(slash - import->file->path))
					   : "";
		slash = strrchr(folder, '/');
		if (strcasecmp(slash ? slash + 1 : folder, stages[i]) == 0 ||
			(namespace && has_word(namespace, stages[i])))
			return stages[i];
	}
	return name ? arena_text(import->arena, name) : NULL;
}

const struct draft_place *serving_place(struct import *import, const struct serving *serving)
{
	const bool model = serving->model || serving->gpu || serving_is_model_image(serving->image);
	if (!model && serving_is_infrastructure(serving->image))
		return NULL;
	const char *subject = serving_subject(import, serving->name, serving->namespace);
	/* A stage is one also where nothing tells which of its services serves the model. */
	const bool stage = subject && (!serving->name || strcmp(subject, serving->name) != 0);
	import->strength = model || stage ? DRAFT_FIRM : DRAFT_SPARE;
	return import_descriptor_of(import, KIND_PRODUCTION_ENVIRONMENT, model || stage ? subject : NULL);
}
