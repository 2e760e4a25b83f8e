"""A client that hides nothing: octets of the body as they came, and whether the framing says they are all."""

import json
import socket
from dataclasses import dataclass

PATIENCE = 30


@dataclass
class Reply:
    status: int
    fields: dict
    body: bytes
    is_complete: bool  # by the framing

    def json(self):
        return json.loads(self.body)


class RawClient:
    """One connection, opened again where the other side closed it."""

    def __init__(self, port):
        self.port = port
        self.socket = None

    def post(self, path, body, headers=()):
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
            self.reader = self.socket.makefile("rb", 65536)
        fields = "".join(f"{name}: {value}\r\n" for name, value in headers)
        head = (f"POST {path} HTTP/1.1\r\nHost: gateway.test\r\nContent-Type: application/json\r\n{fields}"
                f"Content-Length: {len(body)}\r\n\r\n")
        self.socket.sendall(head.encode() + body)
        reply = self._reply()
        if not reply.is_complete or reply.fields.get("connection", "").lower() == "close":
            self.close()
        return reply

    def close(self):
        if self.socket is not None:
            self.reader.close()
            self.socket.close()
            self.socket = None

    def _reply(self):
        status, fields = self._head()
        body = bytearray()
        try:
            is_complete = self._body(fields, body)
        except (ConnectionError, ValueError):
            is_complete = False
        return Reply(status, fields, bytes(body), is_complete)

    def _head(self):
        while True:
            status_line = self.reader.readline()
            if not status_line:
                raise ConnectionError("closed without an answer")
            fields = {}
            while (line := self.reader.readline()).strip():
                name, _, value = line.decode("latin-1").partition(":")
                fields[name.lower()] = value.strip()
            status = int(status_line.split()[1])
            if status >= 200:
                return status, fields

    def _body(self, fields, into):
        if fields.get("transfer-encoding", "").lower() == "chunked":
            return self._chunks(into)
        if "content-length" in fields:
            wanted = int(fields["content-length"])
            into += self.reader.read(wanted)
            return len(into) == wanted
        while piece := self.reader.read1(65536):
            into += piece
        return True

    def _chunks(self, into):
        while True:
            line = self.reader.readline()
            if not line.endswith(b"\r\n"):
                return False
            size = int(line, 16)
            piece = self.reader.read(size)
            into += piece
            if len(piece) < size or self.reader.read(2) != b"\r\n":
                return False
            if size == 0:
                return True
