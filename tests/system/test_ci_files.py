"""What deploy/ci gives to GitHub Actions, GitLab and any other CI: the script part of each, against a real server."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import xml.etree.ElementTree

import client
import places
import pytest
from tallyd import free_port, tally

yaml = pytest.importorskip("yaml")

CI = places.ROOT / "deploy/ci"
GATE = CI / "tally-gate"
ACTION = yaml.safe_load((CI / "action.yml").read_text())
GITLAB = yaml.safe_load((CI / "gitlab.yml").read_text())
RULE = "environment.framework-unsupported"
REPORTS = {"tally.json", "tally.sarif", "junit.xml", "codequality.json", "comment.md"}
KINDS = ["SystemContext", "RawData", "DataPipeline", "TrainingData", "ProductionData"]


def document(kind, spec="{}", name="default"):
    return f"---\napiVersion: tally/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"


def model(*frameworks):
    return document("TrainedModel", "{ml_frameworks: [%s]}" % ", ".join(frameworks))


@pytest.fixture(scope="module")
def system(server):
    """All kinds are there, the environment is named live, nothing blocks; what is current runs there."""
    made = client.new_id("ci")
    text = "".join(document(kind) for kind in KINDS) + document("ProductionEnvironment", name="live")
    text += model("Keras") + document("DevelopmentEnvironment", "{ml_frameworks: [Keras]}")
    tally("system", "create", made, server=server, check=0)
    tally("push", "-", "--system", made, server=server, text=text, check=0)
    tally("record-deployment", made, "-e", "live", server=server, check=0)
    return made


@pytest.fixture
def folder(tmp_path):
    """A checkout with documents that break and that do not."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/a model.yaml").write_text(model("JAX"))
    (tmp_path / "good.yaml").write_text(model("Keras") + document("RawData", "{dataset_name: rows}"))
    return tmp_path


def environment(**more):
    """Nothing of this process's but the way to the programs."""
    kept = {name: os.environ[name] for name in ("ASAN_OPTIONS", "TSAN_OPTIONS", "LD_LIBRARY_PATH") if name in os.environ}
    return {"PATH": f"{places.TALLY.parent}:/usr/bin:/bin", "HOME": "/nonexistent", **kept, **more}


def start(command, folder, **variables):
    return subprocess.run(
        command, cwd=folder, env=environment(**variables), capture_output=True, text=True, timeout=120, check=False
    )


def ends(done, code):
    assert done.returncode == code, f"ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done


# the plain script


@pytest.fixture(params=["dash", "bash"])
def gate(request, server, system, folder):
    shell = shutil.which(request.param) or pytest.skip(f"there is no {request.param} here")

    def run(code, **variables):
        variables = {"TALLY_SERVER": server.address, "TALLY_SYSTEM": system, **variables}
        return ends(start([shell, GATE], folder, **variables), code)

    return run


def test_it_says_yes_and_leaves_reports_of_one_answer(gate, folder):
    assert "ALLOWED" in gate(0).stdout
    assert {path.name for path in (folder / "tally-reports").iterdir()} == REPORTS
    told = json.loads((folder / "tally-reports/tally.json").read_text())
    assert told["verdict"] == "allowed"
    sarif = json.loads((folder / "tally-reports/tally.sarif").read_text())
    assert sarif["runs"][0]["properties"]["revision"] == told["revision"]
    assert f"at revision {told['revision']}" in (folder / "tally-reports/comment.md").read_text()


def test_it_says_no_to_what_is_not_pushed(gate, folder):
    done = gate(1, TALLY_GATE_WITH="parts/*.yaml\n", TALLY_GATE_REPORTS="out put")
    assert "BLOCKED" in done.stdout and f"error {RULE} JAX" in done.stdout
    told = json.loads((folder / "out put/tally.json").read_text())
    assert told["judged"].startswith("parts/a model.yaml on top of") and len(told["blocking"]) == 1
    failures = xml.etree.ElementTree.parse(folder / "out put/junit.xml").findall(".//failure")
    assert len(failures) == 1
    gate(0, TALLY_GATE_WITH="good.yaml")
    gate(0, TALLY_GATE_WITH="parts/a model.yaml", TALLY_GATE_DRY_RUN="true")
    gate(0, TALLY_GATE_WITH="parts/a model.yaml", TALLY_GATE_TEAM="project-owners")


