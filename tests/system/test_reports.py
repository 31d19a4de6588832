"""Findings in the formats that other programs read, held against those programs' own schemas."""

import json
import shutil
import subprocess
import xml.etree.ElementTree

import pytest

import client
import places
from tallyd import tally

MODULES = places.ROOT / "tests/lint/node_modules"
FORMATS = ["json", "sarif", "junit", "github", "gitlab", "markdown"]

# Microsoft's SARIF tool carries the schema of OASIS; it is read out of the program and given to ajv.
SARIF_TOOL = MODULES / "@microsoft/sarif-multitool-linux/Sarif.Multitool"
SARIF_TITLE = b"Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"
JUNIT_SCHEMA = MODULES / "jest-junit-reporter/src/__tests__/fixtures/junit.xsd"

AJV = """
const Ajv = require("ajv/dist/2020"), formats = require("ajv-formats"), fs = require("fs");
const ajv = new Ajv({strict: false, allErrors: true});
formats(ajv);
const check = ajv.compile(JSON.parse(fs.readFileSync(process.argv[1])));
if (!check(JSON.parse(fs.readFileSync(0)))) { console.log(JSON.stringify(check.errors, null, 1)); process.exit(1); }
"""


@pytest.fixture(scope="module", autouse=True)
def example(server):
    tally("system", "create", "parcel-eta", server=server, check=0)
    tally("push", *sorted((places.ROOT / "deploy/examples").glob("*.yaml")), server=server, check=0)


def report(server, output, *more):
    return tally("findings", "parcel-eta", "--output", output, *more, server=server, check=0).stdout


@pytest.fixture(scope="module")
def findings(server):
    return json.loads(report(server, "json"))["findings"]


@pytest.fixture(scope="module")
def sarif_schema(tmp_path_factory):
    if not SARIF_TOOL.exists() or not shutil.which("node"):
        pytest.skip("ajv and the schema are not here: npm --prefix tests/lint install --no-save brings them")
    program = SARIF_TOOL.read_bytes()
    at = program.rindex(b"{", 0, program.index(SARIF_TITLE))
    schema, _ = json.JSONDecoder().raw_decode(program[at : at + 1_000_000].decode("utf-8", "ignore"))
    path = tmp_path_factory.mktemp("sarif") / "schema.json"
    path.write_text(json.dumps(schema))
    return path


def ajv(schema, text):
    return subprocess.run(
        ["node", "-e", AJV, str(schema)],
        input=text, capture_output=True, text=True, check=False, cwd=MODULES.parent, timeout=60,
    )  # fmt: skip


