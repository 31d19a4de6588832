"""Every real file imports or is refused with a sentence that a person can act on; a model of more than 2 GiB is not
read into memory."""

import json
import os
import re
import subprocess
import time

import pytest

import model_files
import places
from tallyd import tally

SAMPLES = places.SHARED / "samples"
FILES = sorted(path for path in SAMPLES.rglob("*") if path.is_file() and path.name != "MANIFEST.tsv")

needs_samples = pytest.mark.skipif(not FILES, reason="the samples are not on this machine")


def formats():
    """Title -> name, as `tally import --list` has them."""
    lines = tally("import", "--list", check=0).stdout.splitlines()[1:]
    return {line.split(None, 1)[1].split(":")[0]: line.split()[0] for line in lines}


def output(name):
    """tally import sei is a command of its own, older than the others."""
    return "json" if name == "sei" else "facts"


def assert_told(done, path):
    """It ended by itself, and what it says about the file is more than that it failed."""
    assert done.returncode in (0, 2), done.stderr
    assert "Sanitizer" not in done.stderr and "runtime error" not in done.stderr, done.stderr
    if done.returncode == 2:
        sentences = [line for line in done.stderr.splitlines() if path.name in line and "warn" not in line]
        assert any(len(line.split(path.name, 1)[1]) > 20 and " " in line.split(path.name, 1)[1] for line in sentences), done.stderr


@needs_samples
def test_every_sample_is_imported_or_refused_with_a_sentence(tmp_path):
    known = formats()
    taken = left = unknown = 0
    for i, path in enumerate(FILES):
        folder = tmp_path / str(i)
        folder.mkdir()
        (folder / path.name).write_bytes(path.read_bytes())
        done = tally("import", "auto", folder, "-o", "facts")
        assert done.returncode == 0, (path, done.stderr)
        assert "Sanitizer" not in done.stderr and "runtime error" not in done.stderr, done.stderr
        told = re.search(rf"^tally: {re.escape(path.name)}: ([^:]+), \d+ values?$", done.stderr, re.M)
        if not told:
            why = re.search(rf"^tally: {re.escape(path.name)}: left: (.+)$", done.stderr, re.M)
            assert why and len(why[1]) > 20 or "1 file, 1 of no format that is known" in done.stderr, (path, done.stderr)
            left += bool(why)
            unknown += not why
            continue
        taken += 1
        tally("import", known[told[1]], path, "-o", output(known[told[1]]), check=0)
    print(f"{len(FILES)} files: {taken} taken, {left} left with a reason, {unknown} of no format that is known")
    assert taken > len(FILES) / 2


@needs_samples
@pytest.mark.parametrize("name", sorted(formats().values()))
def test_a_file_of_another_format_is_refused_with_a_sentence(name):
    """One file of each ending that occurs: text, JSON, YAML, binary."""
    by_ending = {path.suffix: path for path in reversed(FILES) if path.stat().st_size < 1 << 20}
    for path in by_ending.values():
        assert_told(tally("import", name, path, "-o", output(name)), path)


@pytest.mark.parametrize("name", sorted(formats().values()))
def test_rubbish_is_refused_with_a_sentence(tmp_path, name):
    for i, content in enumerate([b"", b"\0" * 64, b"\xff\xfe{\0", b"{", b"[" * 5000, b"a: [", b"\n" * 100]):
        path = tmp_path / f"rubbish{i}.bin"
        path.write_bytes(content)
        assert_told(tally("import", name, path, "-o", output(name)), path)


def write_large_model(path, weights):
    """A model with one weight, a hole of so many bytes in the file."""
    head = model_files.message((1, weights // 4), (2, 1), (8, "w"))
    tensor = head + model_files.varint(9 << 3 | 2) + model_files.varint(weights)
    before = model_files.message((2, "graph"), (1, model_files.message((4, "Gemm"))))
    before += model_files.varint(5 << 3 | 2) + model_files.varint(len(tensor) + weights) + tensor
    after = model_files.message((11, model_files.onnx_value("x", 1, ["batch", 8])), (12, model_files.onnx_value("y", 1, [None, 1])))
    graph = model_files.varint(7 << 3 | 2) + model_files.varint(len(before) + weights + len(after))
    with open(path, "wb") as file:
        file.write(model_files.message((1, 8), (2, "pytorch"), (3, "1.13")) + graph + before)
        file.seek(weights, os.SEEK_CUR)
        file.write(after + model_files.message((8, model_files.message((2, 17)))))


def test_a_model_of_more_than_2_gib_is_not_read_into_memory(tmp_path):
    path = tmp_path / "large.onnx"
    weights = (5 << 30) // 2
    write_large_model(path, weights)
    about = path.stat()
    assert about.st_size > 2 << 30
    if about.st_blocks * 512 > 1 << 20:
        path.unlink()
        pytest.skip("this file system has no holes in files")
    started = time.monotonic()
    with open(tmp_path / "out", "wb") as out:
        process = subprocess.Popen([places.TALLY, "import", "onnx", path, "-o", "json"], stdout=out, env=places.environment())
        _, status, usage = os.wait4(process.pid, 0)
    took = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    print(f"{about.st_size} bytes in {took:.2f} s and {usage.ru_maxrss} KiB")
    assert process.returncode == 0
    made = {document["kind"]: document["spec"] for document in json.loads((tmp_path / "out").read_text())}
    assert [item["item_name"] for item in made["TrainedModel"]["input_signature"]] == ["x"]
    assert [item["item_name"] for item in made["TrainedModel"]["output_spec"]] == ["y"]
    assert took < 5 * places.SLOW
    assert usage.ru_maxrss < (64 << 10) * places.SLOW**2
