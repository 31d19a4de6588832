"""What Subscribe promises: order, whole revisions, nothing missing, nothing twice, resuming after any token."""

import threading
import time

import grpc
import pytest

import client
import places
from tallyd import Tallyd
from client import event_pb2, explain, finding_pb2, model, offer
from google.protobuf import duration_pb2
from tally.v1 import descriptor_pb2

STATE, END_OF_STATE, LIVE, CHECKPOINT = 1, 2, 3, 4


def key(event):
    """What no two events share."""
    what = event.descriptor.name or event.finding.name
    return event.system, event.revision, event.type, what


def change(peer, system, number):
    """A push that opens, changes or resolves something every time."""
    frameworks = [f"F{number}"]
    return peer.push(system, model(*frameworks), offer("F0") if number % 3 else offer(*frameworks))


def collect(peer, system, revision, **more):
    """Everything a subscriber with this token or state gets, up to a revision."""
    with peer.subscribe(system, **more) as stream:
        return stream.until(client.reaches(system, revision))


@pytest.fixture(scope="module")
def history(server):
    """A system with 30 revisions, and all that a subscriber from the start saw of them."""
    with server.client() as peer:
        system = peer.create()
        with peer.subscribe(system, send_initial_state=True) as stream:
            messages = stream.until(lambda message: message.phase == END_OF_STATE)
            for number in range(30):
                change(peer, system, number)
            messages += stream.until(client.reaches(system, 31))
    return system, messages


def live(messages):
    return client.events_of(message for message in messages if message.phase != STATE)


def test_events_of_a_system_come_in_the_order_of_its_revisions(history):
    revisions = [event.revision for event in live(history[1])]
    assert revisions == sorted(revisions) and set(revisions) == set(range(2, 32))


def test_the_last_event_of_each_revision_is_marked(history):
    events = live(history[1])
    for event, behind in zip(events, events[1:]):
        assert event.last_of_revision == (behind.revision != event.revision)
    assert events[-1].last_of_revision


def test_no_event_comes_twice(history):
    keys = [key(event) for event in live(history[1])]
    assert len(keys) == len(set(keys))


def test_events_tell_the_same_story_as_the_findings(peer, history):
    system, messages = history
    told = {finding.name for finding in peer.findings(system, as_of_revision=1)}
    for event in live(messages):
        if event.type == event_pb2.EVENT_TYPE_FINDING_OPENED:
            assert event.finding.name not in told
            told.add(event.finding.name)
        elif event.type == event_pb2.EVENT_TYPE_FINDING_RESOLVED:
            told.remove(event.finding.name)
    assert told == {finding.name for finding in peer.findings(system)}


def test_resuming_after_every_single_token_gives_exactly_what_followed(peer, history):
    system, messages = history
    places_to_resume = [at for at, message in enumerate(messages[:-1]) if message.resume_token]
    assert len(places_to_resume) >= 10
    for at in places_to_resume:
        rest = [key(event) for event in live(messages[at + 1 :])]
        if not rest:
            continue
        got = live(collect(peer, system, 31, resume_token=messages[at].resume_token))
        assert [key(event) for event in got] == rest


def test_the_initial_state_is_the_findings_and_the_verdict(peer, history):
    system, _ = history
    with peer.subscribe(system, send_initial_state=True) as stream:
        messages = stream.until(lambda message: message.phase == END_OF_STATE)
    assert all(message.phase == STATE for message in messages[:-1]) and messages[-1].resume_token
    events = client.events_of(messages)
    assert sorted(e.finding.name for e in events if e.HasField("finding")) == sorted(
        finding.name for finding in peer.findings(system)
    )
    assert [e.verdict.decision for e in events if e.HasField("verdict")] == [peer.verdict(system).decision]


def test_between_state_and_changes_there_is_no_gap(server):
    """Many subscribers join while pushes go on; state and changes together must always give the present."""
    with server.client() as peer:
        system = peer.create()
        done = threading.Event()
        last = []

        def push():
            for number in range(120):
                last[:] = [change(peer, system, number).revision]
            done.set()

        pusher = threading.Thread(target=push)
        pusher.start()
        streams = []
        while not done.is_set() and len(streams) < 25:
            streams.append(peer.subscribe(system, send_initial_state=True))
            time.sleep(0.01)
        pusher.join()
        # One more, which every subscriber sees whenever it joined.
        final = peer.push(system, model("End")).revision
        now = {finding.name for finding in peer.findings(system)}
        for stream in streams:
            with stream:
                check_story(stream, system, final, now)


