/* Cards of Hugging Face: front matter in its varieties, and sections of the text. */
#include "importing.h"

#include "cases.h"

struct row {
	const char *name;
	const char *text;
	const char *says;
	const char *path; /* NULL: README.md */
};

static void check(void **state)
{
	const struct row *row = *state;
	importing_expect("model-card", row->path ? row->path : "README.md", row->text, row->says);
}

static const struct row rows[] = {
	{"Windows' line ends are read",
		"---\r\n"
		"library_name: timm\r\n"
		"---\r\n"
		"\r\n"
		"# X\r\n",
		"trained_model ml_frameworks = timm @ library_name\n", NULL},
	{"one data set need not be a list",
		"---\n"
		"datasets: beans\n"
		"---\n",
		"trained_model training_data_identifier = beans @ datasets (weak)\n", NULL},
	{"of several data sets the first one is taken and the others are told",
		"---\n"
		"datasets: [a, b]\n"
		"---\n",
		"trained_model training_data_identifier = a @ datasets[0] (weak)\n"
		"left datasets[1]: a model has one set of training data here, and that is a\n",
		NULL},
	{"a licence that is a list is one text",
		"---\n"
		"pretty_name: D\n"
		"license: [mit, cc0]\n"
		"---\n",
		"raw_data data_rights = mit, cc0 @ license\n", NULL},
	{"a licence that is a text is the same",
		"---\n"
		"pretty_name: D\n"
		"license: mit\n"
		"---\n",
		"raw_data data_rights = mit @ license\n", NULL},
	{"a result's metrics are the model's",
		"---\n"
		"model-index:\n"
		"- name: m\n"
		"  results:\n"
		"  - dataset: {name: d}\n"
		"    metrics: [{type: f1, value: 0.5}, {type: wer, value: '12.5'}]\n"
		"---\n",
		"trained_model model_name = m @ model-index[0].name\n"
		"trained_model evaluation_metrics[f1].result = 0.5 @ model-index[0].results[0].metrics[0]\n"
		"trained_model evaluation_metrics[wer].other_metric = wer @ model-index[0].results[0].metrics[1]\n"
		"trained_model evaluation_metrics[wer].result = 12.5 @ model-index[0].results[0].metrics[1]\n"
		"trained_model evaluation_dataset.name = d @ model-index[0].results[0].dataset.name\n",
		NULL},
	{"a result without a data set is told",
		"---\n"
		"model-index:\n"
		"- results:\n"
		"  - metrics: [{type: f1, value: 0.5}]\n"
		"---\n",
		"left model-index[0].results[0]: a result without its data set says nothing\n"
		"!evaluation_metrics\n",
		NULL},
	{"results on a second data set are told",
		"---\n"
		"model-index:\n"
		"- results:\n"
		"  - {dataset: {name: a}}\n"
		"  - {dataset: {name: b}, metrics: [{type: f1, value: 0.5}]}\n"
		"---\n",
		"left model-index[0].results[1]: results on another data set than the first one are not taken\n"
		"!evaluation_metrics\n",
		NULL},
	{"a metric without a number is told",
		"---\n"
		"model-index:\n"
		"- results:\n"
		"  - {dataset: {name: a}, metrics: [{type: f1, value: null}]}\n"
		"---\n",
		"left model-index[0].results[0].metrics[0]: a metric has a type and a number\n", NULL},
	{"a task is a kind of problem",
		"---\n"
		"pipeline_tag: image-classification\n"
		"---\n",
		"system_context ml_problem_type.ml_problem = Classification @ pipeline_tag\n", NULL},
	{"a task of no known kind is another one",
		"---\n"
		"pipeline_tag: fill-mask\n"
		"---\n",
		"system_context ml_problem_type.ml_problem = Other @ pipeline_tag\n"
		"system_context ml_problem_type.other_problem = fill-mask @ pipeline_tag\n",
		NULL},
	{"a tag that names a framework is one",
		"---\n"
		"tags: [pytorch, nice]\n"
		"---\n",
		"trained_model ml_frameworks = PyTorch @ tags[0]\n"
		"!ml_frameworks = nice\n",
		NULL},
	{"an example's columns are inputs with their types, and null is a gap",
		"---\n"
		"widget:\n"
		"- structuredData: {a: [1, 2], b: [1.5, null], c: [x]}\n"
		"---\n",
		"trained_model input_signature[a].item_type = integer @ widget[0].structuredData.a (weak)\n"
		"trained_model input_signature[b].item_type = float @ widget[0].structuredData.b (weak)\n"
		"trained_model input_signature[b].item_specification.optional_value = true @ widget[0].structuredData.b (weak)\n"
		"trained_model input_signature[c].item_type = string @ widget[0].structuredData.c (weak)\n",
		NULL},
	{"features of a data set are columns",
		"---\n"
		"dataset_info:\n"
		"  features: [{name: a, dtype: int64}, {name: l, dtype: {class_label: {names: {'0': no, '1': yes}}}}, {name: w, sequence: string}]\n"
		"  splits: [{name: train, num_examples: 7}, {name: test, num_examples: 3}]\n"
		"---\n",
		"raw_data schema[column a].field_type = int64 @ dataset_info.features[0].dtype\n"
		"raw_data schema[column l].allowed_values = yes @ dataset_info.features[1].dtype[1]\n"
		"raw_data schema[column w].field_type = list(string) @ dataset_info.features[2].sequence\n"
		"raw_data number_of_instances = 10 @ dataset_info.splits\n",
		NULL},
	{"several configurations are data sets of their own",
		"---\n"
		"dataset_info:\n"
		"- {config_name: x, features: [{name: a, dtype: string}]}\n"
		"- {config_name: y, features: [{name: b, dtype: string}]}\n"
		"---\n",
		"raw_data/x schema[column a].field_name = a @ dataset_info[0].features[0]\n"
		"raw_data/y schema[column b].field_name = b @ dataset_info[1].features[0]\n",
		NULL},
	{"sections say what it is for and what is wrong with it",
		"---\n"
		"license: mit\n"
		"---\n"
		"# M\n"
		"## Intended uses & limitations\n"
		"For cats.\n"
		"\n"
		"## Bias, Risks, and Limitations\n"
		"Dogs.\n",
		"system_context usage_context = For cats. @ line 5\n"
		"system_context risks.risk_other = Dogs. @ line 8\n",
		NULL},
	{"a section that nobody filled in says nothing",
		"---\n"
		"license: mit\n"
		"---\n"
		"## Direct Use\n"
		"<!-- write here\n"
		"what -->\n"
		"[More Information Needed]\n",
		"!usage_context\n", NULL},
	{"styles and HTML in a section are not its text",
		"---\n"
		"license: mit\n"
		"---\n"
		"## Model description\n"
		"<style>\n"
		".a { }\n"
		"</style>\n"
		"<div>\n"
		"Good.\n",
		"trained_model model_description = Good. @ line 4\n"
		"!.a {\n",
		NULL},
	{"an unknown key is told",
		"---\n"
		"license: mit\n"
		"wow: 1\n"
		"---\n",
		"left wow: this is not known of model cards\n", NULL},
	{"front matter that is a list is refused",
		"---\n"
		"[]\n"
		"---\n",
		"refused: README.md:2:1: the front matter must be a mapping, such as license: mit\n", NULL},
	{"a text without front matter is refused", "# M\n",
		"refused: README.md:1:1: a card begins with its front matter between two lines of ---, and there is none: only that is read\n",
		NULL},
	{"front matter that does not end is refused",
		"---\n"
		"license: mit\n",
		"refused: README.md:1:1: a card begins with its front matter between two lines of ---, and there is none: only that is read\n",
		NULL},
	{"a template is refused",
		"---\n"
		"{{ card_data }}\n"
		"---\n",
		"refused: README.md: this is a template ({{ … }}) of a card: fill it in first, e.g. with huggingface_hub\n",
		NULL},
	{"the first paragraph describes where no section does",
		"---\n"
		"pretty_name: D\n"
		"---\n"
		"# D\n"
		"[![badge](x)](y)\n"
		"\n"
		"What it\n"
		"is of.\n"
		"\n"
		"More.\n",
		"raw_data dataset_description = What it\n"
		"is of. @ line 7\n"
		"!More\n",
		NULL},
	{"a section describes before the first paragraph does",
		"---\n"
		"license: mit\n"
		"---\n"
		"# M\n"
		"Words.\n"
		"## Model description\n"
		"It scores.\n",
		"trained_model model_description = It scores. @ line 6\n"
		"!Words\n",
		NULL},
	{"text without a title of its own describes nothing",
		"---\n"
		"license: mit\n"
		"---\n"
		"Words.\n"
		"## Usage\n"
		"More.\n",
		"!model_description\n", NULL},
	{"an example's text is no input",
		"---\n"
		"license: mit\n"
		"widget: [{text: Hello}]\n"
		"---\n",
		"Hello @ widget[0].text\n"
		"!input_signature\n",
		NULL},
};

int main(void)
{
	return CASES_RUN(rows, check);
}
