"""
What goes wrong around the servers, each while tally-check writes and listens: afterwards everything that was
acknowledged is there, and every subscriber was told all of it once.
"""

import os
import random
import signal
import time

import grpc
import pytest

import checker
import client
import faults
import places
from client import event_service_pb2, model
from database import Postgres, ask
from google.protobuf import duration_pb2
from tallyd import Tallyd

SEED = int(os.environ.get("TALLY_SEED", random.randrange(1 << 30)))
IDLE = int(os.environ.get("TALLY_IDLE", 2000))  # the full count is tests/soak's

# The first server is always behind: it reads from the store what the other still has in memory.
SMALL = ("--ring-events", "16", "--view-memory", "1MiB", "--batch-changes", "5", "--lanes", "2")


class Stage:
    """Servers on one database with a checker."""

    def __init__(self, database, count=1, arguments=(), **variables):
        settings = [("--partitions", "4", *SMALL, *arguments), arguments]
        self.servers = [Tallyd(*settings[at % 2], database=database, **variables) for at in range(count)]
        self.check = checker.Check(database, *self.servers)

    def __enter__(self):
        for server in self.servers:
            server.start()
        return self

    def start(self, seconds, *more):
        self.check.start("--seconds", seconds * places.SLOW, "--writers", 6, "--seed", SEED, *more)

    def end(self):
        return self.check.end()

    def __exit__(self, *_):
        self.check.free()
        for server in self.servers:
            server.stop(expected=None)
            server.free()


def pause(seconds):
    time.sleep(seconds * places.SLOW)


@pytest.fixture
def own_postgres():
    made = Postgres()
    made.start()
    yield made
    made.free()


def test_the_database_stops_is_killed_and_comes_back(own_postgres):
    with Stage(own_postgres.create("away"), 2) as stage:
        stage.start(8)
        for how in (signal.SIGINT, signal.SIGQUIT):
            pause(1.5)
            own_postgres.stop(how)
            pause(0.5)
            own_postgres.start()
        pause(1.5)
        backends = own_postgres.ask("SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'tallyd%'")
        os.kill(int(backends[0][0]), signal.SIGKILL)
        stage.end()


def test_servers_are_killed_at_random_points(postgres):
    dice = random.Random(SEED)
    with Stage(postgres.create("killed"), 2) as stage:
        stage.start(7)
        for _ in range(5):
            pause(dice.uniform(0.3, 1.2))
            server = dice.choice(stage.servers)
            server.kill()
            server.start()
        stage.end()


def test_the_disk_is_full_for_a_while():
    if os.getuid() != 0:
        pytest.skip("only root may mount a small disk")
    disk = faults.SmallDisk()
    try:
        if not disk.mounted:
            pytest.skip("a small disk cannot be mounted here")
        disk.start()
        with Stage(disk.create("full")) as stage:
            stage.start(9, "--size", 3000)
            pause(1.5)
            disk.fill()
            answered = lambda: int(ask(disk.url("full"), "SELECT coalesce(sum(revision), 0) FROM system")[0][0])  # noqa: E731
            pause(4)
            log = (disk.folder / "log").read_text()
            assert "No space left on device" in log
            disk.make_room()
            before = answered()
            stage.end()
            assert answered() > before
    finally:
        disk.free()


def test_connections_are_cut_in_the_middle_of_a_commit(postgres):
    proxy = faults.Proxy(postgres, SEED)
    postgres.create("cut")
    try:
        with Stage(postgres.url("cut")) as stage:
            stage.servers[0].stop()
            stage.servers[0].database = proxy.url("cut")
            stage.servers[0].start()
            proxy.cutting = True
            stage.start(5)
            pause(5)
            proxy.cutting = False
            stage.end()
        assert proxy.cuts >= 5
    finally:
        proxy.free()


def test_a_standby_takes_over():
    pair = faults.Pair()
    try:
        pair.start()
        pair.primary.create("pair")
        with Stage(pair.url("pair"), 2) as stage:
            stage.start(8)
            pause(2.5)
            before = int(pair.primary.ask("SELECT sum(revision) FROM system", "pair")[0][0])
            pair.fail_over()
            stage.end()
        after = int(pair.standby.ask("SELECT sum(revision) FROM system", "pair")[0][0])
        assert after > before > 0
    finally:
        pair.free()


def test_the_wall_clock_jumps(postgres):
    if places.SLOW > 1:
        pytest.skip("a sanitizer must be loaded first, and so must the clock")
    clock = faults.Clock()
    try:
        with Stage(postgres.create("clock"), 2, **clock.variables()) as stage:
            stage.start(6)
            for hours in (6, -6, 1, 0):
                pause(1)
                clock.jump(hours * 3600)
            stage.end()
            first = stage.check.database
            spread = ask(first, "SELECT extract(epoch FROM max(at) - min(at)) > 18000 FROM event")
            assert spread == [["t"]], "the servers did not see the jumps"
    finally:
        clock.free()


