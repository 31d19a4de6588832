"""Another policy on the stored history: what would differ now, and in each month."""

import json
import random

import client
import grpc
import pytest
from google.protobuf import duration_pb2
from tally.v1 import mismatch_service_pb2, policy_pb2, system_pb2
from tallyd import Tallyd, tally

RULE = "environment.framework-unsupported"
WORDS = ["Keras", "PyTorch", "JAX"]


def preview(peer, system, policy, **more):
    """All answers of one preview."""
    request = mismatch_service_pb2.PreviewPolicyRequest(parent=f"systems/{system}", policy=policy, **more)
    return list(peer.mismatches.PreviewPolicy(request, timeout=client.TIMEOUT))


def effects(answers):
    return {one.system.split("/")[1]: one for answer in answers for one in answer.effects}


def policy(*rules, **more):
    return policy_pb2.Policy(rules=[{"rule": rule, "severity": severity} for rule, severity in rules], **more)


def push_policy(peer, system, one):
    return peer.push(system, client.descriptor("policy", rules=one.rules, data=one.data, fields=one.fields))


def profile(low):
    """A column of a thousand whole numbers from `low` on, of ten different ones."""
    values = [low + number for number in range(10)]
    return {
        "count": 1000,
        "inferred_type": "float",
        "min": low,
        "max": low + 9,
        "mean": low + 4.5,
        "standard_deviation": 2.87,
        "distinct": 10,
        "quantiles": {"values": values, "weights": [100] * 10},
        "other_count": 1000,
    }


def some(dice, system):
    kind = dice.choice(["model", "offer", "environment", "context", "raw"])
    if kind == "model":
        return client.model(*dice.sample(WORDS, 2), name=dice.choice(["default", "b"]), system=system)
    if kind == "offer":
        return client.offer(*dice.sample(WORDS, 2))
    if kind == "environment":
        return client.descriptor(
            "production_environment", "live", system, computing_resources={"cpu": dice.randrange(4)}
        )
    if kind == "context":
        return client.descriptor("system_context", goals=[{"goal": client.new_id()}])
    return client.descriptor("raw_data", dataset_name=client.new_id())


def grow(peer, seed, count=40, own=None):
    dice = random.Random(seed)
    system = peer.create()
    if own:
        push_policy(peer, system, own)
    for _ in range(count):
        peer.push(system, some(dice, system))
    return system


def sides(month):
    return (month.blocked_before, month.opened_before), (month.blocked_after, month.opened_after)


OWN = [
    policy((RULE, "warning"), ("completeness.*", "error")),
    policy(data={"ks": 0.3}),
    policy(("completeness.*", "note")),
]


@pytest.mark.parametrize("own", OWN, ids=["severities", "thresholds", "notes"])
def test_a_systems_own_policy_changes_nothing(peer, own):
    system = grow(peer, seed=7, own=own)
    answers = preview(peer, system, own)
    (effect,) = effects(answers).values()
    assert effect.before == effect.after == peer.verdict(system).decision
    assert not effect.opened and not effect.closed and not effect.changed
    # It was there from the second revision on.
    revision = peer.verdict(system).revision
    answers = preview(peer, system, own, max_revisions=revision - 2)
    for month in answers[-1].months:
        before, after = sides(month)
        assert before == after
    assert sum(month.revisions for month in answers[-1].months) == revision - 2
    assert sum(month.opened_before for month in answers[-1].months) > 0


STRICTER = [
    policy(("completeness.*", "error")),
    policy((RULE, "note"), ("monitoring.*", "error"), ("completeness.descriptor-missing", "error")),
    policy_pb2.Policy(rules=[{"rule": RULE, "off": True}, {"rule": "completeness.*", "severity": "warning"}]),
    policy_pb2.Policy(
        rules=[{"rule": "completeness.*", "severity": "error"}], new_rule_grace=duration_pb2.Duration(seconds=864000)
    ),
]


@pytest.mark.parametrize("other", STRICTER, ids=["errors", "notes", "off", "grace"])
@pytest.mark.parametrize("seed", [1, 2])
def test_what_a_preview_says_is_what_a_push_then_does(peer, other, seed):
    system = grow(peer, seed)
    before = peer.verdict(system)
    (effect,) = effects(preview(peer, system, other)).values()
    assert effect.before == before.decision and peer.verdict(system) == before  # nothing is stored
    pushed = peer.push(
        system,
        client.descriptor("policy", rules=other.rules, new_rule_grace=other.new_rule_grace)
        if other.HasField("new_rule_grace")
        else client.descriptor("policy", rules=other.rules),
    )
    assert effect.after == pushed.verdict.decision
    assert {one.name for one in effect.opened} == {one.name for one in pushed.opened}
    assert {one.name for one in effect.closed} == {one.name for one in pushed.resolved}
    assert {one.name: one.severity for one in effect.changed} == {one.name: one.severity for one in pushed.changed}
    assert effect.closed or effect.changed
    assert all(one.message and one.descriptors for one in effect.changed)


