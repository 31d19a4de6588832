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
