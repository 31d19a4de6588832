"""Limits: sizes, deadlines, cancellation, unknown methods, compressed requests."""

import time

import grpc
import pytest

import client
import places
from client import explain, model, problem
from http2 import Hoarder
from rpc import status_pb2
from tally.v1 import mismatch_service_pb2
from tallyd import Tallyd


def test_a_message_above_the_limit_is_refused(peer):
    system = peer.create()
    code, _, _, _ = problem(peer.push, system, model("x" * (17 << 20)))
    assert code == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert peer.verdict(system).revision == 1


def test_a_message_below_the_limit_is_taken(peer):
    system = peer.create()
    frameworks = [f"framework-{number}" for number in range(100)]
    assert peer.push(system, model(*frameworks, model_description="x" * 9000)).revision == 2


def test_the_limit_is_a_setting():
    own = Tallyd("--max-message", "64KiB").start()
    try:
        with own.client() as peer:
            system = peer.create()
            code, _, _, _ = problem(peer.push, system, model("x" * 70000))
            assert code == grpc.StatusCode.RESOURCE_EXHAUSTED
            peer.push(system, model(*["y" * 100] * 100))
    finally:
        own.free()


def test_a_deadline_ends_a_call_that_waits(peer):
    system = peer.create()
    begun = time.monotonic()
    code, _, _, _ = problem(peer.verdict, system, min_revision=50, timeout=0.3)
    assert code == grpc.StatusCode.DEADLINE_EXCEEDED
    assert time.monotonic() - begun < 3


def test_a_cancelled_call_harms_nobody(peer):
    system = peer.create()
    request = mismatch_service_pb2.GetVerdictRequest(system=f"systems/{system}", min_revision=2)
    waiting = [peer.mismatches.GetVerdict.future(request, timeout=30) for _ in range(50)]
    time.sleep(0.1)
    for call in waiting[::2]:
        call.cancel()
    peer.push(system, model("Keras"))
    assert {call.result().revision for call in waiting[1::2]} == {2}


def test_many_cancelled_pushes_leave_whole_revisions(peer):
    system = peer.create()
    calls = []
    for number in range(200):
        request = client.descriptor_service_pb2.PushDescriptorsRequest(
            parent=f"systems/{system}", descriptors=[model(f"F{number}")]
        )
        calls.append(peer.descriptors.PushDescriptors.future(request, timeout=30))
    for call in calls[::3]:
        call.cancel()
    done = [call.result().revision for at, call in enumerate(calls) if at % 3]
    assert len(done) == len(set(done))
    final = peer.push(system, model("End")).revision
    assert max(done) < final <= 202
    name = f"systems/{system}/trainedModels/default"
    request = client.descriptor_service_pb2.ListDescriptorVersionsRequest(parent=name, page_size=1000)
    listed = peer.descriptors.ListDescriptorVersions(request, timeout=20).descriptors
    assert [d.revision for d in listed] == list(range(final, 1, -1))


def test_an_unknown_method_is_unimplemented(peer):
    call = peer.channel.unary_unary("/tally.v1.SystemService/Frobnicate")
    code, _, _, _ = problem(call, b"", timeout=10)
    assert code == grpc.StatusCode.UNIMPLEMENTED


def test_a_compressed_request_is_not_inflated(server):
    options = [("grpc.use_local_subchannel_pool", 1)]
    with grpc.insecure_channel(server.socket, options=options, compression=grpc.Compression.Gzip) as channel:
        call = channel.unary_unary("/tally.v1.SystemService/GetSystem")
        code, _, _, _ = problem(call, b"\n" + b"\0" * 500000, timeout=10)
        assert code in (grpc.StatusCode.UNIMPLEMENTED, grpc.StatusCode.RESOURCE_EXHAUSTED)


@pytest.mark.parametrize("body", [b"\x0a", b"\xff" * 20, b"\x0a\x05ab", b"\x0b" * 5000], ids=["cut", "noise", "short", "deep"])
def test_bytes_that_are_no_message_are_refused(peer, body):
    call = peer.channel.unary_unary("/tally.v1.DescriptorService/PushDescriptors")
    code, reason, _, _ = problem(call, body, timeout=10)
    assert code == grpc.StatusCode.INVALID_ARGUMENT and reason


def resident(own):
    """Bytes of memory that a server has."""
    with open(f"/proc/{own.process.pid}/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


@pytest.mark.skipif(places.SLOW > 1, reason="sanitizers need memory of their own")
def test_requests_that_never_end_take_bounded_memory():
    """200 calls send all but the last byte of four megabytes each."""
    own = Tallyd("--request-memory", "16MiB", "--max-streams", "100").start()
    hoarder = Hoarder(own.address, "/tally.v1.DescriptorService/PushDescriptors", 200, 4000000)
    try:
        before = resident(own)
        sent = hoarder.run(5)
        assert sent > 20e6, "it was not tried"
        assert resident(own) - before < 64e6
        with own.client() as peer:
            assert peer.push(peer.create(), model("Keras")).revision == 2
    finally:
        hoarder.close()
        own.free()


def test_an_address_that_calls_too_often_is_told_when_to_come_back():
    own = Tallyd("--max-calls-per-second", "5").start()
    try:
        with client.Client(own.address) as often, own.client() as local:
            system = local.create()
            codes = []
            for _ in range(12):
                try:
                    often.verdict(system)
                except grpc.RpcError as error:
                    codes.append(error.code())
                    refused = error
            assert set(codes) == {grpc.StatusCode.RESOURCE_EXHAUSTED} and len(codes) >= 5
            assert explain(refused)[1] == "TOO_MANY_REQUESTS"
            details = dict(refused.trailing_metadata())["grpc-status-details-bin"]
            retry = status_pb2.RetryInfo()
            assert any(each.Unpack(retry) for each in status_pb2.Status.FromString(details).details)
            time.sleep(retry.retry_delay.ToTimedelta().total_seconds())
            assert often.verdict(system).revision == 1
            assert all(local.verdict(system).revision == 1 for _ in range(20))
    finally:
        own.free()


def test_subscribers_do_not_use_up_the_calls():
    own = Tallyd("--max-calls", "5", "--max-streams", "20", "--max-streams-per-connection", "15").start()
    try:
        with client.Client(own.address) as many, own.client() as other:
            system = other.create()
            streams = [many.subscribe(system) for _ in range(15)]
            assert all(stream.message() for stream in streams)
            assert many.verdict(system).revision == 1
            with many.subscribe(system) as stream:
                code, reason, _, facts = explain(stream.end())
            assert (code, reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_STREAMS") and facts["limit"] == "15"
            streams += [other.subscribe(system) for _ in range(5)]
            assert all(stream.message() for stream in streams[15:])
            with other.subscribe(system) as stream:
                code, reason, _, facts = explain(stream.end())
            assert (code, reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_STREAMS") and facts["limit"] == "20"
            for stream in streams:
                stream.stream.cancel()
    finally:
        own.free()


def test_two_servers_cannot_share_a_port(server):
    own = Tallyd("--listen", server.address)
    own.launch()
    try:
        assert own.process.wait(60) not in (0, None)
        assert server.address in own.tail()
    finally:
        own.process = None
        own.free()


def test_plaintext_on_every_address_needs_a_word():
    own = Tallyd("--listen", "0.0.0.0:0")
    own.launch()
    try:
        assert own.process.wait(60) not in (0, None)
        assert "insecure" in own.tail()
    finally:
        own.process = None
        own.free()