def test_every_setting_reaches_the_command(gate, folder, system, server):
    gate(0, TALLY_GATE_USE="trained_model@1\nraw_data@1")
    live = {"TALLY_GATE_ENVIRONMENT": "live"}
    said = gate(1, **live, TALLY_GATE_RUNNING="true", TALLY_GATE_WITH="parts/a model.yaml").stdout
    assert "a model.yaml on top of what runs in live" in said
    gate(1, **live, TALLY_GATE_NEW_ONLY="true", TALLY_GATE_WITH="parts/a model.yaml")
    gate(0, **live, TALLY_GATE_NEW_ONLY="true", TALLY_GATE_FAIL_ON="note")
    gate(1, **live, TALLY_GATE_FAIL_ON="note")
    revision = json.loads((folder / "tally-reports/tally.json").read_text())["revision"]
    gate(0, TALLY_GATE_BASELINE=str(revision), TALLY_GATE_FAIL_ON="note")


def test_it_tells_unknown_from_no_answer(gate, folder, server):
    empty = client.new_id("ci")
    tally("system", "create", empty, server=server, check=0)
    assert "the wait of 300ms is over" in gate(3, TALLY_SYSTEM=empty, TALLY_GATE_WAIT="300ms").stderr
    assert json.loads((folder / "tally-reports/tally.json").read_text())["verdict"] == "unknown"
    gate(2, TALLY_SERVER=f"127.0.0.1:{free_port()}")
    # Nobody takes the reports of an earlier run for those of this one.
    assert not list((folder / "tally-reports").iterdir())


@pytest.mark.parametrize(
    "variables, said",
    [
        ({"TALLY_GATE_NEW_ONLY": "yes"}, 'TALLY_GATE_NEW_ONLY: "yes" is not true or false'),
        ({"TALLY_GATE_FAIL_ON": "eror"}, "did you mean error?"),
        ({"TALLY_GATE_WITH": "nothing/*.yaml"}, "nothing/*.yaml: No such file or directory"),
        ({"TALLY_PROGRAM": "no-such-tally"}, "there is no program no-such-tally here"),
        ({"TALLY_SYSTEM": ""}, "which system?"),
    ],
)
def test_a_wrong_setting_ends_with_2(gate, variables, said):
    assert said in gate(2, **variables).stderr


def test_an_install_brings_what_the_job_needs(tmp_path):
    command = ["cmake", "--install", places.BINARY_DIR, "--component", "command", "--prefix", tmp_path]
    subprocess.run(command, check=True, capture_output=True)
    assert (tmp_path / "bin/tally-gate").read_bytes() == GATE.read_bytes()
    assert (tmp_path / "bin/tally-gate").stat().st_mode & 0o111 and (tmp_path / "share/tally/gitlab.yml").exists()


