"""The command line, as people and CI use it."""

import itertools
import json
import os
import pty
import re
import signal
import shutil
import subprocess
import time

import pytest

import places
from tallyd import free_port, tally

KINDS = [
    "system_context",
    "raw_data",
    "data_pipeline",
    "training_data",
    "trained_model",
    "development_environment",
    "production_environment",
    "production_data",
]

COMMANDS = [
    "system create",
    "system list",
    "system delete",
    "init",
    "push",
    "import",
    "import auto",
    "import sei",
    "profile",
    "verdict",
    "can-i-deploy",
    "findings",
    "record-deployment",
    "record-undeployment",
    "deployments",
    "matrix",
    "policy preview",
    "watch",
    "list",
    "get",
    "history",
    "diff",
    "delete",
    "rules",
    "explain",
    "impact",
    "completion",
]

FINDING = {
    "id": str,
    "rule": str,
    "class": str,
    "severity": str,
    "subject": str,
    "message": str,
    "rationale": str,
    "remedy": str,
    "descriptors": list,
    "teams": list,
    "evidence": dict,
    "waived": bool,
    "opened_revision": int,
    "opened_at": str,
}

MODEL = """
apiVersion: tally/v1
kind: TrainedModel
metadata: {system: %(system)s}
spec:
  model_name: scorer
  computing_resource_reqs: {cpu: %(cpu)s, memory: 4, gpu: 0, storage: 10}
"""

ENVIRONMENT = """
apiVersion: tally/v1
kind: ProductionEnvironment
metadata: {system: %(system)s, name: %(name)s}
spec:
  deployment_platform: kubernetes
  computing_resources: {cpu: 2, memory: 8, gpu: 0, storage: 20}
"""

numbers = itertools.count(1)


@pytest.fixture
def system(server):
    name = f"cli-{next(numbers)}"
    tally("system", "create", name, server=server, check=0)
    return name


def model(system, cpu=1):
    return MODEL % {"system": system, "cpu": cpu}


def environment(system, name="default"):
    return ENVIRONMENT % {"system": system, "name": name}


def push(server, text, *arguments, check=0):
    return tally("push", "-", *arguments, server=server, text=text, check=check)


def answer(server, *arguments, **more):
    return json.loads(tally(*arguments, "--output", "json", server=server, check=0, **more).stdout)


def push_all_kinds(server, system):
    text = "".join(tally("init", kind, "--system", system, check=0).stdout + "\n---\n" for kind in KINDS)
    return answer(server, "push", "-", text=text)


# help, usage, completion


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help_with_an_example(command):
    done = tally(*command.split(), "--help", check=0)
    assert "Example:" in done.stdout
    assert "Usage: tally" in done.stdout
    assert done.stderr == ""


def test_help_lists_every_command():
    listed = tally("--help", check=0).stdout
    assert all(command in listed for command in COMMANDS if command != "can-i-deploy")
    assert tally("help", check=0).stdout == listed


def test_version_is_one_line():
    assert re.fullmatch(r"tally \d+\.\d+\.\d+\n", tally("--version", check=0).stdout)


