"""The gate's options, through the command line: what if, what runs, what is new, whose it is, and waiting."""

import json
import pathlib
import re
import subprocess
import time

import client
import places
import pytest
from tallyd import Tallyd, free_port, tally

RULE = "environment.framework-unsupported"
REST = ["SystemContext", "RawData", "DataPipeline", "TrainingData", "ProductionData"]


def document(kind, spec, name="default", system=None):
    metadata = {"name": name, **({"system": system} if system else {})}
    return json.dumps({"apiVersion": "tally/v1", "kind": kind, "metadata": metadata, "spec": spec}) + "\n---\n"


def model(*frameworks, **more):
    return document("TrainedModel", {"ml_frameworks": frameworks}, **more)


def offer(*frameworks):
    return document("DevelopmentEnvironment", {"ml_frameworks": frameworks})


@pytest.fixture
def system(server):
    """All kinds are there and say little, the environment is named live, nothing blocks."""
    made = client.new_id("gate")
    tally("system", "create", made, server=server, check=0)
    rest = "".join(document(kind, {}) for kind in REST) + document("ProductionEnvironment", {}, name="live")
    push(server, made, rest, model("Keras"), offer("Keras"))
    tally("verdict", made, server=server, check=0)
    return made


@pytest.fixture
def write(tmp_path):
    def made(text, name="model.yaml"):
        (tmp_path / name).write_text(text)
        return tmp_path / name

    return made


def push(server, system, *texts):
    done = tally("push", "-", "--system", system, "--output", "json", server=server, text="".join(texts), check=0)
    return json.loads(done.stdout)


def verdict(server, system, *more, check):
    return tally("verdict", system, *more, server=server, check=check)


def told(server, system, *more, check):
    return json.loads(verdict(server, system, *more, "--output", "json", check=check).stdout)


def rules(findings):
    return [finding["rule"] for finding in findings]


def test_what_is_not_pushed_is_judged_and_not_stored(server, system, write):
    broken = write(model("JAX"))
    before = told(server, system, check=0)
    done = verdict(server, system, "--with", broken, check=1)
    assert f"Judged: {broken} on top of the current versions" in done.stdout
    assert "Would open" in done.stdout and RULE in done.stdout
    said = told(server, system, "--with", broken, check=1)
    (finding,) = [one for one in said["findings"] if one["rule"] == RULE]
    assert said["verdict"] == "blocked" and said["blocking"] == [finding["id"]]
    assert RULE in rules(said["opened"]) and RULE not in rules(said["resolved"])
    # Both sides with versions, fields and values; the team; the remedy; what passed last.
    places_ = {(one["kind"], one["version"]): one for one in finding["descriptors"]}
    assert "JAX" in places_["trained_model", 2]["value"] and "field" in places_["development_environment", 1]
    assert finding["teams"] and finding["remedy"]
    assert {"kind": "trained_model", "name": "default", "version": 1} in finding["last_passed"]
    for words in ("trained_model/default@2: ml_frameworks", "Whose move it is:", "What to do:", "Last passed with: "):
        assert words in done.stdout
    assert told(server, system, check=0) == before


def calls(server):
    return re.findall(r"/tally\.v1\.\w+/(\w+)", server.log.read_text())


def test_an_answer_without_more_options_is_one_call(server, system, write):
    def told_of(*arguments):
        before = len(calls(server))
        verdict(server, system, *arguments, check=0)
        time.sleep(0.2)
        return calls(server)[before:]

    assert told_of() == told_of("--environment", "live") == told_of("--output", "json") == ["GetVerdict"]
    assert told_of("--wait", "5s") == ["GetVerdict"]
    assert told_of("--fail-on", "error") == ["Evaluate"] == told_of("--with", write(model("Keras")))


def test_what_would_mend_it_says_so(server, system, write):
    push(server, system, model("JAX"))
    verdict(server, system, check=1)
    done = verdict(server, system, "--with", write(offer("JAX")), check=0)
    assert "ALLOWED" in done.stdout and "Would be resolved" in done.stdout and RULE in done.stdout


def test_a_push_says_the_same_as_what_if(server, system, write):
    broken = write(model("JAX") + offer("Keras"))
    said = told(server, system, "--with", broken, check=1)
    pushed = push(server, system, broken.read_text())
    assert said["blocking"] == pushed["blocking"] and said["errors"] == pushed["errors"]
    assert sorted(rules(said["opened"])) == sorted(rules(pushed["opened"]))


