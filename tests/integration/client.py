"""A raw HTTP/1.1 client: says exactly what it is told, and tells a whole answer from one that was cut."""

import json
import socket
import struct

PATIENCE = 20
CLIENT_KEY = "sk-client-0123456789abcdef"


class Cut(Exception):
    """The connection ended where it may not."""


class Answer:
    def __init__(self, status, fields):
        self.status = status
        self.fields = fields  # list of (lower-case name, value)
        self.body = b""
        self.whole = False    # the framing said that this was all
        self.reset = False    # it ended with RST

    def __getitem__(self, name):
        return next((value for known, value in self.fields if known == name), None)

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        return self.json["error"]

    @property
    def text(self):
        """The content of a whole chat answer, or of all events of a streamed one."""
        if self.is_stream:
            return "".join(choice.get("delta", {}).get("content") or ""
                           for event in self.objects for choice in event.get("choices", []))
        return self.json["choices"][0]["message"]["content"]

    @property
    def is_stream(self):
        return (self["content-type"] or "").startswith("text/event-stream")

    @property
    def events(self):
        return [line[6:] for line in self.body.decode().split("\n") if line.startswith("data: ")]

    @property
    def objects(self):
        return [json.loads(event) for event in self.events if event != "[DONE]"]

    @property
    def is_done(self):
        return "[DONE]" in self.events

    @property
    def comments(self):
        return [line for line in self.body.decode().split("\n") if line.startswith(":")]

    @property
    def stream_error(self):
        """The error object of the last event, or None."""
        return self.objects[-1].get("error") if self.objects else None


class Client:
    def __init__(self, port, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", port))
        self.buffer = b""
        self.interim = []  # statuses of interim answers

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def half_close(self):
        self.socket.shutdown(socket.SHUT_WR)

    # Sending

    def send(self, octets):
        self.socket.sendall(octets)

    @staticmethod
    def head(method, path, length=None, key=None, fields=None):
        lines = [f"{method} {path} HTTP/1.1", "Host: gateway"]
        if key:
            lines.append(f"Authorization: Bearer {key}")
        if length is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {length}"]
        lines += [f"{name}: {value}" for name, value in (fields or {}).items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def send_request(self, method, path, body=None, key=None, fields=None):
        self.send(self.head(method, path, None if body is None else len(body), key, fields) + (body or b""))

    @staticmethod
    def chat(model="m", stream=False, text="Hello there", **more):
        body = {"model": model, "messages": [{"role": "user", "content": text}], **more}
        if stream:
            body["stream"] = True
        return json.dumps(body).encode()

    def ask(self, model="m", stream=False, key=CLIENT_KEY, path="/v1/chat/completions", fields=None, **more):
        self.send_request("POST", path, self.chat(model, stream, **more), key, fields)

    # Receiving

    def _more(self):
        octets = self.socket.recv(65536)
        if not octets:
            raise Cut("closed")
        self.buffer += octets

    def _line(self):
        while b"\r\n" not in self.buffer:
            self._more()
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line

    def _exactly(self, count, into):
        while count:
            if not self.buffer:
                self._more()
            piece, self.buffer = self.buffer[:count], self.buffer[count:]
            into.body += piece
            count -= len(piece)

    def read_head(self):
        """The final head; Cut when the connection ends first."""
        while True:
            words = self._line().decode("latin-1").split(" ", 2)
            fields = []
            while line := self._line():
                name, _, value = line.decode("latin-1").partition(":")
                fields.append((name.lower(), value.strip()))
            status = int(words[1])
            if status >= 200:
                return Answer(status, fields)
            self.interim.append(status)

    def read_body(self, answer, method="GET"):
        """Reads on to the end of the answer, however it ends."""
        try:
            if method == "HEAD" or answer.status == 204:
                pass
            elif (answer["transfer-encoding"] or "") == "chunked":
                while self.read_chunk(answer):
                    pass
            elif answer["content-length"] is not None:
                self._exactly(int(answer["content-length"]), answer)
            else:
                while octets := self.buffer or self.socket.recv(65536):
                    answer.body, self.buffer = answer.body + octets, b""
            answer.whole = True
        except Cut:
            pass
        except ConnectionResetError:
            answer.reset = True
        return answer

    def read_chunk(self, answer):
        """Adds one chunk to the body; False after the last one."""
        size = int(self._line(), 16)
        self._exactly(size, answer)
        if self._line() != b"":
            raise AssertionError("a chunk has no end")
        return size > 0

    def read_until(self, answer, mark):
        """Chunks until `mark` is in the body."""
        while mark not in answer.body:
            if not self.read_chunk(answer):
                raise AssertionError(f"the answer ended without {mark!r}: {answer.body!r}")
        return answer

    def read_answer(self, method="GET"):
        return self.read_body(self.read_head(), method)

    def skip_some(self):
        """Reads what there is and forgets it."""
        self.buffer = b""
        return len(self.socket.recv(65536))

    def is_closed(self):
        """Waits for the end of the connection; what came before it stays unread in the buffer."""
        try:
            while octets := self.socket.recv(65536):
                self.buffer += octets
        except ConnectionResetError:
            pass
        except TimeoutError:
            return False
        return True


class Caller:
    """Requests one after the other on one connection, opened again where an answer ended it."""

    def __init__(self, port):
        self.port = port
        self.client = None

    def post(self, path, body):
        if self.client is None:
            self.client = Client(self.port)
        self.client.send_request("POST", path, body)
        answer = self.client.read_answer()
        if not answer.whole or (answer["connection"] or "").lower() == "close":
            self.close()
        return answer

    def close(self):
        if self.client is not None:
            self.client.close()
            self.client = None
