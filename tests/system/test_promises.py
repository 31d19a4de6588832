"""The promises of Subscribe, one by one: for one system, for a list and for all, on a server that commits and on one
that hears of it. What was received is compared with the table of events."""

import collections
import random
import threading
import time

import grpc
import pytest

import client
import places
from client import event_pb2, explain, model, offer
from google.protobuf import duration_pb2
from tallyd import Tallyd

STATE, END_OF_STATE, LIVE, CHECKPOINT = 1, 2, 3, 4
PUSHES = 60
SECOND = duration_pb2.Duration(seconds=1)


class Stage:
    """Two servers, six systems in two partitions, and two writers that push to all of them through both servers. The
    second server keeps few events in memory, so it reads most of them from the database."""

    def __init__(self, postgres):
        self.name = client.new_id("promises")
        self.postgres = postgres
        url = postgres.create(self.name)
        self.servers = [
            Tallyd("--partitions", "2", "--lanes", "2", database=url),
            Tallyd("--ring-events", "16", database=url),
        ]
        for server in self.servers:
            server.start()
        self.peers = [server.client() for server in self.servers]
        self.systems = [self.peers[0].create() for _ in range(6)]
        self.selections = {"one": self.systems[:1], "list": self.systems[1:4], "all": []}

    def write(self, seed):
        """Many revisions of every system, from both servers at once."""

        def work(at):
            chance = random.Random(seed * 10 + at)
            for number in range(PUSHES):
                system = chance.choice(self.systems)
                frameworks = [f"F{number % 3}", f"G{chance.randrange(4)}"]
                self.peers[at].push(system, model(*frameworks), offer("F0", f"G{chance.randrange(4)}"))

        writers = [threading.Thread(target=work, args=(at,)) for at in range(2)]
        for writer in writers:
            writer.start()
        return writers

    def table(self, selection):
        """What there is to receive: {system: [(revision, type, last)]}."""
        rows = self.postgres.ask("SELECT system, revision, type, last FROM event ORDER BY partition, position", self.name)
        found = collections.defaultdict(list)
        for system, revision, kind, last in rows:
            if system in (self.selections[selection] or self.systems):
                found[system].append((int(revision), int(kind), last == "t"))
        return found

    def finals(self, selection):
        """The last revision of each system."""
        return {system: events[-1][0] for system, events in self.table(selection).items()}

    def subscribe(self, at, selection, **more):
        return self.peers[at].subscribe(*self.selections[selection], **more)

    def free(self):
        for peer in self.peers:
            peer.channel.close()
        for server in self.servers:
            server.free()


@pytest.fixture(scope="module")
def stage(postgres):
    made = Stage(postgres)
    try:
        yield made
    finally:
        made.free()


@pytest.fixture(params=["one", "list", "all"])
def selection(request):
    return request.param


@pytest.fixture(params=[0, 1], ids=["this-server", "other-server"])
def at(request):
    return request.param


def told(messages):
    """{system: [(revision, type, last)]} of the changes in messages."""
    found = collections.defaultdict(list)
    for message in messages:
        if message.phase != STATE:
            for event in message.events:
                found[event.system.split("/")[1]].append((event.revision, event.type, event.last_of_revision))
    return found


def receive(stream, finals):
    """Messages until the last revision of every system was told."""
    left = dict(finals)
    messages = []
    while left:
        message = stream.message(60 * places.SLOW)
        assert message is not None, stream.error
        messages.append(message)
        for event in message.events:
            system = event.system.split("/")[1]
            if event.last_of_revision and event.revision >= left.get(system, event.revision + 1):
                del left[system]
    return messages


def after(events, told_before):
    """Of the events of each system those that were not among the first ones."""
    rest = {system: listed[len(told_before.get(system, [])) :] for system, listed in events.items()}
    return {system: listed for system, listed in rest.items() if listed}


def start_of(stream):
    """The first message has a token."""
    message = stream.message()
    assert message.phase == CHECKPOINT and message.resume_token
    return message