def test_history_counts_what_really_blocked_and_what_would_have(peer):
    system = peer.create()
    blocked, opened = 0, {}
    for number in range(30):
        answer = peer.push(system, client.model(WORDS[number % 3], name=""), client.offer("Keras"))
        blocked += answer.verdict.decision == client.BLOCKED
        opened[answer.revision] = len(answer.opened)
    revision = peer.verdict(system).revision
    off = policy_pb2.Policy(rules=[{"rule": RULE, "off": True}])
    (month,) = preview(peer, system, off)[-1].months
    first = len(peer.findings(system, as_of_revision=1))
    assert month.revisions == revision and blocked >= 20 and month.blocked_before == blocked
    assert month.blocked_after == 0
    assert month.opened_before == first + sum(opened.values())
    # Each change of the model's framework, but for back to the one that is offered.
    assert month.opened_before - month.opened_after >= 20
    (recent,) = preview(peer, system, off, max_revisions=6)[-1].months
    assert recent.revisions == 6 and recent.blocked_before == 4
    assert recent.opened_before == sum(count for at, count in opened.items() if at > revision - 6)


def test_thresholds_are_tried_on_the_profiles_of_then(peer):
    system = peer.create()
    fields = [{"field_name": "amount", "mapping_production_data": "amount", "profile": profile(0)}]
    peer.push(system, client.descriptor("training_data", schema=fields))
    for low in (0, 1, 2, 0):
        schema = [{"field_name": "amount", "profile": profile(low)}]
        peer.push(system, client.descriptor("production_data", schema=schema))
    drift = "data.distribution-drift"
    states = [[one.rule for one in peer.findings(system, as_of_revision=at)].count(drift) for at in range(1, 7)]
    strict = policy_pb2.Policy(data={"ks": 0.15, "psi": 1e9, "psi_error": 1e9})
    lax = policy_pb2.Policy(data={"ks": 0.95, "psi": 1e9, "psi_error": 1e9})
    (month,) = preview(peer, system, lax)[-1].months
    assert sum(states) >= 1 and month.opened_before - month.opened_after >= 1
    (less,) = preview(peer, system, strict)[-1].months
    assert less.opened_before == month.opened_before and less.opened_after > month.opened_after


DOCUMENT = """apiVersion: tally/v1
kind: Policy
metadata: {system: %s}
spec:
  rules:
    - {rule: %s, severity: %s}
"""


def shown(server, text, *more, check=0):
    return tally("policy", "preview", "-", *more, server=server, text=text, check=check)


def test_the_command_says_what_would_differ(server, peer):
    system = peer.create()
    peer.push(system, client.model("JAX"), client.offer("Keras"))
    notes = DOCUMENT % (system, RULE, "note")
    out = shown(server, notes).stdout
    assert out.startswith(f"{system}: blocked, would be unknown\n")
    assert "would change: 1 finding, of them 1 note" in out and "would open" not in out
    month = out.splitlines()[-1].split()
    assert month[1:4] == ["2", "1", "0"] and month[4] == month[5]
    told = json.loads(shown(server, notes, "--output", "json").stdout)
    (effect,) = told["effects"]
    assert (effect["system"], effect["before"], effect["after"]) == (system, "blocked", "unknown")
    assert [(one["rule"], one["severity"]) for one in effect["changed"]] == [(RULE, "note")]
    assert effect["opened"] == effect["closed"] == []
    assert told["months"][0]["blocked_before"] == 1 and told["months"][0]["blocked_after"] == 0
    assert told["systems"] == 1 and told["revisions"] == 2 and told["newly_blocked"] == 0
    # A system that would be blocked is what the exit code is about.
    quiet = peer.create()
    errors = DOCUMENT % (quiet, "completeness.*", "error")
    out = shown(server, errors, check=1).stdout
    assert f"{quiet}: unknown, would be blocked" in out
    out = shown(server, notes, "--system", quiet).stdout
    assert f"{quiet}: unknown, and stays unknown" in out
    assert peer.verdict(quiet).decision == client.UNKNOWN


def test_the_command_previews_all_systems(server, peer):
    systems = [peer.create() for _ in range(3)]
    notes = DOCUMENT % ("ignored", RULE, "note")
    peer.push(systems[0], client.model("JAX"), client.offer("Keras"))
    out = shown(server, notes, "--all").stdout
    assert f"{systems[0]}: blocked, would be unknown" in out
    assert systems[1] not in out and "of them would stay as they are" in out
    told = json.loads(shown(server, notes, "--all", "--output", "json", "--max-revisions", "1").stdout)
    assert {one["system"] for one in told["effects"]} >= set(systems)
    assert told["systems"] == told["revisions"] == len(told["effects"])


