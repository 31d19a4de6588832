"""What if: versions that are not pushed or not current, what runs in an environment, and waiting for a verdict."""

import threading
import time

import client
import grpc
import pytest
from tally.v1 import descriptor_service_pb2, mismatch_service_pb2

RULE = "environment.framework-unsupported"
DEPLOYED = mismatch_service_pb2.EVALUATION_BASE_DEPLOYED


def evaluate(peer, system, timeout=client.TIMEOUT, **more):
    request = mismatch_service_pb2.EvaluateRequest(parent=f"systems/{system}", **more)
    return peer.mismatches.Evaluate(request, timeout=timeout)


def refused(peer, system, code, reason, **more):
    assert client.problem(evaluate, peer, system, **more)[:2] == (code, reason)


def version(system, number, kind="trainedModels", name="default"):
    return f"systems/{system}/{kind}/{name}/versions/{number}"


def deployment(system, environment, **versions):
    named = [{"descriptor": f"{kind}/default", "version": number} for kind, number in versions.items()]
    return client.descriptor("deployment", name=environment, system=system, versions=named)


def of_rule(findings, rule=RULE):
    return [finding for finding in findings if finding.rule == rule]


@pytest.fixture
def history(peer):
    """Model 1 fits, model 2 does not, model 3 is current and fits."""
    system = peer.create()
    peer.push(system, client.model("Keras"), client.offer("Keras"))
    peer.push(system, client.model("JAX"))
    peer.push(system, client.model("Keras"))
    return system


def test_nothing_in_particular_is_what_is_there(peer, history):
    answer = evaluate(peer, history)
    assert answer.verdict == peer.verdict(history)
    assert [one.name for one in answer.findings] == [one.name for one in peer.findings(history)]
    assert all(one.opened_revision for one in answer.findings)
    assert not answer.opened and not answer.resolved and not answer.omitted_findings


def test_what_is_not_pushed_is_judged_as_if_it_were(peer, history):
    before = peer.verdict(history)
    answer = evaluate(peer, history, descriptors=[client.model("JAX")])
    (finding,) = of_rule(answer.findings)
    assert answer.verdict.decision == client.BLOCKED and list(answer.verdict.blocking_findings) == [finding.name]
    assert finding.name in answer.opened and finding.opened_revision == 0
    assert {one.name for one in of_rule(answer.findings)} >= {finding.name}
    assert [place.version for place in finding.descriptors if place.kind == 5] == [4]
    assert [(one.kind, one.name, one.version) for one in finding.last_passed if one.kind == 5] == [(5, "default", 3)]
    # Nothing is stored, and a push says the same.
    assert peer.verdict(history) == before
    pushed = peer.push(history, client.model("JAX"))
    assert pushed.verdict.blocking_findings == answer.verdict.blocking_findings
    assert sorted(one.name for one in pushed.opened) == sorted(answer.opened)
    back = evaluate(peer, history, versions=[version(history, 3)])
    assert [one.name for one in of_rule(back.resolved)] == [finding.name] and not of_rule(back.findings)
    assert back.resolved[0].opened_revision == pushed.revision


def test_the_same_content_is_the_version_that_is_there(peer, history):
    answer = evaluate(peer, history, descriptors=[client.model("Keras")])
    assert not answer.opened and not answer.resolved


def test_chosen_versions_take_the_place_of_current_ones(peer, history):
    answer = evaluate(peer, history, versions=[version(history, 2)])
    (finding,) = of_rule(answer.findings)
    assert finding.name in answer.opened and answer.verdict.revision == peer.verdict(history).revision
    assert 2 in [place.version for place in finding.descriptors]
    assert not of_rule(evaluate(peer, history, versions=[version(history, 1)]).findings)


def test_an_earlier_revision_may_be_what_counts_as_old(peer, history):
    peer.push(history, client.model("JAX"))
    now = evaluate(peer, history)
    (finding,) = of_rule(now.findings)
    assert finding.name not in now.opened
    assert finding.name in evaluate(peer, history, baseline_revision=2).opened
    # It was there at revision 3, and then not.
    assert finding.name not in evaluate(peer, history, baseline_revision=3).opened
    gone = evaluate(peer, history, versions=[version(history, 3)], baseline_revision=3)
    assert [one.name for one in of_rule(gone.resolved)] == [finding.name]


def test_what_runs_is_what_its_deployment_says(peer, history):
    environment = client.descriptor("production_environment", name="live", system=history)
    peer.push(history, environment)
    refused(
        peer, history, grpc.StatusCode.NOT_FOUND, "DEPLOYMENT_NOT_FOUND", starting_set=DEPLOYED, environment="live"
    )
    peer.push(history, deployment(history, "live", trainedModels=2))
    running = evaluate(peer, history, starting_set=DEPLOYED, environment="live")
    (finding,) = of_rule(running.findings)
    assert running.verdict.environment == "live" and running.verdict.decision == client.BLOCKED
    assert finding.name not in running.opened  # it is there already
    assert not of_rule(evaluate(peer, history, environment="live").findings)
    rolled = evaluate(
        peer, history, starting_set=DEPLOYED, environment="live", descriptors=[client.offer("Keras", "JAX")]
    )
    assert [one.name for one in of_rule(rolled.resolved)] == [finding.name]


