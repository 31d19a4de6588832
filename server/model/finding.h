/* Findings and verdicts. */
#ifndef MODEL_FINDING_H
#define MODEL_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/descriptor.h"
#include "model/digest.h"
#include "model/kind.h"
#include "tally/v1/finding.pb-c.h"

/* Stored: never renumber. */
enum model_class {
	CLASS_NONE = 0,
	CLASS_PURPOSE,
	CLASS_ENVIRONMENT,
	CLASS_API,
	CLASS_RESOURCES,
	CLASS_DATA,
	CLASS_TESTING,
	CLASS_MONITORING,
	CLASS_PROVENANCE,
	CLASS_COMPLETENESS,
	CLASS_END
};

/* The numbers are those of tally.v1.Severity and are stored. */
enum model_severity {
	SEVERITY_NONE = 0,
	SEVERITY_NOTE,
	SEVERITY_WARNING,
	SEVERITY_ERROR,
	SEVERITY_END
};

/* One place in one descriptor. */
struct model_place {
	enum model_kind kind;
	const char *name;  /* "" when the kind is missing */
	const char *field; /* e.g. output_spec[0].item_type; "" for the whole */
	const char *value; /* what stands there, with its unit; "" for nothing */
};

/* One figure that a finding rests on; see tally.v1.Evidence. */
struct model_evidence {
	const char *measure;
	bool has_value;
	double value;
	const char *unit;
	bool has_threshold;
	double threshold;
	const char *method;
	int32_t bins;
	int64_t reference_count;
	int64_t current_count;
};

/* The waiver that a finding rests on. */
struct model_waived {
	const char *waiver; /* its {name} */
	const char *reason;
	const char *by;
	int64_t until_us; /* wall clock */
};

/* When findings block whose rule this system has never been judged by. */
#define MODEL_BLOCKS_LATER INT64_MAX

enum {
	MODEL_FINDING_ID_SIZE = 33 /* "f" and 31 hexadecimal digits, with the NUL: also a valid id */
};

/*
 * What a rule says about one subject. Immutable; text is never NULL. Neither
 * id nor digest depends on versions: those are looked up when it is shown.
 */
struct model_finding {
	char id[MODEL_FINDING_ID_SIZE];
	const char *rule;
	enum model_class class;
	enum model_severity severity;
	uint32_t teams; /* TEAM_BIT()s */
	kind_set kinds; /* of its places */
	const char *subject;
	const char *message;
	const char *rationale;
	const char *remedy;
	const struct model_place *places; /* the first is the one to mend */
	size_t place_count;
	const struct model_evidence *evidence;
	size_t evidence_count;
	const struct model_waived *waived; /* NULL: it is not */
	int64_t blocks_from_us;            /* wall clock; 0: at once; only errors have it */
	struct model_digest digest;        /* of all that it says */
};

/* When a finding opened, changed and ended. 0: has not. */
struct model_finding_life {
	int64_t opened_revision;
	int64_t changed_revision; /* the opening one when it never changed */
	int64_t resolved_revision;
	int64_t opened_at_us;
	int64_t changed_at_us;
	int64_t resolved_at_us;
};

/** Returns e.g. "api". */
const char *model_class_id(enum model_class class);

/** @return the class, or CLASS_NONE */
enum model_class model_class_by_id(const char *id);

/** Returns "error", "warning" or "note". */
const char *model_severity_id(enum model_severity severity);

/**
 * Fills id, kinds and digest from the other members. The id is a fingerprint
 * of rule, descriptors' keys (kind and name of each place, without repeats)
 * and subject.
 */
void model_finding_seal(struct model_finding *finding);

/** Fills the digest only: after a change of what the id does not depend on. */
void model_finding_redigest(struct model_finding *finding);

/** Orders by severity (errors first), rule, subject, id. */
int model_finding_compare(const struct model_finding *a, const struct model_finding *b);

/**
 * Packs what the finding says, without versions and life, as it is stored.
 *
 * @param[out] size  bytes
 * @return arena
 */
void *model_finding_pack(struct arena *arena, const struct model_finding *finding, size_t *size);

/**
 * Makes the API's message of a finding.
 *
 * @param system    id
 * @param life      borrowed
 * @param versions  borrowed; the versions that were current; they give each place its version, 0 where it has
 * none
 * @return arena; borrows the finding's text
 */
Tally__V1__Finding *model_finding_message(struct arena *arena, const char *system,
	const struct model_finding *finding, const struct model_finding_life *life,
	const struct model_versions *versions);

/**
 * Makes a finding from its stored bytes.
 *
 * @param[out] finding  set on success only; all but its strings' owner is the arena
 * @return false when the bytes are not a packed finding
 */
bool model_finding_unpack(struct arena *arena, const void *body, size_t size, struct model_finding *finding);

/* A kind's or an environment's answer to "may it be deployed?". */
enum model_decision {
	DECISION_NONE = 0, /* never means yes */
	DECISION_ALLOWED,
	DECISION_BLOCKED,
	DECISION_UNKNOWN,
};

enum {
	MODEL_BLOCKING_MAX = 100
};

struct model_verdict {
	enum model_decision decision;
	int32_t counts[SEVERITY_END]; /* open findings by severity, but for the two below */
	int32_t waived;               /* open ones that a waiver holds */
	int32_t grace;                /* errors that do not block yet */
	kind_set missing;             /* kinds without a descriptor */
	kind_set needed;              /* those of them that a blocking rule needs */
	size_t blocking_count;        /* at most MODEL_BLOCKING_MAX; counts[SEVERITY_ERROR] has them all */
	char blocking[MODEL_BLOCKING_MAX][MODEL_FINDING_ID_SIZE];
};

/** Same decision, counts, missing kinds and blocking findings? */
bool model_verdict_equal(const struct model_verdict *a, const struct model_verdict *b);

/** Makes the API's message. @param environment "" for the whole system @return arena */
Tally__V1__Verdict *model_verdict_message(struct arena *arena, const char *system, int64_t revision,
	const char *environment, const struct model_verdict *verdict);

#endif
