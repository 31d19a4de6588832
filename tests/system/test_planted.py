"""
Would tally-check notice? tallyd-planted is tallyd with bugs on request: each one must be reported, with evidence that
names it, and without a bug the same program must pass.
"""

import re
import time

import pytest

import checker
import places
from tallyd import Tallyd

PROGRAM = places.BINARY_DIR / "bin/tallyd-planted"

# (bug, every how many chances it strikes, what the violation says)
BUGS = [
    ("skip-event", 200, r"was not told of \d+ events|was asked for after it began|last_of_revision is"),
    ("repeat-event", 200, r"was told of an event again|last_of_revision is"),
    # Its transactions never end, so writes may also fail on one another's locks before one is found missing.
    ("early-answer", 1, r"a (write|version) that was acknowledged is missing|ended as: refused .* DATABASE_ERROR"),
    ("stale-view", 5, r"older than what the same server had answered|did not reach revision"),
    ("wrong-mark", 200, r"last_of_revision is|token came in the middle"),
    ("lost-resolve", 20, r"stored as open|not stored so at that revision|overlaps the one before"),
    ("stale-findings", 10, r"a fresh evaluation"),
    ("late-checkpoint", 1, r"waited \d+ ms for a message"),
    ("gap-after-state", 1, r"was not told of \d+ events|its first event is not its creation|asked for after it began"),
    ("old-token", 1, r"was told of an event again|begins in the middle of a revision"),
]


class Case:
    """The checker on a server with one bug."""

    def __init__(self, postgres, bug, every):
        self.bug = bug
        url = postgres.create(f"planted-{bug}")
        self.server = Tallyd("--partitions", "2", database=url, program=PROGRAM, PLANTED_BUG=f"{bug}:{every}")
        self.check = checker.Check(url, self.server)

    def start(self):
        self.server.start()
        late = ("--slack", 2000, "--linger", 5) if self.bug == "late-checkpoint" else ()
        self.check.start("--seconds", 3, "--systems", 3, "--settle", 8, "--patience", 5, *late)

    def crash(self):
        self.server.kill()
        self.server.start()

    def end(self):
        """Returns (exit code, what it said)."""
        _, said = self.check.process.communicate(timeout=60 * places.SLOW)
        code, self.check.process = self.check.process.returncode, None
        return code, said

    def free(self):
        self.check.free()
        self.server.stop(expected=None)
        self.server.free()


@pytest.fixture(scope="module")
def found(postgres):
    """What was found of each bug; six servers at a time."""
    answers = {}
    cases = {bug: Case(postgres, bug, every) for bug, every, _ in [*BUGS, ("none", 1, "")]}
    try:
        for first in range(0, len(cases), 6):
            some = list(cases)[first : first + 6]
            for bug in some:
                cases[bug].start()
            if "early-answer" in some:
                time.sleep(1.5 * places.SLOW)
                cases["early-answer"].crash()
            answers.update({bug: cases[bug].end() for bug in some})
            for bug in some:
                cases[bug].server.stop(expected=None)  # each holds connections
    finally:
        for case in cases.values():
            case.free()
    return answers


@pytest.mark.parametrize("bug, says", [pytest.param(bug, says, id=bug) for bug, _, says in BUGS])
def test_the_bug_is_reported(found, bug, says):
    code, said = found[bug]
    assert code == 1, said
    violation = said.split("VIOLATION: ")[1]
    assert re.search(says, violation), violation


def test_without_a_bug_the_same_program_passes(found):
    code, said = found["none"]
    assert code == 0, said


def test_the_program_that_is_shipped_has_no_bugs_to_ask_for():
    assert b"PLANTED_BUG" not in places.TALLYD.read_bytes()
    assert b"PLANTED_BUG" in PROGRAM.read_bytes()
