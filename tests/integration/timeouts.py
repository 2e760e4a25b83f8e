"""Five limits, each by its flag, by the provider's own value and by the request's field, each with a provider that stalls
in just that phase: the error names it, and the other limits, being long, cannot have caused it.

Usage: timeouts.py <spillway> <spillway-sim>. Standard library only; no fixed ports, no sleeps.
"""

import contextlib
import os
import socket
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import case
import origin
from gateway import model, provider

LONG = {"connect": "1h", "tls": "1h", "first-byte": "1h", "idle": "1h", "total": "2h"}


@contextlib.contextmanager
def full_backlog():
    """A port that never accepts: the kernel drops what comes beyond the backlog."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, socket.socket() as first, socket.socket() as more:
        first.connect(full.getsockname())
        more.setblocking(False)
        more.connect_ex(full.getsockname())
        yield full.getsockname()[1]


def silent(peer):
    peer.hold()


def no_head(peer):
    peer.read_request()
    peer.hold()


def half_a_body(peer):
    peer.read_request()
    peer.send(origin.whole("never")[:-10])
    peer.hold()


def half_a_head(peer):
    peer.read_request()
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: app")
    peer.hold()


PHASES = [
    # limit, script (None: does not accept), scheme, code in the error
    ("connect", None, "http", "timeout_connect"),
    ("tls", silent, "https", "timeout_tls"),
    ("first-byte", no_head, "http", "timeout_first_byte"),
    ("first-byte", half_a_head, "http", "timeout_first_byte"),
    ("idle", half_a_body, "http", "timeout_idle"),
    ("total", no_head, "http", None),
    ("total", half_a_body, "http", None),
]


class Limits(case.GatewayCase):
    def check(self, how):
        for limit, script, scheme, code in PHASES:
            with self.case(limit=limit, script=script and script.__name__), contextlib.ExitStack() as stack:
                port = stack.enter_context(full_backlog()) if script is None else self.origin(script).port
                flags = [part for name, value in LONG.items() for part in (f"--{name}-timeout", value)]
                more, fields = [], {}
                if how == "flag":
                    flags += [f"--{limit}-timeout", "200ms"]
                elif how == "provider":
                    more = [f"{limit}-timeout=200ms"]
                else:
                    fields = {f"X-Spillway-Timeout-{limit}": "200ms"}
                gateway = self.start(*provider("a", port, *more, scheme=scheme), *model("m", "a"), *flags)
                started = time.monotonic()
                answer = gateway.ask(fields=fields)
                self.assertGreater(time.monotonic() - started, 0.15)
                self.assert_error(answer, 504)
                self.assertEqual(answer.error["metadata"]["error_type"], "timeout")
                if code:
                    self.assertEqual(answer.error["metadata"]["provider_code"], code)

    def test_by_flag(self):
        self.check("flag")

    def test_by_provider(self):
        self.check("provider")

    def test_by_request(self):
        self.check("request")

    def test_a_request_can_only_lower_them(self):
        gateway = self.one(no_head, "--first-byte-timeout", "200ms")
        self.assert_error(gateway.ask(fields={"X-Spillway-Timeout-First-Byte": "60m"}), 504)

    def test_forms_of_the_field(self):
        gateway = self.one(no_head)
        for text in ("100ms", "100", "0.1", "-5", "0", "", "5 s", "never", "99d", "9999999999999999999999"):
            with self.case(text=text):
                answer = gateway.ask(fields={"X-Spillway-Timeout-Total": text})
                self.assert_error(answer, 504 if text in ("100ms", "100") else 400)

    def test_the_total_limit_ends_a_stream_that_goes_on(self):
        def script(peer):
            peer.read_request()
            peer.start_stream()
            while True:
                peer.event("more")
                peer.wait_a_moment()
        for face in ("/v1/chat/completions", "/api/v1/chat/completions"):
            with self.case(face=face):
                gateway = self.one(script, "--total-timeout", "300ms")
                answer = gateway.ask(stream=True, path=face)
                self.assert_cut(answer)
                self.assertEqual(answer.stream_error["metadata"]["provider_code"], "timeout_total")

    def test_the_total_limit_covers_all_attempts(self):
        origins = [self.origin(no_head) for _ in range(3)]
        flags = []
        for i, one in enumerate(origins):
            flags += provider(f"p{i}", one.port, f"priority={i}")
        gateway = self.start(*flags, *model("m", "p0", "p1", "p2"), "--total-timeout", "500ms",
                             "--first-byte-timeout", "300ms")
        self.assert_error(gateway.ask(), 504)
        self.assertEqual([len(one.requests) for one in origins], [1, 1, 0])

    def test_the_connection_is_closed_at_the_limit(self):
        gateway = self.one(no_head, "--first-byte-timeout", "200ms")
        self.assert_error(gateway.ask(), 504)
        self.assertTrue(self.only.peers[0].ended.wait(5))

    def test_slow_but_steady_is_no_fault(self):
        octets = origin.whole("steady")

        def script(peer):
            peer.read_request()
            for at in range(0, len(octets), 40):
                peer.send(octets[at:at + 40])
                peer.wait_a_moment()
        gateway = self.one(script, "--idle-timeout", "500ms")
        self.assert_whole(gateway.ask(), "steady")


if __name__ == "__main__":
    case.main("timeouts")
