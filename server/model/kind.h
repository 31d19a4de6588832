/* The eight kinds of descriptors, the kinds that are kept as those are, the five teams, and their names. */
#ifndef MODEL_KIND_H
#define MODEL_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

/* The numbers are those of tally.v1.Kind and are stored. */
enum model_kind {
	KIND_NONE = 0,
	KIND_SYSTEM_CONTEXT,
	KIND_RAW_DATA,
	KIND_DATA_PIPELINE,
	KIND_TRAINING_DATA,
	KIND_TRAINED_MODEL,
	KIND_DEVELOPMENT_ENVIRONMENT,
	KIND_PRODUCTION_ENVIRONMENT,
	KIND_PRODUCTION_DATA,
	KIND_END, /* of the eight that describe a part */

	/* What a system has apart from its parts: versioned, pushed and read as those are. */
	KIND_POLICY = 20,
	KIND_WAIVER,
	KIND_DEPLOYMENT,
	KIND_CLOCK, /* only the server writes it */
	KIND_LIMIT  /* of all */
};

/* A set of kinds: bit (1 << kind). */
typedef uint32_t kind_set;
#define KIND_BIT(kind) ((kind_set)1 << (kind))
#define KIND_ALL       (((kind_set)1 << KIND_END) - 2) /* the eight */
#define KIND_EVERY                                                                                           \
	(KIND_ALL | KIND_BIT(KIND_POLICY) | KIND_BIT(KIND_WAIVER) | KIND_BIT(KIND_DEPLOYMENT) |              \
		KIND_BIT(KIND_CLOCK))

/* Who makes which kind; also who owns the next move of a finding. Stored as bits (1 << team). */
enum model_team {
	TEAM_PROJECT_OWNERS,
	TEAM_DATA_OWNERS,
	TEAM_DATA_SCIENTISTS,
	TEAM_SOFTWARE_ENGINEERS,
	TEAM_OPERATIONS,
	TEAM_COUNT
};
#define TEAM_BIT(team) ((uint32_t)1 << (team))
#define TEAM_ALL       (TEAM_BIT(TEAM_COUNT) - 1)

struct model_kind_info {
	enum model_kind kind;
	const char *id;         /* trained_model: in rules, findings, the SEI's files */
	const char *document;   /* TrainedModel: in YAML documents */
	const char *collection; /* trainedModels: in resource names */
	const char *title;      /* trained model: in sentences */
	enum model_team team;
	const ProtobufCMessageDescriptor *spec;
};

/** Is this the number of a kind, of the eight or another? */
bool model_kind_known(int number);

/** Returns what is known of a kind. @param kind a known one */
const struct model_kind_info *model_kind_info(enum model_kind kind);

/** @return the kind, or KIND_NONE */
enum model_kind model_kind_by_id(const char *id);
enum model_kind model_kind_by_document(const char *document);
enum model_kind model_kind_by_collection(const char *collection, size_t length);

/** Returns e.g. "data-scientists". */
const char *model_team_id(enum model_team team);

/** @return the team, or TEAM_COUNT */
enum model_team model_team_by_id(const char *id);

#endif