def test_the_documents_may_say_which_system_it_is(server, system, write):
    broken = write(model("JAX", system=system))
    assert tally("verdict", "--with", broken, server=server, check=1).stdout.startswith(f"{system}: BLOCKED")
    done = verdict(server, "other", "--with", broken, check=2)
    assert f"{broken}:1: metadata.system: is {system}, but the question is about other" in done.stderr


def test_a_refused_document_is_named_by_file_and_line(server, system, write):
    bad = write(document("Waiver", {"rule": RULE, "waived_by": "ann", "expire_time": "2040-01-01T00:00:00Z"}, "w"))
    assert f"{bad}:1: waiver.reason" in verdict(server, system, "--with", bad, check=2).stderr
    lines = "spec:\n  rule: no.such\n  reason: r\n  waived_by: ann\n  expire_time: 2020-01-01\n"
    bad = write("apiVersion: tally/v1\nkind: Waiver\n" + lines)
    said = verdict(server, system, "--with", bad, check=2).stderr
    assert said.startswith(f'tally: {bad}:4: waiver.rule: there is no rule "no.such"')
    assert f"\n  {bad}:7: waiver.expire_time: must be later than now" in said
    assert said.count("waiver.rule") == said.count("waiver.expire_time") == 1 and "descriptors[" not in said


def test_a_refused_deployment_that_no_file_holds_is_named_without_one(server, system):
    note = ["--environment", "live", "--note", "x" * 2001]
    done = tally("record-deployment", system, *note, server=server, check=2)
    assert done.stderr.startswith("tally: deployment.note: has 2001 bytes")


def test_chosen_versions_are_judged(server, system):
    push(server, system, model("JAX"))
    verdict(server, system, check=1)
    assert "trained_model@1 on top of" in verdict(server, system, "--use", "trained_model@1", check=0).stdout
    verdict(server, system, "--use", "trained_model@2", check=1)
    done = verdict(server, system, "--use", "trained_model@7", check=2)
    assert "VERSION_NOT_FOUND" in done.stderr


def test_what_runs_is_judged_together_with_the_candidate(server, system, write):
    live = ["--to-environment", "live"]
    done = verdict(server, system, *live, "--running", check=2)
    assert "DEPLOYMENT_NOT_FOUND" in done.stderr and "tally record-deployment" in done.stderr
    tally("record-deployment", "--system", system, *live, server=server, check=0)
    push(server, system, model("JAX"), offer("JAX"))
    verdict(server, system, *live, check=0)
    verdict(server, system, *live, "--running", check=0)
    # The new model alone breaks where the old environment runs.
    done = verdict(server, system, *live, "--running", "--use", "trained_model@2", check=1)
    assert "Judged: trained_model@2 on top of what runs in live" in done.stdout
    verdict(server, system, *live, "--running", "--use", "trained_model@2,development_environment@2", check=0)
    verdict(server, system, *live, "--running", "--with", write(model("PyTorch")), check=1)


def test_only_what_is_new_against_what_runs_counts(server, system):
    live = ["--to-environment", "live"]
    push(server, system, model("JAX"))
    done = verdict(server, system, *live, "--new-only", check=1)
    assert f"nothing is recorded to run in live of {system}: every finding counts as new" in done.stderr
    tally("record-deployment", "--system", system, *live, server=server, check=0)
    verdict(server, system, *live, check=1)
    said = told(server, system, *live, "--new-only", check=0)
    assert said["verdict"] == "allowed" and said["errors"] == 1 and said["blocking"] == [] and said["opened"] == []
    push(server, system, model("JAX", "Theano"))
    said = told(server, system, *live, "--new-only", check=1)
    assert [one["subject"] for one in said["opened"] if one["id"] in said["blocking"]] == ["Theano"]
    tally("record-undeployment", "--system", system, *live, server=server, check=0)
    assert len(told(server, system, *live, "--new-only", check=1)["blocking"]) == 2


