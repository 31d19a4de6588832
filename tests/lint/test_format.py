"""Our C is laid out as .clang-format says."""

import shutil
import subprocess

import pytest

from files import tracked


def test_c_is_formatted():
    program = shutil.which("clang-format")
    if not program:
        pytest.skip("clang-format is not here")
    files = tracked("*.c", "*.h")
    assert files
    done = subprocess.run([program, "--dry-run", "-Werror", *files], capture_output=True, text=True, check=False)
    wrong = sorted({line.split(":")[0] for line in done.stderr.splitlines() if "code should be clang-formatted" in line})
    assert done.returncode == 0, "run clang-format -i on: " + " ".join(wrong)
