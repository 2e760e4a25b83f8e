"""A provider whose every octet is scripted: for what the simulator cannot say or see.

`Origin(script)` listens on loopback; each connection gets a thread that calls `script(peer)` until it returns with the connection
closed. A script reads requests with peer.read_request() and says octets with peer.send(); it never sleeps, it holds.
"""

import json
import re
import socket
import ssl
import struct
import threading
import time

PATIENCE = 8


class Gone(Exception):
    """The gateway closed the connection."""


class Request:
    def __init__(self, head, body):
        lines = head.decode("latin-1").split("\r\n")
        self.line = lines[0]
        self.head = head
        self.fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        self.body = body

    @property
    def key(self):
        return self.fields.get("authorization", "").removeprefix("Bearer ")

    @property
    def json(self):
        return json.loads(self.body)


class Peer:
    """One connection of the gateway. Used by its thread; the events may be waited for by the test."""

    def __init__(self, origin, connection, number):
        self.origin = origin
        self.socket = connection
        self.number = number
        self.buffer = b""
        self.served = 0
        self.sent = 0
        self.asked = threading.Event()   # a request is there
        self.ended = threading.Event()   # the gateway has closed
        self.ended_at = None

    def _more(self):
        octets = self.socket.recv(262144)
        if not octets:
            raise Gone
        self.buffer += octets

    def read_head(self):
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        return Request(head, b"")

    def read_request(self):
        request = self.read_head()
        length = int(request.fields.get("content-length", 0))
        while len(self.buffer) < length:
            self._more()
        request.body, self.buffer = self.buffer[:length], self.buffer[length:]
        self.served += 1
        self.origin.note(request)
        self.asked.set()
        return request

    def send(self, octets):
        self.socket.sendall(octets)
        self.sent += len(octets)

    def hold(self):
        """Until the gateway closes or the test is over; anything it says meanwhile is an error."""
        while True:
            self._more()

    def wait_for(self, event):
        """Until the test sets `event`; Gone when the gateway closes or the test is over before that."""
        deadline = time.monotonic() + PATIENCE
        while not event.wait(0.005):
            if self.origin.stopping or time.monotonic() > deadline or self.is_closed():
                raise Gone

    def is_closed(self):
        try:
            return self.socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False

    def wait_a_moment(self):
        """A provider's pace: 50 ms, cut short when the test is over."""
        if self.origin.stopping or self.ended.wait(0.05):
            raise Gone

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self):
        self.socket.close()
        raise Gone

    # What providers say.

    def answer(self, text="hello", status=200, fields="", close=False):
        self.send(whole(text, status, fields))
        if close:
            self.close()

    def start_stream(self):
        self.send(STREAM_HEAD)

    def event(self, text):
        self.send(chunk(event(text)))

    def finish_stream(self):
        self.send(chunk(finish_event()) + chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n")


STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def completion(text="hello"):
    return json.dumps({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "up",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}}).encode()


def whole(text="hello", status=200, fields=""):
    body = completion(text) if status == 200 else json.dumps(
        {"error": {"message": text, "type": "t", "code": None, "param": None}}).encode()
    return (f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{fields}"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


def piece(delta, finish=None):
    return ("data: " + json.dumps({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "up",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}) + "\n\n").encode()


def event(text):
    return piece({"role": "assistant", "content": text})


def finish_event():
    return piece({}, "stop")


def chunk(octets):
    return f"{len(octets):x}\r\n".encode() + octets + b"\r\n"


class Origin:
    def __init__(self, script=None, certificate=None, backlog=64):
        self.script = script or answering()
        self.requests = []
        self.peers = []
        self.octets_before_tls = []
        self.stopping = False
        self._guard = threading.Lock()
        self._tls = None
        if certificate:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.set_ciphers("ALL:@SECLEVEL=0")  # shows weak certificates, too
            self._tls.load_cert_chain(certificate[0], certificate[1])
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=backlog)
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def note(self, request):
        with self._guard:
            self.requests.append(request)

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._guard:
                peer = Peer(self, connection, len(self.peers))
                self.peers.append(peer)
            thread = threading.Thread(target=self._serve, args=(peer,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, peer):
        try:
            if self._tls:
                peer.socket = self._tls.wrap_socket(peer.socket, server_side=True)
            while True:
                self.script(peer)
        except (Gone, OSError, ssl.SSLError):
            pass
        finally:
            peer.ended_at = time.monotonic()
            peer.ended.set()
            peer.socket.close()

    def stop(self):
        self.stopping = True
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._guard:
            peers = list(self.peers)
        for peer in peers:
            try:
                peer.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in self._threads:
            thread.join(PATIENCE)

    @property
    def keys(self):
        return [request.key for request in self.requests]


# Scripts

def answering(text="hello"):
    """Answers everything, streamed when asked so."""
    def script(peer):
        request = peer.read_request()
        if re.search(rb'"stream": ?true', request.body):
            peer.start_stream()
            for word in text.split(" "):
                peer.event(word)
            peer.finish_stream()
        else:
            peer.answer(text)
    return script


def saying(octets, close=True):
    """Reads a request, says these octets, then closes or holds."""
    def script(peer):
        peer.read_request()
        peer.send(octets)
        if close:
            peer.close()
        peer.hold()
    return script


def in_turn(*scripts):
    """The n-th request gets the n-th script, the last one all that follow."""
    count = iter(range(1 << 30))
    guard = threading.Lock()

    def script(peer):
        while not peer.buffer:
            peer._more()
        with guard:
            turn = next(count)
        scripts[min(turn, len(scripts) - 1)](peer)
    return script
