"""
Versions are mostly stored as differences. Whoever reads one gets what was pushed: from the server that took it, from
another one, after a restart; and each difference refers to a version that is stored whole.
"""

import os
import random

import grpc
import pytest

import client
from client import descriptor, descriptor_service_pb2
from database import ask, whole_body
from tally.v1 import descriptor_pb2, raw_data_pb2
from tallyd import Tallyd

SEED = int(os.environ.get("TALLY_SEED", random.randrange(1 << 30)))
VERSIONS = 60
DELETE = "delete"


@pytest.fixture(scope="module")
def url(postgres):
    return postgres.create("versions")


@pytest.fixture(scope="module")
def servers(url):
    made = [Tallyd(database=url) for _ in range(2)]
    try:
        yield [server.start() for server in made]
    finally:
        for server in made:
            server.free()


def word(dice):
    return "".join(dice.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(12))


def field(dice):
    return raw_data_pb2.RawDataField(field_name=word(dice), field_type="Float", interpret_missing=word(dice))


def edit(dice, fields):
    """The next version's fields: mostly like those before."""
    if fields is DELETE:
        return [field(dice) for _ in range(40)]
    fields = list(fields)
    what = dice.random()
    if what < 0.4:
        fields[dice.randrange(len(fields))] = field(dice)
    elif what < 0.6:
        fields.insert(dice.randrange(len(fields)), field(dice))
    elif what < 0.7:
        fields = [field(dice) for _ in range(dice.randrange(3, 80))]
    elif what < 0.8:
        fields += [field(dice) for _ in range(len(fields))]
    elif what < 0.9:
        fields = fields[: max(3, len(fields) // 3)]
    elif what < 0.95:
        fields = fields[:3]
    else:
        return DELETE
    return fields


def push(peer, system, fields):
    if fields is DELETE:
        request = descriptor_service_pb2.DeleteDescriptorRequest(name=f"systems/{system}/rawData/default")
        peer.descriptors.DeleteDescriptor(request, timeout=client.TIMEOUT)
    else:
        peer.push(system, descriptor("raw_data", dataset_name=word(random), schema=fields))


def read(peer, system, number=None, revision=0):
    version = f"/versions/{number}" if number else ""
    request = descriptor_service_pb2.GetDescriptorRequest(
        name=f"systems/{system}/rawData/default{version}", min_revision=revision
    )
    return list(peer.descriptors.GetDescriptor(request, timeout=client.TIMEOUT).raw_data.schema)


def check(peer, system, history, revision):
    for number, fields in enumerate(history, 1):
        if fields is DELETE:
            with pytest.raises(grpc.RpcError):
                read(peer, system, number)
        else:
            assert read(peer, system, number) == fields, f"version {number}, seed {SEED}"
    if history[-1] is not DELETE:
        assert read(peer, system, revision=revision) == history[-1]


@pytest.fixture(scope="module")
def history(servers):
    """What each version of a system's raw data says, pushed to both servers in turns."""
    dice = random.Random(SEED)
    peers = [server.client() for server in servers]
    system = peers[0].create()
    said = [[field(dice) for _ in range(40)]]
    push(peers[0], system, said[0])
    for number in range(1, VERSIONS):
        said.append(edit(dice, said[-1]))
        push(peers[number % 2], system, said[-1])
    yield system, said
    for peer in peers:
        peer.channel.close()


def test_every_version_says_what_was_pushed_on_both_servers(servers, history):
    system, said = history
    for server in servers:
        with server.client() as peer:
            check(peer, system, said, revision=VERSIONS + 1)


def test_a_server_that_starts_anew_goes_on_from_what_is_stored(servers, history):
    system, said = history
    servers[0].stop()
    servers[0].start()
    with servers[0].client() as peer:
        check(peer, system, said, revision=VERSIONS + 1)
        before = said[-1] if said[-1] is not DELETE else said[0]
        said.append([*before, field(random)])
        push(peer, system, said[-1])
        check(peer, system, said, revision=VERSIONS + 2)


def test_differences_refer_to_whole_versions(url, history):
    system, said = history
    rows = ask(url, f"SELECT version, base, body IS NULL FROM version WHERE system = '{system}' AND kind = 2 ORDER BY 1")
    assert len(rows) == len(said)
    whole = {number for number, base, deleted in rows if base == "0" and deleted == "f"}
    differences = {number: base for number, base, deleted in rows if base != "0"}
    assert set(differences.values()) <= whole and all(int(base) < int(number) for number, base in differences.items())
    assert len(differences) > VERSIONS / 10


def test_a_difference_can_be_read_by_what_reads_zstd(url, history):
    system, said = history
    rows = ask(
        url,
        "SELECT version, encode(body, 'hex'), encode(base_body, 'hex') FROM based_version"
        f" WHERE system = '{system}' AND kind = 2 AND base > 0",
    )
    for number, body, base in rows:
        said_again = descriptor_pb2.Descriptor.FromString(whole_body(body, base))
        assert list(said_again.raw_data.schema) == said[int(number) - 1]