def test_only_what_is_new_against_a_revision_counts(server, system):
    revision = push(server, system, model("JAX"))["revision"]
    verdict(server, system, "--baseline", revision, check=0)
    verdict(server, system, "--baseline", revision - 1, check=1)
    done = verdict(server, system, "--baseline", revision + 1, check=2)
    assert f"there is no revision {revision + 1} yet; the newest one is {revision} " in done.stderr
    assert not any(word in done.stderr for word in ("as_of_revision", "baseline_revision", "min_revision"))
    sarif = json.loads(verdict(server, system, "--baseline", revision, "--output", "sarif", check=0).stdout)
    states = {one["ruleId"]: one["baselineState"] for one in sarif["runs"][0]["results"]}
    assert states[RULE] == "unchanged"


def test_only_what_is_new_in_the_documents_counts(server, system, write):
    push(server, system, model("JAX"))
    verdict(server, system, "--with", write(offer("Keras", "PyTorch")), check=1)
    verdict(server, system, "--with", write(offer("Keras", "PyTorch")), "--new-only", check=0)
    verdict(server, system, "--with", write(model("JAX", "Theano")), "--new-only", check=1)


def test_what_was_waived_before_is_new_without_its_waiver(server, system):
    push(server, system, model("JAX"))
    why = ["--reason", "known", "--until", "30d", "--by", "ann", "--name", "w"]
    tally("waive", "--rule", RULE, "--system", system, *why, server=server, check=0)
    revision = told(server, system, check=0)["revision"]
    verdict(server, system, "--baseline", revision, check=0)
    tally("delete", "waiver/w", "--system", system, server=server, check=0)
    verdict(server, system, "--baseline", revision, check=1)


def test_the_help_says_against_what_new_is_new():
    said = " ".join(tally("verdict", "--help", check=0).stdout.split())
    assert "where nothing is, every finding is new" in said and "with --with or --use" in said


def test_kinds_that_were_missing_before_do_not_count_as_new(server, write):
    system = client.new_id("gate")
    tally("system", "create", system, server=server, check=0)
    revision = push(server, system, offer("Keras"))["revision"]
    said = told(server, system, check=3)
    assert "trained_model" in said["needed_kinds"]
    verdict(server, system, "--fail-on", "error", check=3)
    said = told(server, system, "--baseline", revision, check=0)
    assert said["needed_kinds"] == [] and "trained_model" in said["missing_kinds"]


def test_only_what_a_team_owes_counts(server, system):
    push(server, system, model("JAX"))
    said = told(server, system, "--fail-on", "error", check=1)
    (finding,) = [one for one in said["findings"] if one["id"] in said["blocking"]]
    others = sorted({"data-owners", "data-scientists", "operations", "software-engineers"} - set(finding["teams"]))
    assert others
    owed = told(server, system, "--team", finding["teams"][0], check=1)
    assert owed["blocking"] == said["blocking"] and owed["errors"] == 1
    said = told(server, system, "--team", others[0], check=0)
    assert said["errors"] == 0 and all(others[0] in one["teams"] for one in said["findings"])


