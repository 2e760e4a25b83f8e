"""A stream that ends badly never looks whole, one that is silent is kept alive, and one that is good arrives as it was sent.

Usage: streams.py <spillway> <spillway-sim>. Standard library only; no fixed ports, no assertion about time.
"""

import json
import os
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import case
import client
import origin
from gateway import CLIENT_KEY, until

FACES = ("/v1/chat/completions", "/api/v1/chat/completions")
EVENT = origin.event("one")
STREAM_OF_LENGTH = (b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 5000\r\n\r\n", b"")
UNTIL_CLOSE = (b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n", b"")


class Cut(case.GatewayCase):
    """The first event has left; then the provider fails in one way or another."""

    def check(self, script, *flags, boundary=True, **about):
        for face in FACES:
            with self.case(face=face, **about):
                gateway = self.two(script, None, *flags)
                answer = gateway.ask(stream=True, path=face)
                self.assert_cut(answer)
                self.assertIn("one", answer.body.decode())
                self.assertEqual(self.second.requests, [])
                if boundary:
                    self.assertTrue(answer.stream_error["message"])
                    self.assertEqual(answer.objects[-1]["choices"][0]["finish_reason"], "error")
                # The gateway is as good as before.
                self.first.script = origin.answering("again")
                self.assert_whole(gateway.ask(), "again")

    def begun(self, end, octets=b""):
        def script(peer):
            peer.read_request()
            peer.start_stream()
            peer.event("one")
            peer.send(octets)
            end(peer)
        return script

    def test_close_without_the_last_chunk(self):
        self.check(self.begun(origin.Peer.close))

    def test_reset(self):
        # Only once the client has the first event: a reset may overtake what is still under way.
        for face in FACES:
            with self.case(face=face):
                seen = threading.Event()
                gateway = self.one(self.begun(lambda peer: (peer.wait_for(seen), peer.reset())))
                with gateway.connect() as one:
                    one.ask(stream=True, path=face)
                    answer = one.read_until(one.read_head(), b"one")
                    seen.set()
                    self.assert_cut(one.read_body(answer))
                    self.assertTrue(answer.stream_error["message"])

    def test_close_inside_a_chunk(self):
        self.check(self.begun(origin.Peer.close, b"ff\r\n" + EVENT[:20]), boundary=False)

    def test_close_inside_an_event(self):
        self.check(self.begun(origin.Peer.close, origin.chunk(EVENT[:-5])), boundary=False)

    def test_close_between_the_lines_of_an_event(self):
        self.check(self.begun(origin.Peer.close, origin.chunk(EVENT[:-1])), boundary=False)

    def test_no_finish_at_all_in_a_good_body(self):
        # Framing is whole, the protocol is not: no finish reason and no [DONE].
        self.check(self.begun(lambda peer: peer.send(b"0\r\n\r\n")))

    def test_broken_chunk_sizes(self):
        for octets in (b"zz\r\n", b"f" * 20 + b"\r\n", b"5\r\nabcdefgh\r\n", b"-1\r\n", b"5 \r\nhello\r\n", b"\r\n"):
            self.check(self.begun(origin.Peer.hold, octets), boundary=False, octets=octets)

    def test_short_of_its_length(self):
        self.check(lambda peer: (peer.read_request(), peer.send(STREAM_OF_LENGTH[0] + EVENT), peer.close()))

    def test_a_stream_that_only_the_end_of_the_connection_ends(self):
        self.check(lambda peer: (peer.read_request(), peer.send(UNTIL_CLOSE[0] + EVENT), peer.close()))

    def test_silence(self):
        self.check(self.begun(origin.Peer.hold), "--idle-timeout", "200ms")

    def test_silence_inside_an_event(self):
        self.check(self.begun(origin.Peer.hold, origin.chunk(EVENT[:-9])), "--idle-timeout", "200ms", boundary=False)

    def test_the_upstream_is_let_go_after_silence(self):
        gateway = self.one(self.begun(origin.Peer.hold), "--idle-timeout", "200ms")
        gateway.ask(stream=True)
        self.assertTrue(self.only.peers[0].ended.wait(client.PATIENCE))

    def test_an_event_that_is_no_json(self):
        self.check(self.begun(origin.Peer.finish_stream, origin.chunk(b"data: {]\n\n")))

    def test_error_events(self):
        # The provider echoes our key, which no client may see.
        error = (b'data: {"error":{"message":"The server had an error. Key: sk-upstream.","type":"server_error",'
                 b'"code":"sk-upstream"}}\n\n')
        for name, first in [("in the same read", None), ("later", threading.Event())]:
            for face in FACES:
                with self.case(error=name, face=face):
                    seen = threading.Event()

                    def script(peer, waits=first is not None):
                        peer.read_request()
                        if not waits:
                            peer.send(origin.STREAM_HEAD + origin.chunk(EVENT) + origin.chunk(error) +
                                      origin.chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n")
                            return
                        peer.start_stream()
                        peer.event("one")
                        peer.wait_for(seen)
                        peer.send(origin.chunk(error) + b"0\r\n\r\n")
                    gateway = self.one(script, "--idle-timeout", "1h", "--total-timeout", "2h")
                    with gateway.connect() as one:
                        one.ask(stream=True, path=face)
                        answer = one.read_until(one.read_head(), b"one")
                        seen.set()
                        self.assert_cut(one.read_body(answer))
                        self.assertIn("The server had an error.", answer.body.decode())
                        self.assertTrue(answer.stream_error)
                        self.assertEqual(answer.objects[-1]["choices"][0]["finish_reason"], "error")
                        self.assertEqual(answer.body.count(b"The server had an error."), 2)  # message and raw
                        self.assertNotIn(b"sk-upstream", answer.body)

    def test_whole_answers_longer_than_what_is_held_back(self):
        body = origin.completion("x" * 400_000)
        for name, head, end in [
                ("length", f"Content-Length: {len(body)}\r\n\r\n".encode(), origin.Peer.close),
                ("chunked", b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(body), origin.Peer.close),
                ("silence", f"Content-Length: {len(body)}\r\n\r\n".encode(), origin.Peer.hold)]:
            with self.case(framing=name):
                octets = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + head + body[:300_000]
                gateway = self.one(lambda peer, o=octets, e=end: (peer.read_request(), peer.send(o), e(peer)),
                                   "--idle-timeout", "300ms")
                self.assert_cut(gateway.ask())

    def test_whole_answers_up_to_there_fail_over(self):
        body = origin.completion("x" * 40_000)
        octets = (f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode()
        gateway = self.two(lambda peer: (peer.read_request(), peer.send(octets + body[:-10]), peer.close()))
        self.assert_whole(gateway.ask(), "second")


class Good(case.GatewayCase):
    def test_framing_of_the_provider_does_not_show(self):
        events = EVENT + origin.event("two") + origin.finish_event() + b"data: [DONE]\n\n"
        usage = (b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"up","choices":[],'
                 b'"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}\n\n')
        with_usage = events.replace(b"data: [DONE]", usage + b"data: [DONE]")
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
        for name, octets in [
                ("length", head + b"Content-Length: %d\r\n\r\n" % len(events) + events),
                ("length, with usage nobody asked for", head + b"Content-Length: %d\r\n\r\n" % len(with_usage) + with_usage),
                ("until close", head + b"\r\n" + events),
                ("one chunk", head + b"Transfer-Encoding: chunked\r\n\r\n" + origin.chunk(events) + b"0\r\n\r\n"),
                ("trailers", head + b"Transfer-Encoding: chunked\r\n\r\n" + origin.chunk(events) + b"0\r\nX-A: b\r\n\r\n"),
                ("octet chunks", head + b"Transfer-Encoding: chunked\r\n\r\n" +
                 b"".join(origin.chunk(bytes([o])) for o in with_usage) + b"0\r\n\r\n")]:
            for face in FACES:
                with self.case(framing=name, face=face):
                    gateway = self.one(origin.saying(octets))
                    answer = gateway.ask(stream=True, path=face)
                    self.assert_whole(answer, "onetwo")
                    self.assertEqual(answer["content-length"], None)
                    self.assertEqual(answer["x-accel-buffering"], "no")

    def test_events_leave_as_they_come(self):
        # The next event is only said when the client has the one before.
        words = [f"<{n}>" for n in range(20)]
        seen = [threading.Event() for _ in words]

        def script(peer):
            peer.read_request()
            peer.start_stream()
            for word, event in zip(words, seen):
                peer.event(word)
                peer.wait_for(event)
            peer.finish_stream()
        gateway = self.one(script)
        with gateway.connect() as one:
            one.ask(stream=True)
            answer = one.read_head()
            for word, event in zip(words, seen):
                one.read_until(answer, word.encode())
                event.set()
            self.assert_whole(one.read_body(answer), "".join(words))

    def test_characters_cut_at_every_octet(self):
        text = "日本🙂é"
        octets = ("data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": text}}]}, ensure_ascii=False)
                  + "\n\n").encode()

        def script(peer):
            peer.read_request()
            peer.start_stream()
            for octet in octets:
                peer.send(origin.chunk(bytes([octet])))
            peer.finish_stream()
        for face in FACES:
            with self.case(face=face):
                self.assert_whole(self.one(script).ask(stream=True, path=face), text)

    def test_http_1_0_clients_get_the_end_by_close(self):
        gateway = self.one(None)
        with gateway.connect() as one:
            body = one.chat(stream=True)
            one.send(f"POST /v1/chat/completions HTTP/1.0\r\nAuthorization: Bearer {CLIENT_KEY}\r\n"
                     f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
            answer = one.read_answer()
            self.assertEqual((answer["transfer-encoding"], answer["connection"]), (None, "close"))
            self.assert_whole(answer, "hello")


class KeepAlive(case.GatewayCase):
    comment = b": keep-alive\n\n"

    def silent(self, *flags, before=b"", after=b""):
        """Sends a head and `before`, is silent until told, then `after` and a proper end."""
        self.go_on = threading.Event()

        def script(peer):
            peer.read_request()
            peer.start_stream()
            if before:
                peer.send(origin.chunk(before))
            peer.wait_for(self.go_on)
            if after:
                peer.send(origin.chunk(after))
            peer.finish_stream()
        return self.one(script, "--sse-keepalive", "50ms", *flags)

    def test_before_the_first_event(self):
        gateway = self.silent(after=EVENT)
        with gateway.connect() as one:
            one.ask(stream=True)
            answer = one.read_until(one.read_head(), self.comment * 3)
            self.go_on.set()
            self.assert_whole(one.read_body(answer), "one")
            self.assertLess(answer.body.index(self.comment), answer.body.index(b"data:"))

    def test_between_events(self):
        gateway = self.silent(before=EVENT, after=origin.event("two"))
        with gateway.connect() as one:
            one.ask(stream=True)
            answer = one.read_until(one.read_head(), EVENT + self.comment * 3)
            self.go_on.set()
            self.assert_whole(one.read_body(answer), "onetwo")

    def test_never_inside_an_event(self):
        # The event is cut behind its first 16 KiB, so that its beginning leaves.
        long = origin.event("y" * 40_000)
        gateway = self.silent("--idle-timeout", "400ms", before=EVENT + long[:30_000])
        answer = gateway.ask(stream=True)  # ends by the idle limit: several intervals of silence
        self.assert_cut(answer)
        self.assertNotIn(b": keep-alive", answer.body)
        with self.case(then="the event goes on"):
            gateway = self.silent(before=EVENT + long[:30_000], after=long[30_000:])
            with gateway.connect() as one:
                one.ask(stream=True)
                answer = one.read_until(one.read_head(), b"yyyy")
                self.go_on.set()
                self.assert_whole(one.read_body(answer), "one" + "y" * 40_000)

    def test_off(self):
        gateway = self.silent("--sse-keepalive", "off", "--idle-timeout", "400ms", before=EVENT)
        self.assertEqual(gateway.ask(stream=True).comments, [])

    def test_not_in_whole_answers(self):
        gateway = self.one(lambda peer: (peer.read_request(), peer.hold()),
                           "--sse-keepalive", "50ms", "--first-byte-timeout", "300ms")
        self.assert_error(gateway.ask(), 504)

    def test_comments_of_the_provider_count_as_life(self):
        # Ten comments, each within the idle limit and together far beyond it.
        step = threading.Event()

        def script(peer):
            peer.read_request()
            peer.start_stream()
            peer.event("one")
            for _ in range(10):
                step.wait(0.1)  # never set: this is the provider's pace
                peer.send(origin.chunk(b": OPENROUTER PROCESSING\n\n"))
            peer.finish_stream()
        for face in FACES:
            with self.case(face=face):
                gateway = self.one(script, "--idle-timeout", "700ms", "--sse-keepalive", "off")
                answer = gateway.ask(stream=True, path=face)
                self.assert_whole(answer, "one")
                self.assertNotIn("PROCESSING", "".join(answer.events))

    def test_own_comments_are_no_life_of_the_provider(self):
        gateway = self.silent("--idle-timeout", "300ms", before=EVENT)
        answer = gateway.ask(stream=True)
        self.assert_cut(answer)
        self.assertGreater(len(answer.comments), 1)
        self.assertTrue(answer.stream_error)

    def test_a_client_that_left_is_noticed_by_a_comment_at_the_latest(self):
        gateway = self.silent()
        with gateway.connect() as one:
            one.ask(stream=True)
            one.read_until(one.read_head(), self.comment)
            one.reset()
        until(lambda: self.only.peers[0].ended.is_set(), "the end of the upstream's connection")


if __name__ == "__main__":
    case.main("streams")
