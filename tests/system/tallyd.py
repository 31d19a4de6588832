"""Starting, asking and ending tallyd."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import grpc

import client
import places


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Tallyd:
    """One server on a port and a Unix socket of its own; its data live in a temporary folder."""

    def __init__(self, *arguments, database=None, program=places.TALLYD, **variables):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tally-"))
        os.chmod(self.folder, 0o755)
        self.data_dir = self.folder / "data"
        self.log = self.folder / "log"
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.socket = f"unix:{self.folder}/s"
        self.arguments = arguments
        self.database = database
        self.program = program
        self.variables = variables
        self.process = None

    def command(self):
        where = ["--database", self.database] if self.database else ["--data-dir", self.data_dir]
        return [self.program, "--listen", self.address, "--listen", self.socket, *where, *self.arguments]

    def launch(self):
        """Starts the process and does not wait."""
        assert self.program.exists(), f"{self.program} is not there: build first"
        with open(self.log, "ab") as log:
            env = places.environment(**self.variables)
            self.process = subprocess.Popen(
                self.command(), stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=env, cwd="/"
            )
        return self

    def start(self):
        self.launch()
        self.wait_until(client.SERVING)
        return self

    def wait_until(self, status, timeout=60):
        """Waits until health says so; None: until nobody answers."""
        deadline = time.monotonic() + timeout * places.SLOW
        while self.health() != status:
            assert status is None or self.process.poll() is None, f"tallyd ended:\n{self.tail()}"
            assert time.monotonic() < deadline, f"health is {self.health()}, not {status}:\n{self.tail()}"
            time.sleep(0.05)

    def health(self):
        with client.Client(self.socket) as peer:
            try:
                return peer.health.Check(client.health_pb2.HealthCheckRequest(), timeout=5 * places.SLOW).status
            except grpc.RpcError:
                return None

    def client(self, *options):
        return client.Client(self.socket, *options)

    def tail(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-40:])

    def kill(self):
        """As a crash would."""
        self.process.kill()
        self.process.wait(30)

    def stop(self, expected=0):
        """Ends the server as an operator does, and looks how it ended: a leak is an error too."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        if self.process:
            code = self.process.wait(60 * places.SLOW)
            self.process = None
            assert expected is None or code == expected, f"tallyd ended with {code}:\n{self.tail()}"

    def free(self):
        try:
            self.stop()
        finally:
            if self.process:
                self.process.kill()
            shutil.rmtree(self.folder, ignore_errors=True)


def tally(*arguments, server=None, text=None, check=None):
    """Runs the command line. `check`: the exit code it must have."""
    more = {"TALLY_SERVER": server.address} if server else {}
    command = [places.TALLY, *map(str, arguments)]
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, check=False, env=places.environment(**more), timeout=300
    )
    if check is not None:
        assert done.returncode == check, f"{arguments} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done
