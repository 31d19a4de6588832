"""Two servers on one database: no update is lost, and both tell the same story."""

import concurrent.futures
import statistics
import time

import pytest

import client
import faults
import places
from client import model, offer
from tallyd import Tallyd


WITH_HINTS = ["--follow-interval", "60s"]  # what comes sooner was hinted at
LOOKING = ["--hints=no"]
REFUSED = []  # the servers wish for hints, and the database refuses them


@pytest.fixture(scope="module", params=[WITH_HINTS, LOOKING, REFUSED], ids=["hints", "looking", "refused"])
def servers(postgres, request):
    """Two, started at the same time on an empty database: the migrations must run once."""
    name = client.new_id("shared")
    url = postgres.create(name)
    proxy = None
    if request.param is REFUSED:
        proxy = faults.NoHints(postgres, faults.NoHints.UNSUPPORTED)
        url = proxy.url(name)
    made = [Tallyd(*request.param, database=url) for _ in range(2)]
    try:
        for server in made:
            server.launch()
        for server in made:
            server.wait_until(client.SERVING)
        yield made
    finally:
        for server in made:
            server.free()
        if proxy:
            proxy.free()


@pytest.fixture
def peers(servers):
    with servers[0].client() as one, servers[1].client() as other:
        yield one, other


def test_what_one_server_commits_the_other_shows(peers):
    one, other = peers
    system = one.create()
    revision = one.push(system, model("Keras"), offer("PyTorch")).revision
    assert other.verdict(system, min_revision=revision).revision == revision
    names = {finding.name for finding in one.findings(system)}
    assert {finding.name for finding in other.findings(system, min_revision=revision)} == names
    back = other.push(system, offer("Keras"))
    assert back.revision == revision + 1 and back.resolved
    assert one.verdict(system, min_revision=back.revision).revision == back.revision


def test_a_read_that_asks_for_no_revision_shows_the_other_ones_commits_soon(peers):
    one, other = peers
    system = one.create()
    for number in range(5):
        revision = one.push(system, model(f"F{number}")).revision
        deadline = time.monotonic() + 5 * places.SLOW
        while other.verdict(system, min_revision=1).revision < revision:  # and has it in memory from now on
            assert time.monotonic() < deadline, f"revision {revision} is not shown"
            time.sleep(0.01)


def test_concurrent_pushes_to_one_system_from_both_all_succeed(peers):
    system = peers[0].create()

    def push(number):
        name = f"n{number % 4}"
        return peers[number % 2].push(system, model(f"F{number}", name=name, system=system))

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        pushed = list(pool.map(push, range(200)))
    revisions = sorted(response.revision for response in pushed)
    assert revisions == list(range(2, 202))
    versions = sorted((d.name, d.version) for response in pushed for d in response.descriptors)
    assert versions == [
        (f"systems/{system}/trainedModels/n{name}", version) for name in range(4) for version in range(1, 51)
    ]


def test_a_subscriber_of_one_server_sees_the_other_ones_commits(peers):
    one, other = peers
    system = one.create()
    with other.subscribe(system, send_initial_state=True) as stream:
        stream.until(lambda message: message.phase == 2)
        for number in range(20):
            peers[number % 2].push(system, model(f"F{number}"))
        events = client.events_of(stream.until(client.reaches(system, 21)))
    revisions = [event.revision for event in events]
    assert revisions == sorted(revisions) and set(revisions) == set(range(2, 22))


def test_a_commit_reaches_the_subscribers_of_the_other_server_at_once(peers, request):
    one, other = peers
    system = one.create()
    delays = []
    with other.subscribe(system, send_initial_state=True) as stream:
        stream.until(lambda message: message.phase == 2)
        for number in range(30):
            revision = one.push(system, model(f"F{number}")).revision
            committed = time.monotonic()
            stream.until(client.reaches(system, revision))
            delays.append(time.monotonic() - committed)
            time.sleep(0.01)
    hinted = "hints" in request.node.name
    assert statistics.median(delays) < (0.02 if hinted else 0.2) * places.SLOW, sorted(delays)
    assert max(delays) < 5 * places.SLOW


def test_a_token_of_one_server_is_good_on_the_other(peers):
    one, other = peers
    system = one.create()
    with one.subscribe(system, send_initial_state=True) as stream:
        token = stream.until(lambda message: message.phase == 2)[-1].resume_token
    one.push(system, model("Keras"))
    with other.subscribe(system, resume_token=token) as stream:
        events = client.events_of(stream.until(client.reaches(system, 2)))
    assert {event.revision for event in events} == {2}


def test_a_token_of_another_store_is_refused(postgres, peers):
    system = peers[0].create()
    with peers[0].subscribe(system, send_initial_state=True) as stream:
        token = stream.until(lambda message: message.phase == 2)[-1].resume_token
    foreign = Tallyd(database=postgres.create(client.new_id("foreign"))).start()
    try:
        with foreign.client() as peer:
            peer.create(system)
            with peer.subscribe(system, resume_token=token) as stream:
                code, reason, _, _ = client.explain(stream.end())
    finally:
        foreign.free()
    assert (code.name, reason) == ("INVALID_ARGUMENT", "RESUME_TOKEN_INVALID")


@pytest.mark.parametrize("instead", ["UNSUPPORTED", "UNKNOWN", "LOST"])
def test_a_database_that_passes_no_hints_is_looked_at_instead_over_the_same_connections(postgres, instead):
    name = client.new_id("refusing")
    postgres.create(name)
    proxy = faults.NoHints(postgres, getattr(faults.NoHints, instead))
    made = [Tallyd(database=proxy.url(name)) for _ in range(2)]
    try:
        for server in made:
            server.start()
        with made[0].client() as one, made[1].client() as other:
            system = one.create()
            with other.subscribe(system, send_initial_state=True) as stream:
                stream.until(lambda message: message.phase == 2)
                time.sleep(1)
                connected = proxy.connections
                for number in range(30):
                    revision = one.push(system, model(f"F{number}")).revision
                    stream.until(client.reaches(system, revision))
        # A subscriber's first read or a push may need one of those that are not yet there.
        assert proxy.connections - connected <= 4
        assert proxy.refused >= 2
        if instead != "LOST":
            assert all("passes no hints" in server.log.read_text() for server in made)
            assert proxy.refused <= 6
    finally:
        for server in made:
            server.free()
        proxy.free()