def test_every_event_comes_once_in_order_and_marked(stage, selection, at):
    before = stage.table(selection)
    with stage.subscribe(at, selection) as stream:
        start_of(stream)
        for writer in stage.write(seed=1):
            writer.join()
        messages = receive(stream, {s: r for s, r in stage.finals(selection).items() if r > before[s][-1][0]})
    assert told(messages) == after(stage.table(selection), before)


def test_a_revision_is_not_interrupted(stage, selection, at):
    with stage.subscribe(at, selection) as stream:
        start_of(stream)
        before = stage.finals(selection)
        for writer in stage.write(seed=2):
            writer.join()
        messages = receive(stream, {s: r for s, r in stage.finals(selection).items() if r > before[s]})
    events = client.events_of(messages)
    for event, behind in zip(events, events[1:]):
        same = (event.system, event.revision) == (behind.system, behind.revision)
        assert same != event.last_of_revision


def test_any_token_resumes_behind_itself_on_either_server(stage, selection, at):
    before = stage.table(selection)
    with stage.subscribe(at, selection) as stream:
        first = start_of(stream)
        for writer in stage.write(seed=3):
            writer.join()
        messages = [first] + receive(stream, {s: r for s, r in stage.finals(selection).items() if r > before[s][-1][0]})
    events = after(stage.table(selection), before)
    chance = random.Random(3)
    for place in chance.sample(range(len(messages)), min(6, len(messages))):
        if not messages[place].resume_token:
            continue
        rest = after(events, told(messages[: place + 1]))
        for server in range(2):
            with stage.subscribe(server, selection, resume_token=messages[place].resume_token) as stream:
                got = receive(stream, {system: listed[-1][0] for system, listed in rest.items()}) if rest else []
            assert told(got) == rest


def test_the_changes_follow_the_state_without_a_gap(stage, selection, at):
    writers = stage.write(seed=4)
    streams = []
    while any(writer.is_alive() for writer in writers) and len(streams) < 8:
        streams.append(stage.subscribe(at, selection, send_initial_state=True))
        time.sleep(0.02)
    for writer in writers:
        writer.join()
    finals = {system: stage.peers[0].push(system, model(client.new_id("End"))).revision for system in stage.finals(selection)}
    events = stage.table(selection)
    assert streams
    for stream in streams:
        with stream:
            state = stream.until(lambda message: message.phase == END_OF_STATE)
            assert all(message.phase == STATE for message in state[:-1])
            assert state[-1].resume_token and not state[-1].events
            shown = {event.system.split("/")[1]: event.revision for event in client.events_of(state)}
            assert set(shown) == set(events)
            for system, revision in shown.items():
                shown[system] = max(e.revision for e in client.events_of(state) if e.system == f"systems/{system}")
            messages = receive(stream, finals)
        assert told(messages) == {s: [e for e in listed if e[0] > shown[s]] for s, listed in events.items()}


def test_checkpoints_come_while_nothing_passes(stage, selection, at):
    """Events go by that the filter keeps out: the tokens move on all the same."""
    request = {"checkpoint_interval": SECOND, "event_types": [event_pb2.EVENT_TYPE_SYSTEM_DELETED]}
    with stage.subscribe(at, selection, **request) as stream:
        tokens = [start_of(stream).resume_token]
        begun = time.monotonic()
        while time.monotonic() < begun + 3.5 * places.SLOW:
            stage.peers[0].push(stage.systems[0], model(client.new_id("F")))
            stage.peers[1].push(stage.systems[2], model(client.new_id("F")))
            time.sleep(0.02)
        while not stream.arrived.empty():
            message = stream.message()
            assert message.phase == CHECKPOINT and not message.events
            tokens.append(message.resume_token)
    assert 2 <= len(tokens) - 1 <= 5 * places.SLOW
    assert len(set(tokens)) == len(tokens)
    with stage.subscribe(1 - at, selection, resume_token=tokens[-1], **request) as stream:
        start_of(stream)