def test_what_takes_its_time_does_not_go_by_the_wall_clock(postgres):
    """Checkpoints come as before, neither late nor in a flood, and a deadline is not over at once."""
    if places.SLOW > 1:
        pytest.skip("a sanitizer must be loaded first, and so must the clock")
    clock = faults.Clock()
    server = Tallyd(database=postgres.create("steady"), **clock.variables()).start()
    try:
        with server.client() as peer:
            system = peer.create()
            with peer.subscribe(system, checkpoint_interval=duration_pb2.Duration(seconds=1)) as stream:
                for hours in (-6, 6, -6):
                    clock.jump(hours * 3600)
                    time.sleep(0.5)
                    while not stream.arrived.empty():
                        stream.message()
                    time.sleep(4)
                    assert 2 <= stream.arrived.qsize() <= 5, f"{stream.arrived.qsize()} checkpoints"
                    peer.push(system, model(client.new_id("F")))
    finally:
        server.free()
        clock.free()


def test_a_subscriber_stops_reading_for_a_while(postgres):
    with Stage(postgres.create("stall")) as stage:
        stage.start(7, "--stall", 4)
        stage.end()


def test_all_writers_of_two_servers_push_to_one_system(postgres):
    with Stage(postgres.create("one"), 2) as stage:
        stage.start(4, "--systems", 1)
        stage.end()


# ---- statements that fail ----

# One of so many of all statements that a server sends, so that every one of them is hit sooner or later.
STATEMENTS = ["unavailable", "conflict", "uncertain", "timeout", "full"]
EVERY = 23


@pytest.fixture(scope="module")
def survived(postgres):
    """Five servers at a time, each with its own fault."""
    program = places.BINARY_DIR / "bin/tallyd-planted"
    stages = {}
    try:
        for fault in STATEMENTS:
            stage = Stage(
                postgres.create(f"statement-{fault}"), program=program, PLANTED_BUG=f"fault-{fault}:{EVERY}"
            )
            stages[fault] = stage.__enter__()
        for stage in stages.values():
            stage.start(3, "--systems", 3, "--settle", 10, "--patience", 5)
        yield {fault: stage.check.process.communicate(timeout=120 * places.SLOW)[1] for fault, stage in stages.items()}
    finally:
        for stage in stages.values():
            if stage.check.process and stage.check.process.poll() is not None:
                stage.check.process = None
            stage.__exit__()


@pytest.mark.parametrize("fault", STATEMENTS)
def test_statements_fail_anywhere(survived, fault):
    assert "every promise was kept" in survived[fault], survived[fault]


# ---- many streams ----


def test_thousands_of_idle_subscribers_hear_of_a_push(postgres):
    server = Tallyd(database=postgres.create("idle")).start()
    peers = [server.client() for _ in range(1 + IDLE // 500)]
    try:
        system = peers[0].create()
        request = event_service_pb2.SubscribeRequest(
            systems=[f"systems/{system}"], checkpoint_interval=duration_pb2.Duration(seconds=10)
        )
        streams = [peers[at % len(peers)].events.Subscribe(request) for at in range(IDLE)]
        for stream in streams:
            assert next(stream).resume_token
        revision = peers[0].push(system, model("Keras")).revision
        first = None
        for stream in streams:
            heard = []
            while not any(event.last_of_revision for event in heard):
                heard += next(stream).events
            assert all(event.revision == revision for event in heard)
            said = [event.SerializeToString(deterministic=True) for event in heard]
            first = first or said
            assert said == first
            stream.cancel()
    finally:
        for peer in peers:
            peer.channel.close()
        server.free()


def test_a_client_that_opens_streams_and_drops_them_uses_up_nothing(postgres):
    limit = 40
    with Stage(postgres.create("drop"), arguments=("--max-streams", str(limit))) as stage:
        stage.start(4, "--subscribers", 6)
        until = time.monotonic() + 3
        dropped = 0
        while time.monotonic() < until:
            with stage.servers[0].client() as peer:
                streams = [peer.events.Subscribe(event_service_pb2.SubscribeRequest()) for _ in range(8)]
                if dropped % 2:
                    next(streams[0])
                for stream in streams[: dropped % 8]:
                    stream.cancel()
            dropped += 8
        stage.end()
        assert dropped > 2 * limit
        # All places are free again.
        with stage.servers[0].client() as peer:
            deadline = time.monotonic() + 10 * places.SLOW
            streams = []
            while len(streams) < limit - 1:
                stream = peer.events.Subscribe(event_service_pb2.SubscribeRequest())
                try:
                    assert next(stream).resume_token
                    streams.append(stream)
                except grpc.RpcError as error:
                    assert client.explain(error)[1] == "TOO_MANY_STREAMS" and time.monotonic() < deadline, error
            for stream in streams:
                stream.cancel()