def test_shellcheck_has_nothing_to_say():
    if not shutil.which("shellcheck"):
        pytest.skip("shellcheck is not here: deploy/packages test brings it")
    done = subprocess.run(["shellcheck", GATE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_head_names_every_setting():
    text = GATE.read_text()
    head = text[: text.index("set -eu")]
    assert set(re.findall(r"\bTALLY_[A-Z_]+", text)) == set(re.findall(r"\bTALLY_[A-Z_]+", head))


# GitHub Actions


def expand(text, inputs):
    """What GitHub does with ${{ inputs.NAME }}."""
    return re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: inputs[found[1]], text)


class Github:
    """Runs the composite action's one step as a runner does."""

    def __init__(self, server, system, folder):
        self.server, self.system, self.folder = server, system, folder

    def run(self, code, **given):
        given = {name.replace("_", "-").strip("-"): value for name, value in given.items()}
        inputs = {name: str(about.get("default", "")) for name, about in ACTION["inputs"].items()}
        inputs |= {"server": self.server.address, "system": self.system, **given}
        (step,) = ACTION["runs"]["steps"]
        script, output, summary = (self.folder / f".{name}" for name in ("script", "output", "summary"))
        script.write_text(step["run"])
        output.write_text("")
        summary.write_text("")
        variables = {name: expand(value, inputs) for name, value in step["env"].items()}
        variables |= {"GITHUB_ACTIONS": "true", "GITHUB_ACTION_PATH": str(CI), "CI": "true"}
        variables |= {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
        done = ends(start([step["shell"], "-e", script], self.folder, **variables), code)
        told = dict(line.split("=", 1) for line in output.read_text().splitlines())
        outputs = {
            name: told[re.fullmatch(r"\$\{\{ steps\.gate\.outputs\.([a-z-]+) \}\}", about["value"])[1]]
            for name, about in ACTION["outputs"].items()
        }
        return done.stdout, outputs, summary.read_text()


@pytest.fixture
def github(server, system, folder):
    return Github(server, system, folder)


def test_the_action_is_whole():
    (step,) = ACTION["runs"]["steps"]
    assert ACTION["runs"]["using"] == "composite" and step["id"] == "gate"
    used = re.findall(r"inputs\.([a-z-]+)", " ".join(step["env"].values()))
    assert sorted(used) == sorted(ACTION["inputs"]) and "${{" not in step["run"]
    assert all(about.get("required") or "default" in about for about in ACTION["inputs"].values())
    assert all(about["description"] for about in [*ACTION["inputs"].values(), *ACTION["outputs"].values()])
    known = set(re.findall(r"^#   (TALLY_[A-Z_]+) ", GATE.read_text(), re.MULTILINE))
    assert set(step["env"]) == known


def test_the_action_lets_through(github):
    said, outputs, summary = github.run(0, environment="live")
    assert (outputs["verdict"], outputs["exit-code"], outputs["reports"]) == ("allowed", "0", "tally-reports")
    assert int(outputs["revision"]) > 0 and "is ALLOWED at revision" in summary
    assert all(line.startswith("::") for line in said.splitlines())


def test_the_action_blocks_with_annotations_and_a_summary(github, system):
    said, outputs, summary = github.run(1, with_="parts/*.yaml", new_only="true")
    assert (outputs["verdict"], outputs["exit-code"]) == ("blocked", "1")
    (error,) = [line for line in said.splitlines() if line.startswith("::error ")]
    assert RULE in error and "Whose move it is" in error
    assert summary.startswith(f"<!-- tally {system}  -->") and "**To be mended: 1**" in summary


def test_the_action_may_only_look(github):
    _, outputs, _ = github.run(0, with_="parts/*.yaml", dry_run="true")
    assert (outputs["verdict"], outputs["exit-code"]) == ("blocked", "0")


def test_the_action_fails_without_an_answer(github):
    _, outputs, summary = github.run(2, server=f"127.0.0.1:{free_port()}")
    assert outputs == {"verdict": "failed", "revision": "", "exit-code": "2", "reports": "tally-reports"}
    assert summary == ""


def test_what_an_input_says_is_never_run(github, folder):
    github.run(2, fail_on='"; touch stolen; "')
    github.run(2, with_="$(touch stolen)\n`touch stolen`; touch stolen")
    assert not (folder / "stolen").exists()


# GitLab


@pytest.fixture
def gitlab(server, system, folder):
    job = GITLAB[".tally-gate"]

    def run(code, **variables):
        script = folder / ".script"
        script.write_text("\n".join(job["script"]) + "\n")
        variables = {**job["variables"], "TALLY_SERVER": server.address, "TALLY_SYSTEM": system, **variables}
        variables |= {"CI": "true", "GITLAB_CI": "true", "CI_PROJECT_DIR": str(folder), "CI_JOB_ID": "7"}
        variables["PATH"] = f"{places.TALLY.parent}:{CI}:/usr/bin:/bin"
        return ends(start(["sh", "-e", script], folder, **variables), code)

    return run


def test_the_job_leaves_the_reports_that_it_names(gitlab, folder):
    assert "BLOCKED" in gitlab(1, TALLY_GATE_WITH="parts/*.yaml").stdout
    artifacts = GITLAB[".tally-gate"]["artifacts"]
    assert artifacts["when"] == "always" and all((folder / path).is_dir() for path in artifacts["paths"])
    assert len(xml.etree.ElementTree.parse(folder / artifacts["reports"]["junit"]).findall(".//failure")) == 1
    entries = json.loads((folder / artifacts["reports"]["codequality"]).read_text())
    assert [entry["check_name"] for entry in entries if entry["severity"] == "blocker"] == [RULE]
    gitlab(0)
    gitlab(2, TALLY_GATE_FAIL_ON="eror")


def test_the_job_knows_only_settings_that_there_are():
    known = set(re.findall(r"^#   (TALLY_[A-Z_]+) ", GATE.read_text(), re.MULTILINE))
    named = set(re.findall(r"\bTALLY_[A-Z_]+", (CI / "gitlab.yml").read_text()))
    assert named <= known and pathlib.Path(GATE).stat().st_mode & 0o111
