"""`tally import auto DIR`: what it takes, what it leaves, and how it says so."""

import json
import os
import pty
import time

import pytest

import places
from tallyd import tally

MLMODEL = """
flavors:
  sklearn: {sklearn_version: 1.2.2, pickled_model: model.pkl}
signature:
  inputs: '[{"name": "amount", "type": "double"}]'
  outputs: '[{"name": "score", "type": "double"}]'
"""
DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: scoring}
spec: {template: {spec: {containers: [{name: c, image: x/scoring:1}]}}}
"""


def lay(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def documents(text):
    made = json.loads(text)
    return {f"{d['kind']}/{d['metadata']['name']}": d for d in (made if isinstance(made, list) else [made])}


def test_a_project_becomes_one_set_with_sources(tmp_path):
    lay(
        tmp_path,
        {
            "model/MLmodel": MLMODEL,
            "model/requirements.txt": "numpy==1.24\n",
            "requirements.txt": "flask\n",
            "deploy/scoring.yaml": DEPLOYMENT,
            "README.txt": "nothing\n",
        },
    )
    done = tally("import", "auto", tmp_path, "-o", "json", check=0)
    made = documents(done.stdout)
    assert sorted(made) == [
        "DataPipeline/default",
        "DevelopmentEnvironment/default",
        "ProductionEnvironment/default",
        "TrainedModel/default",
    ]
    model = made["TrainedModel/default"]
    assert {p["name"]: p.get("version") for p in model["spec"]["packages"]} == {"scikit-learn": "1.2.2", "numpy": "1.24"}
    assert {"field": "output_spec[0]", "file": "model/MLmodel", "path": "signature.outputs[0]"} in model["metadata"]["sources"]
    development = made["DevelopmentEnvironment/default"]["spec"]
    assert [p["name"] for p in development["packages"]] == ["flask"]
    assert "model/MLmodel: MLflow models" in done.stderr
    assert "5 files, 1 of no format that is known: README.txt\n" in done.stderr


def test_other_peoples_folders_and_links_are_left_out(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    lay(outside, {"MLmodel": MLMODEL})
    lay(
        inside,
        {
            ".git/MLmodel": MLMODEL,
            "node_modules/x/MLmodel": MLMODEL,
            "myenv/pyvenv.cfg": "",
            "myenv/lib/requirements.txt": "a\n",
            "requirements.txt": "b\n",
        },
    )
    (inside / "linked").symlink_to(outside)
    (inside / "MLmodel").symlink_to(outside / "MLmodel")
    done = tally("import", "auto", inside, "-o", "json", check=0)
    assert list(documents(done.stdout)) == ["DevelopmentEnvironment/default"]
    assert "MLmodel: left: links are not followed" in done.stderr


def test_files_outside_are_not_read_by_way_of_others(tmp_path):
    lay(tmp_path, {"requirements.txt": "secret\n", "in/requirements.txt": "-r ../requirements.txt\na\n"})
    done = tally("import", "auto", tmp_path / "in", check=0)
    assert "secret" not in done.stdout


def test_a_conflict_is_shown_with_both_sources_and_strict_refuses_it(tmp_path):
    lay(tmp_path, {"requirements.txt": "numpy==1.0\n", "environment.yml": "dependencies: [numpy==2.0]\n"})
    done = tally("import", "auto", tmp_path, check=0)
    assert "conflict: development_environment/default packages[numpy].version" in done.stderr
    assert "2.0 (environment.yml: dependencies[0]); 1.0 (requirements.txt: line 1)" in done.stderr
    strict = tally("import", "auto", tmp_path, "--strict", check=2)
    assert strict.stdout == ""


TABLE = "amount,age,paid\n" + "".join(f"{i}.5,{20 + i % 50},{i % 2}\n" for i in range(100))


def test_the_only_table_is_training_data_whatever_its_name(tmp_path):
    lay(tmp_path, {"customers.csv": TABLE, "test.csv": TABLE})
    done = tally("import", "auto", tmp_path, "-o", "json", check=0)
    assert documents(done.stdout)["TrainingData/default"]["spec"]["dataset_name"] == "customers.csv"
    assert "customers.csv: the file: the name does not tell what data this is; taken as training data" in done.stderr


@pytest.mark.parametrize("other", ["train.csv", "orders.tsv"])
def test_a_table_is_not_guessed_beside_another(tmp_path, other):
    lay(tmp_path, {"customers.csv": TABLE, other: TABLE, "requirements.txt": "a\n"})
    done = tally("import", "auto", tmp_path, "-o", "json", check=0)
    assert "customers.csv: left: the name does not tell what data this is; put train, test, production or raw into it" in done.stderr
    training = documents(done.stdout).get("TrainingData/default")
    assert (training and training["spec"]["dataset_name"]) == ("train.csv" if other == "train.csv" else None)
    assert "3 files, 0 of no format that is known\n" in done.stderr


def test_hundreds_of_tables_are_told_in_a_few_lines(tmp_path):
    lay(tmp_path, {f"part{i:03}.csv": TABLE for i in range(300)} | {"requirements.txt": "a\n"})
    done = tally("import", "auto", tmp_path, check=0)
    assert done.stderr.count("left: ") == 11
    assert "part010.csv: left: its name does not tell either, nor do those of 289 more tables" in done.stderr


def test_ten_files_of_no_known_format_are_named_and_the_rest_counted(tmp_path):
    lay(tmp_path, {f"notes/{i:02}.txt": "x\n" for i in range(13)} | {"requirements.txt": "a\n"})
    done = tally("import", "auto", tmp_path, check=0)
    named = ", ".join(f"notes/{i:02}.txt" for i in range(10))
    assert f"14 files, 13 of no format that is known: {named} and 3 more\n" in done.stderr


def labels(made):
    return [f["field_name"] for f in made["TrainingData/default"]["spec"]["schema"] if f.get("label_field")]


def test_the_column_that_the_model_does_not_take_is_the_label(tmp_path):
    signature = MLMODEL.replace("}]'\n  outputs", "}, {\"name\": \"age\", \"type\": \"long\"}]'\n  outputs")
    lay(tmp_path, {"MLmodel": signature, "train.csv": TABLE})
    done = tally("import", "auto", tmp_path, "-o", "json", check=0)
    assert labels(documents(done.stdout)) == ["paid"]
    assert "train.csv: column paid: taken as the label" in done.stderr


@pytest.mark.parametrize(
    "why, columns, expected",
    [
        ("two columns are left and one is called target", "amount,age,Target", ["Target"]),
        ("two columns are left and none has such a name", "amount,age,paid", []),
        ("a column that the model takes is not there", "sum,age", []),
        ("no column is left", "amount", []),
    ],
)
def test_a_label_is_only_told_where_it_is_clear(tmp_path, why, columns, expected):
    row = ",".join("1" for _ in columns.split(","))
    lay(tmp_path, {"MLmodel": MLMODEL, "train.csv": f"{columns}\n{row}\n{row}\n"})
    made = documents(tally("import", "auto", tmp_path, "-o", "json", check=0).stdout)
    assert labels(made) == expected, why


def test_a_suite_and_a_table_that_contradict_each_other_are_a_conflict(tmp_path):
    kwargs = {"column": "amount", "min_value": 5, "max_value": 5}
    suite = {"expectation_suite_name": "s", "expectations": [{"expectation_type": "expect_column_min_to_be_between", "kwargs": kwargs}]}
    lay(tmp_path, {"suite.json": json.dumps(suite), "customers.csv": TABLE})
    done = tally("import", "auto", tmp_path, check=0)
    assert "conflict: training_data/default statistics[column amount Minimum].value: 5 (suite.json: expectations[0]" in done.stderr
    assert "0.5 (customers.csv: column amount)" in done.stderr


def test_a_file_that_fails_gives_nothing_and_is_told(tmp_path):
    lay(
        tmp_path,
        {
            "bad/MLmodel": "flavors: {a: {a_version: 1}}\nsignature: {inputs: '[{'}\n",
            "bad/conda.yaml": "dependencies: [zeta=1]\n",
            "requirements.txt": "b\n",
        },
    )
    done = tally("import", "auto", tmp_path, check=0)
    assert "bad/MLmodel: left: bad/MLmodel: signature.inputs: JSON is expected" in done.stderr
    assert "TrainedModel" not in done.stdout


def test_the_set_can_be_pushed(server, peer, tmp_path):
    system = peer.create("import-auto")
    lay(tmp_path, {"model/MLmodel": MLMODEL, "deploy/scoring.yaml": DEPLOYMENT})
    done = tally("import", "auto", tmp_path, "--system", system, "--push", "-o", "json", server=server)
    assert done.returncode in (0, 1, 3), done.stderr
    kinds = {d["kind"] for d in json.loads(done.stdout)["descriptors"]}
    assert kinds == {"trained_model", "data_pipeline", "production_environment"}


def test_two_descriptors_need_two_names(tmp_path):
    lay(tmp_path, {"a/MLmodel": MLMODEL, "b/MLmodel": MLMODEL})
    assert sorted(documents(tally("import", "auto", tmp_path, "-o", "json", check=0).stdout)) == [
        "DataPipeline/a",
        "DataPipeline/b",
        "TrainedModel/a",
        "TrainedModel/b",
    ]
    assert "one name cannot be given to all" in tally("import", "auto", tmp_path, "--name", "x", check=2).stderr


def test_a_models_run_gives_its_parameters_and_metrics(tmp_path):
    run = "mlruns/1/abc"
    lay(
        tmp_path,
        {
            f"{run}/meta.yaml": "run_id: abc\nrun_name: boosted\n",
            f"{run}/params/alpha": "0.5",
            f"{run}/metrics/accuracy": "1689541454814 0.91 0\n1689541454815 0.93 1\n",
            f"{run}/metrics/rmse": "1689541454815 nan 1\n",
            f"{run}/artifacts/model/MLmodel": MLMODEL,
            "mlruns/1/other/meta.yaml": "run_id: other\nrun_name: without a model\n",
        },
    )
    done = tally("import", "auto", tmp_path, "-o", "json", check=0)
    model = documents(done.stdout)["TrainedModel/default"]["spec"]
    assert model["model_name"] == "boosted"
    assert model["evaluation_metrics"] == [{"metric": "Accuracy", "result": 0.93}]
    assert model["model_components"][0]["hyper_parameters"] == [{"parameter_name": "alpha", "parameter_value": "0.5"}]
    assert 'metrics/rmse: left out: "nan" is no number' in done.stderr
    assert "mlruns/1/other/meta.yaml: left: no other file here needs it" in done.stderr


def test_documents_of_the_sei_are_put_together_with_the_rest(tmp_path):
    sei = {"version": "1.2", "model_name": "scorer", "system_dependencies": ["cuda"], "boat": 1}
    lay(tmp_path, {"trained_model.json": json.dumps(sei), "MLmodel": MLMODEL})
    done = tally("import", "auto", tmp_path, "-o", "json", check=0)
    model = documents(done.stdout)["TrainedModel/default"]["spec"]
    assert model["model_name"] == "scorer" and "cuda" in model["system_dependencies"]
    assert "trained_model.json: boat: left out: there is no place for it" in done.stderr


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    for i in range(5000):
        name = f"d{i % 50}/f{i}" + (".yaml" if i % 5 == 0 else ".py" if i % 5 < 3 else ".json")
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("a: 1\n" * 100)
    lay(folder, {"MLmodel": MLMODEL})
    return folder


def test_five_thousand_files_take_seconds(large):
    start = time.monotonic()
    done = tally("import", "auto", large, check=0)
    took = time.monotonic() - start
    print(f"5,001 files in {took:.2f} s")
    assert took < 5 * places.SLOW
    assert "5001 files, 5000 of no format that is known" in done.stderr


def test_a_terminal_sees_progress(large):
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(places.TALLY, ["tally", "import", "auto", str(large)], places.environment())
    seen = b""
    try:
        while piece := os.read(terminal, 65536):
            seen += piece
    except OSError:  # the terminal is gone with the program
        pass
    os.close(terminal)
    assert os.waitpid(pid, 0)[1] == 0
    assert b"looking: 100 files" in seen and b"reading: 5000 of 5001 files" in seen
