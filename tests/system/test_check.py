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


def test_help_names_every_option():
    done = subprocess.run([checker.PROGRAM, "--help"], capture_output=True, text=True, check=True)
    for option in ("--server", "--database", "--journal", "--seconds", "--stall", "--slack", "--seed"):
        assert option in done.stdout


@pytest.mark.parametrize("wrong", [[], ["run"], ["verify", "--journal", "x"], ["verify", "--seconds", "many"]])
def test_wrong_usage_ends_with_2_and_says_why(wrong):
    done = subprocess.run([checker.PROGRAM, *wrong], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and done.stderr