def test_warnings_block_where_that_is_asked(server, system):
    said = told(server, system, "--fail-on", "error", check=0)
    graver = [one for one in said["findings"] if one["severity"] != "note"]
    assert told(server, system, "--fail-on", "warning", check=1 if graver else 0)["verdict"] != "unknown"
    said = told(server, system, "--fail-on", "note", check=1)
    assert len(said["blocking"]) == len(said["findings"]) > 0
    done = verdict(server, system, "--fail-on", "note", check=1)
    assert "warnings and notes block too" in done.stdout


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["--running"], "--running: in which environment?"),
        (["--new-only"], "--new-only: against what?"),
        (["--use", "trained_model"], 'names no version'),
        (["--use", "traned_model@1"], "did you mean trained_model?"),
        (["--with", "not-there.yaml"], "not-there.yaml: No such file"),
        (["--report", "sarif"], "is not FORMAT=FILE"),
        (["--report", "text=x"], "is not FORMAT=FILE"),
        (["--fail-on", "eror"], "did you mean error?"),
        (["--team", "ops"], "is not project-owners"),
        (["--wait", "soon"], "is not a time"),
        (["--environment", "nowhere", "--fail-on", "error"], "ENVIRONMENT_NOT_FOUND"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_ends_with_2(server, system, arguments, said):
    done = verdict(server, system, *arguments, check=2)
    assert said in done.stderr and done.stdout == ""


def test_a_dry_run_ends_with_0(server, system, write):
    for arguments, code in ((["--with", write(model("JAX"))], 1), (["--running"], 2), (["--use", "raw_data@9"], 2)):
        done = verdict(server, system, *arguments, "--dry-run", check=0)
        assert f"dry run: ends with 0 instead of {code}" in done.stderr


def test_without_a_server_it_ends_with_2(write):
    away = ["--server", f"127.0.0.1:{free_port()}"]
    for more in (["--with", write(model("JAX"))], ["--fail-on", "note"], ["--wait", "1s"], ["--output", "sarif"]):
        assert "cannot reach a Tally server" in tally("verdict", "x", *more, *away, check=2).stderr


@pytest.mark.parametrize("more", [[], ["--fail-on", "error"]])
def test_a_wait_that_is_over_ends_with_3(server, more):
    system = client.new_id("gate")
    tally("system", "create", system, server=server, check=0)
    begun = time.monotonic()
    done = verdict(server, system, "--wait", "1s", *more, check=3)
    assert 0.7 < time.monotonic() - begun < 5 * places.SLOW
    assert "the wait of 1s is over, and the answer is still unknown" in done.stderr
    assert done.stdout.startswith(f"{system}: UNKNOWN") and "Needed before the answer can be yes:" in done.stdout
    assert told(server, system, "--wait", "300ms", *more, check=3)["verdict"] == "unknown"


@pytest.mark.parametrize("more", [[], ["--fail-on", "error"], ["--team", "data-scientists"]])
def test_a_wait_ends_when_the_answer_is_known(server, more):
    system = client.new_id("gate")
    tally("system", "create", system, server=server, check=0)
    command = [places.TALLY, "verdict", system, "--wait", "60s", *more, "--server", server.address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=places.environment()) as waiting:
        time.sleep(0.5)
        push(server, system, document("RawData", {}))
        time.sleep(0.5)
        assert waiting.poll() is None
        push(server, system, model("JAX"), offer("Keras"))
        begun = time.monotonic()
        out, _ = waiting.communicate(timeout=60)
        assert time.monotonic() - begun < 10 * places.SLOW
    assert waiting.returncode == 1 and RULE in out


def test_one_answer_goes_into_several_files(server, system, write, tmp_path):
    formats = ["json", "sarif", "junit", "github", "gitlab", "markdown"]
    reports = [word for name in formats for word in ("--report", f"{name}={tmp_path}/{name}, too")]
    done = verdict(server, system, "--with", write(model("JAX")), *reports, "--output", "markdown", check=1)
    files = {name: pathlib.Path(f"{tmp_path}/{name}, too").read_text() for name in formats}
    assert files["markdown"] == done.stdout and "is BLOCKED at revision" in done.stdout
    (blocking,) = json.loads(files["json"])["blocking"]
    assert all(blocking in files[name] for name in formats if name != "markdown")
    failed = verdict(server, system, "--report", f"sarif={tmp_path}/no/where", check=2)
    assert "No such file or directory" in failed.stderr


LIVE = ["--environment", "live"]


def record(server, system, *more, check=0):
    return tally("record-deployment", "--system", system, *more, server=server, check=check)


def runs(server, system):
    done = tally("deployments", system, "--output", "json", server=server, check=0)
    return {one["environment"]: one["runs"] for one in json.loads(done.stdout)["deployments"]}


def test_what_is_current_is_recorded_and_listed(server, system):
    other = document("ProductionEnvironment", {}, name="other")
    push(server, system, model("JAX"), offer("JAX"), other)
    assert "nothing of" in tally("deployments", system, server=server, check=0).stderr
    done = record(server, system, *LIVE, "--note", "release 7")
    assert "deployment/live" in done.stdout and "first version" in done.stdout
    (environment, there), = runs(server, system).items()
    assert environment == "live" and "production_environment/live@1" in there
    assert "trained_model@2" in there and "development_environment@2" in there and "raw_data@1" in there
    assert not any(one.startswith("production_environment/other") for one in there)
    assert "release 7" in tally("deployments", system, server=server, check=0).stdout


def test_a_roll_back_is_recorded_with_the_words_of_the_verdict(server, system):
    push(server, system, model("JAX"), offer("JAX"))
    record(server, system, *LIVE)
    push(server, system, model("PyTorch"), offer("PyTorch"))
    chosen = [*LIVE, "--running", "--use", "development_environment@1,trained_model@1"]
    verdict(server, system, *chosen, check=0)
    record(server, system, *chosen)
    assert {"trained_model@1", "development_environment@1"} <= set(runs(server, system)["live"])
    record(server, system, *LIVE, "--use", "trained_model@2")
    assert {"trained_model@2", "development_environment@3"} <= set(runs(server, system)["live"])


def test_what_was_not_judged_is_not_recorded(server, system):
    judged = told(server, system, check=0)["revision"]
    push(server, system, model("JAX"))
    done = record(server, system, *LIVE, "--judged", judged, check=2)
    assert f"trained_model/default is at version 2 since revision {judged + 1}" in done.stderr
    assert runs(server, system) == {}
    record(server, system, *LIVE, "--judged", judged + 1)


def test_a_deployment_ends(server, system):
    record(server, system, *LIVE)
    done = tally("record-undeployment", system, *LIVE, "--note", "moved", server=server, check=0)
    assert "deleted deployment/live" in done.stdout and runs(server, system) == {}
    tally("record-undeployment", system, *LIVE, server=server, check=2)


@pytest.mark.parametrize(
    "arguments, said",
    [
        ([], "in which environment?"),
        (["-e", "No Name"], "is not the name of a production environment"),
        (["-e", "nowhere"], "has no production environment nowhere"),
        (["-e", "live", "--use", "trained_model"], "is not KIND[/NAME]@VERSION"),
        (["-e", "live", "--use", "trained_model@9"], "the last version of trainedModels/default is 1"),
        (["-e", "live", "--running"], "DESCRIPTOR_NOT_FOUND"),
        (["-e", "live", "--running", "--judged", "1"], "--judged is about the current versions"),
    ],
)
def test_what_cannot_be_recorded_ends_with_2(server, system, arguments, said):
    assert said in record(server, system, *arguments, check=2).stderr
    assert runs(server, system) == {}


def test_a_policy_or_a_waiver_is_tried_before_it_is_pushed(server, system, write):
    push(server, system, model("JAX"))
    verdict(server, system, check=1)
    verdict(server, system, "--with", write(document("Policy", {"rules": [{"rule": RULE, "severity": "note"}]})), check=0)
    spec = {"rule": RULE, "reason": "known", "waived_by": "ann", "expire_time": "2040-01-01T00:00:00Z"}
    said = told(server, system, "--with", write(document("Waiver", spec, "w")), check=0)
    assert said["waived"] == 1
    verdict(server, system, check=1)


@pytest.fixture(scope="module")
def narrow():
    """A server whose answers have little room."""
    made = Tallyd("--max-message", "64KiB")
    try:
        yield made.start()
    finally:
        made.free()


def test_what_does_not_fit_into_an_answer_is_never_a_yes(narrow):
    system = client.new_id("gate")
    tally("system", "create", system, server=narrow, check=0)
    many = [f"framework-{number}" for number in range(300)]
    parts = "".join(document(kind, {}) for kind in REST) + document("ProductionEnvironment", {"computing_resources": {"cpu": 1}})
    push(narrow, system, parts, model(*many), offer("Keras"))
    said = told(narrow, system, "--fail-on", "error", check=1)
    assert said["errors"] == 300 > len(said["blocking"]) > 0 and said["omitted_findings"] > 0
    # Of a team that owes none of those which are told.
    done = verdict(narrow, system, "--team", "project-owners", check=3)
    assert "findings are not shown: more than fit into one answer" in done.stderr
    why = ["--reason", "known", "--until", "30d", "--by", "ann"]
    tally("waive", "--rule", RULE, "--system", system, *why, server=narrow, check=0)
    verdict(narrow, system, "--fail-on", "error", check=0)
    verdict(narrow, system, "--team", "project-owners", check=0)
    # Something blocks, behind hundreds of findings that do not.
    text = json.loads(model(*many).split("\n---")[0])
    text["spec"]["computing_resource_reqs"] = {"cpu": 64}
    push(narrow, system, json.dumps(text))
    verdict(narrow, system, check=1)
    said = told(narrow, system, "--fail-on", "error", check=1)
    assert said["errors"] == 1 and said["blocking"] == []
