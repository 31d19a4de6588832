"""
Random writes by several threads to two servers on one database, one of which is killed and comes back, with
subscribers of all sorts. Afterwards the database is asked directly: what was acknowledged is there once, nothing
is half there, every subscriber was told the events of the table and no others, and the findings are those of a
fresh evaluation.
"""

import collections
import os
import random
import threading
import time
import uuid

import grpc
import pytest

import client
import places
from client import event_pb2
from database import ask, whole_body
from google.protobuf import duration_pb2, timestamp_pb2
from tally.v1 import descriptor_pb2
from tallyd import Tallyd

SEED = int(os.environ.get("TALLY_SEED", random.randrange(1 << 30)))
SYSTEMS = [f"history-{number}" for number in range(5)]
LARGE = "history-large"  # its pushes have many descriptors and hundreds of events
WRITERS = 6
SECONDS = 14
KILL_AT, RESTART_AT = 5, 7
NAMES = ["default", "a", "b", "c"]
WORDS = ["Keras", "PyTorch", "JAX", "Theano"]
KINDS = list(client.COLLECTIONS)
NUMBERED = {str(at + 1): (kind, client.COLLECTIONS[kind]) for at, kind in enumerate(KINDS)}
NUMBERED.update({str(number): names for number, names in client.SETTLING.items()})
RULE = "environment.framework-unsupported"
HELD = 4  # seconds that a waiver lasts at the most
PASSING = {grpc.StatusCode.UNAVAILABLE}
FINAL = {grpc.StatusCode.NOT_FOUND, grpc.StatusCode.ALREADY_EXISTS}


class Write:
    """One request and how it ended: `answer`, or `refused` for good."""

    def __init__(self, system, notes):
        self.system = system
        self.request_id = str(uuid.uuid4())
        self.note = notes
        self.answer = None
        self.refused = False
        self.asked = {}  # descriptor's key: its framework; None: deleted
        self.floor = 0  # revision that was acknowledged before this was asked


