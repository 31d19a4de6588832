"""SIGTERM: no new calls, calls in flight finish, streams end with UNAVAILABLE, the process ends with 0."""

import signal
import threading
import time

import grpc
import pytest

import client
from client import model
from tally.v1 import mismatch_service_pb2
from tallyd import Tallyd


@pytest.fixture
def own():
    made = Tallyd("--grace", "5s")
    try:
        yield made.start()
    finally:
        made.free()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_server_ends_at_once_and_well(own, sign):
    begun = time.monotonic()
    own.process.send_signal(sign)
    assert own.process.wait(30) == 0
    assert time.monotonic() - begun < 10


def test_health_watchers_hear_of_the_drain(own):
    with own.client() as peer:
        watch = peer.health.Watch(client.health_pb2.HealthCheckRequest())
        statuses = [next(watch).status]
        own.process.send_signal(signal.SIGTERM)
        with pytest.raises(grpc.RpcError) as ended:
            statuses += [message.status for message in watch]
            raise AssertionError("the stream ended without an error")
        assert ended.value.code() == grpc.StatusCode.UNAVAILABLE
    assert statuses[0] == client.SERVING
    assert own.process.wait(30) == 0


def test_acknowledged_pushes_survive_and_others_are_told(own):
    """Pushes go on while the server drains: each is either acknowledged or UNAVAILABLE."""
    acknowledged, refused = [], []
    with own.client() as peer:
        system = peer.create()

        def push(first):
            for number in range(first, first + 1000):
                try:
                    acknowledged.append(peer.push(system, model(f"F{number}")).revision)
                except grpc.RpcError as error:
                    refused.append(error.code())
                    return

        pushers = [threading.Thread(target=push, args=(at * 1000,)) for at in range(4)]
        for pusher in pushers:
            pusher.start()
        while len(acknowledged) < 100:
            time.sleep(0.01)
        own.stop()
        for pusher in pushers:
            pusher.join()
    assert set(refused) == {grpc.StatusCode.UNAVAILABLE} and len(refused) == 4
    own.start()
    with own.client() as peer:
        assert peer.verdict(system).revision >= max(acknowledged)
        assert sorted(acknowledged) == sorted(set(acknowledged))


def test_a_call_that_waits_longer_than_the_grace_is_ended(own):
    with own.client() as peer:
        system = peer.create()
        request = mismatch_service_pb2.GetVerdictRequest(system=f"systems/{system}", min_revision=9)
        waiting = peer.mismatches.GetVerdict.future(request, timeout=60)
        time.sleep(0.3)
        own.stop()
        assert waiting.exception().code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)
