"""Clients that leave, dawdle, stop reading or say things in a strange order cost neither money nor memory nor others' time.

Usage: client_faults.py <spillway> <spillway-sim>. Standard library only; no fixed ports, no sleeps. Times of noticing are
printed; only a limit far above the target of 50 ms is asserted.
"""

import gzip
import json
import os
import sys
import threading
import time
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import case
import client
import origin
import timeouts
from gateway import CLIENT_KEY, model, provider, until

NOTICED_WITHIN = 2  # seconds; the target is 50 ms


def leave(one, how):
    {"close": one.close, "reset": one.reset}[how]()


class Leaving(case.GatewayCase):
    times = []

    @classmethod
    def tearDownClass(cls):
        if cls.times:
            print(f"client left: upstream closed after {1000 * max(cls.times):.1f} ms at most of {len(cls.times)} "
                  "(target 50 ms)", flush=True)

    def assert_let_go(self, left, peer):
        self.assertTrue(peer.ended.wait(NOTICED_WITHIN), "the upstream's connection stays open")
        self.times.append(peer.ended_at - left)

    def check(self, script, stream, mark=b"", *flags):
        for how in ("close", "reset"):
            for face in ("/v1/chat/completions", "/api/v1/chat/completions"):
                with self.case(how=how, face=face):
                    gateway = self.two(script, None, *flags)
                    one = gateway.connect()
                    one.ask(stream=stream, path=face)
                    if mark:
                        one.read_until(one.read_head(), mark)
                    until(lambda: self.first.requests, "the request")
                    left = time.monotonic()
                    leave(one, how)
                    self.assert_let_go(left, self.first.peers[0])
                    # Nothing was tried elsewhere, and the target is not blamed.
                    self.first.script = origin.answering("as before")
                    self.assert_whole(gateway.ask(), "as before")
                    self.assertEqual(self.second.requests, [])

    def test_before_the_head(self):
        for stream in (False, True):
            self.check(lambda peer: (peer.read_request(), peer.hold()), stream)

    def test_amid_a_stream_that_is_silent(self):
        def script(peer):
            peer.read_request()
            peer.start_stream()
            peer.event("one")
            peer.hold()
        self.check(script, True, b"one")

    def test_amid_a_stream_that_goes_on(self):
        def script(peer):
            peer.read_request()
            peer.start_stream()
            while True:
                peer.event("one")
                if peer.is_closed():
                    raise origin.Gone
        self.check(script, True, b"one")

    def test_while_a_connection_is_being_made(self):
        with timeouts.full_backlog() as port:
            second = self.origin()
            gateway = self.start(*provider("a", port), *provider("b", second.port, "priority=1"), *model("m", "a", "b"))
            before = gateway.descriptors()
            with gateway.connect() as one:
                one.ask()
                until(lambda: gateway.descriptors() >= before + 2, "the attempt to connect")
                one.reset()
            until(lambda: gateway.descriptors() == before, "the end of the attempt")
            self.assertEqual(second.requests, [])

    def test_amid_its_request(self):
        gateway = self.one(None)
        before = gateway.descriptors()
        for how in ("close", "reset"):
            for part in (20, 120, -10):
                with self.case(how=how, part=part):
                    one = gateway.connect()
                    body = one.chat()
                    one.send((one.head("POST", "/v1/chat/completions", len(body), CLIENT_KEY) + body)[:part])
                    leave(one, how)
                    until(lambda: gateway.descriptors() <= before, "the end of the connection")
        self.assertEqual(self.only.requests, [])

    def test_many_leave_nothing_behind(self):
        gateway = self.one(lambda peer: (peer.read_request(), peer.hold()))
        before = gateway.descriptors()
        for round_number in range(10):
            clients = [gateway.connect() for _ in range(100)]
            for one in clients:
                one.ask(stream=True)
            until(lambda n=100 * (round_number + 1): len(self.only.requests) == n, "all requests")
            for number, one in enumerate(clients):
                leave(one, "close" if number % 2 else "reset")
        until(lambda: all(peer.ended.is_set() for peer in self.only.peers), "the end of all upstream connections")
        until(lambda: gateway.descriptors() == before, "the end of all descriptors")


