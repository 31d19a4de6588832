"""What measures runs: each scenario with tiny sizes, against real servers. No time is judged here."""

import re
import subprocess

import pytest

import places

BENCH = places.BINARY_DIR / "bin" / "tally-bench"
FIGURE = re.compile(r"\s(\d+(?:\.\d+)?) (/s|ms|us|ns|kB|MB)\b")


def run(*arguments):
    done = subprocess.run(
        [BENCH, *arguments], capture_output=True, text=True, check=False, timeout=60 * places.SLOW, env=places.environment()
    )
    return done.returncode, done.stdout, done.stderr


def scenarios():
    if not BENCH.exists():
        return []
    listed = run("--help")[1].split("scenarios, all without a name:\n")[1].split("flags:\n")[0]
    return [line.split()[0] for line in listed.splitlines()]


@pytest.mark.parametrize("scenario", scenarios())
def test_every_scenario_gives_figures(scenario):
    code, out, err = run(scenario, "--tiny")
    assert code == 0, err
    rows = [line for line in out.splitlines() if line.startswith(scenario + " ")]
    assert rows, out
    for row in rows:
        figures = [float(value) for value, _ in FIGURE.findall(row)]
        assert figures and figures[0] > 0, row


def test_all_can_go_over_unix_sockets():
    code, out, err = run("push", "--tiny", "--unix")
    assert code == 0, err
    assert "gRPC and libpq over Unix sockets" in out
    assert "gRPC and libpq over the loopback" in run("evaluate", "--tiny")[1]


def test_it_is_there():
    assert BENCH.exists(), f"{BENCH} is not there: build first"
    assert len(scenarios()) >= 8


def test_a_wrong_flag_ends_it_with_a_sentence():
    code, out, err = run("--size", "much")
    assert (code, out) == (2, "")
    assert "--size needs a number" in err
    code, _, err = run("pushh")
    assert code == 2 and "there is no scenario pushh" in err
