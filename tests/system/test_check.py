"""tally-check on servers without a fault: every promise is kept, and the checker goes on where it was killed."""

import subprocess
import time

import pytest

import checker
import places
from tallyd import Tallyd


@pytest.fixture(scope="module")
def servers(postgres):
    url = postgres.create("check")
    # The first one is always behind: it reads from the store what the other still has in memory.
    small = ("--ring-events", "16", "--view-memory", "1MiB", "--batch-changes", "5")
    made = [Tallyd("--partitions", "4", "--lanes", "3", *small, database=url), Tallyd(database=url)]
    try:
        for server in made:
            server.start()
        yield made
    finally:
        for server in made:
            server.free()


@pytest.fixture
def check(servers):
    made = checker.Check(servers[0].database, *servers)
    yield made
    made.free()


def test_two_servers_keep_every_promise(check):
    said = check.run("--seconds", 5)
    assert "every promise was kept" in said


def test_a_killed_checker_can_verify_and_go_on(check):
    check.start("--seconds", 60, "--prefix", "again")
    time.sleep(2 * places.SLOW)
    check.kill()
    time.sleep(1)
    check.verify()
    said = check.run("--seconds", 2, "--prefix", "again", "--seed", 2)
    assert "every promise was kept" in said


ONE = (
    "(partition, system, finding, since_revision) = (SELECT partition, system, finding, since_revision FROM finding "
    "WHERE until_revision IS {} ORDER BY system, finding, since_revision LIMIT 1)"
)
OPEN, ENDED = ONE.format("NULL"), ONE.format("NOT NULL")

# What a row must not say; the database has no constraint against it. (damage, what the violation says)
DAMAGES = [
    (f"UPDATE finding SET resolved = true WHERE {OPEN}", "is resolved, but has no end"),
    (f"UPDATE finding SET until_at = now() WHERE {OPEN}", "has a time without a revision for its end"),
    (f"UPDATE finding SET until_revision = since_revision WHERE {ENDED}", "ends at revision"),
    (f"UPDATE finding SET opened_revision = since_revision + 1 WHERE {OPEN}", "opened at"),
    ("UPDATE partition SET trimmed = head + 1 WHERE partition = 0", "its last position is"),
    ("UPDATE version SET version = 0 WHERE version = 1", "a version is missing before"),
    ("UPDATE system SET revision = 0", "is at revision 0"),
]


def test_a_row_that_contradicts_itself_is_found(postgres):
    server = Tallyd(database=postgres.create("rows"))
    run = checker.Check(server.database, server)
    rows = checker.Check(server.database)  # nobody's log: only the tables can tell
    try:
        server.start()
        run.run("--seconds", 2)
        server.stop()
        for at, (damage, expected) in enumerate(DAMAGES):
            postgres.ask(f'CREATE DATABASE "rows-{at}" TEMPLATE "rows"')
            rows.database = postgres.url(f"rows-{at}")
            rows.verify()
            postgres.ask(damage, f"rows-{at}")
            assert expected in rows.verify(expected=1), damage
    finally:
        run.free()
        rows.free()
        server.free()


def test_help_names_every_option():
    done = subprocess.run([checker.PROGRAM, "--help"], capture_output=True, text=True, check=True)
    for option in ("--server", "--database", "--journal", "--seconds", "--stall", "--slack", "--seed"):
        assert option in done.stdout


@pytest.mark.parametrize("wrong", [[], ["run"], ["verify", "--journal", "x"], ["verify", "--seconds", "many"]])
def test_wrong_usage_ends_with_2_and_says_why(wrong):
    done = subprocess.run([checker.PROGRAM, *wrong], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and done.stderr