def test_a_token_is_bound_to_its_filter(stage, selection, at):
    others = [name for name in stage.selections if name != selection]
    with stage.subscribe(at, selection) as stream:
        token = start_of(stream).resume_token
    for other in others:
        with stage.subscribe(at, other, resume_token=token) as stream:
            code, reason, fields, _ = explain(stream.end())
        assert (code, reason) == (grpc.StatusCode.INVALID_ARGUMENT, "RESUME_TOKEN_INVALID")
        assert "resume_token" in fields
    with stage.subscribe(1 - at, selection, resume_token=token) as stream:
        start_of(stream)


def test_who_stops_reading_misses_nothing_and_keeps_nobody_waiting(stage, selection, at):
    """The client takes one message and then none, until far more has happened than the connection and the second
    server hold; another one, who asks for the same, hears of everything meanwhile."""
    before = stage.table(selection)
    request = client.event_service_pb2.SubscribeRequest(systems=[f"systems/{s}" for s in stage.selections[selection]])
    with stage.servers[at].client(*client.NARROW) as slow:
        stream = slow.events.Subscribe(request)
        messages = [next(stream)]
        with stage.subscribe(at, selection) as other:
            start_of(other)
            for seed in (5, 6):
                for writer in stage.write(seed=seed):
                    writer.join()
            events = after(stage.table(selection), before)
            others = receive(other, {system: listed[-1][0] for system, listed in events.items()})
        while sum(map(len, told(messages).values())) < sum(map(len, events.values())):
            messages.append(next(stream))
        stream.cancel()
    assert told(messages) == events
    assert told(others) == events
    if selection != "one":  # what waited for it came in large messages
        assert max(len(message.events) for message in messages) >= 64, "it was never stopped"


# From here on the database and the servers are taken apart: keep the order.


def test_behind_what_is_kept_the_oldest_token_is_told(stage, selection, at):
    """As a trim of another server would: both servers have to refuse, whatever they have in memory."""
    with stage.subscribe(at, selection) as stream:
        old = start_of(stream).resume_token
    for writer in stage.write(seed=7):
        writer.join()
    stage.postgres.ask(
        """WITH bound AS (SELECT partition, max(position) - 5 AS position FROM event GROUP BY partition),
        whole AS (SELECT e.partition, max(e.position) AS position FROM event e JOIN bound b USING (partition)
            WHERE e.last AND e.position <= b.position GROUP BY e.partition),
        gone AS (DELETE FROM event e USING whole w WHERE e.partition = w.partition AND e.position <= w.position)
        UPDATE partition p SET trimmed = w.position FROM whole w WHERE w.partition = p.partition""",
        stage.name,
    )
    for server in range(2):
        with stage.subscribe(server, selection, resume_token=old) as stream:
            code, reason, _, facts = explain(stream.end())
        assert (code, reason) == (grpc.StatusCode.OUT_OF_RANGE, "RESUME_TOKEN_TOO_OLD")
        kept = stage.table(selection)
        with stage.subscribe(server, selection, resume_token=facts["oldest_token"]) as stream:
            got = receive(stream, {system: listed[-1][0] for system, listed in kept.items()}) if kept else []
        assert told(got) == kept


def test_the_drain_ends_streams_and_their_tokens_go_on_elsewhere(stage):
    streams = {name: stage.subscribe(1, name) for name in stage.selections}
    tokens = {name: start_of(stream).resume_token for name, stream in streams.items()}
    stage.servers[1].stop()
    for stream in streams.values():
        assert stream.end().code() == grpc.StatusCode.UNAVAILABLE
    revisions = {system: stage.peers[0].push(system, model(client.new_id("F"))).revision for system in stage.systems}
    for name, token in tokens.items():
        wanted = {system: revision for system, revision in revisions.items() if system in (stage.selections[name] or revisions)}
        with stage.subscribe(0, name, resume_token=token) as stream:
            got = told(receive(stream, wanted))
        assert {system: {event[0] for event in events} for system, events in got.items()} == {
            system: {revision} for system, revision in wanted.items()
        }
