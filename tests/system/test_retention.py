"""What happens to events that are past keeping, and to those who come back for them."""

import time

import grpc
import pytest

import client
import places
from client import explain, model
from tallyd import Tallyd


@pytest.fixture(scope="module")
def server(postgres):
    made = Tallyd("--event-retention", "1h", "--partitions", "2", database=postgres.url())
    try:
        yield made.start()
    finally:
        made.free()


def first_token(peer, system):
    with peer.subscribe(system) as stream:
        return stream.message().resume_token


def test_old_events_go_and_a_token_before_them_is_out_of_range(server, postgres):
    with server.client() as peer:
        system = peer.create()
        token = first_token(peer, system)
        for number in range(5):
            peer.push(system, model(f"F{number}"))
        with peer.subscribe(system, resume_token=token) as stream:
            assert stream.until(client.reaches(system, 6))

        # The events become a day old; the server looks every ten seconds.
        postgres.ask("UPDATE event SET at = at - interval '1 day'")
        kept = peer.push(system, model("kept")).revision
        for _ in range(200):
            if postgres.ask("SELECT count(DISTINCT revision) FROM event") == [["1"]]:
                break
            time.sleep(0.1)
        assert postgres.ask("SELECT bool_and(trimmed <= head) FROM partition") == [["t"]]

        # A server that has the events in memory may still serve them; another one must not pretend.
        other = Tallyd("--event-retention", "1h", database=postgres.url())
        try:
            with other.start().client() as peer2:
                with peer2.subscribe(system, resume_token=token) as stream:
                    code, reason, _, facts = explain(stream.end())
                assert (code, reason) == (grpc.StatusCode.OUT_OF_RANGE, "RESUME_TOKEN_TOO_OLD")
                with peer2.subscribe(system, resume_token=facts["oldest_token"]) as stream:
                    revisions = {event.revision for event in client.events_of(stream.until(client.reaches(system, kept)))}
                assert revisions == {kept}
        finally:
            other.free()

        # What the events told is still there.
        assert peer.verdict(system).revision == kept
        assert len(peer.findings(system, as_of_revision=3)) > 0


def test_young_events_stay_whatever_the_limit_is(postgres):
    made = Tallyd("--event-limit", "1", database=postgres.url())
    try:
        with made.start().client() as peer:
            system = peer.create()
            token = first_token(peer, system)
            for number in range(3):
                peer.push(system, model(f"F{number}"))
            time.sleep(11)
            with peer.subscribe(system, resume_token=token) as stream:
                seen = {event.revision for event in client.events_of(stream.until(client.reaches(system, 4)))}
            assert seen == {2, 3, 4}
    finally:
        made.free()


def test_events_beyond_the_limit_go_in_whole_revisions_once_they_are_not_young(postgres):
    limit = 5
    name = client.new_id("limit")
    made = Tallyd("--event-limit", str(limit), "--partitions", "1", database=postgres.create(name))
    try:
        with made.start().client() as peer:
            system = peer.create()
            token = first_token(peer, system)
            last = [peer.push(system, model(f"F{number}"), client.offer("F0")).revision for number in range(6)][-1]
            before = postgres.ask("SELECT revision, count(*) FROM event GROUP BY 1 ORDER BY 1 DESC", name)
            postgres.ask("UPDATE event SET at = at - interval '2 minutes'", name)
            deadline = time.monotonic() + 30 * places.SLOW
            while postgres.ask("SELECT trimmed > 0 FROM partition", name) != [["t"]]:
                assert time.monotonic() < deadline, "nothing was trimmed"
                time.sleep(0.1)

            # The newest revisions that together have as many events as the limit, and no more of them than it takes.
            kept, events = [], 0
            for revision, count in before:
                if events >= limit:
                    break
                kept.append(int(revision))
                events += int(count)
            assert postgres.ask("SELECT DISTINCT revision FROM event ORDER BY 1 DESC", name) == [[str(r)] for r in kept]
            assert kept[0] == last and len(kept) < len(before)

            # A server that did not see them go.
            made.stop()
            made.start()
        with made.client() as peer:
            with peer.subscribe(system, resume_token=token) as stream:
                code, reason, _, facts = explain(stream.end())
            assert (code, reason) == (grpc.StatusCode.OUT_OF_RANGE, "RESUME_TOKEN_TOO_OLD")
            with peer.subscribe(system, resume_token=facts["oldest_token"]) as stream:
                seen = {event.revision for event in client.events_of(stream.until(client.reaches(system, last)))}
            assert seen == set(kept)
    finally:
        made.free()
