/* Descriptors to push: complete, consistent, of a chosen size. */
#include "descriptors.h"

#include <stdint.h>
#include <string.h>

#define TEXT(text) ((char *)(uintptr_t)(text))

static Tally__V1__Descriptor *wrap(struct arena *arena, const char *system, const char *collection,
	Tally__V1__Descriptor__SpecCase spec_case, void *spec)
{
	Tally__V1__Descriptor *descriptor = arena_alloc(arena, sizeof(*descriptor));
	tally__v1__descriptor__init(descriptor);
	descriptor->name = arena_print(arena, "systems/%s/%s/default", system, collection);
	descriptor->spec_case = spec_case;
	descriptor->system_context = spec; /* a union of pointers */
	return descriptor;
}

/* Makes an empty message. */
static void *fresh(struct arena *arena, const ProtobufCMessageDescriptor *type)
{
	void *message = arena_alloc(arena, type->sizeof_message);
	protobuf_c_message_init(type, message);
	return message;
}

static void *raw_data(struct arena *arena, int columns)
{
	Tally__V1__RawData *raw = fresh(arena, &tally__v1__raw_data__descriptor);
	raw->dataset_identifier = TEXT("raw-1");
	raw->dataset_name = TEXT("sensor readings");
	raw->instance_type = TEXT("reading");
	raw->schema = arena_array(arena, (size_t)columns, sizeof(*raw->schema));
	for (int i = 0; i < columns; i++) {
		Tally__V1__RawDataField *field = fresh(arena, &tally__v1__raw_data_field__descriptor);
		field->field_name = arena_print(arena, "f%d", i);
		field->field_type = TEXT("Float");
		field->interpret_missing = TEXT("the sensor was off");
		raw->schema[raw->n_schema++] = field;
	}
	return raw;
}

static Tally__V1__Item **items(struct arena *arena, const char *prefix, const char *component, size_t count)
{
	Tally__V1__Item **made = arena_array(arena, count, sizeof(*made));
	for (size_t i = 0; i < count; i++) {
		Tally__V1__Item *item = fresh(arena, &tally__v1__item__descriptor);
		item->item_name = arena_print(arena, "%s_%zu", prefix, i);
		item->item_description = TEXT("one value");
		item->item_type = TEXT("Float");
		item->component_mapping = fresh(arena, &tally__v1__component_mapping__descriptor);
		item->component_mapping->component = TEXT(component);
		item->component_mapping->data_item = arena_print(arena, "%s_%zu", prefix, i);
		made[i] = item;
	}
	return made;
}

static Tally__V1__ComponentItem **component_items(struct arena *arena, const char *prefix, size_t count)
{
	Tally__V1__ComponentItem **made = arena_array(arena, count, sizeof(*made));
	for (size_t i = 0; i < count; i++) {
		made[i] = fresh(arena, &tally__v1__component_item__descriptor);
		made[i]->item_name = arena_print(arena, "%s_%zu", prefix, i);
		made[i]->item_description = TEXT("one value");
		made[i]->item_type = TEXT("Float");
		made[i]->expected_values = TEXT("any");
	}
	return made;
}

static void *model(struct arena *arena, int columns)
{
	Tally__V1__TrainedModel *model = fresh(arena, &tally__v1__trained_model__descriptor);
	model->model_name = TEXT("predictor");
	model->model_version = TEXT("1");
	model->output_spec = items(arena, "out", "planner", (size_t)columns);
	model->n_output_spec = (size_t)columns;
	return model;
}

static void *pipeline(struct arena *arena, int columns)
{
	Tally__V1__DataPipeline *made = fresh(arena, &tally__v1__data_pipeline__descriptor);
	made->pipeline_version = TEXT("1");
	made->input_spec = items(arena, "in", "gateway", (size_t)columns);
	made->n_input_spec = (size_t)columns;
	return made;
}

static void *development(struct arena *arena, int columns)
{
	Tally__V1__DevelopmentEnvironment *made =
		fresh(arena, &tally__v1__development_environment__descriptor);
	Tally__V1__UpstreamComponent *gateway = fresh(arena, &tally__v1__upstream_component__descriptor);
	gateway->component_name = TEXT("gateway");
	gateway->output_spec = component_items(arena, "in", (size_t)columns);
	gateway->n_output_spec = (size_t)columns;
	Tally__V1__DownstreamComponent *planner = fresh(arena, &tally__v1__downstream_component__descriptor);
	planner->component_name = TEXT("planner");
	planner->input_spec = component_items(arena, "out", (size_t)columns);
	planner->n_input_spec = (size_t)columns;
	made->upstream_components = arena_copy(arena, &gateway, sizeof(gateway));
	made->n_upstream_components = 1;
	made->downstream_components = arena_copy(arena, &planner, sizeof(planner));
	made->n_downstream_components = 1;
	return made;
}

