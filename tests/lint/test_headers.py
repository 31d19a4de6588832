"""Every header compiles alone, under the flags and the view of its own room."""

import concurrent.futures
import json
import os
import shlex
import subprocess

import pytest

from files import BINARY_DIR, tracked


def room_commands():
    """The compile command of one source file of each folder."""
    database = BINARY_DIR / "compile_commands.json"
    if not database.exists():
        pytest.skip(f"{database} is not there: configure first")
    commands = {}
    for entry in json.loads(database.read_text()):
        folder = os.path.dirname(os.path.realpath(os.path.join(entry["directory"], entry["file"])))
        commands.setdefault(folder, (entry["directory"], shlex.split(entry["command"])))
    return commands


def compile_alone(job):
    header, (directory, command) = job
    arguments = [word for word in command if word != "ccache"]
    output = arguments.index("-o")
    del arguments[output : output + 2]
    arguments = arguments[: arguments.index("-c")]
    arguments += ["-fsyntax-only", "-Wno-unused-function", "-Wno-unused-const-variable", "-x", "c", "-"]
    text = f'#include "{header}"\n'
    done = subprocess.run(arguments, cwd=directory, input=text, capture_output=True, text=True, check=False)
    return done.stderr if done.returncode != 0 else None


def test_every_header_compiles_alone():
    commands = room_commands()
    headers = [path for path in tracked("server/**.h", "client/**.h") if str(path.parent) in commands]
    assert headers
    jobs = [(header, commands[str(header.parent)]) for header in headers]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        errors = [error for error in pool.map(compile_alone, jobs) if error]
    assert not errors, "\n".join(errors)
