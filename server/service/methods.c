/* The tables of methods. */
#include "service/methods.h"

#include "service/health.h"
#include "service/reflection.h"
#include "service/service.h"
#include "service/subscribe.h"

static const struct rpc_method *const tables[] = {
	create_system_methods,
	get_system_methods,
	list_systems_methods,
	delete_system_methods,
	push_descriptors_methods,
	get_descriptor_methods,
	list_descriptors_methods,
	list_descriptor_versions_methods,
	delete_descriptor_methods,
	get_verdict_methods,
	evaluate_methods,
	list_verdicts_methods,
	preview_policy_methods,
	list_findings_methods,
	get_finding_methods,
	list_rules_methods,
	list_waivers_methods,
	subscribe_methods,
	health_methods,
	reflection_methods,
	NULL,
};

const struct rpc_method *const *service_methods(void)
{
	return tables;
}