def test_sarif_is_valid(server, sarif_schema):
    done = ajv(sarif_schema, report(server, "sarif"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_validator_refuses_what_is_not_sarif(server, sarif_schema):
    log = json.loads(report(server, "sarif"))
    log["runs"][0]["results"][0]["level"] = "catastrophe"
    assert ajv(sarif_schema, json.dumps(log)).returncode == 1


def test_sarif_says_what_the_findings_say(server, findings):
    run = json.loads(report(server, "sarif"))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [result["partialFingerprints"]["tallyFinding/v1"] for result in run["results"]] == [
        finding["id"] for finding in findings
    ]
    for result, finding in zip(run["results"], findings):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding["rule"]
        assert (result["level"], result["message"]["text"]) == (finding["severity"], finding["message"])
        assert result["locations"] and "suppressions" not in result


def test_junit_is_valid(server, tmp_path):
    if not shutil.which("xmllint") or not JUNIT_SCHEMA.exists():
        pytest.skip("xmllint or the schema is not here: tests/run installs both")
    path = tmp_path / "report.xml"
    path.write_text(report(server, "junit"))
    done = subprocess.run(
        ["xmllint", "--noout", "--nonet", "--schema", str(JUNIT_SCHEMA), str(path)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_junit_fails_for_errors_only_and_counts_rightly(server, findings):
    suite = xml.etree.ElementTree.fromstring(report(server, "junit")).find("testsuite")
    failed = [case for case in suite.iter("testcase") if case.find("failure") is not None]
    errors = [finding for finding in findings if finding["severity"] == "error"]
    assert len(failed) == int(suite.get("failures")) == len(errors) > 0
    assert len(list(suite.iter("testcase"))) == int(suite.get("tests"))
    for case, finding in zip(failed, errors):
        assert finding["id"] in case.get("name") and case.get("classname") == finding["rule"]
        assert finding["remedy"] in case.find("failure").text


def test_github_shows_at_most_ten_of_a_level_and_counts_the_rest(server, findings):
    lines = report(server, "github").splitlines()
    for level in ("error", "warning"):
        there = sum(finding["severity"] == level for finding in findings)
        assert sum(line.startswith(f"::{level} ") for line in lines) == min(there, 10)
    assert lines[-1].startswith("::notice title=tally::parcel-eta is BLOCKED at revision")
    assert all(line.startswith("::") for line in lines)


def test_gitlab_has_what_its_reader_needs(server, findings):
    entries = json.loads(report(server, "gitlab"))
    assert [entry["fingerprint"] for entry in entries] == [finding["id"] for finding in findings]
    for entry, finding in zip(entries, findings):
        assert entry["description"].startswith(finding["message"]) and entry["check_name"] == finding["rule"]
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert entry["location"]["path"] and entry["location"]["lines"]["begin"] >= 1


def test_markdown_begins_with_a_marker_that_stays(server):
    text = report(server, "markdown")
    assert text.startswith("<!-- tally parcel-eta  -->\n### Tally: parcel-eta is BLOCKED at revision")
    assert "**To be mended:" in text and "<details><summary>Also found:" in text
    assert len(text) < 65536


def test_what_a_peer_writes_breaks_no_format(server, sarif_schema):
    """Names with all that the formats treat as their own."""
    system = client.new_id("odd")
    odd = 'a"<b>&]]>|`c`\n::error::x%0A@everyone <!-- --> \u2028'
    document = {
        "apiVersion": "tally/v1",
        "kind": "TrainedModel",
        "metadata": {"system": system},
        "spec": {"output_spec": [{"item_name": odd, "item_type": odd}], "post_processing": True},
    }
    tally("system", "create", system, server=server, check=0)
    tally("push", "-", server=server, text=json.dumps(document), check=0)

    def show(output):
        return tally("findings", system, "--output", output, server=server, check=0).stdout

    ids = {finding["id"] for finding in json.loads(show("json"))["findings"]}
    assert ids
    assert ajv(sarif_schema, show("sarif")).returncode == 0
    xml.etree.ElementTree.fromstring(show("junit"))
    assert {entry["fingerprint"] for entry in json.loads(show("gitlab"))} == ids
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in show("github").splitlines())
    assert "<b>" not in show("markdown") and "@everyone" not in show("markdown")


ASKED = [[], ["--baseline", "2"], ["--fail-on", "note"], ["--team", "operations"], ["--use", "trained_model@1"]]


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_what_the_gate_reports_is_valid_too(server, sarif_schema, tmp_path, asked):
    files = {name: tmp_path / name for name in ("sarif", "junit", "json")}
    reports = [word for name, path in files.items() for word in ("--report", f"{name}={path}")]
    done = tally("verdict", "parcel-eta", *asked, *reports, server=server)
    assert done.returncode in (0, 1), done.stderr
    told = json.loads(files["json"].read_text())
    assert len(told["blocking"]) == len(set(told["blocking"])) and (told["blocking"] != []) == done.returncode
    checked = ajv(sarif_schema, files["sarif"].read_text())
    assert checked.returncode == 0, checked.stdout + checked.stderr
    states = {one.get("baselineState") for one in json.loads(files["sarif"].read_text())["runs"][0]["results"]}
    assert states == ({"unchanged"} if "--baseline" in asked else {None})
    suite = xml.etree.ElementTree.parse(files["junit"]).getroot().find("testsuite")
    assert int(suite.get("failures")) == len(told["blocking"])
    if shutil.which("xmllint") and JUNIT_SCHEMA.exists():
        command = ["xmllint", "--noout", "--nonet", "--schema", JUNIT_SCHEMA, files["junit"]]
        checked = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("output", FORMATS)
def test_every_format_shows_the_past_too(server, output):
    assert report(server, output, "--as-of", "1")


@pytest.fixture(scope="module")
def waived(server):
    """A system whose one error somebody answers for."""
    system = client.new_id("waived")
    tally("system", "create", system, server=server, check=0)
    parts = "kind: TrainedModel\nspec: {ml_frameworks: [JAX]}\n", "kind: DevelopmentEnvironment\nspec: {ml_frameworks: [Keras]}\n"
    text = "---\n".join(f"apiVersion: tally/v1\n{part}" for part in parts)
    tally("push", "-", "--system", system, server=server, text=text, check=0)
    why = ["--reason", "known | until <4>", "--until", "2027-01-31", "--by", "ann"]
    tally("waive", "--rule", "environment.framework-unsupported", "--system", system, *why, server=server, check=0)
    return system


WAIVER = "waived by ann until 2027-01-31 00:00:00Z: known | until <4>"


def of_waived(server, system, output):
    return tally("findings", system, "--output", output, server=server, check=0).stdout


def test_a_waived_finding_says_by_whom_why_and_until_when_in_every_format(server, waived, sarif_schema):
    (finding,) = [one for one in json.loads(of_waived(server, waived, "json"))["findings"] if one["waived"]]
    assert {**finding["waiver"], "name": ""} == {
        "name": "", "reason": "known | until <4>", "until": "2027-01-31T00:00:00.000000Z", "by": "ann"
    }  # fmt: skip
    sarif = of_waived(server, waived, "sarif")
    (suppressed,) = [one["suppressions"] for one in json.loads(sarif)["runs"][0]["results"] if "suppressions" in one]
    assert suppressed[0]["kind"] == "external" and suppressed[0]["justification"] == WAIVER
    assert suppressed[0]["properties"] == finding["waiver"]
    assert ajv(sarif_schema, sarif).returncode == 0
    suite = xml.etree.ElementTree.fromstring(of_waived(server, waived, "junit")).find("testsuite")
    assert [case.find("skipped").text for case in suite.iter("testcase") if case.find("skipped") is not None] == [WAIVER]
    (entry,) = [one for one in json.loads(of_waived(server, waived, "gitlab")) if one["fingerprint"] == finding["id"]]
    assert entry["description"] == f"{finding['message']} ({WAIVER})" and entry["severity"] == "minor"
    markdown = of_waived(server, waived, "markdown")
    assert "Waived: 1" in markdown and r"waived by ann until 2027-01-31 00:00:00Z: known \| until \<4\>" in markdown
    github = of_waived(server, waived, "github")
    assert "1 waived" in github and finding["id"] not in github
    text = of_waived(server, waived, "text")
    assert "error, waived " in text and "(waived until 2027-01-31 00:00:00Z)" in text