@pytest.mark.parametrize(
    ("more", "code", "reason"),
    [
        ({"starting_set": DEPLOYED}, grpc.StatusCode.INVALID_ARGUMENT, "ENVIRONMENT_MISSING"),
        ({"starting_set": 7}, grpc.StatusCode.INVALID_ARGUMENT, "UNKNOWN_ENUM_VALUE"),
        ({"environment": "nowhere"}, grpc.StatusCode.NOT_FOUND, "ENVIRONMENT_NOT_FOUND"),
        ({"environment": "No Name"}, grpc.StatusCode.INVALID_ARGUMENT, "NAME_INVALID"),
        ({"versions": ["{}/9"]}, grpc.StatusCode.NOT_FOUND, "VERSION_NOT_FOUND"),
        ({"versions": ["{}/1", "{}/2"]}, grpc.StatusCode.INVALID_ARGUMENT, "VERSION_REPEATED"),
        ({"versions": ["{}/1"] * 101}, grpc.StatusCode.INVALID_ARGUMENT, "TOO_MANY_VERSIONS"),
        ({"versions": ["systems/other/rawData/default/versions/1"]}, grpc.StatusCode.INVALID_ARGUMENT, "PARENT_MISMATCH"),
        ({"baseline_revision": 1000}, grpc.StatusCode.INVALID_ARGUMENT, "REVISION_IN_FUTURE"),
        ({"baseline_revision": -1}, grpc.StatusCode.INVALID_ARGUMENT, "REVISION_NEGATIVE"),
        ({"descriptors": [{}]}, grpc.StatusCode.INVALID_ARGUMENT, "SPEC_MISSING"),
        ({"descriptors": [client.model()] * 2}, grpc.StatusCode.INVALID_ARGUMENT, "DESCRIPTOR_REPEATED"),
        ({"min_revision": 1000, "timeout": 0.3}, grpc.StatusCode.DEADLINE_EXCEEDED, "REVISION_NOT_REACHED"),
    ],
)  # fmt: skip
def test_what_cannot_be_evaluated_is_refused(peer, history, more, code, reason):
    more = dict(more)
    if "versions" in more:
        more["versions"] = [one.format(f"systems/{history}/trainedModels/default/versions") for one in more["versions"]]
    refused(peer, history, code, reason, **more)


def test_a_deleted_version_cannot_be_chosen(peer, history):
    request = descriptor_service_pb2.DeleteDescriptorRequest(name=f"systems/{history}/trainedModels/default")
    peer.descriptors.DeleteDescriptor(request, timeout=client.TIMEOUT)
    refused(peer, history, grpc.StatusCode.NOT_FOUND, "VERSION_NOT_FOUND", versions=[version(history, 4)])
    # The next version goes on counting.
    answer = evaluate(peer, history, descriptors=[client.model("JAX")])
    (finding,) = of_rule(answer.findings)
    assert 5 in [place.version for place in finding.descriptors] and not finding.last_passed


def test_a_finding_names_the_newest_versions_that_passed(peer, history):
    peer.push(history, client.model("JAX"))
    (error,) = of_rule(peer.findings(history))
    request = mismatch_service_pb2.GetFindingRequest(name=error.name)
    finding = peer.mismatches.GetFinding(request, timeout=client.TIMEOUT)
    assert (5, 3) in [(one.kind, one.version) for one in finding.last_passed]
    assert not error.last_passed
    peer.push(history, client.model("Keras"))
    resolved = peer.mismatches.GetFinding(request, timeout=client.TIMEOUT)
    assert resolved.resolved_revision and resolved.last_passed == finding.last_passed


KINDS = [kind for kind in client.COLLECTIONS if kind not in ("trained_model", "development_environment")]


def test_a_verdict_is_waited_for_until_it_is_known(peer):
    system = peer.create()
    assert peer.verdict(system).decision == client.UNKNOWN and peer.verdict(system).needed_kinds
    answers = []
    waiting = threading.Thread(
        target=lambda: answers.append((peer.verdict(system, until_known=True), time.monotonic())), daemon=True
    )
    waiting.start()
    peer.push(system, client.descriptor("raw_data"))
    time.sleep(0.3)
    assert not answers
    pushed = peer.push(system, client.model("JAX"), client.offer("Keras"))
    pushed_at = time.monotonic()
    waiting.join(client.TIMEOUT)
    ((verdict, answered_at),) = answers
    assert verdict == pushed.verdict and verdict.decision == client.BLOCKED
    assert answered_at - pushed_at < 2  # woken, not by chance


def test_waiting_for_a_verdict_ends_with_the_deadline(peer):
    system = peer.create()
    begun = time.monotonic()
    said = client.problem(peer.verdict, system, until_known=True, timeout=1)
    assert said[:2] == (grpc.StatusCode.DEADLINE_EXCEEDED, "VERDICT_UNKNOWN")
    assert 0.7 < time.monotonic() - begun < 3