static void *training(struct arena *arena, int columns)
{
	Tally__V1__TrainingData *made = fresh(arena, &tally__v1__training_data__descriptor);
	made->schema = arena_array(arena, (size_t)columns, sizeof(*made->schema));
	for (int i = 0; i < columns; i++) {
		Tally__V1__TrainingDataField *field =
			fresh(arena, &tally__v1__training_data_field__descriptor);
		field->field_name = arena_print(arena, "f%d", i);
		field->field_type = TEXT("Float");
		field->mapping_production_data = arena_print(arena, "p%d", i);
		made->schema[made->n_schema++] = field;
	}
	return made;
}

static void *production(struct arena *arena, int columns)
{
	Tally__V1__ProductionData *made = fresh(arena, &tally__v1__production_data__descriptor);
	made->schema = arena_array(arena, (size_t)columns, sizeof(*made->schema));
	for (int i = 0; i < columns; i++) {
		Tally__V1__ProductionDataField *field =
			fresh(arena, &tally__v1__production_data_field__descriptor);
		field->field_name = arena_print(arena, "p%d", i);
		field->field_type = TEXT("Float");
		made->schema[made->n_schema++] = field;
	}
	return made;
}

Tally__V1__Descriptor **descriptors_make(struct arena *arena, const char *system, int columns)
{
	const struct {
		const char *collection;
		Tally__V1__Descriptor__SpecCase spec_case;
		void *spec;
	} parts[DESCRIPTOR_KINDS] = {
		{"systemContexts", TALLY__V1__DESCRIPTOR__SPEC_SYSTEM_CONTEXT,
			fresh(arena, &tally__v1__system_context__descriptor)},
		{"rawData", TALLY__V1__DESCRIPTOR__SPEC_RAW_DATA, raw_data(arena, columns)},
		{"dataPipelines", TALLY__V1__DESCRIPTOR__SPEC_DATA_PIPELINE, pipeline(arena, columns)},
		{"trainingData", TALLY__V1__DESCRIPTOR__SPEC_TRAINING_DATA, training(arena, columns)},
		{"trainedModels", TALLY__V1__DESCRIPTOR__SPEC_TRAINED_MODEL, model(arena, columns)},
		{"developmentEnvironments", TALLY__V1__DESCRIPTOR__SPEC_DEVELOPMENT_ENVIRONMENT,
			development(arena, columns)},
		{"productionEnvironments", TALLY__V1__DESCRIPTOR__SPEC_PRODUCTION_ENVIRONMENT,
			fresh(arena, &tally__v1__production_environment__descriptor)},
		{"productionData", TALLY__V1__DESCRIPTOR__SPEC_PRODUCTION_DATA, production(arena, columns)},
	};
	Tally__V1__Descriptor **all = arena_array(arena, DESCRIPTOR_KINDS, sizeof(*all));
	for (size_t i = 0; i < DESCRIPTOR_KINDS; i++)
		all[i] = wrap(arena, system, parts[i].collection, parts[i].spec_case, parts[i].spec);
	return all;
}

void descriptors_mismatch(Tally__V1__Descriptor *model)
{
	model->trained_model->output_spec[0]->item_type = TEXT("String");
}

void descriptors_retype(Tally__V1__Descriptor *production_data, const char *type)
{
	Tally__V1__ProductionData *data = production_data->production_data;
	for (size_t i = 0; i < data->n_schema; i++)
		data->schema[i]->field_type = TEXT(type);
}

enum {
	ROWS = 120000, /* that every profile is of */
	POINTS = 100,
	FEW = 12,
};

/* Of rows that are spread evenly: where they have drifted, the first quarter's half went to the last one. */
static int64_t weight(size_t at, size_t count, bool drifted)
{
	int64_t even = ROWS / (int64_t)count;
	if (drifted && at < count / 4)
		return even - even / 2;
	return drifted && at >= count - count / 4 ? even + even / 2 : even;
}

static void add_categories(
	struct arena *arena, Tally__V1__ColumnProfile *profile, const char *format, bool drifted)
{
	profile->categories = arena_array(arena, FEW, sizeof(*profile->categories));
	profile->n_categories = FEW;
	profile->distinct = FEW;
	for (size_t i = 0; i < FEW; i++) {
		Tally__V1__CategoryCount *category = fresh(arena, &tally__v1__category_count__descriptor);
		category->value = arena_print(arena, format, (int)i);
		category->count = weight(i, FEW, drifted);
		profile->categories[i] = category;
	}
}