class HalfClose(case.GatewayCase):
    def test_a_whole_answer_still_comes(self):
        gateway = self.one(None)
        with gateway.connect() as one:
            one.ask()
            one.half_close()
            self.assert_whole(one.read_answer(), "hello")

    def test_also_when_it_takes_a_while(self):
        go_on = threading.Event()
        for stream in (False, True):
            with self.case(stream=stream):
                go_on.clear()

                def script(peer):
                    peer.read_request()
                    peer.wait_for(go_on)
                    if stream:
                        peer.start_stream()
                        peer.event("late")
                        peer.finish_stream()
                    else:
                        peer.answer("late")
                gateway = self.one(script)
                with gateway.connect() as one:
                    one.ask(stream=stream)
                    until(lambda: self.only.requests, "the request")
                    one.half_close()
                    self.assertFalse(self.only.peers[0].ended.wait(0.1))
                    go_on.set()
                    self.assert_whole(one.read_answer(), "late")

    def test_leaving_after_a_half_close_is_noticed(self):
        gateway = self.one(lambda peer: (peer.read_request(), peer.hold()))
        one = gateway.connect()
        one.ask()
        until(lambda: self.only.requests, "the request")
        one.half_close()
        self.assertFalse(self.only.peers[0].ended.wait(0.1))
        one.reset()
        self.assertTrue(self.only.peers[0].ended.wait(NOTICED_WITHIN))