def check_story(stream, system, final, now):
    state = stream.until(lambda message: message.phase == END_OF_STATE)
    shown = client.events_of(state)
    open_findings = {event.finding.name for event in shown if event.HasField("finding")}
    start = max(event.revision for event in shown)
    revisions = [start]
    if start < final:
        for event in client.events_of(stream.until(client.reaches(system, final))):
            revisions.append(event.revision)
            if event.type == event_pb2.EVENT_TYPE_FINDING_OPENED:
                assert event.finding.name not in open_findings
                open_findings.add(event.finding.name)
            elif event.type == event_pb2.EVENT_TYPE_FINDING_RESOLVED:
                open_findings.remove(event.finding.name)
    assert sorted(set(revisions)) == list(range(start, final + 1))
    assert open_findings == now


def test_concurrent_writers_lose_no_event(server):
    with server.client() as peer:
        systems = [peer.create() for _ in range(4)]
        with peer.subscribe(*systems, send_initial_state=True) as stream:
            stream.until(lambda message: message.phase == END_OF_STATE)

            def push(system):
                for number in range(25):
                    change(peer, system, number)

            writers = [threading.Thread(target=push, args=(system,)) for system in systems for _ in range(2)]
            for writer in writers:
                writer.start()
            for writer in writers:
                writer.join()
            finals = {system: peer.verdict(system).revision for system in systems}
            finals = {system: peer.push(system, model("End")).revision for system in finals}
            seen = {system: [] for system in systems}
            while any(final not in seen[system] for system, final in finals.items()):
                for event in stream.message().events:
                    seen[event.system.split("/")[1]].append(event.revision)
    for system, final in finals.items():
        assert seen[system] == sorted(seen[system])
        assert sorted(set(seen[system])) == list(range(2, final + 1))


FILTERS = [
    ({"kinds": [descriptor_pb2.KIND_TRAINED_MODEL]}, lambda e: True),
    ({"event_types": [event_pb2.EVENT_TYPE_VERDICT_CHANGED]}, lambda e: e.HasField("verdict")),
    ({"rule_classes": ["environment"]}, lambda e: e.finding.rule_class == "environment"),
    ({"min_severity": finding_pb2.SEVERITY_ERROR}, lambda e: e.finding.severity == finding_pb2.SEVERITY_ERROR),
    ({"teams": ["software-engineers"]}, lambda e: "software-engineers" in e.finding.teams),
    (
        {"rule_classes": ["environment"], "event_types": [event_pb2.EVENT_TYPE_FINDING_RESOLVED]},
        lambda e: e.type == event_pb2.EVENT_TYPE_FINDING_RESOLVED and e.finding.rule_class == "environment",
    ),
]


@pytest.mark.parametrize("conditions, passes", FILTERS, ids=lambda value: "+".join(value) if isinstance(value, dict) else "")
def test_a_filter_lets_through_what_it_says_and_marks_the_last_of_each_revision(peer, conditions, passes):
    system = peer.create()
    interval = duration_pb2.Duration(seconds=1)
    with peer.subscribe(system, send_initial_state=True, checkpoint_interval=interval, **conditions) as stream:
        stream.until(lambda message: message.phase == END_OF_STATE)
        for number in range(6):
            change(peer, system, number)
        final = peer.verdict(system).revision
        time.sleep(0.2)
        messages = stream.until(lambda message: message.phase == CHECKPOINT)
    events = client.events_of(messages)
    assert events and all(passes(event) for event in events)
    for event, behind in zip(events, events[1:]):
        assert event.last_of_revision == (behind.revision != event.revision)
    assert events[-1].last_of_revision and events[-1].revision <= final


def test_events_of_other_systems_do_not_pass(peer):
    mine, other = peer.create(), peer.create()
    with peer.subscribe(mine, send_initial_state=True) as stream:
        stream.until(lambda message: message.phase == END_OF_STATE)
        peer.push(other, model("X"))
        peer.push(mine, model("X"))
        events = client.events_of(stream.until(client.reaches(mine, 2)))
    assert {event.system for event in events} == {f"systems/{mine}"}


