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
    assert "5 files, 1 of no format that is known" in done.stderr


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
