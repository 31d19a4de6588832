"""Where the project's files are."""

import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY_DIR = pathlib.Path(os.environ.get("TALLY_BINARY_DIR", ROOT / "build/dev"))


def tracked(*patterns):
    """The project's own files: those that git knows, and new ones that it does not ignore."""
    command = ["git", "-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    found = subprocess.run(command, stdout=subprocess.PIPE, check=False, text=True)
    if found.returncode != 0:
        pytest.skip("this is not a git checkout")
    return [ROOT / name for name in sorted(set(found.stdout.splitlines())) if (ROOT / name).is_file()]