class World:
    def __init__(self, postgres):
        self.url = postgres.create("history")
        # The one that lives is always behind: subscribers read from the store, views are loaded again and again.
        small = ("--ring-events", "16", "--view-memory", "1MiB", "--batch-changes", "5")
        self.servers = [Tallyd("--partitions", "4", "--lanes", "2", *small, database=self.url)]
        self.servers.append(Tallyd("--follow-interval", "300ms", database=self.url))
        self.peers = []
        self.writes = []
        self.lock = threading.Lock()
        self.acknowledged = collections.Counter()  # system: revision
        self.stop = threading.Event()
        self.faults = []

    def go(self):
        for server in self.servers:
            server.start()
        self.peers = [server.client() for server in self.servers]
        for system in [*SYSTEMS, LARGE]:
            self.peers[0].create(system)
        self.watchers = [Watcher(self, number, wish) for number, wish in enumerate(WISHES)]
        for watcher in self.watchers:
            watcher.begun.wait(client.TIMEOUT)
        threads = [threading.Thread(target=self.guard, args=(self.write, number)) for number in range(WRITERS)]
        threads += [threading.Thread(target=self.guard, args=(self.write_large,))]
        threads += [threading.Thread(target=self.guard, args=(self.read, number)) for number in range(2)]
        for thread in threads:
            thread.start()
        time.sleep(KILL_AT)
        self.servers[1].kill()
        time.sleep(RESTART_AT - KILL_AT)
        self.servers[1].start()
        time.sleep(SECONDS - RESTART_AT)
        self.stop.set()
        for thread in threads:
            thread.join()
        time.sleep(HELD + 2 * places.SLOW)  # every waiver has ended, and the servers have noticed
        self.table = read_table(self.url)
        for watcher in self.watchers:
            watcher.finish()

    def guard(self, work, *arguments):
        try:
            work(*arguments)
        except BaseException as error:  # pylint: disable=broad-except
            self.faults.append(error)
            raise

    def free(self):
        self.stop.set()
        for peer in self.peers:
            peer.channel.close()
        for server in self.servers:
            server.free()

    # ---- writing ----

    def submit(self, write, send, dice):
        """Sends until the answer is known, each time perhaps to the other server, under one request id."""
        at = dice.randrange(2)
        self.writes.append(write)
        write.floor = self.acknowledged[write.system]
        while True:
            try:
                write.answer = send(self.peers[at])
                write.peer = at
                revision = getattr(write.answer, "revision", 0)
                with self.lock:
                    self.acknowledged[write.system] = max(revision, self.acknowledged[write.system])
                return
            except grpc.RpcError as error:
                if error.code() in FINAL:
                    write.refused = True
                    return
                assert error.code() in PASSING, error
                at = dice.randrange(2)
                time.sleep(0.02)

    def push(self, dice, system, items):
        note = str(uuid.uuid4())
        write = Write(system, note)
        descriptors = []
        for kind, name, word in items:
            made = make(kind, system, name, word)
            write.asked[(kind, name)] = word
            descriptors.append(made)
        self.submit(
            write,
            lambda peer: peer.push(system, *descriptors, request_id=write.request_id, change_note=note),
            dice,
        )
        if write.answer and dice.random() < 0.3:
            # On the server that answered it shows at once, on the other one when it is asked for.
            self.look(write.peer, system, write.answer.revision, {})
            self.look(1 - write.peer, system, write.answer.revision, {"min_revision": write.answer.revision})

    def look(self, at, system, revision, more):
        try:
            shown = self.peers[at].verdict(system, **more).revision
            assert shown >= revision, f"server {at} shows {shown} of {system} after {revision} was answered, {more}"
        except grpc.RpcError as error:
            assert error.code() in PASSING | FINAL, error

    def delete(self, dice, system, kind, name):
        write = Write(system, str(uuid.uuid4()))
        write.asked[(kind, name)] = None
        request = client.descriptor_service_pb2.DeleteDescriptorRequest(
            name=f"systems/{system}/{client.COLLECTIONS[kind]}/{name}",
            request_id=write.request_id,
            change_note=write.note,
        )
        self.submit(write, lambda peer: peer.descriptors.DeleteDescriptor(request, timeout=client.TIMEOUT), dice)

    def recreate(self, dice, system):
        gone, back = Write(system, ""), Write(system, "")
        request = client.system_pb2.DeleteSystemRequest(name=f"systems/{system}", request_id=gone.request_id)
        self.submit(gone, lambda peer: peer.systems.DeleteSystem(request, timeout=client.TIMEOUT), dice)
        request = client.system_pb2.CreateSystemRequest(system_id=system, request_id=back.request_id)
        self.submit(back, lambda peer: peer.systems.CreateSystem(request, timeout=client.TIMEOUT), dice)

    def write(self, number):
        dice = random.Random(SEED + number)
        while not self.stop.is_set():
            system = dice.choice(SYSTEMS)
            what = dice.random()
            if what < 0.04:
                self.recreate(dice, system)
            elif what < 0.2:
                self.delete(dice, system, dice.choice(KINDS[4:6]), dice.choice(NAMES))
            elif what < 0.3:
                self.settle(dice, system)
            else:
                # Few words: content comes back, so that many pushes change nothing.
                items = {(dice.choice(KINDS[4:6]), dice.choice(NAMES)) for _ in range(dice.randint(1, 3))}
                self.push(dice, system, [(*item, dice.choice(WORDS)) for item in sorted(items)])

    def settle(self, dice, system):
        """A policy, or a waiver that soon ends by itself."""
        if dice.random() < 0.5:
            self.push(dice, system, [("policy", "default", dice.choice(["note", "warning", "error", "off"]))])
        else:
            self.push(dice, system, [("waiver", dice.choice(NAMES), time.time() + dice.uniform(1, HELD))])

    def write_large(self):
        dice = random.Random(SEED + 1000)
        turn = 0
        while not self.stop.is_set():
            words = [WORDS[(turn + at) % len(WORDS)] for at in range(100)]
            self.push(dice, LARGE, [("trained_model", f"m{at}", word) for at, word in enumerate(words)])
            turn += 1
            time.sleep(0.2 * places.SLOW)

    def read(self, number):
        """No server ever shows a system older than it has shown it before."""
        dice = random.Random(SEED + 2000 + number)
        seen = collections.Counter()
        while not self.stop.is_set():
            at, system = dice.randrange(2), dice.choice(SYSTEMS)
            try:
                revision = self.peers[at].verdict(system).revision
            except grpc.RpcError as error:
                assert error.code() in PASSING | FINAL, error
                seen = collections.Counter({key: value for key, value in seen.items() if key[0] != at})
                continue
            assert revision >= seen[at, system], f"server {at} went back to {revision} of {system}, {seen}"
            seen[at, system] = revision


