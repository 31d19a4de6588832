"""kill -9 in the middle of 1,000 concurrent pushes: what was acknowledged is there, and nothing is half there."""

import concurrent.futures
import threading

import grpc
import pytest

import client
from client import event_pb2, model, offer
from database import ask
from tallyd import Tallyd

SYSTEMS = 8
PUSHES = 1000
KILL_AFTER = 300


@pytest.fixture(scope="module", params=["embedded", "given"])
def crashed(request):
    """A server that was killed in the middle and started again, with what was promised before."""
    postgres = request.getfixturevalue("postgres") if request.param == "given" else None
    own = Tallyd("--lanes", "3", database=postgres.create("crash") if postgres else None)
    try:
        own.start()
        run = Run(own)
        run.go()
        own.start()
        yield run
    finally:
        own.free()


class Run:
    def __init__(self, server):
        self.server = server
        self.acknowledged = []  # (system, revision, {descriptor: version}, names of opened findings)
        self.seen = []  # events before the crash
        self.token = ""
        self.enough = threading.Event()

    def go(self):
        with self.server.client() as peer:
            self.systems = [peer.create(client.new_id("crash")) for _ in range(SYSTEMS)]
            with peer.subscribe(*self.systems, send_initial_state=True) as stream:
                self.token = stream.until(lambda message: message.phase == 2)[-1].resume_token
                reader = threading.Thread(target=self.read, args=(stream,))
                reader.start()
                killer = threading.Thread(target=self.kill)
                killer.start()
                with concurrent.futures.ThreadPoolExecutor(32) as pool:
                    list(pool.map(lambda number: self.push(peer, number), range(PUSHES)))
                killer.join()
                reader.join()

    def read(self, stream):
        """Keeps only what a token covers, as a careful subscriber does."""
        pending = []
        while True:
            message = stream.message()
            if message is None:
                return
            pending += message.events
            if message.resume_token:
                self.token = message.resume_token
                self.seen += pending
                pending = []

    def kill(self):
        assert self.enough.wait(client.TIMEOUT * 4)
        self.server.kill()

    def push(self, peer, number):
        system = self.systems[number % SYSTEMS]
        name = f"n{number // SYSTEMS % 5}"
        try:
            pushed = peer.push(system, model(f"F{number}", name=name, system=system), offer("F0", f"E{number}"))
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.UNAVAILABLE, error
            return
        versions = {descriptor.name: descriptor.version for descriptor in pushed.descriptors}
        self.acknowledged.append((system, pushed.revision, versions, {finding.name for finding in pushed.opened}))
        if len(self.acknowledged) >= KILL_AFTER:
            self.enough.set()

    def database(self):
        if self.server.database:
            return self.server.database
        return f"postgresql:///postgres?user=tally&host={self.server.data_dir}/socket"


def test_the_crash_came_in_the_middle(crashed):
    assert KILL_AFTER <= len(crashed.acknowledged) < PUSHES


def test_every_acknowledged_push_is_there(crashed):
    with crashed.server.client() as peer:
        for system, revision, versions, opened in crashed.acknowledged:
            for name, version in versions.items():
                request = client.descriptor_service_pb2.GetDescriptorRequest(name=f"{name}/versions/{version}")
                stored = peer.descriptors.GetDescriptor(request, timeout=client.TIMEOUT)
                assert stored.revision == revision
            if opened:
                then = {finding.name for finding in peer.findings(system, as_of_revision=revision)}
                assert opened <= then


def test_revisions_are_contiguous_and_no_two_pushes_share_one(crashed):
    pairs = [(system, revision) for system, revision, _, _ in crashed.acknowledged]
    assert len(pairs) == len(set(pairs))
    rows = ask(
        crashed.database(),
        "SELECT s.system, s.revision, count(DISTINCT e.revision), min(e.revision), max(e.revision)"
        " FROM system AS s JOIN event AS e ON e.partition = s.partition AND e.system = s.system GROUP BY 1, 2",
    )
    assert len(rows) == SYSTEMS
    for _, revision, count, first, last in rows:
        assert int(revision) == int(count) == int(last) and int(first) == 1


def test_nothing_is_half_there(crashed):
    """The database is asked directly: versions, findings and events of each revision belong together."""
    halves = {
        # A clock (23) is the server's own and not told of.
        "a version without its event": "SELECT count(*) FROM version AS v WHERE kind <> 23 AND NOT EXISTS"
        " (SELECT FROM event AS e WHERE e.partition = v.partition AND e.system = v.system"
        " AND e.revision = v.revision AND e.type IN (1, 2))",
        "an opened finding without its event": "SELECT count(*) FROM finding AS f WHERE since_revision = opened_revision"
        " AND NOT EXISTS (SELECT FROM event AS e WHERE e.partition = f.partition AND e.system = f.system"
        " AND e.revision = f.since_revision AND e.type IN (3, 10))",
        "a resolved finding without its event": "SELECT count(*) FROM finding AS f WHERE resolved"
        " AND NOT EXISTS (SELECT FROM event AS e WHERE e.partition = f.partition AND e.system = f.system"
        " AND e.revision = f.until_revision AND e.type IN (5, 11))",
        "a revision whose last event is not marked once": "SELECT count(*) FROM (SELECT FROM event"
        " GROUP BY partition, system, revision HAVING count(*) FILTER (WHERE last) <> 1) AS wrong",
        "a gap in the positions of a partition": "SELECT count(*) FROM partition AS p WHERE head <>"
        " (SELECT count(*) FROM event AS e WHERE e.partition = p.partition)",
        "a version of a descriptor that is not listed, or a listed one without": "SELECT count(*) FROM descriptor"
        " AS d FULL JOIN version AS v USING (partition, system, kind, name) WHERE d IS NULL OR v.version IS NULL",
        "a version beyond its system's revision": "SELECT count(*) FROM version AS v JOIN system AS s"
        " USING (partition, system) WHERE v.revision > s.revision",
    }
    found = {what: ask(crashed.database(), sql)[0][0] for what, sql in halves.items()}
    assert found == {what: "0" for what in halves}


def test_findings_after_the_restart_are_those_that_an_evaluation_gives(crashed):
    """Pushing what is current already evaluates nothing anew; pushing something new must find the same others."""
    with crashed.server.client() as peer:
        for system in crashed.systems:
            before = {finding.name for finding in peer.findings(system)}
            tried = peer.push(system, client.descriptor("raw_data", dataset_name="x"), validate_only=True)
            assert not before & {finding.name for finding in tried.opened}


def test_a_subscriber_resumes_without_gap_or_repeat(crashed):
    with crashed.server.client() as peer:
        finals = {system: peer.push(system, model("End")).revision for system in crashed.systems}
        assert crashed.token
        events = list(crashed.seen)
        with peer.subscribe(*crashed.systems, resume_token=crashed.token) as stream:
            reached = set()
            while len(reached) < SYSTEMS:
                for event in stream.message().events:
                    events.append(event)
                    if event.revision == finals[event.system.split("/")[1]] and event.last_of_revision:
                        reached.add(event.system)
    keys = [(e.system, e.revision, e.type, e.descriptor.name or e.finding.name) for e in events]
    assert len(keys) == len(set(keys))
    for system, final in finals.items():
        revisions = [event.revision for event in events if event.system == f"systems/{system}"]
        assert revisions == sorted(revisions) and set(revisions) == set(range(2, final + 1))
    pushed = {(e.system, e.revision) for e in events if e.type == event_pb2.EVENT_TYPE_DESCRIPTOR_PUSHED}
    assert {(f"systems/{system}", revision) for system, revision, _, _ in crashed.acknowledged} <= pushed