def test_the_command_fails_with_the_place_of_what_is_wrong(server, peer):
    system = peer.create()
    wrong = shown(server, DOCUMENT % (system, "api.nothing", "note"), check=2)
    assert "-:6: spec.rules[0].rule" in wrong.stderr and not wrong.stdout
    model = "apiVersion: tally/v1\nkind: TrainedModel\nmetadata: {system: s}\nspec: {}\n"
    assert "kind Policy" in shown(server, model, check=2).stderr
    fine = DOCUMENT % (system, RULE, "note")
    assert "exclude each other" in shown(server, fine, "--all", "--system", system, check=2).stderr
    assert "there is no system nowhere" in shown(server, fine, "--system", "nowhere", check=2).stderr
    away = tally("policy", "preview", "-", "--server", "unix:/nowhere/at/all", text=fine)
    assert away.returncode == 2 and not away.stdout


@pytest.fixture(scope="module")
def alone():
    """A server whose systems are all this test's."""
    made = Tallyd()
    try:
        yield made.start()
    finally:
        made.free()


def test_all_systems_are_done_with_progress(alone):
    with alone.client() as peer:
        systems = [grow(peer, seed, count=25) for seed in range(12)]
        gone = grow(peer, 99, count=2)
        peer.systems.DeleteSystem(system_pb2.DeleteSystemRequest(name=f"systems/{gone}"), timeout=client.TIMEOUT)
        other = policy((RULE, "note"), ("completeness.*", "error"))
        answers = preview(peer, "-", other)
        assert set(effects(answers)) == set(systems)
        total = sum(peer.verdict(system).revision for system in systems)
        last = answers[-1]
        assert (last.systems_done, last.systems_total) == (12, 12)
        assert last.revisions_done == last.revisions_total == total
        for before, after in zip(answers, answers[1:]):
            assert before.revisions_done <= after.revisions_done and before.systems_done <= after.systems_done
            assert not before.months
        assert sum(month.revisions for month in last.months) == total
        # One by one it is the same.
        single = {system: preview(peer, system, other) for system in systems}
        assert effects(answers) == {system: effects(one)[system] for system, one in single.items()}
        (month,) = last.months
        alone_months = [one[-1].months[0] for one in single.values()]
        assert sides(month)[1] == tuple(sum(side) for side in zip(*[sides(one)[1] for one in alone_months]))


@pytest.mark.parametrize(
    ("parent", "one", "more", "code", "reason", "field"),
    [
        ("{}", {"rules": [{"rule": "api.nothing"}]}, {}, "INVALID_ARGUMENT", "RULE_UNKNOWN", "policy.rules[0].rule"),
        ("-", {"data": {"ks": 2}}, {}, "INVALID_ARGUMENT", "THRESHOLD_OUT_OF_RANGE", "policy.data.ks"),
        ("{}", None, {}, "INVALID_ARGUMENT", "POLICY_MISSING", "policy"),
        ("No Name", {}, {}, "INVALID_ARGUMENT", "NAME_INVALID", "parent"),
        ("{}", {}, {"max_revisions": -1}, "INVALID_ARGUMENT", "REVISIONS_NEGATIVE", "max_revisions"),
        ("nowhere", {}, {}, "NOT_FOUND", "SYSTEM_NOT_FOUND", ""),
    ],
)
def test_what_cannot_be_tried_is_refused(peer, parent, one, more, code, reason, field):
    system = peer.create()
    tried = None if one is None else policy_pb2.Policy(**one)
    got, why, fields, _ = client.problem(preview, peer, parent.format(system), tried, **more)
    assert (got, why) == (getattr(grpc.StatusCode, code), reason)
    assert list(fields) == ([field] if field else [])


def test_who_leaves_makes_room(peer):
    """More than may run at once, all of them left at once; the next one is served."""
    grow(peer, 5)
    for _ in range(3):
        streams = [
            peer.mismatches.PreviewPolicy(
                mismatch_service_pb2.PreviewPolicyRequest(parent="systems/-", policy=policy())
            )
            for _ in range(8)
        ]
        for stream in streams:
            stream.cancel()
    for _ in range(200):
        try:
            assert preview(peer, "-", policy())
            return
        except grpc.RpcError as error:
            assert client.explain(error)[:2] == (grpc.StatusCode.RESOURCE_EXHAUSTED, "PREVIEWS_FULL")
    raise AssertionError("it stayed full")
