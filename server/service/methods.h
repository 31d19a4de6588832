/* The methods of Tally's own services: one file each, as a table of one row that ends with an empty one. */
#ifndef SERVICE_METHODS_H
#define SERVICE_METHODS_H

#include "transport/rpc.h"

/* tally.v1.SystemService */
extern const struct rpc_method create_system_methods[];
extern const struct rpc_method get_system_methods[];
extern const struct rpc_method list_systems_methods[];
extern const struct rpc_method delete_system_methods[];

/* tally.v1.DescriptorService */
extern const struct rpc_method push_descriptors_methods[];
extern const struct rpc_method get_descriptor_methods[];
extern const struct rpc_method list_descriptors_methods[];
extern const struct rpc_method list_descriptor_versions_methods[];
extern const struct rpc_method delete_descriptor_methods[];

/* tally.v1.MismatchService */
extern const struct rpc_method get_verdict_methods[];
extern const struct rpc_method evaluate_methods[];
extern const struct rpc_method list_verdicts_methods[];
extern const struct rpc_method preview_policy_methods[];
extern const struct rpc_method list_findings_methods[];
extern const struct rpc_method get_finding_methods[];
extern const struct rpc_method list_rules_methods[];
extern const struct rpc_method list_waivers_methods[];

#endif
