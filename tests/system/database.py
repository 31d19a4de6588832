"""A Postgres that a test starts, stops and asks directly."""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

import zstandard


def programs():
    """The folder of postgres, initdb and psql."""
    found = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False).stdout.strip()
    candidates = [pathlib.Path(found)] if found else []
    candidates += sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in candidates:
        if (folder / "initdb").exists():
            return folder
    raise RuntimeError("there is no Postgres here: run deploy/packages test")


def owner():
    """Arguments for subprocess: Postgres refuses to run as root."""
    if os.getuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Postgres:
    """A cluster in a temporary folder, reached over a Unix socket there."""

    def __init__(self, made=True):
        """made=False: somebody else puts the data there."""
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tally-pg-"))
        os.chmod(self.folder, 0o755)
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self.process = None
        if not made:
            return
        command = [programs() / "initdb", "-D", self.folder / "data", "-U", "tally", "-A", "trust", "-E", "UTF8"]
        subprocess.run([*command, "--locale=C", "-N"], check=True, capture_output=True, cwd="/", **owner())

    def url(self, name="postgres"):
        return f"postgresql://tally@/{name}?host={self.folder}"

    def start(self, *settings):
        log = open(self.folder / "log", "ab")
        command = [programs() / "postgres", "-D", self.folder / "data", "-k", self.folder, "-h", "", "-c", "fsync=off"]
        command += ["-c", "max_connections=60", "-c", "shared_buffers=32MB"]
        for setting in settings:
            command += ["-c", setting]
        self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **owner())
        self.wait()

    def wait(self):
        """Waits until it takes connections."""
        deadline = time.monotonic() + 60
        while True:
            ready = subprocess.run([programs() / "pg_isready", "-q", "-h", self.folder], check=False)
            if ready.returncode == 0:
                return
            assert time.monotonic() < deadline and self.process.poll() is None, (self.folder / "log").read_text()
            time.sleep(0.05)

    def stop(self, how=signal.SIGINT):
        """SIGINT is the fast shutdown, SIGQUIT the immediate one, as if power had failed."""
        if self.process:
            self.process.send_signal(how)
            self.process.wait(60)
            self.process = None

    def create(self, name):
        """Makes an empty database. Returns its URL."""
        self.ask(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def ask(self, sql, name="postgres"):
        return ask(self.url(name), sql)

    def free(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def ask(url, sql):
    """Runs one statement with psql. Returns its rows, each a list of texts."""
    command = [programs() / "psql", "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **owner())
    assert done.returncode == 0, done.stderr
    return [line.split("\t") for line in done.stdout.splitlines()]


def whole_body(body, base):
    """The bytes of a version whose body and base_body were asked for, in hexadecimal, of the view based_version."""
    body, base = bytes.fromhex(body), bytes.fromhex(base)
    if not base:
        return body
    before = zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    return zstandard.ZstdDecompressor(dict_data=before).decompress(body)
