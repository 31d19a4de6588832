/* The functions of the formats' files: one import_fn each, and one import_looks_fn where names do not tell.
 */
#ifndef IMPORT_FORMATS_H
#define IMPORT_FORMATS_H

#include "import/import.h"

import_fn mlflow_read, mlflow_run_read, mlproject_read;
import_looks_fn mlflow_run_looks;

import_fn kubernetes_read;
import_looks_fn kubernetes_looks;

import_fn compose_read, dockerfile_read;
import_looks_fn compose_looks;

import_fn conda_read, python_env_read, requirements_read, pyproject_read;
import_looks_fn conda_looks;
import_fn sei_read;
import_looks_fn sei_looks;
import_fn csv_read;

import_fn dvc_read;
import_fn openapi_read, prometheus_text_read, prometheus_rules_read, grafana_read;
import_looks_fn openapi_looks, prometheus_text_looks, prometheus_rules_looks, grafana_looks;
import_fn onnx_read, triton_read, savedmodel_read, tfdv_schema_read, tfdv_statistics_read;
import_looks_fn triton_looks, tfdv_schema_looks, tfdv_statistics_looks;
import_fn model_card_read, great_expectations_read, croissant_read;
import_fn great_expectations_checkpoint_read;
import_looks_fn great_expectations_checkpoint_looks;
import_fn json_schema_read, frictionless_read, dbt_read, avro_read, sagemaker_read, bentoml_read,
	mlserver_read;
import_looks_fn json_schema_looks, frictionless_looks, dbt_looks, sagemaker_looks, mlserver_looks;
import_looks_fn model_card_looks, great_expectations_looks, croissant_looks;

#endif
