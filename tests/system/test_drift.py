"""Pairs of public files, profiled by the command line and pushed: each column is flagged exactly as it has to be."""

import json

import pytest

import places
from tally.v1 import finding_pb2
from tallyd import tally

REFERENCE = places.SHARED / "reference/drift_reference.json"

if not REFERENCE.is_file():
    pytest.skip("the reference of drift is not on this machine", allow_module_level=True)

PAIRS = json.loads(REFERENCE.read_text())["pairs"]

# The measures of a drift finding: the reference's flag, and where its value stands.
MEASURES = {
    "Kolmogorov-Smirnov distance": ("ks", "numeric", "ks"),
    "population stability index": ("psi", "numeric", "psi"),
    "Jensen-Shannon distance": (None, "numeric", "js_distance"),
    "Wasserstein distance": (None, "numeric", "wasserstein_norm"),
    "largest difference of a category's share": ("linf", "categorical", "linf"),
    "population stability index of the categories": ("category_psi", "categorical", "psi_lumped"),
    "Jensen-Shannon distance of the categories": (None, "categorical", "js_distance"),
}
FLAGS = {
    "data.type-changed": "type_changed",
    "data.out-of-range": "out_of_range",
    "data.new-categories": "new_categories",
    "data.sample-too-small": "too_few_rows",
}


def flags(finding):
    """What a finding says, in the reference's words."""
    if finding.rule == "data.distribution-drift":
        deciding = [e for e in finding.evidence if e.method.endswith("; decides")]
        return {MEASURES[e.measure][0] for e in deciding}
    if finding.rule == "data.missing-rate":
        return {"missing_rate" if finding.evidence else "column_absent_in_current"}
    return {FLAGS[finding.rule]} if finding.rule in FLAGS else set()


def check_values(finding, drift):
    for evidence in finding.evidence:
        _, group, key = MEASURES[evidence.measure]
        expected = drift[group][key]
        if expected is None:
            assert not evidence.HasField("value")
        elif evidence.unit == "nats":
            assert evidence.value == pytest.approx(expected, rel=0.02, abs=0.002)
        else:
            assert evidence.value == pytest.approx(expected, abs=0.005)


def push(server, system, pair, side, kind):
    file = places.SHARED / "samples" / pair[side]
    done = tally("profile", file, "--kind", kind, "--system", system, "--push", server=server)
    assert done.returncode in (0, 1, 3), done.stderr  # a gate's exit codes: the push itself worked


@pytest.mark.parametrize("name", sorted(PAIRS))
def test_a_pair_of_files_gives_exactly_its_flags(server, peer, name):
    pair = PAIRS[name]
    system = peer.create("drift-" + name.replace("_", "-"))
    push(server, system, pair, "reference", "training_data")
    push(server, system, pair, "current", "production_data")
    found = {column: set() for column in pair["columns"]}
    for finding in peer.findings(system):
        if finding.subject in found and finding.rule.startswith("data."):
            found[finding.subject] |= flags(finding)
        if finding.rule == "data.distribution-drift":
            check_values(finding, pair["columns"][finding.subject]["drift"])
        assert finding.rule not in ("data.statistic-differs", "data.label-share-differs")
    assert found == {column: set(pair["flags"].get(column, [])) for column in pair["columns"]}


def test_a_finding_tells_what_to_train_again_with(server, peer):
    pair = PAIRS["nyc_taxi_2019-01_2019-02"]
    system = peer.create("drift-retraining")
    push(server, system, pair, "reference", "training_data")
    push(server, system, pair, "current", "production_data")
    drift = [f for f in peer.findings(system) if f.rule == "data.distribution-drift"]
    assert {f.subject: f.severity for f in drift}["extra"] == finding_pb2.SEVERITY_ERROR
    assert {f.subject: f.severity for f in drift}["tip_amount"] == finding_pb2.SEVERITY_WARNING
    for finding in drift:
        assert "preparation code, pipeline version, logs, feedback." in finding.remedy
        assert all(e.reference_count > 0 and e.current_count > 0 and e.unit for e in finding.evidence)


