/*
 * What each kind of descriptor should say, who says it, who needs it and why.
 * One row is one field; completeness.c reads the rows, and completeness.h says
 * what their columns mean.
 */
#include "rules/completeness.h"

/* Columns: teams. */
#define PO TEAM_BIT(TEAM_PROJECT_OWNERS)
#define DO TEAM_BIT(TEAM_DATA_OWNERS)
#define DS TEAM_BIT(TEAM_DATA_SCIENTISTS)
#define SE TEAM_BIT(TEAM_SOFTWARE_ENGINEERS)
#define OP TEAM_BIT(TEAM_OPERATIONS)

/* Groups that several rows are inside of. */
#define UPSTREAM   "upstream_components.output_spec"
#define DOWNSTREAM "downstream_components.input_spec"

/* Columns: kind and owner. */
#define SYSTEM_CONTEXT          KIND_SYSTEM_CONTEXT, PO
#define RAW_DATA                KIND_RAW_DATA, DO
#define DATA_PIPELINE           KIND_DATA_PIPELINE, DS
#define TRAINING_DATA           KIND_TRAINING_DATA, DS
#define TRAINED_MODEL           KIND_TRAINED_MODEL, DS
#define DEVELOPMENT_ENVIRONMENT KIND_DEVELOPMENT_ENVIRONMENT, SE
#define PRODUCTION_ENVIRONMENT  KIND_PRODUCTION_ENVIRONMENT, OP
#define PRODUCTION_DATA         KIND_PRODUCTION_DATA, OP