@pytest.mark.parametrize(
    "arguments, said",
    [
        ([], "Usage: tally COMMAND"),
        (["pusch"], 'did you mean "push"?'),
        (["system", "crate"], 'did you mean "system create"?'),
        (["findings", "x", "--severty", "error"], "did you mean --severity?"),
        (["findings", "x", "--severity", "eror"], "did you mean error?"),
        (["findings", "x", "--output", "xml"], '"xml" is not text, json, sarif, junit, github, gitlab or markdown'),
        (["list", "x", "--output", "sarif"], '"sarif" is not text or json'),
        (["findings", "x", "--kind", "traned_model"], "did you mean trained_model?"),
        (["verdict"], "which system?"),
        (["verdict", "a", "b"], "one argument too many"),
        (["verdict", "No-System"], "is not a system's id"),
        (["get", "trained_modle", "--system", "x"], "did you mean trained_model?"),
        (["get", "trained_model@0", "--system", "x"], "is not a version"),
        (["push"], "push needs FILE"),
        (["push", "not-there.yaml"], "not-there.yaml: No such file or directory"),
        (["verdict", "x", "--timeout", "soon"], "is not a time"),
        (["verdict", "x", "--server", "http://localhost:7443"], "is not a server's address"),
        (["verdict", "x", "--server", "localhost:99999"], "is not a server's address"),
        (["verdict", "x", "--server", "localhost:"], "is not a server's address"),
        (["watch", "--resume", "t", "--state"], "exclude each other"),
        (["completion", "tcsh"], "bash, zsh or fish"),
        (["init", "traned_model"], "did you mean trained_model?"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_right(arguments, said):
    done = tally(*arguments, check=2)
    assert said in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion_scripts_are_scripts(shell, tmp_path):
    script = tally("completion", shell, check=0).stdout
    assert all(f'"{command}"' in script for command in COMMANDS)
    if shell == "zsh" and not any(os.access(f"{folder}/zsh", os.X_OK) for folder in os.get_exec_path()):
        shell = "bash"  # both scripts keep to what the two shells share, but for the last lines
        script = script[: script.index("_tally() {")]
    file = tmp_path / "script"
    file.write_text(script)
    subprocess.run([shell, "-n", file], check=True)


@pytest.mark.skipif(not shutil.which("fish"), reason="there is no fish on this machine")
@pytest.mark.parametrize(
    "line, expected",
    [
        ("tally pu", {"push"}),
        ("tally import mlf", {"mlflow", "mlflow-run"}),
        ("tally import au", {"auto"}),
        ("tally import mlflow --st", {"--strict"}),
        ("tally findings --severity ", {"note", "warning", "error"}),
        ("tally --server localhost:1 expl", {"explain"}),
        ("tally init trai", {"training_data", "trained_model"}),
    ],
)
def test_fish_offers_what_fits(line, expected, tmp_path):
    script = tmp_path / "tally.fish"
    script.write_text(tally("completion", "fish", check=0).stdout)
    home = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run(
        ["fish", "--no-config", "-c", f"source {script}; complete -C '{line}'"], capture_output=True, text=True, check=True, env=home
    )
    assert done.stderr == ""
    assert {row.split("\t")[0] for row in done.stdout.splitlines()} == expected


# a server that is not there


@pytest.mark.parametrize(
    "arguments",
    [
        ["verdict", "x"],
        ["can-i-deploy", "x"],
        ["findings", "x"],
        ["system", "list"],
        ["system", "create", "x"],
        ["watch", "x"],
        ["rules"],
        ["list", "x"],
    ],
)
def test_without_a_server_everything_ends_with_2(arguments):
    address = f"127.0.0.1:{free_port()}"
    done = tally(*arguments, "--server", address, check=2)
    assert f"cannot reach a Tally server at {address}" in done.stderr
    assert "tallyd" in done.stderr
    assert done.stdout == ""


def test_a_dry_run_of_the_gate_always_ends_with_0():
    done = tally("verdict", "x", "--dry-run", "--server", f"127.0.0.1:{free_port()}", check=0)
    assert "dry run: ends with 0 instead of 2" in done.stderr


# systems


def test_a_system_is_created_listed_and_deleted(server):
    made = answer(
        server, "system", "create", "cli-life", "--display-name", "Life", "--owner-team", "ops", "--label", "a=b"
    )
    assert made["system"] == "cli-life" and made["revision"] == 1
    assert made["display_name"] == "Life" and made["owner_team"] == "ops" and made["labels"] == {"a": "b"}
    assert "cli-life" in [row["system"] for row in answer(server, "system", "list")["systems"]]
    table = tally("system", "list", server=server, check=0).stdout
    assert "SYSTEM" in table and "cli-life" in table
    tally("system", "delete", "cli-life", server=server, check=0)
    assert "cli-life" not in [row["system"] for row in answer(server, "system", "list")["systems"]]


def test_a_system_is_not_created_twice(server, system):
    done = tally("system", "create", system, server=server, check=2)
    assert "SYSTEM_EXISTS" in done.stderr


def test_the_same_request_id_gives_the_same_answer(server):
    request = "0b0e8ad5-6f2f-4a0f-9d3e-3a52a8a3f001"
    arguments = ["system", "create", "cli-twice", "--request-id", request]
    assert answer(server, *arguments) == answer(server, *arguments)


def test_a_missing_system_says_how_to_create_it(server):
    for arguments in (["verdict", "cli-none"], ["findings", "cli-none"], ["list", "cli-none"]):
        done = tally(*arguments, server=server, check=2)
        assert "tally system create cli-none" in done.stderr
    done = push(server, model("cli-none"), check=2)
    assert "tally system create cli-none" in done.stderr


# pushing and reading


def test_a_push_says_what_became_of_each_descriptor(server, system):
    first = answer(server, "push", "-", "--note", "begin", text=model(system) + "---" + environment(system, "eu"))
    assert (first["system"], first["revision"], first["unchanged"], first["dry_run"]) == (system, 2, False, False)
    assert [(d["kind"], d["name"], d["version"], d["unchanged"]) for d in first["descriptors"]] == [
        ("trained_model", "default", 1, False),
        ("production_environment", "eu", 1, False),
    ]
    assert first["verdict"] in ("allowed", "blocked", "unknown")
    assert first["opened"] and all_are_findings(first["opened"])
    again = answer(server, "push", "-", text=model(system))
    assert (again["revision"], again["unchanged"], again["descriptors"][0]["version"]) == (2, True, 1)
    assert again["opened"] == again["resolved"] == []
    text = push(server, model(system, cpu=2)).stdout
    assert re.search(r"trained_model\s+2\s+new version", text)
    assert f"{system} is at revision 3" in text


def test_a_dry_run_stores_nothing_and_says_so(server, system):
    done = push(server, model(system), "--dry-run")
    assert "dry run: nothing is stored" in done.stdout
    assert answer(server, "push", "-", "--dry-run", text=model(system))["dry_run"] is True
    assert answer(server, "list", system)["descriptors"] == []


def test_the_option_system_overrides_the_documents(server, system):
    pushed = answer(server, "push", "-", "--system", system, text=model("cli-elsewhere"))
    assert pushed["system"] == system


def test_documents_of_several_systems_go_to_each(server, system):
    other = f"{system}-b"
    tally("system", "create", other, server=server, check=0)
    done = push(server, model(system) + "---" + model(other))
    assert f"{system} is at revision 2" in done.stdout and f"{other} is at revision 2" in done.stdout


def test_several_files_are_one_revision(server, system, tmp_path):
    (tmp_path / "a.yaml").write_text(model(system))
    (tmp_path / "b.json").write_text(
        json.dumps(
            {"apiVersion": "tally/v1", "kind": "RawData", "metadata": {"system": system}, "spec": {"dataset_name": "d"}}
        )
    )
    pushed = answer(server, "push", tmp_path / "a.yaml", tmp_path / "b.json")
    assert pushed["revision"] == 2 and len(pushed["descriptors"]) == 2


@pytest.mark.parametrize(
    "text, place, said",
    [
        ("apiVersion: tally/v1\nkind: TrainedModel\nspec:\n  modl_name: x\n", ":4:3:", "model_name"),
        ("apiVersion: tally/v1\nkind: TrainedModle\nspec: {}\n", ":2:7:", "TrainedModel"),
        ("apiVersion: tally/v1\nkind: TrainedModel\nspec: [\n", ":4:", ""),
        ("apiVersion: tally/v1\nkind: TrainedModel\nspec:\n  ensemble: 12\n", ":4:13:", "ensemble"),
        ("apiVersion: tally/v1\nkind: TrainedModel\nspec:\n  inference_time: {time: .nan}\n", ":4:", "time"),
    ],
)
def test_a_bad_document_is_refused_with_file_line_and_column(server, system, tmp_path, text, place, said):
    file = tmp_path / "bad.yaml"
    file.write_text(text)
    done = tally("push", file, "--system", system, server=server, check=2)
    assert f"{file}{place}" in done.stderr and said in done.stderr
    assert answer(server, "list", system)["revision"] == 1


def test_a_document_without_a_system_is_named(tmp_path):
    (tmp_path / "with.yaml").write_text(model("known"))
    (tmp_path / "without.yaml").write_text("# ours\n\napiVersion: tally/v1\nkind: TrainedModel\nspec: {model_name: x}\n")
    done = tally("push", tmp_path / "with.yaml", tmp_path / "without.yaml", check=2)
    assert f"{tmp_path}/without.yaml:3: metadata.system is missing" in done.stderr and "--system" in done.stderr


def test_what_is_not_from_a_file_is_refused_without_a_line(server, system):
    waiver = ["--rule", "no.such", "--reason", "r", "--until", "2020-01-01", "--by", "b"]
    done = tally("waive", "--system", system, *waiver, server=server, check=2)
    assert "\n  waiver.expire_time: must be later than now" in done.stderr and "tally rules" in done.stderr


def test_a_host_that_is_not_there_is_said_without_the_resolver_s_story():
    done = tally("verdict", "x", "--server", "no-such-host.invalid:7443", check=2)
    assert "cannot reach a Tally server at no-such-host.invalid:7443: " in done.stderr
    assert "ARES" not in done.stderr and "qtype" not in done.stderr


def test_a_violation_of_the_server_names_file_and_line(server, system, tmp_path):
    file = tmp_path / "two.yaml"
    file.write_text(model(system).strip() + "\n---\n" + model(system, 2).strip() + "\n")
    done = tally("push", file, server=server, check=2)
    assert f"{file}:8: " in done.stderr


def test_what_get_prints_can_be_pushed_again(server, system):
    push(server, model(system))
    for output in ("yaml", "json"):
        printed = tally("get", "trained_model", "--system", system, "-o", output, server=server, check=0).stdout
        assert answer(server, "push", "-", text=printed)["unchanged"] is True
    document = answer(server, "get", "TrainedModel", "--system", system)
    assert document["kind"] == "TrainedModel" and document["spec"]["model_name"] == "scorer"
    assert document["status"]["version"] == 1


def test_versions_are_listed_read_and_compared(server, system):
    push(server, model(system, 1), "--note", "small")
    push(server, model(system, 8), "--note", "large")
    history = answer(server, "history", "trained_model", "--system", system)
    assert [(row["version"], row["change_note"]) for row in history["versions"]] == [(2, "large"), (1, "small")]
    assert "large" in tally("history", "trained_model", "--system", system, server=server, check=0).stdout
    old = answer(server, "get", "trained_model@1", "--system", system)
    assert old["spec"]["computing_resource_reqs"]["cpu"] == 1
    for arguments in (["trained_model"], ["trained_model@1"], ["trained_model@1", "@2"], ["trained_model@1", "2"]):
        diff = answer(server, "diff", *arguments, "--system", system)
        assert (diff["from"], diff["to"]) == (1, 2)
        assert diff["differences"] == [{"field": "computing_resource_reqs.cpu", "before": "1", "after": "8"}]
    text = tally("diff", "trained_model", "--system", system, server=server, check=0).stdout
    assert "- computing_resource_reqs.cpu: 1\n+ computing_resource_reqs.cpu: 8\n" in text
    done = tally("get", "trained_model@9", "--system", system, server=server, check=2)
    assert "VERSION_NOT_FOUND" in done.stderr


def test_two_environments_are_compared(server, system):
    push(server, environment(system, "eu") + "---" + environment(system, "us"))
    diff = answer(server, "diff", "production_environment/eu", "production_environment/us", "--system", system)
    assert diff["differences"] == []


def test_a_descriptor_is_listed_and_deleted(server, system):
    push(server, model(system) + "---" + environment(system, "eu"))
    listed = answer(server, "list", system)
    assert [(row["kind"], row["name"]) for row in listed["descriptors"]] == [
        ("trained_model", "default"),
        ("production_environment", "eu"),
    ]
    assert len(answer(server, "list", system, "--kind", "TrainedModel")["descriptors"]) == 1
    tally("delete", "production_environment/eu", "--system", system, "--dry-run", server=server, check=0)
    assert len(answer(server, "list", system)["descriptors"]) == 2
    done = tally("delete", "production_environment/eu", "--system", system, "--note", "gone", server=server, check=0)
    assert "Opened: 1 finding\n" in done.stdout and "completeness.descriptor-missing" in done.stdout
    assert len(answer(server, "list", system)["descriptors"]) == 1
    done = tally("get", "production_environment/eu", "--system", system, server=server, check=2)
    assert "DESCRIPTOR_NOT_FOUND" in done.stderr and f"tally list {system}" in done.stderr


def test_the_system_may_come_from_the_environment(server, system):
    push(server, model(system))
    more = {"TALLY_SERVER": server.address, "TALLY_SYSTEM": system}
    done = subprocess.run(
        [places.TALLY, "get", "trained_model"], capture_output=True, text=True, env=places.environment(**more), check=True
    )
    assert "model_name: scorer" in done.stdout


def test_a_unix_socket_is_a_server_too(server):
    done = tally("system", "list", "--server", server.socket, check=0)
    assert done.stderr == "" or "no systems yet" in done.stderr


# findings and the gate


def all_are_findings(findings):
    for finding in findings:
        assert list(finding)[: len(FINDING)] == list(FINDING)
        for key, kind in FINDING.items():
            assert isinstance(finding[key], kind), key
        assert finding["severity"] in ("error", "warning", "note")
        assert finding["rule"].startswith(finding["class"] + ".")
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", finding["opened_at"])
        for place in finding["descriptors"]:
            assert sorted(set(place) - {"value"}) == ["field", "kind", "name", "version"]
            assert place["kind"] in KINDS
    return True


def block(server, system):
    """All kinds are there, and the model wants more than the environment has."""
    push_all_kinds(server, system)
    return answer(server, "push", "-", text=model(system, cpu=64) + "---" + environment(system))


def test_findings_have_the_shape_that_is_promised(server, system):
    block(server, system)
    told = answer(server, "findings", system)
    assert list(told) == ["system", "revision", "verdict", "findings"]
    assert (told["system"], told["revision"], told["verdict"]) == (system, 3, "blocked")
    assert all_are_findings(told["findings"])
    order = ["error", "warning", "note"]
    keys = [(order.index(f["severity"]), f["rule"], f["subject"]) for f in told["findings"]]
    assert keys == sorted(keys)
    assert ("resources.production-insufficient", "cpu") in [(f["rule"], f["subject"]) for f in told["findings"]]


def test_findings_are_filtered(server, system):
    block(server, system)
    everything = answer(server, "findings", system)["findings"]
    filters = [
        (["--class", "resources"], lambda f: f["class"] == "resources"),
        (["--severity", "error"], lambda f: f["severity"] == "error"),
        (["--rule", "resources.production-insufficient"], lambda f: f["rule"] == "resources.production-insufficient"),
        (["--team", "operations"], lambda f: "operations" in f["teams"]),
        (["--kind", "raw_data"], lambda f: any(place["kind"] == "raw_data" for place in f["descriptors"])),
        (["--class", "resources,completeness"], lambda f: f["class"] in ("resources", "completeness")),
    ]
    for arguments, wanted in filters:
        expected = [f["id"] for f in everything if wanted(f)]
        assert [f["id"] for f in answer(server, "findings", system, *arguments)["findings"]] == expected


def test_findings_of_the_past_can_be_asked_for(server, system):
    block(server, system)
    push(server, model(system, cpu=1))
    arguments = ["--rule", "resources.production-insufficient"]
    assert answer(server, "findings", system, *arguments)["findings"] == []
    past = answer(server, "findings", system, *arguments, "--as-of", 3)
    assert past["revision"] == 3 and past["verdict"] is None and len(past["findings"]) == 1
    resolved = answer(server, "findings", system, *arguments, "--resolved")["findings"]
    assert [f["resolved_revision"] for f in resolved] == [4]


def test_findings_end_with_0_whatever_is_found(server, system):
    block(server, system)
    text = tally("findings", system, server=server, check=0).stdout
    assert "SEVERITY" in text and "resources.production-insufficient" in text and "BLOCKED" in text
    assert "\x1b[" not in text


@pytest.mark.parametrize("command", ["verdict", "can-i-deploy"])
def test_the_gate_ends_with_its_codes(server, system, command):
    assert tally(command, system, server=server, check=3).stdout.startswith(f"{system}: UNKNOWN")
    block(server, system)
    done = tally(command, system, server=server, check=1)
    assert "BLOCKED" in done.stdout and "resources.production-insufficient" in done.stdout
    told = json.loads(tally(command, system, "--output", "json", server=server, check=1).stdout)
    assert sorted(told) == [
        "blocking",
        "environment",
        "errors",
        "grace",
        "missing_kinds",
        "needed_kinds",
        "notes",
        "revision",
        "system",
        "verdict",
        "waived",
        "warnings",
    ]
    assert told["verdict"] == "blocked" and told["errors"] == len(told["blocking"]) > 0
    done = tally(command, system, "--dry-run", server=server, check=0)
    assert "dry run: ends with 0 instead of 1" in done.stderr


def test_the_gate_lets_a_system_without_errors_through(server, system):
    push_all_kinds(server, system)
    for finding in answer(server, "findings", system, "--severity", "error")["findings"]:
        pytest.fail(f"the templates do not fit together: {finding['rule']} {finding['subject']}")
    assert "ALLOWED" in tally("verdict", system, server=server, check=0).stdout


def test_the_gate_looks_at_one_environment(server, system):
    push_all_kinds(server, system)
    push(server, model(system, cpu=16) + "---" + environment(system, "small"))
    tally("verdict", system, "--environment", "small", server=server, check=1)
    tally("can-i-deploy", system, "--to-environment", "small", server=server, check=1)


def test_the_gate_waits_for_a_revision_and_gives_up_with_3(server, system):
    done = tally("verdict", system, "--min-revision", 1000, "--timeout", "300ms", server=server, check=3)
    assert "REVISION_NOT_REACHED" in done.stderr or "DEADLINE_EXCEEDED" in done.stderr
    assert "--timeout gives it more time" in done.stderr


# rules


def test_rules_are_listed_and_explained(server):
    rules = answer(server, "rules")["rules"]
    assert {"api.output-type", "completeness.descriptor-missing"} <= {rule["rule"] for rule in rules}
    assert all(rule["class"] == "api" for rule in answer(server, "rules", "--class", "api")["rules"])
    text = tally("explain", "api.output-type", server=server, check=0).stdout
    assert "Why it matters" in text and "What to do" in text
    assert answer(server, "explain", "api.output-type") in rules
    done = tally("explain", "api.output-typ", server=server, check=2)
    assert "did you mean api.output-type?" in done.stderr


# templates and imports


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_pushes_as_it_is(server, system, kind):
    template = tally("init", kind, "--system", system, check=0).stdout
    assert answer(server, "push", "-", text=template)["descriptors"][0]["kind"] == kind
    unnamed = tally("init", kind, check=0).stdout
    assert answer(server, "push", "-", "--system", system, text=unnamed)["unchanged"] is True


@pytest.mark.parametrize("kind", ["policy", "waiver", "deployment"])
def test_a_template_of_what_is_not_a_descriptor_pushes_as_it_is(server, system, kind):
    push_all_kinds(server, system)  # a deployment names a version that must be there
    template = tally("init", kind, "--system", system, check=0).stdout
    assert answer(server, "push", "-", text=template)["descriptors"][0]["kind"] == kind
    unnamed = tally("init", kind, check=0).stdout
    assert answer(server, "push", "-", "--system", system, text=unnamed)["unchanged"] is True


def test_a_document_takes_days_and_dates_as_people_write_them(server, system):
    text = (
        "apiVersion: tally/v1\nkind: Policy\nspec: {new_rule_grace: 14d}\n---\n"
        "apiVersion: tally/v1\nkind: Waiver\nmetadata: {name: w}\n"
        "spec: {rule: api.output-type, reason: r, waived_by: ann, expire_time: 2099-12-31}\n"
    )
    tally("push", "-", "--system", system, server=server, text=text, check=0)
    assert answer(server, "get", "policy", "--system", system)["spec"]["new_rule_grace"] == "1209600s"
    assert answer(server, "get", "waiver/w", "--system", system)["spec"]["expire_time"] == "2099-12-31T00:00:00Z"


def test_a_clock_has_no_template():
    assert "only the server writes it" in tally("init", "clock", check=2).stderr


SEI = {"version": "v1.2", "model_name": "scorer", "ml_frameworks": ["PyTorch"]}


def test_an_sei_document_is_imported(server, system, tmp_path):
    file = tmp_path / "trained_model.json"
    file.write_text(json.dumps(SEI))
    printed = tally("import", "sei", "--system", system, file, check=0).stdout
    assert "kind: TrainedModel" in printed and f"system: {system}" in printed
    document = json.loads(tally("import", "sei", "--system", system, file, "-o", "json", check=0).stdout)
    assert document["spec"]["ml_frameworks"] == ["PyTorch"]
    pushed = answer(server, "import", "sei", "--system", system, file, "--push", "--name", "second")
    assert pushed["descriptors"][0]["name"] == "second"
    assert answer(server, "push", "-", text=printed)["descriptors"][0]["name"] == "default"


def test_an_sei_document_needs_a_kind_when_its_name_tells_none(tmp_path):
    file = tmp_path / "x.json"
    file.write_text("[]")
    assert f"{file}:1:1" in tally("import", "sei", "--system", "x", file, check=2).stderr
    file.write_text(json.dumps(SEI))
    assert "TrainedModel" in tally("import", "sei", "--kind", "trained_model", "--system", "x", file, check=0).stdout


# the stream


class Watch:
    """A running `tally watch`."""

    def __init__(self, server, *arguments):
        command = [places.TALLY, "watch", *arguments, "--output", "json"]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=places.environment(TALLY_SERVER=server.address),
        )

    def next(self, wanted):
        """Reads until an object of this type."""
        for line in self.process.stdout:
            told = json.loads(line)
            if told["type"] == wanted:
                return told
        raise AssertionError(f"no {wanted}: {self.process.stderr.read()}")

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        return self.process.communicate(timeout=30 * places.SLOW)[1]


def test_watch_shows_the_state_then_changes_and_resumes_behind_its_token(server, system):
    push(server, model(system))
    watch = Watch(server, system, "--state")
    assert watch.next("finding_opened")["phase"] == "state"
    end = watch.next("end_of_state")
    assert end["token"]
    push(server, model(system, cpu=2))
    pushed = watch.next("descriptor_pushed")
    assert (pushed["system"], pushed["revision"], pushed["phase"]) == (system, 3, "live")
    assert (pushed["descriptor"]["kind"], pushed["descriptor"]["version"]) == ("trained_model", 2)
    err = watch.end()
    assert watch.process.returncode == 0
    token = re.search(r"--resume (\S+)", err).group(1)
    push(server, model(system, cpu=3))
    done = tally("watch", system, "--resume", token, "--count", 1, "-o", "json", server=server, check=0)
    first = next(event for event in map(json.loads, done.stdout.splitlines()) if "revision" in event)
    assert (first["revision"], first["type"]) == (4, "descriptor_pushed")
    done = tally("watch", system, "--resume", end["token"], "--count", 1, server=server, check=0)
    assert f"{system}@3" in done.stdout and "descriptor_pushed" in done.stdout


def test_watch_filters(server, system):
    watch = Watch(server, system, "--event", "verdict_changed", "--state")
    watch.next("end_of_state")
    block(server, system)
    assert watch.next("verdict_changed")["verdict"]["verdict"] in ("allowed", "blocked")
    watch.end(signal.SIGTERM)


def test_watch_ends_after_its_time(server, system):
    begin = time.monotonic()
    tally("watch", system, "--timeout", "500ms", server=server, check=0)
    assert 0.4 < time.monotonic() - begin < 20 * places.SLOW


def test_watch_fails_where_there_was_no_server_in_its_time():
    address = f"127.0.0.1:{free_port()}"
    done = tally("watch", "x", "--timeout", "1s", "--server", address, check=2)
    assert f"cannot reach a Tally server at {address}" in done.stderr


def test_a_forged_token_is_refused(server, system):
    done = tally("watch", system, "--resume", "bm90IGEgdG9rZW4", server=server, check=2)
    assert "RESUME_TOKEN_INVALID" in done.stderr


def test_watch_resumes_by_itself_when_the_server_comes_back(server, system):
    watch = Watch(server, system, "--state")
    watch.next("end_of_state")
    server.stop()
    server.start()
    push(server, model(system))
    assert watch.next("descriptor_pushed")["revision"] == 2
    err = watch.end()
    assert "connection lost" in err


# terminals


def run_on_terminal(server, *arguments, columns=60, **more):
    """Runs with a terminal of so many columns as standard output."""
    try:
        main, child = pty.openpty()
    except OSError:
        pytest.skip("there are no pseudo-terminals here: mount /dev/pts")
    import fcntl
    import struct
    import termios

    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [places.TALLY, *arguments],
        stdout=child,
        env=places.environment(TALLY_SERVER=server.address, TERM="xterm", **more),
    )
    os.close(child)
    out = b""
    while True:
        try:
            piece = os.read(main, 65536)
        except OSError:
            break
        if not piece:
            break
        out += piece
    os.close(main)
    process.wait(60)
    return out.decode()


def test_colours_and_widths_are_for_terminals_only(server, system):
    block(server, system)
    shown = run_on_terminal(server, "findings", system, "--severity", "error")
    assert "\x1b[1;31merror" in shown
    plain = run_on_terminal(server, "findings", system, "--severity", "error", NO_COLOR="1")
    assert "\x1b[" not in plain
    table = plain[: plain.index("finding")].splitlines() if "finding" in plain else plain.splitlines()
    assert all(len(line) <= 60 for line in table), max(table, key=len)
    narrow = run_on_terminal(server, "findings", system, "--severity", "error", columns=40, NO_COLOR="1")
    table = narrow.split(" at revision ")[0].splitlines()[:-1]
    assert all(len(line) <= 40 for line in table), max(table, key=len)
    assert "RULE      environment.framework-unsupported" in narrow or "RULE      resources." in narrow
    assert "\x1b[" not in run_on_terminal(server, "findings", system, "--no-color")
    reasons = [line for line in run_on_terminal(server, "verdict", system).splitlines() if line.startswith("    ")]
    assert len(reasons) > 4 and all(len(line) <= 60 for line in reasons if "\x1b[" not in line)


def test_a_result_that_cannot_be_written_is_a_failure(server):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [places.TALLY, "system", "list"], stdout=full, env=places.environment(TALLY_SERVER=server.address), check=False
        )
    assert done.returncode == 2
    with open("/dev/full", "w") as full:
        done = subprocess.run([places.TALLY, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2 and "cannot write to standard output" in done.stderr
