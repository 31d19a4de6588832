"""deploy/quickstart with the programs that are built already: start, again, stop."""

import pathlib
import shutil
import subprocess
import tempfile

import pytest

import places
from tallyd import free_port, tally


@pytest.fixture(scope="module")
def quickstart():
    """Runs the script on a folder and a port of its own; stops what it started."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tally-quick-"))
    folder.chmod(0o755)
    more = {
        "TALLY_BIN": str(places.TALLY.parent),
        "TALLY_DATA_DIR": str(folder / "data"),
        "TALLY_SERVER": f"127.0.0.1:{free_port()}",
    }

    def run(*arguments, **override):
        command = [places.ROOT / "deploy/quickstart", *arguments]
        environment = places.environment(**{**more, **override})
        return subprocess.run(command, capture_output=True, text=True, env=environment, cwd="/", timeout=240, check=False)

    run.server, run.data = more["TALLY_SERVER"], folder / "data"
    try:
        yield run
    finally:
        run("--stop")
        shutil.rmtree(folder, ignore_errors=True)


def test_it_starts_pushes_the_example_and_shows_what_does_not_fit(quickstart):
    done = quickstart()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Tally is running as process" in done.stdout and str(quickstart.data) in done.stdout
    assert "blocked" in done.stdout.lower()
    classes = ("purpose", "environment", "api", "resources", "monitoring", "data", "completeness")
    assert len([name for name in classes if f"{name}." in done.stdout]) >= 6


def test_again_it_finds_it_running(quickstart):
    done = quickstart()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Tally is running already" in done.stdout and "blocked" in done.stdout.lower()


def test_a_data_folder_that_cannot_be_made_is_a_clear_failure(quickstart):
    done = quickstart(TALLY_DATA_DIR="/proc/nowhere", TALLY_SERVER=f"127.0.0.1:{free_port()}")
    assert done.returncode == 1 and "TALLY_DATA_DIR chooses another" in done.stderr


def test_an_unknown_option_is_refused(quickstart):
    done = quickstart("--frobnicate")
    assert done.returncode == 1 and "--frobnicate" in done.stderr


def test_it_stops_and_says_so(quickstart):
    done = quickstart("--stop")
    assert done.returncode == 0 and "has stopped" in done.stdout, done.stdout + done.stderr
    done = quickstart("--stop")
    assert done.returncode == 0 and "is not running" in done.stdout


def test_the_data_are_still_there_after_a_stop(quickstart):
    done = quickstart()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Tally is running as process" in done.stdout
    listed = tally("system", "list", "--server", quickstart.server, check=0)
    # Pushed twice with the same content: one revision for the system, one for the descriptors.
    assert " 2 " in listed.stdout