/* clang-format off: a row reads as a row */
static const struct completeness_entry entries[] = {
	/* What the project owners say. */
	{SYSTEM_CONTEXT, "task", EACH, NULL, NULL, NULL, DO | DS | SE | OP,
		"Everyone else judges their own part by the task: what to collect, what to predict, how to "
		"integrate it."},
	{SYSTEM_CONTEXT, "available_data", EACH, NULL, NULL, NULL, DO | DS,
		"Data scientists plan the model around the data that exists; data owners learn what is "
		"expected of them."},
	{SYSTEM_CONTEXT, "usage_context", EACH, NULL, NULL, NULL, DS | SE | OP,
		"Who uses the output, and for what, decides which errors hurt, how fast it must be and how "
		"it is shown."},
	{SYSTEM_CONTEXT, "data_rights_policies", EACH, NULL, NULL, NULL, DO | DS | OP,
		"Whoever collects, copies, keeps or logs data must know what they may do with it before "
		"they do it."},
	{SYSTEM_CONTEXT, "risks.risk_fp", EACH, NULL, NULL, NULL, DS | SE | OP,
		"The cost of a false positive sets the model's threshold and the safeguards around it."},
	{SYSTEM_CONTEXT, "risks.risk_fn", EACH, NULL, NULL, NULL, DS | SE | OP,
		"The cost of a false negative sets the model's threshold and what has to be caught "
		"elsewhere."},
	{SYSTEM_CONTEXT, "ml_problem_type", EACH, "ml_problem/other_problem", NULL, NULL, DO | DS,
		"The type of problem decides which algorithms, labels and metrics can serve it at all."},
	{SYSTEM_CONTEXT, "goals.goal", EACH, NULL, NULL, NULL, DS | OP,
		"Data scientists choose metrics for a goal, and operations watch them; an id without words "
		"leaves both guessing."},

	/* What the data owners say. */
	{RAW_DATA, "dataset_identifier", EACH, NULL, NULL, NULL, DS,
		"Training data names its origin by this identifier; without it nobody can trace a model "
		"back to its source."},
	{RAW_DATA, "dataset_version", EACH, NULL, NULL, NULL, DS | OP,
		"Data scientists need to know which state of the data they worked with, to repeat it or to "
		"see that it changed."},
	{RAW_DATA, "dataset_name", EACH, NULL, NULL, NULL, DS | PO,
		"People talk about data by its name; without one two sets are soon taken for each other."},
	{RAW_DATA, "dataset_description", EACH, NULL, NULL, NULL, DS | PO,
		"Data scientists decide by the description whether the data fits the task before they spend "
		"time on it."},
	{RAW_DATA, "instance_type", EACH, NULL, NULL, NULL, DS | SE,
		"Whether a row is a person, a visit or a day decides how it may be joined, counted and "
		"split."},
	{RAW_DATA, "metadata.collection_date", EACH, NULL, NULL, NULL, DS | OP,
		"The age of the data tells how far the world may have moved since, and what the model "
		"cannot know."},
	{RAW_DATA, "number_of_instances", EACH, "number_of_instances!", NULL, NULL, DS | SE,
		"The number of instances limits which models can be trained and how much storage and time "
		"that takes."},
	{RAW_DATA, "data_sources", EACH, "data_source/other_source", NULL, NULL, DS | PO,
		"Where data comes from tells how far it can be trusted, what it may be used for, and "
		"whether more can be had."},
	{RAW_DATA, "labels_distribution.label", EACH, NULL, NULL, NULL, DS,
		"A share without its label cannot be compared with what the model is trained on."},
	{RAW_DATA, "labels_distribution.percentage", EACH, "percentage!", NULL, NULL, DS | OP,
		"Data scientists weigh and sample by the labels' shares; a rare label that nobody mentioned "
		"is learned badly."},
	{RAW_DATA, "schema", EACH, NULL, NULL, NULL, DS | SE,
		"Without the fields data scientists cannot tell what there is to learn from, nor how to "
		"read it."},
	{RAW_DATA, "schema.field_name", EACH, NULL, NULL, "schema", DS | SE,
		"Code addresses a field by its name; a field without one cannot be read or referred to."},
	{RAW_DATA, "schema.field_description", EACH, NULL, NULL, "schema", DS,
		"What a field means cannot be guessed from its values; wrong guesses become wrong features."},
	{RAW_DATA, "schema.field_type", EACH, NULL, NULL, "schema", DS | SE,
		"The pipeline parses a field by its type; a wrong one fails late or distorts values."},
	{RAW_DATA, "schema.expected_values", EACH, NULL, NULL, "schema", DS | OP,
		"What is normal must be known before anything unusual can be noticed, in training and in "
		"production."},
	{RAW_DATA, "schema.interpret_missing", EACH, NULL, NULL, "schema", DS,
		"Whether a missing value means zero, unknown or not asked decides how it must be filled in."},
	{RAW_DATA, "schema.interpret_special", EACH, NULL, NULL, "schema", DS,
		"Values such as -1 or 9999 are learned as quantities when nobody says that they are signs."},

	/* What the data scientists say of the pipeline. */
	{DATA_PIPELINE, "pipeline_version", EACH, NULL, NULL, NULL, SE | OP,
		"The model was trained behind one version of the pipeline; production must run the same "
		"one."},
	{DATA_PIPELINE, "pipeline_description", EACH, NULL, NULL, NULL, SE | OP,
		"Whoever integrates or debugs the pipeline needs to know what it does before reading its "
		"code."},
	{DATA_PIPELINE, "pipeline_code", EACH, NULL, NULL, NULL, SE | OP,
		"Software engineers have to build and run the pipeline itself; a description cannot be "
		"deployed."},
	{DATA_PIPELINE, "input_spec", EACH, "item_name item_description item_type component_mapping", NULL,
		NULL, SE | DO,
		"Software engineers need to know what to feed the pipeline; without its inputs no upstream "
		"component can be checked."},
	{DATA_PIPELINE, "input_spec.item_name", EACH, NULL, NULL, "input_spec", SE,
		"An input is wired by its name; one without a name cannot be fed."},
	{DATA_PIPELINE, "input_spec.item_description", EACH, NULL, NULL, "input_spec", SE | DO,
		"The description tells the team upstream which of its values is meant."},
	{DATA_PIPELINE, "input_spec.item_type", EACH, NULL, NULL, "input_spec", SE,
		"The team upstream has to send the type that the pipeline reads."},
	{DATA_PIPELINE, "input_spec.item_specification", EACH, NULL, NULL, "input_spec", SE | OP,
		"Ranges, lengths and formats tell the team upstream what will be refused, and operations "
		"what to validate."},
	{DATA_PIPELINE, "input_spec.component_mapping", EACH, NULL, NULL, "input_spec", SE | OP,
		"The mapping says which component must give the value, and so whom to ask when it is absent "
		"or changes."},
	{DATA_PIPELINE, "pipeline_steps", EACH, NULL, NULL, NULL, SE | OP,
		"Production has to repeat every step of the preparation in the same order, or the model "
		"sees other features."},

	/* ... of the training data. */
	{TRAINING_DATA, "dataset_version", EACH, NULL, NULL, NULL, SE | OP,
		"Which data a model learned from must be known exactly to repeat the training or to explain "
		"an answer."},
	{TRAINING_DATA, "dataset_name", EACH, NULL, NULL, NULL, PO | SE,
		"People talk about data by its name; without one the sets of two trainings are taken for "
		"each other."},
	{TRAINING_DATA, "dataset_description", EACH, NULL, NULL, NULL, PO | OP,
		"The description tells what the data covers, and so where the model may be relied upon."},
	{TRAINING_DATA, "preparation_code", EACH, NULL, NULL, NULL, SE | OP,
		"Production data must be prepared as the training data was; the code is the only exact "
		"account of that."},
	{TRAINING_DATA, "schema", EACH, NULL, NULL, NULL, SE | OP,
		"Without the fields nobody can check that production carries what the model learned from."},
	{TRAINING_DATA, "schema.field_name", EACH, NULL, NULL, "schema", SE | OP,
		"A field without a name cannot be matched with anything in production."},
	{TRAINING_DATA, "schema.field_description", EACH, NULL, NULL, "schema", SE | OP,
		"What a field means must be known to find its counterpart in production."},
	{TRAINING_DATA, "schema.field_type", EACH, NULL, NULL, "schema", SE | OP,
		"Production must deliver the type that the model learned from; that can only be checked "
		"when it is given."},
	{TRAINING_DATA, "schema.expected_values", EACH, NULL, NULL, "schema", OP | SE,
		"Operations can only notice that production has left the range of training when that range "
		"is known."},
	{TRAINING_DATA, "schema.missing_values", EACH, NULL, NULL, "schema", SE | OP,
		"Production must treat missing values as training did, or the model sees values it never "
		"met."},
	{TRAINING_DATA, "schema.mapping_production_data", EACH, NULL, "!label_field", "schema", OP | SE,
		"The mapping is the only link between a field of training and its counterpart in "
		"production; no drift can be seen without it."},
	{TRAINING_DATA, "preparation_process", EACH, NULL, NULL, NULL, SE | OP,
		"The steps from raw to training data have to be known to repeat them for new data."},

	/* ... of the model. */
	{TRAINED_MODEL, "model_version", EACH, NULL, NULL, NULL, SE | OP,
		"Which model answered must be known to repeat an answer, to roll back, and to compare two "
		"of them."},
	{TRAINED_MODEL, "model_name", EACH, NULL, NULL, NULL, SE | OP | PO,
		"Everyone who integrates, runs or reports on the model refers to it by name."},
	{TRAINED_MODEL, "model_description", EACH, NULL, NULL, NULL, SE | OP | PO,
		"Those who integrate or run the model need to know what it does and where it must not be "
		"used."},
	{TRAINED_MODEL, "training_date", EACH, NULL, NULL, NULL, OP | PO,
		"The date tells operations how old the model's knowledge is and when it is due for training "
		"again."},
	{TRAINED_MODEL, "model_output_interpretation", EACH, NULL, NULL, NULL, SE | PO,
		"A score, a class and a probability look alike; software engineers must know which one they "
		"act upon."},
	{TRAINED_MODEL, "default_model_output", EACH, NULL, NULL, NULL, SE | OP,
		"Software engineers need to know what to use when the model gives no answer, or they will "
		"invent something."},
	{TRAINED_MODEL, "model_training_code", EACH, NULL, NULL, NULL, SE | OP,
		"Training again, or explaining a result, takes the code that made the model."},
	{TRAINED_MODEL, "trained_model_code", EACH, NULL, NULL, NULL, SE | OP,
		"Software engineers and operations have to get at the artefact itself to build it in and "
		"deploy it."},
	{TRAINED_MODEL, "model_components", EACH,
		"learning_algorithm.algorithm hyper_parameters programming_languages", NULL, NULL, SE | OP,
		"What the model consists of decides what has to be built, licensed, resourced and secured."},
	{TRAINED_MODEL, "model_components.learning_algorithm", EACH, "algorithm/other_algorithm", NULL,
		"model_components", SE | OP | PO,
		"The algorithm tells how the model will behave on odd input, how far it can be explained "
		"and what it costs to run."},
	{TRAINED_MODEL, "model_components.programming_languages", EACH, NULL, NULL, "model_components", SE,
		"Software engineers must know the languages to see whether the component fits into their "
		"environment."},
	{TRAINED_MODEL, "model_composition_details", EACH, NULL, "ensemble", NULL, SE | OP,
		"An ensemble has to be rebuilt as it was put together; votes, weights and order change the "
		"answer."},
	{TRAINED_MODEL, "ml_frameworks", EACH, NULL, NULL, NULL, SE | OP,
		"The model loads only where its frameworks are installed; both environments have to provide "
		"them."},
	{TRAINED_MODEL, "output_spec", EACH, "item_name item_description item_type component_mapping",
		"!post_processing", NULL, SE | OP,
		"Without the outputs no component downstream can be built or checked against the model."},
	{TRAINED_MODEL, "output_spec.item_name", EACH, NULL, NULL, "output_spec", SE,
		"An output is wired by its name; one without a name cannot be taken."},
	{TRAINED_MODEL, "output_spec.item_description", EACH, NULL, NULL, "output_spec", SE | PO,
		"The description tells the team downstream what the value means and what it must not be "
		"used for."},
	{TRAINED_MODEL, "output_spec.item_type", EACH, NULL, NULL, "output_spec", SE,
		"The component downstream must read the type that the model writes."},
	{TRAINED_MODEL, "output_spec.item_specification", EACH, NULL, NULL, "output_spec", SE | OP,
		"Ranges, lengths and formats tell the component downstream what it must be ready for, and "
		"operations what is abnormal."},
	{TRAINED_MODEL, "output_spec.component_mapping.component", EACH, NULL, NULL, "output_spec", SE | OP,
		"The component is who takes the output, and so who breaks when it changes."},
	{TRAINED_MODEL, "output_spec.component_mapping.data_item", EACH, NULL, NULL, "output_spec", SE,
		"The data item says which of the component's inputs is meant; types can only be compared "
		"when it is known."},
	{TRAINED_MODEL, "final_output_spec", EACH, "item_name item_description item_type component_mapping",
		"post_processing", NULL, SE | OP,
		"What leaves the post-processing is what others take; without it nothing downstream can be "
		"built or checked."},
	{TRAINED_MODEL, "final_output_spec.item_name", EACH, NULL, NULL, "final_output_spec", SE,
		"An output is wired by its name; one without a name cannot be taken."},
	{TRAINED_MODEL, "final_output_spec.item_description", EACH, NULL, NULL, "final_output_spec", SE | PO,
		"The description tells the team downstream what the value means and what it must not be "
		"used for."},
	{TRAINED_MODEL, "final_output_spec.item_type", EACH, NULL, NULL, "final_output_spec", SE,
		"The component downstream must read the type that the model writes."},
	{TRAINED_MODEL, "final_output_spec.item_specification", EACH, NULL, NULL, "final_output_spec",
		SE | OP,
		"Ranges, lengths and formats tell the component downstream what it must be ready for, and "
		"operations what is abnormal."},
	{TRAINED_MODEL, "final_output_spec.component_mapping.component", EACH, NULL, NULL,
		"final_output_spec", SE | OP,
		"The component is who takes the output, and so who breaks when it changes."},
	{TRAINED_MODEL, "final_output_spec.component_mapping.data_item", EACH, NULL, NULL,
		"final_output_spec", SE,
		"The data item says which of the component's inputs is meant; types can only be compared "
		"when it is known."},
	{TRAINED_MODEL, "post_processing_process", ENTRY, NULL, "post_processing", NULL, SE | OP,
		"Every step after the model has to be rebuilt in production; a step without words is left "
		"out."},
	{TRAINED_MODEL, "evaluation_dataset", EACH, NULL, NULL, NULL, PO | OP,
		"A quality figure means nothing without the data it was measured on."},
	{TRAINED_MODEL, "evaluation_dataset.name", EACH, NULL, NULL, "evaluation_dataset", PO | OP,
		"The name tells whether two figures were measured on the same data."},
	{TRAINED_MODEL, "evaluation_dataset.holdout_percentage", EACH, NULL, NULL, "evaluation_dataset",
		PO | OP, "How much was held out tells how certain the measured quality is."},
	{TRAINED_MODEL, "evaluation_dataset.algorithm", EACH, NULL, NULL, "evaluation_dataset", PO | OP,
		"How the hold-out was chosen tells whether the evaluation resembles production or leaks "
		"from training."},
	{TRAINED_MODEL, "evaluation_metrics", EACH, "metric/other_metric result!", NULL, NULL, PO | OP,
		"Project owners accept a model by its measured quality; operations compare production with "
		"it."},
	{TRAINED_MODEL, "evaluation_metrics.metric", EACH, NULL, NULL, "evaluation_metrics", PO | OP,
		"A result without its metric's name cannot be read."},
	{TRAINED_MODEL, "evaluation_metrics.result", EACH, "result!", NULL, "evaluation_metrics", PO | OP,
		"A metric without its result says nothing about whether the model is good enough."},
	{TRAINED_MODEL, "test_dataset", EACH, NULL, NULL, NULL, SE | OP,
		"Software engineers test their integration with the data that the model is known to handle."},
	{TRAINED_MODEL, "test_dataset.name", EACH, NULL, NULL, "test_dataset", SE | OP,
		"The name tells which data a test report is about."},
	{TRAINED_MODEL, "test_dataset.test_results", EACH, NULL, NULL, "test_dataset", SE | PO,
		"Whoever repeats the test needs the result that is to be expected."},
	{TRAINED_MODEL, "test_dataset.file", EACH, NULL, NULL, "test_dataset", SE | OP,
		"Without the file the test cannot be run again by anyone else."},
	{TRAINED_MODEL, "integration_test_dataset", EACH, NULL, "post_processing", NULL, SE | OP,
		"A post-processed output can only be tested where it is integrated; that takes data made "
		"for it."},
	{TRAINED_MODEL, "integration_test_dataset.name", EACH, NULL, NULL, "integration_test_dataset",
		SE | OP, "The name tells which data a test report is about."},
	{TRAINED_MODEL, "integration_test_dataset.test_results", EACH, NULL, NULL, "integration_test_dataset",
		SE | PO, "Whoever repeats the test needs the result that is to be expected."},
	{TRAINED_MODEL, "integration_test_dataset.file", EACH, NULL, NULL, "integration_test_dataset",
		SE | OP, "Without the file the test cannot be run again by anyone else."},
	{TRAINED_MODEL, "test_metrics", EACH, "metric result!", NULL, NULL, SE | PO | OP,
		"The test's figures show whether the quality of the evaluation holds on data that was never "
		"seen."},
	{TRAINED_MODEL, "test_metrics.metric", EACH, "metric/other_metric", NULL, "test_metrics", PO | OP,
		"A test result without its metric's name cannot be compared with the evaluation."},
	{TRAINED_MODEL, "test_metrics.result", EACH, "result!", NULL, "test_metrics", PO | OP,
		"A test metric without its result cannot show whether the model passed."},
	{TRAINED_MODEL, "algorithm_metrics", EACH, NULL, NULL, NULL, OP | PO,
		"Operations can only watch a model whose metrics they were given."},
	{TRAINED_MODEL, "algorithm_metrics.metric", EACH, NULL, NULL, "algorithm_metrics", OP | PO,
		"Operations collect a metric by its name."},
	{TRAINED_MODEL, "algorithm_metrics.operator", EACH, NULL, NULL, "algorithm_metrics", OP | PO,
		"The operator says on which side of the threshold the trouble begins; an alert needs it."},
	{TRAINED_MODEL, "algorithm_metrics.goal_mapping", EACH, NULL, NULL, "algorithm_metrics", OP | PO,
		"The mapping says which goal suffers when the metric is breached, and so how urgent that "
		"is."},
	{TRAINED_MODEL, "algorithm_metrics.threshold", EACH, NULL, NULL, "algorithm_metrics", OP | PO,
		"Without a threshold nobody knows when to raise an alarm."},
	{TRAINED_MODEL, "business_metrics", EACH, NULL, NULL, NULL, OP | PO,
		"Project owners judge by business metrics whether the model earns its keep; operations must "
		"collect them."},
	{TRAINED_MODEL, "business_metrics.metric", EACH, NULL, NULL, "business_metrics", OP | PO,
		"A business metric is collected and reported by its name."},
	{TRAINED_MODEL, "business_metrics.operator", EACH, NULL, NULL, "business_metrics", OP | PO,
		"The operator says on which side of the threshold the business loses."},
	{TRAINED_MODEL, "business_metrics.goal_mapping", EACH, NULL, NULL, "business_metrics", OP | PO,
		"The mapping says which goal the metric stands for; without it the goal counts as "
		"unmeasured."},
	{TRAINED_MODEL, "business_metrics.threshold", EACH, NULL, NULL, "business_metrics", OP | PO,
		"Without a threshold nobody can say when the model stops being worth its cost."},
	{TRAINED_MODEL, "log_data", EACH, NULL, NULL, NULL, OP | SE,
		"Operations have to write the logs that explanation and the next training need; nobody can "
		"log afterwards."},
	{TRAINED_MODEL, "log_data.log", EACH, NULL, NULL, "log_data", OP | SE,
		"What to log must be named before anyone can write it."},
	{TRAINED_MODEL, "log_data.log_data_format", EACH, NULL, NULL, "log_data", OP | SE,
		"The format decides whether the log can be read back for analysis and training."},
	{TRAINED_MODEL, "log_data.history", EACH, NULL, NULL, "log_data", OP | DO,
		"How long to keep a log decides its storage, and has to agree with the rules on data."},
	{TRAINED_MODEL, "decisions_assumptions", ENTRY, NULL, NULL, NULL, SE | OP | PO,
		"An assumption of the data scientists that others break unknowingly is the usual way in "
		"which a model fails."},
	{TRAINED_MODEL, "system_dependencies", ENTRY, NULL, NULL, NULL, SE | OP,
		"Libraries and services that the model needs must be there before it starts, in both "
		"environments."},
	{TRAINED_MODEL, "computing_resource_reqs", EACH, "cpu! memory! storage!", NULL, NULL, SE | OP,
		"Both environments are sized by what the model needs; without it they are sized by "
		"guesswork."},
	{TRAINED_MODEL, "inference_time", EACH, "time! unit", NULL, NULL, SE | OP,
		"The time of one inference decides timeouts, capacity and whether the model can answer "
		"while someone waits."},

	/* What the software engineers say. */
	{DEVELOPMENT_ENVIRONMENT, "programming_languages", EACH, NULL, NULL, NULL, DS,
		"Data scientists choose a language for the model that can be integrated; they need the list "
		"first."},
	{DEVELOPMENT_ENVIRONMENT, "ml_frameworks", EACH, NULL, NULL, NULL, DS,
		"Data scientists train in a framework that can be loaded where the system is built; they "
		"need the list first."},
	{DEVELOPMENT_ENVIRONMENT, "upstream_components", EACH, NULL, NULL, NULL, DS | DO,
		"The pipeline can only be fed by components that are known; data scientists need to see "
		"what arrives."},
	{DEVELOPMENT_ENVIRONMENT, "upstream_components.component_name", EACH, NULL, NULL,
		"upstream_components", DS, "Pipeline inputs are mapped to a component by its name."},
	{DEVELOPMENT_ENVIRONMENT, UPSTREAM, ALL, NULL, NULL, "upstream_components", DS,
		"Data scientists build the pipeline on what the components upstream give; without it they "
		"guess."},
	{DEVELOPMENT_ENVIRONMENT, UPSTREAM ".item_name", EACH, NULL, NULL, UPSTREAM, DS,
		"A pipeline input is mapped to an upstream output by its name."},
	{DEVELOPMENT_ENVIRONMENT, UPSTREAM ".item_description", EACH, NULL, NULL, UPSTREAM, DS,
		"Only the description tells whether the value is the one that the model was trained on."},
	{DEVELOPMENT_ENVIRONMENT, UPSTREAM ".item_type", EACH, NULL, NULL, UPSTREAM, DS,
		"The pipeline must read the type that the component sends."},
	{DEVELOPMENT_ENVIRONMENT, UPSTREAM ".expected_values", EACH, NULL, NULL, UPSTREAM, DS,
		"Data scientists must know which values arrive, to see whether the model was trained for "
		"them."},
	{DEVELOPMENT_ENVIRONMENT, "downstream_components", EACH, NULL, NULL, NULL, DS | OP,
		"The model is made for those who take its output; data scientists need to know who they "
		"are."},
	{DEVELOPMENT_ENVIRONMENT, "downstream_components.component_name", EACH, NULL, NULL,
		"downstream_components", DS, "Outputs of the model are mapped to a component by its name."},
	{DEVELOPMENT_ENVIRONMENT, DOWNSTREAM, ALL, NULL, NULL, "downstream_components", DS,
		"Data scientists shape the output to what the components downstream expect; without that "
		"they guess."},
	{DEVELOPMENT_ENVIRONMENT, DOWNSTREAM ".item_name", EACH, NULL, NULL, DOWNSTREAM, DS,
		"An output is mapped to a downstream input by its name."},
	{DEVELOPMENT_ENVIRONMENT, DOWNSTREAM ".item_description", EACH, NULL, NULL, DOWNSTREAM, DS,
		"Only the description tells whether the model's output is what the component means."},
	{DEVELOPMENT_ENVIRONMENT, DOWNSTREAM ".item_type", EACH, NULL, NULL, DOWNSTREAM, DS,
		"The model must write the type that the component reads."},
	{DEVELOPMENT_ENVIRONMENT, DOWNSTREAM ".expected_values", EACH, NULL, NULL, DOWNSTREAM, DS,
		"The model must not put out values that the component cannot take; data scientists have to "
		"know them."},
	{DEVELOPMENT_ENVIRONMENT, "milestones", EACH, NULL, NULL, NULL, PO | DS | OP,
		"Data scientists and operations have to deliver in time for integration; they plan by these "
		"dates."},
	{DEVELOPMENT_ENVIRONMENT, "computing_resources", EACH, "cpu! memory! storage!", NULL, NULL, DS,
		"Data scientists must know how large a model may be to run where the system is built."},

	/* What operations say of the environment. */
	{PRODUCTION_ENVIRONMENT, "required_inference_time", EACH, "time! unit", NULL, NULL, DS | SE,
		"Data scientists choose a model by how fast it has to answer; learning it after training is "
		"too late."},
	{PRODUCTION_ENVIRONMENT, "computing_resources", EACH, "cpu! memory! storage!", NULL, NULL, DS | SE,
		"Data scientists must know how large a model may be to run in production."},
	{PRODUCTION_ENVIRONMENT, "algorithm_metrics", EACH, NULL, NULL, NULL, DS | PO,
		"Data scientists can only rely on metrics that production really collects."},
	{PRODUCTION_ENVIRONMENT, "business_metrics", EACH, NULL, NULL, NULL, DS | PO,
		"Project owners need to know which of the business metrics production will show them."},
	{PRODUCTION_ENVIRONMENT, "model_logs", EACH, NULL, NULL, NULL, DS | SE,
		"Data scientists will explain errors and train again from these logs; they must know that "
		"they are written."},

	/* ... of the data. */
	{PRODUCTION_DATA, "data_sources", EACH, NULL, NULL, NULL, DS | SE | DO,
		"Where production data comes from tells how far it can differ from the data of training."},
	{PRODUCTION_DATA, "data_rates", EACH, NULL, NULL, NULL, DS | SE,
		"The rate decides whether model, pipeline and environment can keep up."},
	{PRODUCTION_DATA, "schema", EACH, NULL, NULL, NULL, DS | SE,
		"Data scientists must compare the fields of production with those of training; without them "
		"nothing can be mapped."},
	{PRODUCTION_DATA, "schema.field_name", EACH, NULL, NULL, "schema", DS | SE,
		"Training fields are mapped to a production field by its name."},
	{PRODUCTION_DATA, "schema.field_description", EACH, NULL, NULL, "schema", DS | SE,
		"Only the description tells whether a field is the same quantity as in training."},
	{PRODUCTION_DATA, "schema.field_type", EACH, NULL, NULL, "schema", DS | SE,
		"The type has to be that of training; that can only be checked when it is given."},
	{PRODUCTION_DATA, "schema.expected_values", EACH, NULL, NULL, "schema", DS | SE,
		"Data scientists need the values of production to see whether the model was trained for "
		"them."},
};
/* clang-format on */

const struct completeness_entry *completeness_entries(size_t *count)
{
	*count = sizeof(entries) / sizeof(entries[0]);
	return entries;
}
