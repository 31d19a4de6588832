/* DVC: pipelines, locks and pointers. Parameters and metrics beside them are in the system's tests. */
#include "importing.h"

#include "cases.h"

struct row {
	const char *name;
	const char *text;
	const char *says;
	const char *path; /* NULL: dvc.yaml */
};

static void check(void **state)
{
	const struct row *row = *state;
	importing_expect("dvc", row->path ? row->path : "dvc.yaml", row->text, row->says);
}

static const struct row rows[] = {
	{"a stage that prepares is a step of the pipeline and of the training data's preparation",
		"stages: {clean: {cmd: python clean.py}}\n",
		"data_pipeline pipeline_steps[clean].data_processing_detail = python clean.py @ stages.clean.cmd\n"
		"training_data preparation_process[clean].data_processing_detail = python clean.py @ stages.clean.cmd\n",
		NULL},
	{"several commands of a stage are one text", "stages: {clean: {cmd: [a, b]}}\n",
		"data_pipeline pipeline_steps[clean].data_processing_detail = a && b @ stages.clean.cmd\n",
		NULL},
	{"a stage that trains is no step of the pipeline", "stages: {train: {cmd: python train.py}}\n",
		"trained_model model_training_code = python train.py @ stages.train.cmd\n"
		"!pipeline_steps\n",
		NULL},
	{"a stage that splits training data prepares", "stages: {split_train: {cmd: s}}\n",
		"data_pipeline pipeline_steps[split_train].data_processing_step = split_train @ stages.split_train\n"
		"!model_training_code\n",
		NULL},
	{"a loop is taken once, and told", "stages: {s: {foreach: [a], do: {cmd: 'x ${item}'}}}\n",
		"data_pipeline pipeline_steps[s].data_processing_detail = x ${item} @ stages.s.cmd\n"
		"left stages.s: a stage is taken once, not for each item of its foreach\n",
		NULL},
	{"a variable of the pipeline is replaced",
		"vars: [{net: {depth: 3}}]\n"
		"stages: {train: {cmd: 'python train.py --depth ${net.depth}'}}\n",
		"trained_model model_training_code = python train.py --depth 3 @ stages.train.cmd\n"
		"!left\n",
		NULL},
	{"a variable that nothing tells stays and is told",
		"stages: {train: {cmd: 'python train.py ${lr} ${x}'}}\n",
		"trained_model model_training_code = python train.py ${lr} ${x} @ stages.train.cmd\n"
		"left stages.train.cmd: nothing here tells what ${lr} stands for\n",
		NULL},
	{"parameters of a stage that prepares are not the model's",
		"stages: {split: {cmd: s, params: [ratio]}}\n",
		"[\"ratio\"] @ stages.split.params\n"
		"!hyper_parameters\n",
		NULL},
	{"a file of parameters that is not there is told", "params: [dvclive/params.yaml]\n",
		"left params[0]: dvclive/params.yaml is not there\n", NULL},
	{"plots are understood", "stages: {train: {cmd: t, plots: [roc.csv]}}\n",
		"[\"roc.csv\"] @ stages.train.plots\n"
		"!left\n",
		NULL},
	{"an artifact has a name and a description",
		"stages: {}\n"
		"artifacts: {churn: {path: m.pkl, type: model, desc: tells}}\n",
		"trained_model model_name = churn @ artifacts.churn\n"
		"trained_model model_description = tells @ artifacts.churn.desc\n",
		NULL},
	{"a file without stages is refused", "a: 1\n",
		"refused: dvc.yaml:1:1: stages: a pipeline of DVC has a mapping of stages here\n", NULL},
	{"what is not known of a stage is told", "stages: {s: {cmd: x, wow: 1}}\n",
		"left stages.s.wow: this is not known of DVC's stages\n", NULL},
	{"what the training stage read is the model's version of the training data, what was written the data's own",
		"schema: '2.0'\n"
		"stages:\n"
		"  prep: {cmd: p, outs: [{path: t.csv, md5: new}]}\n"
		"  train: {cmd: t, deps: [{path: train.py, md5: x}, {path: t.csv, md5: old}]}\n",
		"trained_model training_data_version = md5:old @ stages.train.deps[1]\n"
		"training_data dataset_version = md5:new @ stages.prep.outs[0]\n"
		"training_data dataset_identifier = t.csv @ stages.prep.outs[0]\n",
		"dvc.lock"},
	{"a folder's digest keeps its ending",
		"schema: '2.0'\n"
		"stages:\n"
		"  train: {cmd: t, deps: [{path: data, md5: a.dir, nfiles: 2}]}\n",
		"trained_model training_data_version = md5:a.dir @ stages.train.deps[0]\n", "dvc.lock"},
	{"data that no stage wrote is raw data",
		"schema: '2.0'\n"
		"stages:\n"
		"  prep: {cmd: p, deps: [{path: raw.csv, md5: r}], outs: [{path: t.csv, md5: c}]}\n"
		"  train: {cmd: t, deps: [{path: t.csv, md5: c}]}\n",
		"training_data raw_data_version = md5:r @ stages.prep.deps[0]\n"
		"raw_data dataset_version = md5:r @ stages.prep.deps[0] (weak)\n",
		"dvc.lock"},
	{"the same digest of training and test data is told",
		"schema: '2.0'\n"
		"stages:\n"
		"  train: {cmd: t, deps: [{path: a.csv, md5: c}]}\n"
		"  evaluate: {cmd: e, deps: [{path: b.csv, md5: c}]}\n",
		"warned stages.evaluate.deps[0]: the test data has the digest of the training data, md5:c\n",
		"dvc.lock"},
	{"test data that is only written is held against the training data too",
		"schema: '2.0'\n"
		"stages:\n"
		"  split: {cmd: s, outs: [{path: train.csv, md5: c}, {path: test.csv, md5: c}]}\n"
		"  train: {cmd: t, deps: [{path: train.csv, md5: c}]}\n",
		"warned stages.split.outs[1]: the test data has the digest of the training data, md5:c\n",
		"dvc.lock"},
	{"training and test data of two digests are well",
		"schema: '2.0'\n"
		"stages:\n"
		"  split: {cmd: s, outs: [{path: train.csv, md5: c}, {path: test.csv, md5: d}]}\n"
		"  train: {cmd: t, deps: [{path: train.csv, md5: c}]}\n",
		"!warned\n", "dvc.lock"},
	{"parameters of the run are the model's",
		"schema: '2.0'\n"
		"stages:\n"
		"  train: {cmd: t, params: {params.yaml: {lr: 0.10, net: {depth: 3}}}}\n",
		"trained_model model_components[model].hyper_parameters[lr].parameter_value = 0.10 @ stages.train.params.params.yaml.lr\n"
		"trained_model model_components[model].hyper_parameters[net.depth].parameter_value = 3 @ stages.train.params.params.yaml.net.depth\n",
		"dvc.lock"},
	{"a lock of before 2.0 has its stages at the top", "train: {cmd: t, deps: [{path: a.csv, md5: c}]}\n",
		"trained_model training_data_version = md5:c @ stages.train.deps[0]\n", "dvc.lock"},
	{"a pointer gives raw data its version", "outs: [{md5: a, path: prices.csv}]\n",
		"raw_data/data dataset_identifier = data/prices.csv @ outs[0]\n"
		"raw_data/data dataset_version = md5:a @ outs[0]\n",
		"data/prices.csv.dvc"},
	{"the digest of a pointer is not the digest of the data",
		"md5: pointer\n"
		"outs: [{md5: a, path: prices.csv}]\n",
		"!pointer\n", "prices.csv.dvc"},
	{"a pointer to a model names its file", "outs: [{md5: a, path: m.pkl}]\n",
		"trained_model artifact = m.pkl @ outs[0]\n"
		"trained_model model_version = md5:a @ outs[0] (weak)\n",
		"m.pkl.dvc"},
	{"a pointer without files is refused", "deps: []\n",
		"refused: x.dvc:1:1: outs: a list of files is expected here\n", "x.dvc"},
};

int main(void)
{
	return CASES_RUN(rows, check);
}
