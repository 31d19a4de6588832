"""Rules of the house that no compiler checks."""

import re

import pytest

from files import ROOT, tracked

INCLUDE = re.compile(rb'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


def includes(pattern):
    """Yields (file, header) for each include that matches."""
    for path in tracked("*.c", "*.h"):
        for header in INCLUDE.findall(path.read_bytes()):
            if re.match(pattern, header.decode()):
                yield path.relative_to(ROOT).as_posix(), header.decode()


def strays(pattern, *rooms):
    return [f"{path}: {header}" for path, header in includes(pattern) if not path.startswith(rooms)]


def test_only_transport_and_the_client_library_include_grpc():
    assert strays(r"grpc/(?!.*\.pb-c\.h)", "server/transport/", "client/library/", "tests/") == []


def test_only_the_store_includes_libpq():
    assert strays("libpq|postgres_ext|pg_config", "server/store/", "tests/") == []


def test_only_the_service_includes_the_services_messages():
    services = r"tally/v1/(system|.*_service)\.pb-c\.h|grpc/.*\.pb-c\.h|google/rpc/"
    assert strays(services, "server/service/", "client/", "tests/") == []


def test_sql_stands_in_sql_files_only():
    statement = re.compile(rb'"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE)\s[^"]*"')
    found = [
        path.relative_to(ROOT).as_posix()
        for path in tracked("server/**.c")
        if not path.is_relative_to(ROOT / "server/store") and statement.search(path.read_bytes())
    ]
    assert found == []


@pytest.mark.parametrize(
    "pattern",
    [
        rb"/wo" + rb"rk/",
        rb"(?<![\w.])/ro" + rb"ot/",
        rb"/ho" + rb"me/(?!u\b)\w",
        rb"deb\.deb" + rb"ian\.org",
        rb"reg" + rb"istry\.npm",
        rb"(?i)TO" + rb"DO\b|FIX" + rb"ME\b",
    ],
)
def test_no_file_names_this_machine_or_puts_work_off(pattern):
    found = [
        f"{path.relative_to(ROOT)}: {line.decode(errors='replace').strip()}"
        for path in tracked()
        if path.name != "package-lock.json"
        for line in path.read_bytes().splitlines()
        if re.search(pattern, line)
    ]
    assert found == []


def test_the_lock_file_names_no_registry():
    text = (ROOT / "tests/lint/package-lock.json").read_text()
    assert '"resolved"' not in text and "://" not in text


def test_every_c_file_says_what_it_is_for():
    found = [
        path.relative_to(ROOT).as_posix()
        for path in tracked("server/**.c", "client/**.c", "tests/**.c")
        if not path.read_bytes().lstrip().startswith(b"/*")
    ]
    assert found == []
