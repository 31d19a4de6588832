"""The database goes away and comes back."""

import os
import shutil
import signal
import subprocess
import time

import grpc
import pytest

import client
from client import explain, model, offer, problem
from database import Postgres
from tallyd import Tallyd


@pytest.fixture(scope="module")
def server(postgres):
    made = Tallyd("--connect-timeout", "2s", database=postgres.create("away"))
    try:
        yield made.start()
    finally:
        made.free()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["stopped", "killed"])
def test_without_database_calls_fail_quickly_and_with_it_they_work_again(server, postgres, peer, how):
    system = peer.create()
    peer.push(system, model("Keras"))
    postgres.stop(how)
    try:
        server.wait_until(client.NOT_SERVING, 15)
        begun = time.monotonic()
        for number in range(5):
            code, reason, _, _ = problem(peer.push, system, model(f"F{number}"), timeout=30)
            assert code == grpc.StatusCode.UNAVAILABLE and reason
        assert time.monotonic() - begun < 5
    finally:
        postgres.start()
    server.wait_until(client.SERVING, 30)
    pushed = peer.push(system, offer("PyTorch"))
    assert pushed.revision == 3 and pushed.verdict.decision == client.BLOCKED


def test_a_server_that_starts_before_its_database_waits_for_it(postgres):
    url = postgres.create("late")
    postgres.stop()
    own = Tallyd(database=url)
    try:
        own.launch()
        time.sleep(1.5)
        assert own.process.poll() is None and "waiting for the database" in own.tail()
        postgres.start()
        own.wait_until(client.SERVING)
    finally:
        if not postgres.process:
            postgres.start()
        own.free()


def test_a_server_that_waits_for_its_database_can_be_stopped(postgres):
    own = Tallyd(database=postgres.url("nowhere"))
    try:
        own.launch()
        time.sleep(0.5)
        own.stop(expected=None)
    finally:
        own.free()


def test_the_databases_password_is_never_logged(postgres):
    url = postgres.create("quiet").replace("tally@", "tally:open-sesame@")
    own = Tallyd("--log-level", "debug", database=url).start()
    try:
        with own.client() as peer:
            peer.create()
        own.stop()
        assert "open-sesame" not in own.log.read_text()
    finally:
        own.free()


def test_tallyd_ends_when_its_own_database_has_ended():
    made = Tallyd()
    try:
        with made.start().client() as peer:
            system = peer.create()
            peer.push(system, model("Keras"))
        postmaster = int((made.data_dir / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        assert made.process.wait(30) == 1
        made.process = None
        assert "embedded database has ended" in made.tail()
        with made.start().client() as peer:  # and recovers
            assert peer.verdict(system).revision == 2
    finally:
        made.free()


def restored(postgres, work):
    """Does the work and then puts the database back to where it was before, as a restored backup does, or a replica
    that was behind and took over."""
    postgres.stop()
    backup = postgres.folder / "backup"
    subprocess.run(["cp", "-a", postgres.folder / "data", backup], check=True)
    postgres.start()
    done = work()
    postgres.stop(signal.SIGQUIT)
    shutil.rmtree(postgres.folder / "data")
    backup.rename(postgres.folder / "data")
    postgres.start()
    return done


def test_revisions_whose_numbers_are_given_out_again_replace_the_ones_that_were_lost():
    postgres = Postgres()
    made = []
    try:
        postgres.start()
        url = postgres.create("repeated")

        def start(*flags):
            made.append(Tallyd(*flags, database=url).start())
            return made[-1]

        own = start("--follow-interval", "60s", "--hints=no")  # sees nothing by itself
        with own.client() as peer:
            system = peer.create()
            kept = peer.push(system, model("Keras")).revision

            def lose():
                own.wait_until(client.SERVING)
                return [peer.push(system, model(f"Lost{number}")) for number in range(3)]

            lost = restored(postgres, lose)
            with start().client() as other:
                again = [other.push(system, model(f"Again{number}")) for number in range(3)]
                assert [push.revision for push in again] == [push.revision for push in lost]
                assert [push.descriptors[0].version for push in again] == [
                    push.descriptors[0].version for push in lost
                ]
                own.wait_until(client.SERVING)
                assert peer.push(system, client.offer("JAX")).revision == kept + 4
                name = f"systems/{system}/trainedModels/default"
                request = client.descriptor_service_pb2.GetDescriptorRequest(name=name, min_revision=kept + 4)
                for each in (peer, other):
                    shown = each.descriptors.GetDescriptor(request, timeout=client.TIMEOUT)
                    assert list(shown.trained_model.ml_frameworks) == ["Again2"]
                assert peer.findings(system) == other.findings(system)
    finally:
        for server in made:
            server.free()
        postgres.free()


def test_who_listens_is_told_when_the_database_was_put_back_in_time():
    postgres = Postgres()
    own = None
    try:
        postgres.start()
        own = Tallyd(database=postgres.create("restored")).start()
        with own.client() as peer:
            system = peer.create()
            kept = peer.push(system, model("Keras")).revision
            with peer.subscribe(system) as stream:
                good = stream.message().resume_token

            def lose():
                own.wait_until(client.SERVING)
                for number in range(20):
                    lost = peer.push(system, model(f"F{number}")).revision
                stream = peer.subscribe(system)
                return lost, stream, stream.message().resume_token

            lost, stream, ahead = restored(postgres, lose)
            assert lost == kept + 20
            with stream:
                error = stream.end()
            assert explain(error)[:2] == (grpc.StatusCode.UNAVAILABLE, "STORE_WENT_BACK")
            own.wait_until(client.SERVING)
            assert peer.verdict(system).revision == kept
            with peer.subscribe(system, resume_token=ahead) as stream:
                code, reason, _, facts = explain(stream.end())
            assert (code, reason) == (grpc.StatusCode.OUT_OF_RANGE, "RESUME_TOKEN_AHEAD") and facts["oldest_token"]
            with peer.subscribe(system, resume_token=good) as stream, peer.subscribe(system) as fresh:
                stream.message(), fresh.message()
                revision = peer.push(system, model("PyTorch")).revision
                assert revision == kept + 1
                for each in (stream, fresh):
                    events = client.events_of(each.until(client.reaches(system, revision)))
                    assert {event.revision for event in events} == {revision}
    finally:
        if own:
            own.free()
        postgres.free()
