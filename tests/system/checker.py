"""tally-check: what tests do with it."""

import pathlib
import shutil
import subprocess
import tempfile

import places

PROGRAM = places.BINARY_DIR / "bin/tally-check"


class Check:
    """A run in the background, its journal, and verifying afterwards."""

    def __init__(self, database, *servers):
        self.database = database
        self.servers = servers
        self.journal = pathlib.Path(tempfile.mkdtemp(prefix="tally-check-"))
        self.process = None

    def command(self, verb, *more):
        where = ["--database", self.database, "--journal", self.journal]
        for server in self.servers if verb == "run" else ():
            where += ["--server", server.socket]
        return [str(word) for word in (PROGRAM, verb, *where, "--slack", 5000 * places.SLOW, *more)]

    def start(self, *more):
        """Starts a run and does not wait."""
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(self.command("run", *more), stderr=pipe, text=True, env=places.environment())
        return self

    def kill(self):
        self.process.kill()
        self.process.communicate(timeout=30)
        self.process = None

    def end(self, expected=0, timeout=180):
        """Waits for the run and its verification. Returns what it said."""
        _, said = self.process.communicate(timeout=timeout * places.SLOW)
        code, self.process = self.process.returncode, None
        assert code == expected, f"tally-check ended with {code}:\n{said}"
        return said

    def run(self, *more, expected=0, timeout=180):
        return self.start(*more).end(expected, timeout)

    def verify(self, *more, expected=0):
        done = subprocess.run(
            self.command("verify", *more),
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env=places.environment(),
            timeout=180 * places.SLOW,
        )
        assert done.returncode == expected, f"tally-check ended with {done.returncode}:\n{done.stderr}"
        return done.stderr

    def free(self):
        if self.process:
            self.kill()
        shutil.rmtree(self.journal, ignore_errors=True)