def test_explain_shows_every_rule_about_profiles(server):
    for rule in [*FLAGS, "data.distribution-drift", "data.missing-rate", "data.label-leak", "data.train-test-overlap"]:
        done = tally("explain", rule, server=server)
        assert done.returncode == 0 and rule in done.stdout, done.stderr


POLICY = """\
apiVersion: tally/v1
kind: Policy
metadata: {{system: {system}, name: default}}
spec: {spec}
"""


@pytest.mark.parametrize(
    "spec, gone, come",
    [
        # One column's thresholds: only that column's finding goes.
        ("{fields: [{field: tip_amount, data: {ks: 0.2, psi: 0.2}}]}", {"data.distribution-drift tip_amount"}, set()),
        ("{fields: [{field: extra, data: {new_categories: 0.5}}]}", {"data.new-categories extra"}, set()),
        # All columns' thresholds, and one that keeps its own.
        ("{data: {ks: 0.2, psi: 0.2}, fields: [{field: tip_amount, data: {ks: 0.14}}]}", set(), set()),
        ("{data: {ks: 0.2, psi: 0.2}}", {"data.distribution-drift tip_amount"}, set()),
        ("{data: {missing_rate: 0.7}}", {"data.missing-rate congestion_surcharge"}, set()),
        # Stricter than usual: what was quiet is found.
        ("{fields: [{field: payment_type, data: {linf: 0.03}}]}", set(), {"data.distribution-drift payment_type"}),
        # An error from a later point is a warning, and stays a finding.
        ("{data: {psi_error: 100}}", set(), set()),
    ],
)
def test_a_policy_that_is_pushed_moves_the_thresholds(server, peer, tmp_path, spec, gone, come):
    pair = PAIRS["nyc_taxi_2019-01_2019-02"]
    system = peer.create()
    push(server, system, pair, "reference", "training_data")
    push(server, system, pair, "current", "production_data")
    before = {f"{f.rule} {f.subject}": f.severity for f in peer.findings(system) if f.rule.startswith("data.")}
    file = tmp_path / "policy.yaml"
    file.write_text(POLICY.format(system=system, spec=spec))
    done = tally("push", file, server=server)
    assert done.returncode in (0, 1, 3), done.stderr
    after = {f"{f.rule} {f.subject}": f.severity for f in peer.findings(system) if f.rule.startswith("data.")}
    assert before.keys() - after.keys() == gone and after.keys() - before.keys() == come
    if "psi_error" in spec:
        assert before["data.distribution-drift extra"] == finding_pb2.SEVERITY_ERROR
        assert after["data.distribution-drift extra"] == finding_pb2.SEVERITY_WARNING
    # Without the policy all is as it was.
    done = tally("delete", "policy", "--system", system, server=server)
    assert done.returncode in (0, 1, 3), done.stderr
    assert before == {f"{f.rule} {f.subject}": f.severity for f in peer.findings(system) if f.rule.startswith("data.")}


def test_a_threshold_that_cannot_be_is_refused_with_its_place(server, peer, tmp_path):
    system = peer.create()
    file = tmp_path / "policy.yaml"
    file.write_text(POLICY.format(system=system, spec="{data: {ks: 1.5}, fields: [{field: f, data: {chi2_p: -1}}]}"))
    done = tally("push", file, server=server)
    assert done.returncode == 2 and "data.ks" in done.stderr and "fields[0].data.chi2_p" in done.stderr, done.stderr


def test_explain_shows_every_rule_there_is(server):
    listed = json.loads(tally("rules", "--output", "json", server=server).stdout)
    rules = [rule["rule"] if "rule" in rule else rule["name"].rsplit("/", 1)[-1]
             for rule in (listed["rules"] if isinstance(listed, dict) else listed)]
    assert len(rules) >= 50
    for rule in rules:
        done = tally("explain", rule, server=server)
        assert done.returncode == 0, done.stderr
        assert rule in done.stdout and "Why it matters" in done.stdout and "What to do" in done.stdout
