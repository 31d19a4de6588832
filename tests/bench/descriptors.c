/* Descriptors to push: complete, consistent, of a chosen size. */
#include <string.h>

#include "bench.h"

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

static Tally__V1__RawDataField *raw_field(struct arena *arena, int number, int turn)
{
	Tally__V1__RawDataField *field = fresh(arena, &tally__v1__raw_data_field__descriptor);
	field->field_name = arena_print(arena, "column_%d", number);
	field->field_description =
		arena_print(arena, "what the sensor at place %d saw in run %d", number, turn);
	field->field_type = TEXT("Float");
	field->expected_values = TEXT("0 to 100");
	field->interpret_missing = TEXT("the sensor was off");
	field->interpret_special = TEXT("-1: the sensor was broken");
	return field;
}

Tally__V1__Descriptor *bench_raw_data(struct arena *arena, const char *system, size_t size, int turn)
{
	Tally__V1__RawData *raw = fresh(arena, &tally__v1__raw_data__descriptor);
	raw->dataset_identifier = TEXT("raw-1");
	raw->dataset_version = arena_print(arena, "%d", turn);
	raw->dataset_name = TEXT("sensor readings");
	raw->dataset_description = TEXT("readings of all sensors of one line");
	raw->instance_type = TEXT("reading");
	raw->schema = arena_array(arena, size / 16 + 1, sizeof(*raw->schema));
	Tally__V1__Descriptor *descriptor =
		wrap(arena, system, "rawData", TALLY__V1__DESCRIPTOR__SPEC_RAW_DATA, raw);
	size_t packed = tally__v1__descriptor__get_packed_size(descriptor);
	while (packed < size) {
		Tally__V1__RawDataField *field = raw_field(arena, (int)raw->n_schema, turn);
		raw->schema[raw->n_schema++] = field;
		packed += tally__v1__raw_data_field__get_packed_size(field) + 2;
	}
	return descriptor;
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

enum {
	ITEMS = 20,
	FIELDS = 30,
};

static void *model(struct arena *arena)
{
	Tally__V1__TrainedModel *model = fresh(arena, &tally__v1__trained_model__descriptor);
	model->model_name = TEXT("predictor");
	model->model_version = TEXT("1");
	model->output_spec = items(arena, "out", "planner", ITEMS);
	model->n_output_spec = ITEMS;
	return model;
}

static void *pipeline(struct arena *arena)
{
	Tally__V1__DataPipeline *made = fresh(arena, &tally__v1__data_pipeline__descriptor);
	made->pipeline_version = TEXT("1");
	made->input_spec = items(arena, "in", "gateway", ITEMS);
	made->n_input_spec = ITEMS;
	return made;
}

static void *development(struct arena *arena)
{
	Tally__V1__DevelopmentEnvironment *made =
		fresh(arena, &tally__v1__development_environment__descriptor);
	Tally__V1__UpstreamComponent *gateway = fresh(arena, &tally__v1__upstream_component__descriptor);
	gateway->component_name = TEXT("gateway");
	gateway->output_spec = component_items(arena, "in", ITEMS);
	gateway->n_output_spec = ITEMS;
	Tally__V1__DownstreamComponent *planner = fresh(arena, &tally__v1__downstream_component__descriptor);
	planner->component_name = TEXT("planner");
	planner->input_spec = component_items(arena, "out", ITEMS);
	planner->n_input_spec = ITEMS;
	made->upstream_components = arena_copy(arena, &gateway, sizeof(gateway));
	made->n_upstream_components = 1;
	made->downstream_components = arena_copy(arena, &planner, sizeof(planner));
	made->n_downstream_components = 1;
	return made;
}

static void *training(struct arena *arena)
{
	Tally__V1__TrainingData *made = fresh(arena, &tally__v1__training_data__descriptor);
	made->schema = arena_array(arena, FIELDS, sizeof(*made->schema));
	for (int i = 0; i < FIELDS; i++) {
		Tally__V1__TrainingDataField *field =
			fresh(arena, &tally__v1__training_data_field__descriptor);
		field->field_name = arena_print(arena, "f%d", i);
		field->field_type = TEXT("Float");
		field->mapping_production_data = arena_print(arena, "p%d", i);
		made->schema[made->n_schema++] = field;
	}
	return made;
}

static void *production(struct arena *arena)
{
	Tally__V1__ProductionData *made = fresh(arena, &tally__v1__production_data__descriptor);
	made->schema = arena_array(arena, FIELDS, sizeof(*made->schema));
	for (int i = 0; i < FIELDS; i++) {
		Tally__V1__ProductionDataField *field =
			fresh(arena, &tally__v1__production_data_field__descriptor);
		field->field_name = arena_print(arena, "p%d", i);
		field->field_type = TEXT("Float");
		made->schema[made->n_schema++] = field;
	}
	return made;
}

Tally__V1__Descriptor **bench_descriptors(struct arena *arena, const char *system)
{
	Tally__V1__Descriptor **all = arena_array(arena, 8, sizeof(*all));
	all[0] = wrap(arena, system, "systemContexts", TALLY__V1__DESCRIPTOR__SPEC_SYSTEM_CONTEXT,
		fresh(arena, &tally__v1__system_context__descriptor));
	all[1] = bench_raw_data(arena, system, 1024, 0);
	all[2] = wrap(
		arena, system, "dataPipelines", TALLY__V1__DESCRIPTOR__SPEC_DATA_PIPELINE, pipeline(arena));
	all[3] = wrap(
		arena, system, "trainingData", TALLY__V1__DESCRIPTOR__SPEC_TRAINING_DATA, training(arena));
	all[4] =
		wrap(arena, system, "trainedModels", TALLY__V1__DESCRIPTOR__SPEC_TRAINED_MODEL, model(arena));
	all[5] = wrap(arena, system, "developmentEnvironments",
		TALLY__V1__DESCRIPTOR__SPEC_DEVELOPMENT_ENVIRONMENT, development(arena));
	all[6] = wrap(arena, system, "productionEnvironments",
		TALLY__V1__DESCRIPTOR__SPEC_PRODUCTION_ENVIRONMENT,
		fresh(arena, &tally__v1__production_environment__descriptor));
	all[7] = wrap(arena, system, "productionData", TALLY__V1__DESCRIPTOR__SPEC_PRODUCTION_DATA,
		production(arena));
	return all;
}
