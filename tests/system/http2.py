"""A client that speaks HTTP/2 by hand and badly: it begins requests and does not end them."""

import socket
import struct
import time

DATA, HEADERS, RESET, SETTINGS, PING, GOAWAY, WINDOW = 0, 1, 3, 4, 6, 7, 8
INITIAL_WINDOW, FRAME_SIZE = 4, 5
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def frame(kind, flags, stream, body=b""):
    return struct.pack(">I", len(body))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + body


def field(name, value):
    return b"\x00" + bytes([len(name)]) + name + bytes([len(value)]) + value


def headers(path):
    fields = [(b":method", b"POST"), (b":scheme", b"http"), (b":path", path.encode()), (b":authority", b"x")]
    fields += [(b"te", b"trailers"), (b"content-type", b"application/grpc")]
    return b"".join(field(*each) for each in fields)


class Hoarder:
    """One connection with many calls, each of which sends all but the last byte of its message, as fast as the
    server's windows let it. When the server hangs up it begins anew."""

    def __init__(self, address, path, calls, size):
        host, port = address.rsplit(":", 1)
        self.address = host, int(port)
        self.path, self.size = path, size
        self.streams = [1 + 2 * number for number in range(calls)]
        self.sent = 0
        self._connect()

    def _connect(self):
        self.socket = socket.create_connection(self.address)
        self.socket.sendall(PREFACE + frame(SETTINGS, 0, 0))
        self.socket.setblocking(False)
        self.left = {}
        self.window, self.frame_size, self.connection_window = 65535, 16384, 65535
        self.windows = {}
        self.received = self.outgoing = b""
        self.ended = set()

    def run(self, seconds):
        """Goes on for so long. Returns bytes sent."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                self._take()
                self._fill()
                self.outgoing = self.outgoing[self.socket.send(self.outgoing[: 1 << 20]) :] if self.outgoing else b""
            except BlockingIOError:
                pass
            except ConnectionError:
                self.socket.close()
                self._connect()
            time.sleep(0.001)
        return self.sent

    def close(self):
        self.socket.close()

    def _take(self):
        try:
            taken = self.socket.recv(1 << 20)
        except BlockingIOError:
            return
        if not taken:
            raise ConnectionResetError
        self.received += taken
        while len(self.received) >= 9:
            size = int.from_bytes(self.received[:3], "big")
            if len(self.received) < 9 + size:
                return
            kind, flags = self.received[3:5]
            stream = int.from_bytes(self.received[5:9], "big")
            self._judge(kind, flags, stream, self.received[9 : 9 + size])
            self.received = self.received[9 + size :]

    def _judge(self, kind, flags, stream, body):
        if kind == SETTINGS and not flags & 1:
            for at in range(0, len(body), 6):
                self._set(*struct.unpack(">HI", body[at : at + 6]))
            self.outgoing += frame(SETTINGS, 1, 0)
            if not self.left:
                self._begin()
        elif kind == PING and not flags & 1:
            self.outgoing += frame(PING, 1, 0, body)
        elif kind == WINDOW and stream == 0:
            self.connection_window += int.from_bytes(body, "big")
        elif kind == WINDOW:
            self.windows[stream] += int.from_bytes(body, "big")
        elif kind == RESET or (kind == HEADERS and flags & 1):
            self.ended.add(stream)

    def _set(self, setting, value):
        if setting == FRAME_SIZE:
            self.frame_size = value
        elif setting == INITIAL_WINDOW:
            for stream in self.windows:
                self.windows[stream] += value - self.window
            self.window = value

    def _begin(self):
        for stream in self.streams:
            self.left[stream] = 5 + self.size - 1
            self.windows[stream] = self.window
            self.outgoing += frame(HEADERS, 4, stream, headers(self.path))
            self._send(stream, b"\0" + struct.pack(">I", self.size))

    def _send(self, stream, body):
        self.outgoing += frame(DATA, 0, stream, body)
        self.left[stream] -= len(body)
        self.windows[stream] -= len(body)
        self.connection_window -= len(body)
        self.sent += len(body)

    def _fill(self):
        for stream in self.streams if self.left else ():
            room = min(self.windows[stream], self.connection_window, self.frame_size, 65536)
            if stream not in self.ended and min(room, self.left[stream]) > 0:
                self._send(stream, b"x" * min(room, self.left[stream]))
            if len(self.outgoing) > 1 << 20:
                return
