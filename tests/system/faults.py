"""What goes wrong around tallyd: proxies that cut or refuse, a disk that fills, a primary that dies, a clock that jumps."""

import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import places
from database import Postgres, owner, programs


class Proxy:
    """Stands before a Postgres and cuts each connection somewhere in the midst of what the server under test sends."""

    def __init__(self, postgres, seed, least=4000, most=150000):
        self.target = f"{postgres.folder}/.s.PGSQL.5432"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tally-proxy-"))
        self.dice = random.Random(seed)
        self.bounds = (least, most)
        self.cuts = 0
        self.cutting = False
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(f"{self.folder}/.s.PGSQL.5432")
        self.listener.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def url(self, name):
        return f"postgresql://tally@/{name}?host={self.folder}"

    def accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            behind = socket.socket(socket.AF_UNIX)
            try:
                behind.connect(self.target)
            except OSError:
                peer.close()
                continue
            budget = self.dice.randint(*self.bounds)
            threading.Thread(target=self.forward, args=(peer, behind, budget), daemon=True).start()
            threading.Thread(target=self.forward, args=(behind, peer, None), daemon=True).start()

    def forward(self, source, sink, budget):
        try:
            while data := source.recv(8192):
                if budget is not None and self.cutting:
                    if len(data) > budget:
                        sink.sendall(data[:budget])
                        self.cuts += 1
                        break
                    budget -= len(data)
                sink.sendall(data)
        except OSError:
            pass
        for side in (source, sink):
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def free(self):
        self.listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def read_exactly(source, size):
    """Bytes of a connection; fewer at its end."""
    data = b""
    while len(data) < size and (more := source.recv(size - len(data))):
        data += more
    return data


class NoHints(Proxy):
    """Stands before a Postgres and lets no hints between servers through: another statement is run in their place."""

    UNSUPPORTED = b"SELECT count(*) FROM pg_class FOR UPDATE"  # 0A000, as distributed engines answer
    UNKNOWN = b"HINT"  # 42601, as a database answers that does not know the word
    LOST = b"SELECT"  # as behind a pooler that gives each transaction another connection

    def __init__(self, postgres, instead):
        self.instead = instead
        self.refused = self.connections = 0
        super().__init__(postgres, 0)

    def forward(self, source, sink, budget):
        if budget is None:
            return super().forward(source, sink, budget)
        self.connections += 1
        kind_size = 0  # the first message has no letter
        try:
            while len(head := read_exactly(source, kind_size + 4)) == kind_size + 4:
                body = read_exactly(source, int.from_bytes(head[kind_size:], "big") - 4)
                if head[:kind_size] == b"P" and (b"LISTEN" in body or b"pg_notify" in body):
                    self.refused += 1
                    body = b"\0" + self.instead + b"\0\0\0"
                sink.sendall(head[:kind_size] + (len(body) + 4).to_bytes(4, "big") + body)
                kind_size = 1
        except OSError:
            pass
        return super().forward(source, sink, None)


class SmallDisk(Postgres):
    """A Postgres whose data are on a small disk of its own, in a mount namespace that ends with the test."""

    SIZE = "110m"

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tally-pg-"))
        self.folder.chmod(0o755)
        shutil.chown(self.folder, "postgres", "postgres")
        (self.folder / "disk").mkdir()
        self.process = None
        self.holder = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", f"mount -t tmpfs -o size={self.SIZE},mode=777 tmpfs '{self.folder}/disk'"
             " && echo mounted && exec sleep 1000"],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.mounted = self.holder.stdout.readline().strip() == "mounted"
        if self.mounted:
            initdb = [programs() / "initdb", "-D", self.data(), "-U", "tally", "-A", "trust", "-E", "UTF8", "--locale=C"]
            subprocess.run(self.inside(*initdb, "-N", "--wal-segsize=1"), check=True, capture_output=True, cwd="/")

    def data(self):
        return self.folder / "disk/data"

    def inside(self, *command):
        user = owner()["user"]
        enter = ["nsenter", f"--target={self.holder.pid}", "--mount"]
        return [*enter, "setpriv", f"--reuid={user}", f"--regid={owner()['group']}", "--clear-groups", *command]

    def start(self):
        log = open(self.folder / "log", "ab")
        command = [programs() / "postgres", "-D", self.data(), "-k", self.folder, "-h", "", "-c", "fsync=off"]
        command += ["-c", "max_wal_size=4MB", "-c", "min_wal_size=2MB", "-c", "shared_buffers=8MB"]
        self.process = subprocess.Popen(self.inside(*command), stdout=log, stderr=log, cwd="/")
        self.wait()

    def ballast(self):
        return pathlib.Path(f"/proc/{self.holder.pid}/root{self.folder}/disk/ballast")

    def fill(self):
        """Takes all room that is left."""
        with open(self.ballast(), "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(65536))
            except OSError:
                pass

    def make_room(self):
        self.ballast().unlink()
        if self.process.poll() is not None:
            self.start()

    def free(self):
        self.stop()
        self.holder.send_signal(signal.SIGKILL)
        self.holder.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Pair:
    """A primary and a synchronous standby; one URL names both."""

    def __init__(self):
        self.primary = Postgres()
        self.standby = None

    def start(self):
        self.primary.start("wal_level=replica", "max_wal_senders=4", "hot_standby=on")
        self.standby = Postgres(made=False)
        backup = [programs() / "pg_basebackup", "-d", self.primary.url(), "-D", self.standby.folder / "data"]
        subprocess.run([*backup, "-R", "-X", "stream", "-c", "fast"], check=True, capture_output=True, cwd="/", **owner())
        self.standby.start("hot_standby=on")
        self.primary.ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.primary.ask("SELECT pg_reload_conf()")
        deadline = time.monotonic() + 30
        while self.primary.ask("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") != [["1"]]:
            assert time.monotonic() < deadline, "the standby does not follow"
            time.sleep(0.1)

    def url(self, name):
        hosts = f"{self.primary.folder},{self.standby.folder}"
        return f"postgresql://tally@/{name}?host={hosts}&target_session_attrs=read-write&connect_timeout=5"

    def fail_over(self):
        """The primary dies as if its machine did, the standby takes over."""
        self.primary.stop(signal.SIGQUIT)
        self.standby.ask("SELECT pg_promote()")

    def free(self):
        for server in (self.standby, self.primary):
            if server:
                server.free()


class Clock:
    """A wall clock for tallyd that jumps when it is told to."""

    LIBRARY = places.BINARY_DIR / "lib/clock_jump.so"

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tally-clock-"))
        self.jump(0)

    def variables(self):
        return {"LD_PRELOAD": str(self.LIBRARY), "CLOCK_JUMP": str(self.folder / "offset")}

    def jump(self, seconds):
        new = self.folder / "new"
        new.write_text(str(seconds))
        new.rename(self.folder / "offset")

    def free(self):
        shutil.rmtree(self.folder, ignore_errors=True)
