"""Past verdicts: how each revision was judged, of which versions, and how tally matrix shows it."""

import json
import random
import time

import client
import grpc
import pytest
from google.protobuf import timestamp_pb2
from tally.v1 import descriptor_service_pb2, mismatch_service_pb2, system_pb2
from tallyd import tally

RULE = "environment.framework-unsupported"
WORDS = ["Keras", "PyTorch", "JAX"]


def page(peer, system, **more):
    request = mismatch_service_pb2.ListVerdictsRequest(parent=f"systems/{system}", **more)
    return peer.mismatches.ListVerdicts(request, timeout=client.TIMEOUT)


def verdicts(peer, system, **more):
    """All pages, oldest first."""
    found, token = [], ""
    while True:
        got = page(peer, system, page_token=token, **more)
        found += got.verdicts
        token = got.next_page_token
        if not token:
            return found[::-1]


def waiver(system, seconds, **spec):
    until = timestamp_pb2.Timestamp(seconds=int(time.time() + seconds))
    spec = {"reason": "known", "waived_by": "ann", "expire_time": until, "rule": RULE, **spec}
    return client.descriptor("waiver", name="w", system=system, **spec)


def some(dice, system):
    """One thing that a team may push."""
    kind = dice.choice(["model", "offer", "environment", "raw", "policy", "waiver"])
    if kind == "model":
        return client.model(*dice.sample(WORDS, 2), name=dice.choice(["default", "b"]), system=system)
    if kind == "offer":
        return client.offer(*dice.sample(WORDS, 2))
    if kind == "environment":
        cpu = {"cpu": dice.randrange(4)}
        return client.descriptor(
            "production_environment", dice.choice(["live", "spare"]), system, computing_resources=cpu
        )
    if kind == "policy":
        rules = [{"rule": RULE, "severity": dice.choice(["note", "warning", "error"])}]
        return client.descriptor("policy", rules=rules, data={"ks": dice.random()})
    if kind == "waiver":
        return waiver(system, 3600, rule=dice.choice([RULE, "completeness.descriptor-missing"]))
    return client.descriptor("raw_data", dataset_name=client.new_id())


def together(dice, system):
    """One thing, or two that are not the same."""
    first, second = some(dice, system), some(dice, system)
    alike = first.WhichOneof("spec") == second.WhichOneof("spec") and first.name == second.name
    return [first] if alike or dice.random() < 0.5 else [first, second]


@pytest.mark.parametrize("seed", [1, 2])
def test_every_revision_has_the_verdict_that_was_answered_then(peer, seed):
    dice = random.Random(seed)
    system = peer.create()
    answered, held, live = {1: peer.verdict(system)}, {1: {"clocks/default": 1}}, {}
    for _ in range(60):
        before = held[max(held)]
        now = dict(before)
        if dice.random() < 0.15 and any(not name.startswith("clocks/") for name in before):
            name = dice.choice([name for name in before if not name.startswith("clocks/")])
            request = descriptor_service_pb2.DeleteDescriptorRequest(name=f"systems/{system}/{name}")
            peer.descriptors.DeleteDescriptor(request, timeout=client.TIMEOUT)
            del now[name]
        else:
            answer = peer.push(system, *together(dice, system))
            for one in answer.descriptors:
                now[one.name.split("/", 2)[2]] = one.version
        verdict = peer.verdict(system)
        answered[verdict.revision] = verdict
        if verdict.revision not in held:
            held[verdict.revision] = now
        if any(name == "productionEnvironments/live" for name in now):
            live[verdict.revision] = peer.verdict(system, environment="live")
    listed = verdicts(peer, system, page_size=7)
    assert [one.verdict.revision for one in listed] == list(range(1, max(answered) + 1))
    assert [one.verdict for one in listed if one.verdict.revision in answered] == [answered[key] for key in sorted(answered)]
    assert len({one.verdict.decision for one in listed}) > 1
    for one in listed:
        told = {version.descriptor: version.version for version in one.versions}
        clock = told.pop("clocks/default")
        assert clock >= 1
        if one.verdict.revision in held:
            expected = dict(held[one.verdict.revision])
            expected.pop("clocks/default")
            assert told == expected, one.verdict.revision
    times = [one.time.ToNanoseconds() for one in listed]
    assert times == sorted(times) and times[0] > (time.time() - 3600) * 1e9
    assert len(live) > 5
    there = {one.verdict.revision: one.verdict for one in verdicts(peer, system, environment="live")}
    assert [there[revision] for revision in live] == list(live.values())
    first = min(live)
    assert all(there[revision].decision != client.ALLOWED for revision in range(1, first))


def test_a_waiver_that_ended_is_a_revision_of_its_own(peer):
    system = peer.create()
    peer.push(system, client.model("JAX"), client.offer("Keras"))
    waived = peer.push(system, waiver(system, 2)).verdict
    after = peer.verdict(system, min_revision=waived.revision + 1)
    assert waived.waived_count > 0 and after.error_count > 0
    listed = verdicts(peer, system)
    assert [one.verdict for one in listed][-2:] == [waived, after]
    told = [{one.descriptor: one.version for one in row.versions} for row in listed[-2:]]
    assert told[1].pop("clocks/default") == told[0].pop("clocks/default") + 1
    assert told[0] == told[1]