class SlowReader(case.GatewayCase):
    OFFERED = 64 << 20
    MOST_GROWTH = 4 << 20

    def check(self, octets_of, stream):
        def script(peer):
            peer.read_request()
            for octets in octets_of:
                peer.send(octets)
        origin_ = self.origin(script)
        gateway = self.start(*provider("a", origin_.port), *model("m", "a"))
        before = gateway.resident_octets()
        with gateway.connect(receive_buffer=4096) as one:
            one.ask(stream=stream)
            until(lambda: origin_.peers and origin_.peers[0].sent > 1 << 18, "the first octets")
            # Back-pressure: the origin gets rid of no more than what buffers on the way hold.
            seen, same_since = -1, time.monotonic()
            while time.monotonic() - same_since < 0.3:
                sent = origin_.peers[0].sent
                if sent != seen:
                    seen, same_since = sent, time.monotonic()
                time.sleep(0.01)
            growth = gateway.resident_octets() - before
            print(f"slow reader: offered {self.OFFERED >> 20} MiB, taken {seen >> 10} KiB, memory +{growth >> 10} KiB",
                  flush=True)
            self.assertLess(seen, self.OFFERED // 2)
            self.assertLess(growth, self.MOST_GROWTH)
            # Others are served, and the slow one, once it reads, goes on.
            self.other(gateway)
            self.assertEqual(one.read_head().status, 200)
            until(lambda: one.skip_some() and origin_.peers[0].sent > seen, "more octets from the origin")
        self.assertTrue(origin_.peers[0].ended.wait(NOTICED_WITHIN))

    def other(self, gateway):
        self.assertEqual(gateway.get("/healthz").status, 200)

    def test_of_a_stream(self):
        event = origin.chunk(origin.event("x" * 1000) * 64)
        count = self.OFFERED // len(event)
        self.check([origin.STREAM_HEAD] + [event] * count, True)

    def test_of_a_stream_without_an_end_of_its_event(self):
        start = origin.chunk(origin.event("x")[:-10])
        piece = origin.chunk(b"y" * 65536)
        self.check([origin.STREAM_HEAD, start] + [piece] * (self.OFFERED // 65536), True)

    def test_of_a_whole_answer(self):
        head = (f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {self.OFFERED}\r\n\r\n"
                '{"id":"c","choices":[{"index":0,"message":{"content":"').encode()
        self.check([head] + [b"x" * 65536] * (self.OFFERED // 65536), False)


class Orders(case.GatewayCase):
    def test_pipelined_requests_are_answered_in_turn(self):
        gateway = self.one(lambda peer: peer.answer(peer.read_request().json["messages"][0]["content"]))
        with gateway.connect() as one:
            heads = b""
            for number in range(20):
                body = one.chat(text=f"number {number}")
                heads += one.head("POST", "/v1/chat/completions", len(body), CLIENT_KEY) + body
            one.send(heads)
            for number in range(20):
                self.assert_whole(one.read_answer(), f"number {number}")

    def test_pipelined_requests_cut_anywhere(self):
        gateway = self.one(lambda peer: peer.answer(peer.read_request().json["messages"][0]["content"]))
        with gateway.connect() as one:
            body = one.chat(text="a")
            two = 2 * (one.head("POST", "/v1/chat/completions", len(body), CLIENT_KEY) + body)
            for at in range(1, len(two), 7):
                one.send(two[:at])
                one.send(two[at:])
                self.assert_whole(one.read_answer(), "a")
                self.assert_whole(one.read_answer(), "a")

    def test_nothing_is_read_behind_connection_close(self):
        gateway = self.one(None)
        with gateway.connect() as one:
            one.ask(fields={"Connection": "close"})
            one.ask()
            answer = one.read_answer()
            self.assert_whole(answer, "hello")
            self.assertEqual(answer["connection"], "close")
            self.assertTrue(one.is_closed())
        self.assertEqual(len(self.only.requests), 1)

    def test_a_refused_body_is_never_parsed_as_a_request(self):
        gateway = self.one(None)
        smuggled = client.Client.head("POST", "/v1/chat/completions", 2, CLIENT_KEY) + b"{}"
        for length in (len(smuggled), 200_000):
            with self.case(length=length), gateway.connect() as one:
                one.send(one.head("POST", "/v1/nowhere", length, CLIENT_KEY) + smuggled)
                self.assert_error(one.read_answer(), 404)
                if length == len(smuggled):
                    one.ask()
                    self.assert_whole(one.read_answer(), "hello")
                else:
                    self.assertTrue(one.is_closed())
                    self.assertEqual(one.buffer, b"")

    def test_expectation(self):
        gateway = self.one(None)
        with gateway.connect() as one:
            body = one.chat()
            one.send(one.head("POST", "/v1/chat/completions", len(body), CLIENT_KEY, {"Expect": "100-continue"}))
            self.assertEqual(one._line(), b"HTTP/1.1 100 Continue")
            self.assertEqual(one._line(), b"")
            one.send(body)
            self.assert_whole(one.read_answer(), "hello")
        with gateway.connect() as one:
            one.send(one.head("POST", "/v1/chat/completions", len(body), "sk-wrong", {"Expect": "100-continue"}))
            self.assert_error(one.read_answer(), 401)
            self.assertEqual(one.interim, [])

    def test_coded_bodies_are_expanded_within_the_limit(self):
        gateway = self.one(None, "--max-body", "100KiB")
        for coding, pack in (("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress)):
            with self.case(coding=coding), gateway.connect() as one:
                for text, status in (("Hello", 200), ("x" * 60_000, 200), (os.urandom(45_000).hex(), 200),
                                     (os.urandom(52_000).hex(), 413), ("x" * 70_000, 413), ("y" * 2_000_000, 413)):
                    body = pack(one.chat(text=text))
                    one.send_request("POST", "/v1/chat/completions", body, CLIENT_KEY, {"Content-Encoding": coding})
                    answer = one.read_answer()
                    if status == 200:
                        self.assert_whole(answer, "hello")
                        self.assertEqual(json.loads(self.only.requests[-1].body)["messages"][0]["content"], text)
                    else:
                        self.assert_error(answer, status)
                one.send_request("POST", "/v1/chat/completions", pack(one.chat())[:-9], CLIENT_KEY, {"Content-Encoding": coding})
                self.assert_error(one.read_answer(), 400)

    def test_too_large_bodies_are_refused_from_their_length(self):
        gateway = self.one(None, "--max-body", "1MiB")
        with gateway.connect() as one:
            one.send(one.head("POST", "/v1/chat/completions", (1 << 20) + 1, CLIENT_KEY))
            self.assert_error(one.read_answer(), 413)
            self.assertTrue(one.is_closed())
        with gateway.connect() as one:
            one.send(one.head("POST", "/v1/chat/completions", None, CLIENT_KEY, {"Transfer-Encoding": "chunked"}))
            one.send(origin.chunk(b" " * (1 << 20)) + origin.chunk(b" "))
            self.assert_error(one.read_answer(), 413)

    def test_too_large_heads_are_refused(self):
        gateway = self.one(None, "--max-head", "4KiB")
        answer = gateway.ask(fields={"X-Long": "x" * 5000})
        self.assert_error(answer, 431)

    def test_at_most_a_thousand_requests_a_connection(self):
        gateway = self.one(None)
        with gateway.connect() as one:
            for number in range(1, 1001):
                one.send_request("GET", "/healthz")
                answer = one.read_answer()
                self.assertEqual(answer["connection"], None if number < 1000 else "close")
            self.assertTrue(one.is_closed())


if __name__ == "__main__":
    case.main("client_faults")
