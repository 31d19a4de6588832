"""Every command of the README runs, in its order, against a real server."""

import pathlib
import re
import shutil
import subprocess
import tempfile

import pytest

import places

BLOCK = re.compile(r"^```sh(?: (\w+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
README = (places.ROOT / "README.md").read_text()
# Blocks marked `install` change the machine; test_quickstart.py and whoever started this run them.
BLOCKS = [(mark, text) for mark, text in BLOCK.findall(README) if mark != "install"]


@pytest.fixture(scope="module")
def folder():
    made = pathlib.Path(tempfile.mkdtemp(prefix="tally-readme-"))
    (made / "proto").symlink_to(places.ROOT / "proto")
    yield made
    shutil.rmtree(made)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_a_block_of_commands_runs(server, folder, number):
    mark, text = BLOCKS[number]
    if mark == "buf" and not places.BUF.exists():
        pytest.skip("buf is not here")
    path = f"{places.TALLYD.parent}:{places.BUF.parent}:/usr/bin:/bin"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        capture_output=True,
        text=True,
        cwd=folder,
        env=places.environment(PATH=path, TALLY_SERVER=server.address),
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"


def test_the_readme_names_the_two_commands():
    marked = [text.strip() for mark, text in BLOCK.findall(README) if mark == "install"]
    assert marked == ["deploy/quickstart", "tests/run"]
    assert all((places.ROOT / command).stat().st_mode & 0o111 for command in marked)


def test_every_flag_that_the_readme_names_exists():
    """Flags in running text are not run; they must at least be known to one of the programs."""
    helps = ""
    for words in ([places.TALLYD, "--help"], *([places.TALLY, *w.split(), "--help"] for w in ("push", "verdict", "watch", "waive", "impact", "policy preview", "import sei", "profile"))):
        helps += subprocess.run(words, capture_output=True, text=True, check=True, env=places.environment()).stdout
    text = BLOCK.sub("", README)
    flags = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) - {"--stop", "--help", "--server", "--preset", "--build", "--install"}
    assert {flag for flag in flags if flag not in helps} == set()


def test_the_readme_mentions_no_room_that_is_not_there():
    for name in re.findall(r"`([a-zA-Z./]+/[a-zA-Z./]*)`", README):
        if not name.startswith(("/", "build")):
            assert (places.ROOT / name).exists(), name