static void add_quantiles(struct arena *arena, Tally__V1__ColumnProfile *profile, size_t count, bool drifted)
{
	Tally__V1__Quantiles *quantiles = fresh(arena, &tally__v1__quantiles__descriptor);
	quantiles->values = arena_array(arena, count, sizeof(*quantiles->values));
	quantiles->weights = arena_array(arena, count, sizeof(*quantiles->weights));
	for (size_t i = 0; i < count; i++) {
		quantiles->values[i] = (double)i;
		quantiles->weights[i] = weight(i, count, drifted);
	}
	quantiles->n_values = quantiles->n_weights = count;
	quantiles->rank_error = count == FEW ? 0 : 0.01;
	profile->quantiles = quantiles;
	profile->max = (double)(count - 1);
	profile->mean = profile->max * (drifted ? 0.6 : 0.5);
	profile->standard_deviation = profile->max * 0.29;
	profile->_min_case = TALLY__V1__COLUMN_PROFILE___MIN_MIN;
	profile->_max_case = TALLY__V1__COLUMN_PROFILE___MAX_MAX;
	profile->_mean_case = TALLY__V1__COLUMN_PROFILE___MEAN_MEAN;
	profile->_standard_deviation_case = TALLY__V1__COLUMN_PROFILE___STANDARD_DEVIATION_STANDARD_DEVIATION;
}

/* Of ten columns six are measured numbers, two are texts with few categories and two few whole numbers. */
static Tally__V1__ColumnProfile *column_profile(struct arena *arena, size_t number, bool drifted)
{
	static const char *const types[] = {
		"float", "float", "float", "float", "float", "float", "string", "string", "int", "int"};
	const char *type = types[number % 10];
	Tally__V1__ColumnProfile *profile = fresh(arena, &tally__v1__column_profile__descriptor);
	profile->count = ROWS;
	profile->distinct = ROWS;
	profile->inferred_type = arena_text(arena, type);
	if (strcmp(type, "string") != 0)
		add_quantiles(arena, profile, strcmp(type, "int") == 0 ? FEW : POINTS, drifted);
	if (strcmp(type, "float") != 0)
		add_categories(arena, profile, strcmp(type, "int") == 0 ? "%d" : "category %d", drifted);
	return profile;
}

void descriptors_profile(struct arena *arena, Tally__V1__Descriptor *training_data,
	Tally__V1__Descriptor *production_data, size_t drifted)
{
	Tally__V1__TrainingData *training = training_data->training_data;
	Tally__V1__ProductionData *production = production_data->production_data;
	for (size_t i = 0; i < training->n_schema; i++)
		training->schema[i]->profile = column_profile(arena, i, false);
	for (size_t i = 0; i < production->n_schema; i++)
		production->schema[i]->profile = column_profile(arena, i, i < drifted);
}

/* The spec's documentation, which every kind has. */
static const ProtobufCFieldDescriptor *documentation_of(const Tally__V1__Descriptor *descriptor)
{
	const ProtobufCMessage *spec = &descriptor->system_context->base; /* a union of pointers */
	return protobuf_c_message_descriptor_get_field_by_name(spec->descriptor, "documentation");
}

static Tally__V1__Documentation *noise(struct arena *arena, size_t size, uint64_t *dice)
{
	Tally__V1__Documentation *part = fresh(arena, &tally__v1__documentation__descriptor);
	char *text = arena_alloc(arena, size + 1);
	for (size_t i = 0; i < size; i++) {
		*dice ^= *dice << 13; /* xorshift64 */
		*dice ^= *dice >> 7;
		*dice ^= *dice << 17;
		text[i] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ."[*dice % 64];
	}
	part->description = text;
	return part;
}

void descriptors_lengthen(
	struct arena *arena, Tally__V1__Descriptor *descriptor, size_t size_bytes, const char *mark)
{
	enum {
		PIECE = 1000,
		PIECE_OVERHEAD = 6,
	};
	const ProtobufCFieldDescriptor *field = documentation_of(descriptor);
	char *spec = (char *)descriptor->system_context;
	Tally__V1__Documentation ***list = (void *)(spec + field->offset);
	size_t *count = (void *)(spec + field->quantifier_offset);
	*list = arena_array(arena, size_bytes / PIECE + 2, sizeof(**list));
	(*list)[(*count)++] = fresh(arena, &tally__v1__documentation__descriptor);
	(*list)[0]->description = arena_text(arena, mark);
	uint64_t dice = 88172645463325252U;
	for (;;) {
		size_t packed = tally__v1__descriptor__get_packed_size(descriptor) + PIECE_OVERHEAD;
		if (packed >= size_bytes)
			return;
		size_t missing = size_bytes - packed;
		(*list)[(*count)++] = noise(arena, missing < PIECE ? missing : PIECE, &dice);
	}
}