def test_without_systems_all_are_subscribed(peer):
    with peer.subscribe(send_initial_state=True) as stream:
        stream.until(lambda message: message.phase == END_OF_STATE)
        system = peer.create()
        messages = stream.until(client.reaches(system, 1))
        peer.push(system, model("X"))
        messages += stream.until(client.reaches(system, 2))
    events = [event for event in client.events_of(messages) if event.system == f"systems/{system}"]
    assert events[0].type == event_pb2.EVENT_TYPE_SYSTEM_CREATED and events[-1].revision == 2


def refusal(peer, *systems, **more):
    with peer.subscribe(*systems, **more) as stream:
        return explain(stream.end())


def test_a_token_of_another_filter_is_refused(peer, history):
    system, messages = history
    token = messages[-1].resume_token
    assert token
    code, reason, _, _ = refusal(peer, system, resume_token=token, min_severity=finding_pb2.SEVERITY_ERROR)
    assert (code, reason) == (grpc.StatusCode.INVALID_ARGUMENT, "RESUME_TOKEN_INVALID")
    code, reason, _, _ = refusal(peer, resume_token=token)
    assert (code, reason) == (grpc.StatusCode.INVALID_ARGUMENT, "RESUME_TOKEN_INVALID")


def test_a_forged_token_is_refused(peer, history):
    system, messages = history
    token = messages[-1].resume_token
    for at in range(0, len(token), 7):
        forged = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        code, reason, fields, _ = refusal(peer, system, resume_token=forged)
        assert (code, reason) == (grpc.StatusCode.INVALID_ARGUMENT, "RESUME_TOKEN_INVALID") and "resume_token" in fields
    for forged in ("x", token[:-5], token + "AAAA", "é" * 10):
        assert refusal(peer, system, resume_token=forged)[0] == grpc.StatusCode.INVALID_ARGUMENT


def test_a_token_excludes_the_initial_state(peer, history):
    system, messages = history
    code, _, fields, _ = refusal(peer, system, resume_token=messages[-1].resume_token, send_initial_state=True)
    assert code == grpc.StatusCode.INVALID_ARGUMENT and fields


def test_an_unknown_system_cannot_be_subscribed(peer):
    code, _, _, _ = refusal(peer, "Not An Id")
    assert code == grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("seconds, most", [(1, 2.5), (0, 11.5)])
def test_a_checkpoint_comes_when_nothing_happens(peer, seconds, most):
    system = peer.create()
    more = {"checkpoint_interval": duration_pb2.Duration(seconds=seconds)} if seconds else {}
    with peer.subscribe(system, **more) as stream:
        for _ in range(2):
            begun = time.monotonic()
            message = stream.until(lambda message: message.phase == CHECKPOINT, timeout=15 * places.SLOW)[-1]
            assert time.monotonic() - begun < most * places.SLOW
            assert message.resume_token and not message.events
    peer.push(system, model("X"))
    events = client.events_of(collect(peer, system, 2, resume_token=message.resume_token))
    assert {event.revision for event in events} == {2}


def test_an_interval_out_of_bounds_is_refused(peer):
    system = peer.create()
    for seconds in (-1, 11):
        code, _, fields, _ = refusal(peer, system, checkpoint_interval=duration_pb2.Duration(seconds=seconds))
        assert code == grpc.StatusCode.INVALID_ARGUMENT and "checkpoint_interval" in "".join(fields)


def test_a_slow_reader_gets_everything(server):
    """It does not read while thousands of events pass it by, far more than buffers hold."""
    with server.client() as peer, server.client() as slow:
        system = peer.create()
        request = client.event_service_pb2.SubscribeRequest(systems=[f"systems/{system}"], send_initial_state=True)
        stream = slow.events.Subscribe(request)
        assert next(stream).phase in (STATE, END_OF_STATE)
        for number in range(150):
            peer.push(system, model(*[f"F{number}-{i}" for i in range(20)]), offer("F0"))
        revisions = set()
        for message in stream:
            revisions |= {event.revision for event in message.events if message.phase != STATE}
            if 151 in revisions:
                break
        stream.cancel()
    assert revisions >= set(range(2, 152))


def test_a_drain_ends_streams_with_unavailable():
    own = Tallyd().start()
    try:
        with own.client() as peer:
            system = peer.create()
            with peer.subscribe(system, send_initial_state=True) as stream:
                stream.until(lambda message: message.phase == END_OF_STATE)
                own.stop()
                assert stream.end().code() == grpc.StatusCode.UNAVAILABLE
    finally:
        own.free()
