/* Descriptors of four kinds that fit each other or do not. */
#include "content.h"

#include <string.h>

#include "model/name.h"

#define TEXT(text) ((char *)(uintptr_t)(text))

static const char *const words[CONTENT_WORDS] = {"Keras", "PyTorch", "JAX", "Theano"};

static void *fresh(struct arena *arena, const ProtobufCMessageDescriptor *type)
{
	void *message = arena_alloc(arena, type->sizeof_message);
	protobuf_c_message_init(type, message);
	return message;
}

static char **list_of(struct arena *arena, const char *word, size_t *count)
{
	char **list = arena_array(arena, 1, sizeof(char *));
	list[0] = TEXT(word);
	*count = 1;
	return list;
}

/* Bytes that do not compress away. */
static char *filling(struct arena *arena, int size, int word)
{
	struct dice dice = dice_new((uint64_t)word, 77);
	char *text = arena_alloc(arena, (size_t)size + 1);
	for (int i = 0; i < size; i++)
		text[i] = (char)('a' + dice_roll(&dice, 26));
	return text;
}

static void *context(struct arena *arena, int word, int size)
{
	Tally__V1__SystemContext *made = fresh(arena, &tally__v1__system_context__descriptor);
	/* Always the same goal, each time in other words: its finding changes and stays itself. */
	Tally__V1__Goal *goal = fresh(arena, &tally__v1__goal__descriptor);
	goal->id = TEXT("g1");
	goal->goal = arena_print(arena, "as good as %s", words[word]);
	made->goals = arena_array(arena, 1, sizeof(*made->goals));
	made->goals[0] = goal;
	made->n_goals = 1;
	made->usage_context = filling(arena, size, word);
	return made;
}

static void *trained_model(struct arena *arena, int word, int size)
{
	Tally__V1__TrainedModel *made = fresh(arena, &tally__v1__trained_model__descriptor);
	made->ml_frameworks = list_of(arena, words[word], &made->n_ml_frameworks);
	made->model_description = filling(arena, size, word);
	if (word == 0) {
		Tally__V1__MonitoredMetric *metric = fresh(arena, &tally__v1__monitored_metric__descriptor);
		metric->goal_mapping = TEXT("g1");
		made->algorithm_metrics = arena_array(arena, 1, sizeof(*made->algorithm_metrics));
		made->algorithm_metrics[made->n_algorithm_metrics++] = metric;
	}
	return made;
}

static void *development(struct arena *arena, int word, int size)
{
	Tally__V1__DevelopmentEnvironment *made =
		fresh(arena, &tally__v1__development_environment__descriptor);
	made->ml_frameworks = list_of(arena, words[word], &made->n_ml_frameworks);
	made->programming_languages =
		list_of(arena, filling(arena, size + 1, word), &made->n_programming_languages);
	return made;
}

static void *production(struct arena *arena, int word, int size)
{
	Tally__V1__ProductionEnvironment *made = fresh(arena, &tally__v1__production_environment__descriptor);
	(void)size;
	made->computing_resources = fresh(arena, &tally__v1__computing_resources__descriptor);
	made->computing_resources->_cpu_case = TALLY__V1__COMPUTING_RESOURCES___CPU_CPU;
	made->computing_resources->cpu = word + 1;
	return made;
}

static const struct {
	enum model_kind kind;
	Tally__V1__Descriptor__SpecCase spec_case;
	void *(*make)(struct arena *arena, int word, int size);
} kinds[] = {
	{KIND_SYSTEM_CONTEXT, TALLY__V1__DESCRIPTOR__SPEC_SYSTEM_CONTEXT, context},
	{KIND_TRAINED_MODEL, TALLY__V1__DESCRIPTOR__SPEC_TRAINED_MODEL, trained_model},
	{KIND_DEVELOPMENT_ENVIRONMENT, TALLY__V1__DESCRIPTOR__SPEC_DEVELOPMENT_ENVIRONMENT, development},
	{KIND_PRODUCTION_ENVIRONMENT, TALLY__V1__DESCRIPTOR__SPEC_PRODUCTION_ENVIRONMENT, production},
};

enum {
	KINDS = sizeof(kinds) / sizeof(kinds[0])
};

enum model_kind content_kind(struct dice *dice)
{
	return kinds[dice_roll(dice, KINDS)].kind;
}

Tally__V1__Descriptor *content_make(
	struct arena *arena, const char *system, enum model_kind kind, const char *name, int word, int size)
{
	Tally__V1__Descriptor *made = fresh(arena, &tally__v1__descriptor__descriptor);
	made->name = arena_print(arena, "systems/%s/%s/%s", system, model_kind_info(kind)->collection, name);
	for (size_t i = 0; i < KINDS; i++) {
		if (kinds[i].kind != kind)
			continue;
		made->spec_case = kinds[i].spec_case;
		made->system_context = kinds[i].make(arena, word, size); /* a union of pointers */
	}
	return made;
}
