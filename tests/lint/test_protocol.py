"""The .proto files: buf's rules, and that the build's rewriting keeps the wire format."""

import subprocess

import pytest
from google.protobuf import descriptor_pb2

from files import BINARY_DIR, ROOT

BUF = ROOT / "tests/lint/node_modules/.bin/buf"


def buf(*arguments):
    if not BUF.exists():
        pytest.skip("buf is not here: npm --prefix tests/lint install --no-save brings it")
    return subprocess.run([BUF, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_buf_lint_passes():
    done = buf("lint")
    assert done.returncode == 0, done.stdout + done.stderr


def test_buf_build_passes():
    done = buf("build")
    assert done.returncode == 0, done.stdout + done.stderr


def messages(root):
    """{message: {(field, number, label, type, type name)}} of all files in tally/v1 below a folder."""
    files = sorted(path.relative_to(root).as_posix() for path in (root / "tally/v1").glob("*.proto"))
    command = ["protoc", "-I", root, "-I", "/usr/include", "--descriptor_set_out=/dev/stdout", *files]
    done = subprocess.run(command, capture_output=True, check=True)
    found = {}

    def walk(prefix, message):
        name = f"{prefix}.{message.name}"
        found[name] = {(f.name, f.number, f.label, f.type, f.type_name) for f in message.field}
        for nested in message.nested_type:
            walk(name, nested)

    for file in descriptor_pb2.FileDescriptorSet.FromString(done.stdout).file:
        for message in file.message_type:
            walk(file.package, message)
    return found


def test_rewriting_for_protoc_c_keeps_every_field():
    rewritten = BINARY_DIR / "proto/rewritten"
    if not rewritten.exists():
        pytest.skip("nothing is built yet")
    ours = messages(ROOT / "proto")
    assert len(ours) > 30
    assert messages(rewritten) == ours


def test_no_message_contains_itself():
    ours = messages(ROOT / "proto")
    inside = {name: {field[4].lstrip(".") for field in fields} & ours.keys() for name, fields in ours.items()}

    def reaches(name, wanted, seen):
        return any(
            child == wanted or (child not in seen and reaches(child, wanted, seen | {child})) for child in inside[name]
        )

    assert [name for name in inside if reaches(name, name, set())] == []