def test_pages_go_on_below_what_was_seen(peer):
    system = peer.create()
    for _ in range(4):
        peer.push(system, client.descriptor("raw_data", dataset_name=client.new_id()))
    first = page(peer, system, page_size=2)
    assert [one.verdict.revision for one in first.verdicts] == [5, 4]
    peer.push(system, client.descriptor("raw_data", dataset_name=client.new_id()))
    second = page(peer, system, page_size=2, page_token=first.next_page_token)
    assert [one.verdict.revision for one in second.verdicts] == [3, 2]
    last = page(peer, system, page_size=2, page_token=second.next_page_token)
    assert [one.verdict.revision for one in last.verdicts] == [1] and not last.next_page_token
    said = client.problem(page, peer, system, page_size=2, page_token=first.next_page_token, environment="live")
    assert said[:2] == (grpc.StatusCode.INVALID_ARGUMENT, "PAGE_TOKEN_INVALID")


def test_a_page_has_at_most_two_hundred(peer):
    system = peer.create()
    for number in range(205):
        peer.push(system, client.descriptor("raw_data", dataset_name=f"d{number}"))
    got = page(peer, system, page_size=1000)
    assert len(got.verdicts) == 200 and got.next_page_token
    assert len(verdicts(peer, system, page_size=1000)) == 206


def test_a_system_that_came_again_goes_on(peer):
    system = peer.create()
    peer.push(system, client.model("JAX"), client.offer("Keras"))
    peer.systems.DeleteSystem(system_pb2.DeleteSystemRequest(name=f"systems/{system}"), timeout=client.TIMEOUT)
    said = client.problem(page, peer, system)
    assert said[:2] == (grpc.StatusCode.NOT_FOUND, "SYSTEM_NOT_FOUND")
    peer.create(system)
    listed = verdicts(peer, system)
    assert [one.verdict.revision for one in listed] == [1, 2, 3, 4]
    assert listed[1].verdict.decision == client.BLOCKED
    assert not listed[2].versions and listed[2].verdict.error_count == 0
    assert [one.descriptor for one in listed[3].versions] == ["clocks/default"]


@pytest.mark.parametrize(
    ("more", "code", "reason", "field"),
    [
        ({"page_size": -1}, grpc.StatusCode.INVALID_ARGUMENT, "PAGE_SIZE_NEGATIVE", "page_size"),
        ({"page_token": "made up"}, grpc.StatusCode.INVALID_ARGUMENT, "PAGE_TOKEN_INVALID", "page_token"),
        ({"environment": "No Name"}, grpc.StatusCode.INVALID_ARGUMENT, "NAME_INVALID", "environment"),
        ({"environment": "nowhere"}, grpc.StatusCode.NOT_FOUND, "ENVIRONMENT_NOT_FOUND", ""),
    ],
)
def test_what_cannot_be_listed_is_refused(peer, more, code, reason, field):
    system = peer.create()
    got, why, fields, _ = client.problem(page, peer, system, **more)
    assert (got, why) == (code, reason) and list(fields) == ([field] if field else [])


def matrix(server, *arguments, check=0):
    return tally("matrix", *arguments, server=server, check=check)


def test_the_command_shows_what_was_judged_together(server, peer):
    system = peer.create()
    peer.push(system, client.model("JAX"), client.offer("Keras"))
    peer.push(system, client.model("Keras"), client.descriptor("raw_data", "b", system))
    lines = matrix(server, system).stdout.splitlines()
    assert lines[0].split() == ["REVISION", "TIME", "VERDICT", "ERRORS", "VERSIONS"]
    assert len(lines) == 4 and [line.split()[0] for line in lines[1:]] == ["3", "2", "1"]
    assert lines[1].endswith("raw_data/b 1, trained_model 2, development_environment 1")
    assert " blocked " in lines[2] and lines[2].endswith("trained_model 1, development_environment 1")
    assert "clock" not in "".join(lines)
    told = json.loads(matrix(server, system, "--output", "json").stdout)
    assert [row["revision"] for row in told["verdicts"]] == [3, 2, 1]
    assert told["verdicts"][1]["verdict"] == "blocked" and told["verdicts"][1]["time"].endswith("Z")
    assert told["verdicts"][0]["versions"]["trainedModels/default"] == 2
    assert "clocks/default" in told["verdicts"][0]["versions"]


def test_the_command_shows_the_newest_and_on_demand_all(server, peer):
    system = peer.create()
    for number in range(219):
        peer.push(system, client.descriptor("raw_data", dataset_name=f"d{number}"))

    def shown(*more):
        return [int(line.split()[0]) for line in matrix(server, system, *more).stdout.splitlines()[1:]]

    assert shown() == list(range(220, 170, -1))
    assert shown("--limit", "3") == [220, 219, 218]
    assert shown("--limit", "210") == list(range(220, 10, -1))
    assert shown("--limit", "0") == list(range(220, 0, -1))


def test_the_command_fails_with_what_is_wrong(server):
    assert "there is no system nowhere" in matrix(server, "nowhere", check=2).stderr
    assert "which system" in matrix(server, check=2).stderr
    assert "is not the {name}" in matrix(server, "nowhere", "--environment", "No Name", check=2).stderr