def make(kind, system, name, word):
    if kind == "policy":
        rule = {"rule": RULE, "off": True} if word == "off" else {"rule": RULE, "severity": word}
        return client.descriptor("policy", name=name, system=system, rules=[rule])
    if kind == "waiver":
        until = timestamp_pb2.Timestamp(seconds=int(word), nanos=int(word % 1 * 1e6) * 1000)
        spec = {"rule": RULE, "reason": "known", "waived_by": "ann", "expire_time": until}
        return client.descriptor("waiver", name=name, system=system, **spec)
    if kind == "trained_model":
        return client.model(word, name=name, system=system)
    return client.offer(word, name=name, system=system)


# ---- subscribers ----

ALL = lambda event: True  # noqa: E731
FINDINGS = [event_pb2.EVENT_TYPE_FINDING_OPENED, event_pb2.EVENT_TYPE_FINDING_RESOLVED]

# (systems, what else is asked, which events pass)
WISHES = [
    ([], {}, ALL),
    ([SYSTEMS[0]], {}, lambda event: event.system == f"systems/{SYSTEMS[0]}"),
    ([LARGE, SYSTEMS[1]], {}, lambda event: event.system in (f"systems/{LARGE}", f"systems/{SYSTEMS[1]}")),
    ([], {"event_types": FINDINGS}, lambda event: event.type in FINDINGS),
    ([], {"rule_classes": ["environment"]}, lambda event: event.finding.rule_class == "environment"),
    (
        [],
        {"event_types": [event_pb2.EVENT_TYPE_SYSTEM_DELETED]},
        lambda event: event.type == event_pb2.EVENT_TYPE_SYSTEM_DELETED,
    ),
]


def plain(event):
    """An event as it is stored: which one is marked depends on the filter."""
    copy = event_pb2.Event()
    copy.CopyFrom(event)
    copy.last_of_revision = False
    return copy.SerializeToString(deterministic=True)


def by_system(events):
    lists = collections.defaultdict(list)
    for event in events:
        lists[event.system].append(event)
    return lists


def check_marks(events):
    """Events of one revision come together, and the last of them is marked."""
    for event, behind in zip(events, [*events[1:], None]):
        same = behind is not None and (behind.system, behind.revision) == (event.system, event.revision)
        assert event.last_of_revision == (not same)


class Watcher:
    """Subscribes, keeps what tokens cover, and resumes at a random server whenever its stream ends."""

    def __init__(self, world, number, wish):
        self.world = world
        self.systems, self.more, self.passes = wish
        self.dice = random.Random(SEED + 3000 + number)
        self.token = ""
        self.log = []
        self.tokens = []  # (token, how many events of the log it covers)
        self.begun = threading.Event()
        self.done = threading.Event()
        self.ended = threading.Event()
        self.fault = None
        threading.Thread(target=self.run, daemon=True).start()

    def subscribe(self, token):
        peer = self.world.peers[self.dice.randrange(2)]
        interval = duration_pb2.Duration(seconds=1)
        return peer.subscribe(*self.systems, resume_token=token, checkpoint_interval=interval, **self.more)

    def run(self):
        try:
            while not self.done.is_set():
                with self.subscribe(self.token) as stream:
                    self.follow(stream)
        except BaseException as error:  # pylint: disable=broad-except
            self.fault = error
        self.ended.set()

    def follow(self, stream):
        pending = []
        until = time.monotonic() + self.dice.uniform(0.5, 6)
        while not self.done.is_set() and time.monotonic() < until:
            message = stream.message()
            if message is None:
                assert stream.error.code() in PASSING, stream.error
                time.sleep(0.05)
                return
            pending += message.events
            if message.resume_token:
                self.token = message.resume_token
                self.log += pending
                self.tokens.append((self.token, len(self.log)))
                pending = []
                self.begun.set()
            if self.dice.random() < 0.01:
                time.sleep(0.3)  # a slow one

    def expected(self):
        return [event for event in self.world.table if self.passes(event) and event.revision > 1]

    def told(self):
        return [event for event in list(self.log) if event.revision > 1]

    def finish(self):
        """Waits until all is told and a moment longer, for what should not come."""
        count = len(self.expected())
        deadline = time.monotonic() + 30 * places.SLOW
        while len(self.told()) < count and not self.ended.is_set() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.3)
        self.done.set()
        assert self.ended.wait(client.TIMEOUT) and not self.fault, self.fault


