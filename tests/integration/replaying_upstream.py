"""A provider that serves given octets in awkward pieces, and keeps what it was asked.

Which answer is served is decided by the model's name in the request, so one server plays all providers.
"""

import json
import random
import socket
import struct
import threading
from dataclasses import dataclass, field

MEAN_PIECE = 120  # octets of a random piece


@dataclass
class Answer:
    body: bytes
    framing: str = "chunked"  # "chunked", "length" or "close"
    cut_at: int | None = None  # the connection ends here, against what the framing promised
    cut_by_reset: bool = False
    status: int = 200
    fields: list = field(default_factory=list)
    pieces: list | None = None  # lengths; random ones if none are given
    seed: int = 0
    received: list = field(default_factory=list)  # request bodies

    def cut_body(self):
        """The body in pieces."""
        body = self.body if self.cut_at is None else self.body[:self.cut_at]
        if not self.pieces:
            return random_pieces(body, random.Random(self.seed))
        cut, at = [], 0
        for length in self.pieces:
            cut.append(body[at:at + length])
            at += length
        return [piece for piece in [*cut, body[at:]] if piece]


def random_pieces(body, dice):
    pieces, at = [], 0
    while at < len(body):
        size = 1 + int(dice.expovariate(1 / MEAN_PIECE)) if dice.random() < 0.8 else 1
        pieces.append(body[at:at + size])
        at += size
    return pieces


def as_chunk(piece, dice):
    """One chunk: sizes in either case and with zeros in front, now and then an extension."""
    size = f"{len(piece):x}"
    if dice.random() < 0.3:
        size = size.upper().rjust(dice.randrange(1, 9), "0")
    extension = dice.choice(("", "", "", ";a", ";a=b", ';a="b;c"'))
    return f"{size}{extension}\r\n".encode() + piece + b"\r\n"


class ReplayingUpstream:
    def __init__(self):
        self.answers = {}
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection, connection.makefile("rb") as reader:
            try:
                while (body := read_request(reader)) is not None and self._answer(connection, body):
                    pass
            except (OSError, KeyError):
                pass  # the gateway has left, as it may; or asked for what nobody serves, and hears so

    def _answer(self, connection, body):
        answer = self.answers[json.loads(body)["model"].rsplit("/", 1)[-1]]
        answer.received.append(body)
        dice = random.Random(answer.seed)
        head = [f"HTTP/1.1 {answer.status} Recorded", *(f"{name}: {value}" for name, value in answer.fields)]
        if answer.framing == "chunked":
            head.append("Transfer-Encoding: chunked")
        if answer.framing == "length":
            head.append(f"Content-Length: {len(answer.body)}")
        if answer.framing == "close":
            head.append("Connection: close")
        connection.sendall("\r\n".join([*head, "", ""]).encode("latin-1"))
        for piece in answer.cut_body():
            connection.sendall(as_chunk(piece, dice) if answer.framing == "chunked" else piece)
        if answer.cut_at is not None:
            if answer.cut_by_reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if answer.framing == "chunked":
            connection.sendall(dice.choice((b"0\r\n\r\n", b"000;last\r\n\r\n", b"0\r\nx-trailer: 1\r\n\r\n")))
        return answer.framing != "close"


def read_request(reader):
    """The body of the next request; None at the end of the connection."""
    if not reader.readline():
        return None
    length = 0
    while (line := reader.readline()).strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return reader.read(length)
