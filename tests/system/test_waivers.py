"""Waivers, policies and promises as time goes on: what is told, what the verdict says, what is listed."""

import json
import time

import client
import grpc
import pytest
from client import event_pb2, finding_pb2
from google.protobuf import duration_pb2, timestamp_pb2
from tally.v1 import descriptor_service_pb2, mismatch_service_pb2
from tallyd import tally

RULE = "environment.framework-unsupported"
ACTIVE, UNUSED, LAPSED = (
    mismatch_service_pb2.WAIVER_STATE_ACTIVE,
    mismatch_service_pb2.WAIVER_STATE_UNUSED,
    mismatch_service_pb2.WAIVER_STATE_LAPSED,
)


def later(seconds):
    moment = time.time() + seconds
    return timestamp_pb2.Timestamp(seconds=int(moment), nanos=int(moment % 1 * 1e9) // 1000 * 1000)


def waiver(system, name="w", seconds=3600, **spec):
    spec = {"reason": "known until the upgrade", "waived_by": "ann", **spec}
    return client.descriptor("waiver", name=name, system=system, expire_time=later(seconds), **spec)


def blocked(peer):
    """A system with one error."""
    system = peer.create()
    peer.push(system, client.model("JAX"), client.offer("Keras"))
    (error,) = [finding for finding in peer.findings(system) if finding.rule == RULE]
    assert peer.verdict(system).decision == client.BLOCKED
    return system, error.name.rsplit("/", 1)[1]


def types(stream, count):
    """The next events, as (type, name of what they carry)."""
    told = []
    while len(told) < count:
        told += stream.message(timeout=client.TIMEOUT).events
    return [(event_pb2.EventType.Name(event.type)[11:], event) for event in told]


def test_a_waiver_holds_a_finding_until_its_time(peer):
    system, finding = blocked(peer)
    with peer.subscribe(system, send_initial_state=True) as stream:
        while not stream.message().resume_token:
            pass
        answer = peer.push(system, waiver(system, finding=finding, seconds=3))
        assert answer.verdict.waived_count == 1 and answer.verdict.error_count == 0
        assert answer.verdict.decision == client.UNKNOWN  # kinds are missing, but nothing blocks
        (held,) = answer.changed
        assert held.waived and held.waiver.name == f"systems/{system}/waivers/w"
        assert (held.waiver.reason, held.waiver.waived_by) == ("known until the upgrade", "ann")
        told = types(stream, 3)
        assert [name for name, _ in told] == ["WAIVER_ADDED", "FINDING_CHANGED", "VERDICT_CHANGED"]
        # The time passes, and nobody does anything.
        told = types(stream, 3)
        assert [name for name, _ in told] == ["WAIVER_ENDED", "FINDING_CHANGED", "VERDICT_CHANGED"]
        assert told[0][1].descriptor.name == f"systems/{system}/waivers/w" and not told[0][1].descriptor.deleted
        assert told[0][1].revision == answer.revision + 1 and told[2][1].last_of_revision
        assert not told[1][1].finding.waived
        assert told[2][1].verdict.decision == client.BLOCKED
    now = peer.verdict(system, min_revision=answer.revision + 1)
    assert (now.decision, now.error_count, now.waived_count) == (client.BLOCKED, 1, 0)
    (status,) = peer.waivers(system).waivers
    assert status.state == LAPSED and status.finding_count == 1
    # The past is what it was.
    (then,) = [one for one in peer.findings(system, as_of_revision=answer.revision) if one.rule == RULE]
    assert then.waived
    # A last look: time goes on without a revision.
    time.sleep(2.5)
    assert peer.verdict(system).revision == answer.revision + 1


def test_a_waiver_that_is_deleted_ends(peer):
    system, _ = blocked(peer)
    peer.push(system, waiver(system, rule=RULE, subject="JAX"))
    assert peer.verdict(system).waived_count == 1
    request = descriptor_service_pb2.DeleteDescriptorRequest(name=f"systems/{system}/waivers/w")
    with peer.subscribe(system, send_initial_state=True) as stream:
        while not stream.message().resume_token:
            pass
        answer = peer.descriptors.DeleteDescriptor(request, timeout=client.TIMEOUT)
        assert [name for name, _ in types(stream, 3)] == ["WAIVER_ENDED", "FINDING_CHANGED", "VERDICT_CHANGED"]
    assert answer.verdict.error_count == 1 and not peer.waivers(system).waivers


def test_waivers_are_listed_with_what_they_hold(peer):
    system, finding = blocked(peer)
    peer.push(
        system,
        waiver(system, "a", finding=finding),
        waiver(system, "b", rule=RULE),
        waiver(system, "c", rule="api.output-type"),
    )
    listed = peer.waivers(system)
    assert [(one.waiver.name.rsplit("/", 1)[1], one.state) for one in listed.waivers] == [
        ("a", ACTIVE),
        ("b", ACTIVE),
        ("c", UNUSED),
    ]
    assert list(listed.waivers[0].findings) == [f"systems/{system}/findings/{finding}"]
    assert listed.waivers[2].waiver.waiver.rule == "api.output-type"
    first = peer.waivers(system, page_size=2)
    rest = peer.waivers(system, page_size=2, page_token=first.next_page_token)
    assert [len(first.waivers), len(rest.waivers), rest.next_page_token] == [2, 1, ""]
    # Nobody lists a clock who does not ask for it.
    names = [one.name for one in peer.descriptors.ListDescriptors(
        descriptor_service_pb2.ListDescriptorsRequest(parent=f"systems/{system}"), timeout=client.TIMEOUT).descriptors]
    assert f"systems/{system}/waivers/a" in names and not any("/clocks/" in name for name in names)


def test_a_policy_decides_what_blocks(peer):
    system, _ = blocked(peer)
    with peer.subscribe(system, send_initial_state=True) as stream:
        while not stream.message().resume_token:
            pass
        answer = peer.push(system, client.descriptor("policy", rules=[{"rule": RULE, "severity": "note"}]))
        assert [name for name, _ in types(stream, 3)] == ["POLICY_CHANGED", "FINDING_CHANGED", "VERDICT_CHANGED"]
    assert answer.verdict.note_count and not answer.verdict.error_count
    answer = peer.push(system, client.descriptor("policy", rules=[{"rule": "environment.*", "off": True}]))
    assert [finding.rule for finding in answer.resolved] == [RULE]


def test_an_environment_has_its_own_verdict(peer):
    system, _ = blocked(peer)
    peer.push(
        system,
        client.descriptor("production_environment", name="eu", system=system),
        client.descriptor("production_environment", name="us", system=system),
    )
    assert peer.verdict(system, environment="eu").decision == client.BLOCKED
    peer.push(system, waiver(system, rule=RULE))
    eu = peer.verdict(system, environment="eu")
    assert (eu.waived_count, eu.error_count, eu.environment) == (1, 0, "eu")


def test_fresh_data_that_does_not_come_is_found(peer):
    system = peer.create()
    data = client.descriptor("production_data", refresh_interval=duration_pb2.Duration(seconds=2))
    revision = peer.push(system, data).revision
    assert not [one for one in peer.findings(system) if one.rule == "monitoring.overdue"]
    shown = peer.verdict(system, min_revision=revision + 1, timeout=client.TIMEOUT)
    assert shown.decision == client.BLOCKED and shown.error_count == 1
    (late,) = [one for one in peer.findings(system) if one.rule == "monitoring.overdue"]
    assert late.severity == finding_pb2.SEVERITY_ERROR and "promised every 2 s" in late.message
    # Fresh data mends it.
    window = {"window_end": later(60)}
    fresh = client.descriptor(
        "production_data", refresh_interval=duration_pb2.Duration(seconds=2), profile=window
    )
    answer = peer.push(system, fresh)
    assert [one.rule for one in answer.resolved if one.rule.startswith("monitoring")] == ["monitoring.overdue"]


def test_data_that_is_pushed_too_late_is_found_at_once(peer):
    system = peer.create()
    old = {"window_end": later(-3600)}
    late = client.descriptor("production_data", refresh_interval=duration_pb2.Duration(seconds=60), profile=old)
    answer = peer.push(system, late)
    assert "monitoring.overdue" in [one.rule for one in answer.opened]


@pytest.mark.parametrize(
    "spec, field",
    [
        ({"rule": RULE, "reason": ""}, "reason"),
        ({"rule": RULE, "seconds": -1}, "expire_time"),
        ({"rule": RULE, "waived_by": ""}, "waived_by"),
        ({"rule": "environment.framework-unsuported"}, "rule"),
        ({}, "finding"),
    ],
)
def test_a_waiver_that_is_not_whole_is_refused(peer, spec, field):
    system, _ = blocked(peer)
    with pytest.raises(grpc.RpcError) as refused:
        peer.push(system, waiver(system, **spec))
    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert f"descriptors[0].waiver.{field}" in refused.value.details()


def test_nobody_moves_a_clock(peer):
    system = peer.create()
    for call in (
        lambda: peer.push(system, client.descriptor("clock", rule_set=9)),
        lambda: peer.descriptors.DeleteDescriptor(
            descriptor_service_pb2.DeleteDescriptorRequest(name=f"systems/{system}/clocks/default"),
            timeout=client.TIMEOUT,
        ),
    ):
        with pytest.raises(grpc.RpcError) as refused:
            call()
        assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT


def test_what_was_never_pushed_is_not_deployed(peer):
    system, _ = blocked(peer)
    version = {"descriptor": "trainedModels/default", "version": 2}
    with pytest.raises(grpc.RpcError) as refused:
        peer.push(system, client.descriptor("deployment", name="eu", system=system, versions=[version]))
    assert "descriptors[0].deployment.versions[0].version" in refused.value.details()
    version["version"] = 1
    deployed = client.descriptor("deployment", name="eu", system=system, versions=[version])
    answer = peer.push(system, deployed)
    assert not answer.opened and not answer.changed and not answer.resolved


def test_the_command_waives_and_lists(server, peer):
    system, finding = blocked(peer)

    def run(*arguments):
        return tally(*arguments, server=server)

    said = run("waive", finding, "--system", system, "--reason", "known", "--until", "30d", "--by", "ann")
    assert said.returncode == 0, said.stderr
    shown = run("findings", system)
    assert "error, waived" in shown.stdout
    assert "1 waived" in run("verdict", system).stdout
    listed = json.loads(run("waivers", system, "--output", "json").stdout)["waivers"]
    assert [(one["state"], one["by"], one["findings"]) for one in listed] == [("active", "ann", [finding])]
    assert run("waive", finding, "--system", system, "--reason", "known", "--by", "ann").returncode == 2
    assert run("waive", finding, "--system", system, "--reason", "a", "--until", "never", "--by", "b").returncode == 2
    gone = run("delete", f"waiver/{finding}", "--system", system)
    assert gone.returncode == 0 and run("verdict", system).returncode == 1