def read_table(url):
    rows = ask(url, "SELECT encode(body, 'hex') FROM event ORDER BY partition, position")
    return [event_pb2.Event.FromString(bytes.fromhex(row[0])) for row in rows]


@pytest.fixture(scope="module")
def world(postgres):
    made = World(postgres)
    try:
        made.go()
        yield made
    finally:
        made.free()


# ---- what must hold ----


def test_nothing_went_wrong_on_the_way(world):
    print(f"TALLY_SEED={SEED}")
    assert not world.faults
    answers = [write for write in world.writes if write.answer]
    assert len(answers) > 50 and any(getattr(write.answer, "unchanged", False) for write in answers)
    assert all(write.answer or write.refused for write in world.writes)


def test_every_answer_is_true_and_was_carried_out_once(world):
    versions = collections.defaultdict(list)  # (system, kind, name): (version, revision, deleted)
    revisions = collections.defaultdict(set)  # note: revisions
    rows = ask(
        world.url, "SELECT system, kind, name, version, revision, body IS NULL, change_note FROM version ORDER BY version"
    )
    for system, kind, name, version, revision, deleted, note in rows:
        versions[system, NUMBERED[kind][1], name].append((int(version), int(revision), deleted == "t"))
        revisions[note].add(int(revision))
    for write in world.writes:
        if not write.asked:
            continue
        unchanged = write.answer and getattr(write.answer, "unchanged", False)
        expected = {write.answer.revision} if write.answer and not unchanged else set()
        assert revisions[write.note] == expected
        # Whoever answers "unchanged" must know of everything that was acknowledged before.
        assert not unchanged or write.answer.revision >= write.floor
        for descriptor in getattr(write.answer, "descriptors", ()):
            _, system, collection, name = descriptor.name.split("/")
            then = [row for row in versions[system, collection, name] if row[1] <= write.answer.revision]
            assert then[-1] == (descriptor.version, descriptor.revision, False)


def test_the_database_is_whole(world):
    wrong = {
        "a gap in the positions": "SELECT p.partition FROM partition AS p LEFT JOIN event AS e USING (partition)"
        " GROUP BY p.partition, p.head HAVING count(e.position) <> p.head OR max(e.position) <> p.head",
        "a gap in the revisions": "SELECT s.system FROM system AS s JOIN event AS e USING (partition, system)"
        " GROUP BY s.system, s.revision HAVING count(DISTINCT e.revision) <> s.revision"
        " OR max(e.revision) <> s.revision",
        "revisions of a system out of order": "SELECT system FROM (SELECT system, revision, lag(revision) OVER"
        " (PARTITION BY partition, system ORDER BY position) AS before FROM event) AS e WHERE before > revision",
        "a revision whose last event is not marked once": "SELECT system, revision FROM event"
        " GROUP BY partition, system, revision HAVING count(*) FILTER (WHERE last) <> 1",
        "a version that does not follow another": "SELECT system, name FROM version GROUP BY system, kind, name"
        " HAVING count(*) <> max(version)",
        "a version of a descriptor that is not listed, or a listed one without": "SELECT system, name FROM descriptor"
        " AS d FULL JOIN version AS v USING (partition, system, kind, name) WHERE d IS NULL OR v.version IS NULL",
        "an open finding of a deleted system": "SELECT f.system FROM finding AS f JOIN system AS s"
        " USING (partition, system) WHERE s.deleted AND f.until_revision IS NULL",
        "a finding that is open twice": "SELECT system, finding FROM finding WHERE until_revision IS NULL"
        " GROUP BY system, finding HAVING count(*) > 1",
        "findings that the events do not tell of": "SELECT f.system FROM (SELECT partition, system, count(*) AS open"
        " FROM finding WHERE until_revision IS NULL GROUP BY 1, 2) AS f JOIN (SELECT partition, system,"
        " sum(CASE type WHEN 3 THEN 1 WHEN 5 THEN -1 ELSE 0 END) AS told FROM event GROUP BY 1, 2) AS e"
        " USING (partition, system) WHERE f.open <> e.told",
    }
    assert {what: ask(world.url, sql) for what, sql in wrong.items()} == {what: [] for what in wrong}


