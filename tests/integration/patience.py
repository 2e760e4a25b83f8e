"""Limits without a flag, waited for in full: minutes in all, label heavy.

Usage: patience.py <spillway> <spillway-sim>. Standard library only; no fixed ports, no sleeps.
"""

import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import case
from gateway import CLIENT_KEY


class Patience(case.GatewayCase):
    def test_a_slow_head_is_ended_after_ten_seconds(self):
        gateway = self.one(None)
        with gateway.connect() as one:
            one.socket.settimeout(20)
            started = time.monotonic()
            one.send(b"POST /v1/chat")
            self.assert_error(one.read_answer(), 408)
            self.assertTrue(one.is_closed())
            self.assertGreater(time.monotonic() - started, 9)

    def test_a_slow_body_is_ended_after_thirty_seconds(self):
        gateway = self.one(None)
        with gateway.connect() as one:
            one.socket.settimeout(40)
            started = time.monotonic()
            one.send(one.head("POST", "/v1/chat/completions", 1000, CLIENT_KEY) + b"{")
            self.assert_error(one.read_answer(), 408)
            self.assertTrue(one.is_closed())
            self.assertGreater(time.monotonic() - started, 29)

    def test_an_idle_connection_is_closed_after_75_seconds(self):
        gateway = self.one(None)
        with gateway.connect() as one:
            one.socket.settimeout(90)
            one.ask()
            self.assert_whole(one.read_answer(), "hello")
            started = time.monotonic()
            self.assertTrue(one.is_closed())
            self.assertEqual(one.buffer, b"")
            self.assertGreater(time.monotonic() - started, 74)

    def test_a_reader_that_takes_nothing_is_given_up_after_a_minute(self):
        def script(peer):
            peer.read_request()
            peer.start_stream()
            while True:
                peer.event("x" * 60_000)
        gateway = self.one(script)
        with gateway.connect(receive_buffer=4096) as one:
            one.ask(stream=True)
            started = time.monotonic()
            one.socket.settimeout(20)
            one.read_head()
            peer = self.only.peers[0]
            peer.socket.settimeout(90)
            self.assertTrue(peer.ended.wait(80))
            self.assertGreater(time.monotonic() - started, 55)


if __name__ == "__main__":
    case.main("patience")
