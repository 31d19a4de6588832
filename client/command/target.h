/* How people name a descriptor: KIND[/NAME][@VERSION]. */
#ifndef COMMAND_TARGET_H
#define COMMAND_TARGET_H

#include "base/fault.h"
#include "model/kind.h"
#include "model/name.h"

struct target {
	char system[MODEL_ID_SIZE]; /* "" unless a whole resource name was given */
	enum model_kind kind;
	char name[MODEL_ID_SIZE]; /* "default" unless given */
	bool named;               /* a name was given */
	int32_t version;          /* 0 unless given */
};

/**
 * Reads e.g. trained_model, TrainedModel/scorer, trained-model/scorer@3 or
 * systems/fraud/trainedModels/scorer/versions/3.
 *
 * @param[out] target  set on success only
 * @param[out] fault   FAULT_INVALID with the nearest kind
 */
enum fault_code target_parse(const char *text, struct target *target, struct fault *fault);

/** Returns the kind of one of its names (trained_model, trained-model, TrainedModel, trainedModels), or
 * KIND_NONE. */
enum model_kind target_kind(const char *word, size_t length);

/** Sets a fault that says which kind was probably meant. */
enum fault_code target_unknown_kind(const char *word, struct fault *fault);

/** Writes the resource name. @param[out] text MODEL_NAME_SIZE bytes @return text */
char *target_resource(const struct target *target, const char *system, char *text);

#endif
