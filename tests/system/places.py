"""Where the programs under test, the generated stubs and the samples are."""

import os
import pathlib
import sys

ROOT = pathlib.Path(os.environ.get("TALLY_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
BINARY_DIR = pathlib.Path(os.environ.get("TALLY_BINARY_DIR", ROOT / "build/dev"))
TALLYD = pathlib.Path(os.environ.get("TALLYD", BINARY_DIR / "bin/tallyd"))
TALLY = pathlib.Path(os.environ.get("TALLY", BINARY_DIR / "bin/tally"))
BUF = ROOT / "tests/lint/node_modules/.bin/buf"
SHARED = pathlib.Path(os.environ.get("TALLY_SHARED", ROOT / "../shared")).resolve()

# Sanitizers make everything slower; patience is multiplied by this.
SLOW = 4 if BINARY_DIR.name in ("asan", "tsan") else 1

sys.path.insert(0, str(BINARY_DIR / "python"))


def environment(**more):
    """This process's environment without settings of ours, plus what sanitizers need."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith("TALLY") and key != "NO_COLOR"}
    ours.setdefault("TSAN_OPTIONS", "ignore_noninstrumented_modules=1")
    return {**ours, **more}
