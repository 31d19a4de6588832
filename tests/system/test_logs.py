"""One line per finished call, in logfmt or JSON."""

import json
import re
import shlex
import subprocess

import pytest

import places
from client import model, problem
from tallyd import Tallyd


def run(*arguments):
    """Makes one good and one bad call. Returns the log's lines."""
    own = Tallyd(*arguments)
    try:
        own.start()
        with own.client() as peer:
            system = peer.create()
            peer.push(system, model("secret-framework"))
            problem(peer.verdict, "nowhere")
        own.stop()
        return own.log.read_text().splitlines()
    finally:
        own.free()


def parse(line, form):
    if form == "json":
        return json.loads(line)
    return dict(word.split("=", 1) for word in shlex.split(line))


@pytest.mark.parametrize("form", ["logfmt", "json"])
def test_each_call_leaves_one_line(form):
    lines = [parse(line, form) for line in run("--log-format", form)]
    calls = [line for line in lines if str(line.get("method", "")).startswith("/tally.v1.")]
    by_method = {line["method"].rsplit("/", 1)[1]: line for line in calls}
    assert sorted(by_method) == ["CreateSystem", "GetVerdict", "PushDescriptors"] and len(calls) == 3
    assert by_method["PushDescriptors"]["status"] == "OK"
    assert by_method["GetVerdict"]["status"] == "NOT_FOUND"
    for line in calls:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line["time"])
        assert line["level"] and line["principal"]
        duration = [key for key in line if key.startswith("duration")]
        assert len(duration) == 1 and float(line[duration[0]]) >= 0


def test_contents_are_not_logged():
    assert "secret-framework" not in "\n".join(run("--log-level", "debug"))


def test_the_level_silences():
    lines = [parse(line, "logfmt") for line in run("--log-level", "error")]
    assert [line for line in lines if line["level"] in ("debug", "info", "warning")] == []


def test_a_refused_address_is_told_before_anything_is_made(tmp_path):
    command = [places.TALLYD, "--listen", "0.0.0.0:0", "--data-dir", tmp_path / "data"]
    done = subprocess.run(command, capture_output=True, text=True, env=places.environment(), timeout=60, check=False)
    assert done.returncode != 0 and "--insecure" in done.stderr
    assert not (tmp_path / "data").exists()
