"""Servers that the tests of one file share."""

import sys
import pathlib

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import pytest

from database import Postgres
from tallyd import Tallyd


@pytest.fixture(scope="module")
def server():
    """tallyd with its embedded Postgres; it must end cleanly."""
    made = Tallyd()
    try:
        yield made.start()
    finally:
        made.free()


@pytest.fixture
def peer(server):
    with server.client() as made:
        yield made


@pytest.fixture(scope="module")
def postgres():
    """A Postgres of the test's own."""
    made = Postgres()
    try:
        made.start()
        yield made
    finally:
        made.free()