def test_every_waiver_ended_once(world):
    # Those that were deleted, pushed anew or went with their system did not end by time.
    told = collections.Counter()
    for event in world.table:
        if event.type in (event_pb2.EVENT_TYPE_WAIVER_ADDED, event_pb2.EVENT_TYPE_WAIVER_ENDED):
            added = event.type == event_pb2.EVENT_TYPE_WAIVER_ADDED
            key = (event.descriptor.name, event.descriptor.version, event.descriptor.deleted)
            told[key, added] += 1
    assert max(told.values()) == 1
    lapsed = [key for key, added in told if not added and not key[2]]
    assert lapsed and all((key, True) in told for key in lapsed)
    open_waived = ask(world.url, "SELECT count(*) FROM system WHERE due_at IS NOT NULL")
    assert open_waived == [["0"]] or open_waived == [("0",)]
    for system in [*SYSTEMS, LARGE]:
        try:
            assert world.peers[0].verdict(system, min_revision=last_revision(world, system)).waived_count == 0
        except grpc.RpcError as error:
            assert error.code() in FINAL, error


@pytest.mark.parametrize("number", range(len(WISHES)))
def test_a_subscriber_is_told_the_table(world, number):
    watcher = world.watchers[number]
    told, expected = by_system(watcher.told()), by_system(watcher.expected())
    assert {system: len(events) for system, events in told.items()} == {
        system: len(events) for system, events in expected.items()
    }
    for system, events in expected.items():
        assert [plain(event) for event in told[system]] == [plain(event) for event in events]
    check_marks(watcher.told())


@pytest.mark.parametrize("number", range(len(WISHES)))
def test_resuming_at_any_token_gives_what_followed(world, number):
    watcher = world.watchers[number]
    chosen = watcher.dice.sample(watcher.tokens, min(8, len(watcher.tokens)))
    streams = [watcher.subscribe(token) for token, _ in chosen]
    for (_, covered), resumed in zip(chosen, streams):
        rest = watcher.log[covered:]
        got = []
        with resumed as stream:
            while True:
                message = stream.message()
                got += message.events
                if len(got) >= len(rest) and not message.events:
                    break
        check_marks(got)
        left, right = by_system(got), by_system(rest)
        assert left.keys() == right.keys()
        for system, events in left.items():
            assert [plain(event) for event in events] == [plain(event) for event in right[system]]


def essence(finding, system):
    """What a finding says, without where and when."""
    copy = type(finding)()
    copy.CopyFrom(finding)
    for field in ("opened_revision", "changed_revision", "opened_at", "changed_at"):
        copy.ClearField(field)
    for descriptor in copy.descriptors:
        descriptor.version = 0
    return str(copy).replace(f"systems/{system}/", "systems/S/")


def test_the_findings_are_those_of_a_fresh_evaluation(world):
    rows = ask(
        world.url,
        "SELECT system, kind, name, encode(body, 'hex'), encode(base_body, 'hex') FROM (SELECT DISTINCT ON (partition,"
        " system, kind, name) * FROM based_version ORDER BY partition, system, kind, name, version DESC) AS v"
        " WHERE body IS NOT NULL",
    )
    current = collections.defaultdict(list)
    for system, kind, name, body, base in rows:
        if NUMBERED[kind][0] not in ("waiver", "clock"):  # all waivers have ended, and a new one could not
            current[system].append((NUMBERED[kind][1], name, whole_body(body, base)))
    assert LARGE in current and len(current) > 1
    for system, descriptors in current.items():
        copy = world.peers[0].create()
        made = []
        for collection, name, body in descriptors:
            made.append(descriptor_pb2.Descriptor.FromString(body))
            made[-1].name = f"systems/{copy}/{collection}/{name}"
        revision = world.peers[0].push(copy, *made).revision
        fresh = {essence(finding, copy) for finding in world.peers[0].findings(copy)}
        for peer in world.peers:
            least = 0 if peer is world.peers[0] else last_revision(world, system)
            assert {essence(finding, system) for finding in peer.findings(system, min_revision=least)} == fresh
        assert revision == 2


def last_revision(world, system):
    return max(event.revision for event in world.table if event.system == f"systems/{system}")
