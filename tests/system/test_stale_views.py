"""Two servers that seldom look for each other's commits: no answer may rest on what the other one made old."""

import pytest

import client
from client import model, problem
from tallyd import Tallyd


@pytest.fixture(scope="module")
def servers(postgres):
    url = postgres.create("stale")
    made = [Tallyd("--follow-interval", "60s", "--hints=no", database=url) for _ in range(2)]
    try:
        yield [server.start() for server in made]
    finally:
        for server in made:
            server.free()


@pytest.fixture
def peers(servers):
    with servers[0].client() as one, servers[1].client() as other:
        yield one, other


def frameworks(peer, system, revision):
    request = client.descriptor_service_pb2.GetDescriptorRequest(
        name=f"systems/{system}/trainedModels/default", min_revision=revision
    )
    return list(peer.descriptors.GetDescriptor(request, timeout=client.TIMEOUT).trained_model.ml_frameworks)


def test_going_back_to_old_content_is_a_change_though_this_server_has_not_seen_the_new_one(peers):
    one, other = peers
    system = one.create()
    first = one.push(system, model("Keras"))
    second = other.push(system, model("PyTorch"))
    assert second.revision == first.revision + 1
    back = one.push(system, model("Keras"))
    assert not back.unchanged and back.revision == second.revision + 1
    assert frameworks(other, system, back.revision) == ["Keras"]


def test_a_repeat_of_what_is_current_is_unchanged_at_the_current_revision(peers):
    one, other = peers
    system = one.create()
    one.push(system, model("Keras"))
    revision = other.push(system, client.offer("Keras")).revision
    again = one.push(system, model("Keras"), request_id="0b0e9fd8-90ce-4bd0-b6b8-3f0e0e8f1d10")
    assert again.unchanged and again.revision == revision


def test_an_etag_from_the_other_server_is_good(peers):
    one, other = peers
    system = one.create()
    one.push(system, model("Keras"))
    etag = other.push(system, model("PyTorch")).descriptors[0].etag
    assert one.push(system, model("JAX", etag=etag)).revision == 4


def test_what_the_other_server_deleted_can_be_made_anew_at_once(peers):
    one, other = peers
    system = one.create()
    one.push(system, model("Keras"))
    request = client.system_pb2.DeleteSystemRequest(name=f"systems/{system}")
    other.systems.DeleteSystem(request, timeout=client.TIMEOUT)
    code, reason, _, _ = problem(one.push, system, model("Keras"))
    assert (code.name, reason) == ("NOT_FOUND", "SYSTEM_NOT_FOUND")
    one.create(system)
    assert one.push(system, model("Keras")).descriptors[0].version == 3


def test_who_repeats_the_other_servers_answer_shows_what_it_says(peers):
    one, other = peers
    system = one.create()
    more = {"request_id": "6c1f6c0e-53f4-4c7f-9d0e-8f5d6a0f1b77"}
    one.push(system, model("Keras"))
    answer = other.push(system, model("PyTorch"), **more)
    assert one.push(system, model("PyTorch"), **more) == answer
    assert one.verdict(system).revision == answer.revision
