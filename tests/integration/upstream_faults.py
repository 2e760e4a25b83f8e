"""Whatever a provider does wrong before its answer begins, the next one answers; with none left the client is told so.

Usage: upstream_faults.py <spillway> <spillway-sim>. Standard library only; no fixed ports, no assertion about time.
"""

import itertools
import os
import socket
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import case
import origin
from gateway import model, provider, until

SHORT = ["--connect-timeout", "300ms", "--first-byte-timeout", "300ms", "--idle-timeout", "300ms"]
UNARY, STREAM, BOTH = (False,), (True,), (False, True)

# Fault of the simulator, ways of asking for which nothing has left when it shows, status when nobody else is left.
FAULTS = [
    ("500", BOTH, 500), ("502", BOTH, 502), ("503", BOTH, 503), ("529", BOTH, 503), ("408", BOTH, 504),
    ("409", BOTH, 502), ("401", BOTH, 502), ("402", BOTH, 502), ("403", BOTH, 502), ("429=30", BOTH, 429),
    ("quota-429", BOTH, 502), ("html-502", BOTH, 502), ("error-200", BOTH, 502), ("bad-json", BOTH, 502),
    ("empty-200", BOTH, 502), ("reset-before-head", BOTH, 502), ("close-before-head", BOTH, 502),
    ("silent", BOTH, 504), ("stall-mid", UNARY, 504), ("cut-length", UNARY, 502), ("cut-chunk", UNARY, 502),
    ("rst-mid", UNARY, 502), ("error-first-event", BOTH, 502), ("huge-head", BOTH, 502), ("many-fields", BOTH, 502),
    ("too-many-interim", BOTH, 502), ("upgrade-101", BOTH, 502), ("redirect", BOTH, 502), ("bad-chunk=size", UNARY, 502),
    ("bad-chunk=huge", UNARY, 502), ("bad-chunk=no-crlf", UNARY, 502), ("bad-chunk=cut-size", UNARY, 502),
    ("gzip-answer", BOTH, 502), ("early-answer=503", BOTH, 503),
] + [("garbage=" + variant, BOTH, 502) for variant in (
    "octets", "http09", "bad-version", "bad-status", "no-colon", "space-in-name", "bare-lf", "folded", "nul",
    "both-lengths", "two-lengths", "bad-length")]

# Answers of the caller's own doing: told as they are, and nobody else is asked.
FINAL = [("400", 400), ("413", 413), ("422", 422)]


class Matrix(case.GatewayCase):
    """Every fault has accounts of its own, so that no rest or ejection of one shows in another."""

    def setUp(self):
        sim = self.simulator()
        healthy = self.origin(origin.answering("well"))
        self.healthy = healthy
        flags = provider("good", healthy.port, "priority=1")
        for number, (fault, _, _) in enumerate(FAULTS + [(fault, None, None) for fault, _ in FINAL]):
            for who in ("f", "alone", "stream"):
                flags += ["--provider", f"{who}{number},protocol=chat,"
                          f"url=http://127.0.0.1:{sim.port}/fault-{fault}/v1"]
            flags += model(f"both{number}", f"f{number}", "good") + model(f"alone{number}", f"alone{number}")
            flags += model(f"stream{number}", f"stream{number}")
        self.gateway = self.start(*flags, *SHORT, "--retry-budget", "100%")

    def test_the_next_provider_answers(self):
        for number, (fault, ways, _) in enumerate(FAULTS):
            for stream in ways:
                with self.case(fault=fault, stream=stream):
                    answer = self.gateway.ask(f"both{number}", stream)
                    self.assert_whole(answer, "well")
                    self.assertEqual(answer["x-provider-name"], "good")
                    self.assertEqual(answer.is_stream, stream)

    def test_with_nobody_left_the_client_is_told(self):
        for number, (fault, ways, status) in enumerate(FAULTS):
            for stream in ways:
                with self.case(fault=fault, stream=stream):
                    answer = self.gateway.ask(f"{'stream' if stream else 'alone'}{number}", stream)
                    self.assert_error(answer, status)
                    self.assertFalse(answer.is_stream)

    def test_the_callers_own_faults_are_told_at_once(self):
        for number, (fault, status) in enumerate(FINAL, len(FAULTS)):
            for stream in BOTH:
                with self.case(fault=fault, stream=stream):
                    self.assert_error(self.gateway.ask(f"both{number}", stream), status)
        self.assertEqual(self.healthy.requests, [])


class Unreachable(case.GatewayCase):
    def test_nobody_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        good = self.origin(origin.answering("well"))
        gateway = self.start(*provider("a", port), *provider("b", good.port, "priority=1"),
                             *model("m", "a", "b"), *model("one", "a"))
        self.assert_whole(gateway.ask("m"), "well")
        self.assert_error(gateway.ask("one"), 502)

    def test_a_connection_that_is_never_accepted(self):
        # A full backlog: the kernel drops what comes more.
        with socket.create_server(("127.0.0.1", 0), backlog=0) as full, socket.socket() as first, socket.socket() as more:
            port = full.getsockname()[1]
            first.connect(("127.0.0.1", port))
            more.setblocking(False)
            more.connect_ex(("127.0.0.1", port))
            good = self.origin(origin.answering("well"))
            gateway = self.start(*provider("a", port), *provider("b", good.port, "priority=1"),
                                 *model("m", "a", "b"), *model("one", "a"), *SHORT)
            self.assert_whole(gateway.ask("m"), "well")
            self.assert_error(gateway.ask("one"), 504)

    def test_a_name_without_an_address(self):
        good = self.origin(origin.answering("well"))
        gateway = self.start("--provider", "a,protocol=chat,url=http://nobody.invalid/v1",
                             *provider("b", good.port, "priority=1"), *model("m", "a", "b"), *model("one", "a"))
        self.assert_whole(gateway.ask("m"), "well")
        self.assert_error(gateway.ask("one"), 502)

    def test_lookups_do_not_hold_up_others(self):
        good = self.origin(origin.answering("well"))
        gateway = self.start("--provider", "a,protocol=chat,url=http://nobody.invalid/v1", *provider("b", good.port),
                             *model("nowhere", "a"), *model("m", "b"))
        with gateway.connect() as lost:
            lost.ask("nowhere")
            self.assert_whole(gateway.ask("m"), "well")
            self.assert_error(lost.read_answer(), 502)


class Connections(case.GatewayCase):
    def stale(self, end):
        """Serves one request a connection; the second request on it meets `end`."""
        def script(peer):
            peer.read_request()
            if peer.served == 1:
                return peer.answer("fresh")
            end(peer)
        return script

    def test_a_stale_connection_is_replaced_once(self):
        for name, end in [("closed", origin.Peer.close), ("reset", origin.Peer.reset)]:
            with self.case(end=name):
                gateway = self.two(self.stale(end))
                self.assert_whole(gateway.ask(), "fresh")
                answer = gateway.ask()
                self.assert_whole(answer, "fresh")
                self.assertEqual(answer["x-spillway-attempts"], None)
                self.assertEqual([peer.served for peer in self.first.peers], [2, 1])
                self.assertEqual(self.second.requests, [])

    def test_a_fresh_connection_that_closes_is_not_tried_again(self):
        gateway = self.two(lambda peer: (peer.read_request(), peer.close()))
        self.assert_whole(gateway.ask(), "second")
        self.assertEqual(len(self.first.requests), 1)
        self.assertEqual(len(self.second.requests), 1)

    def test_a_parked_connection_that_closes_is_not_used(self):
        def script(peer):
            peer.read_request()
            peer.answer("fresh")
            peer.close()
        gateway = self.one(script)
        for _ in range(3):
            self.assert_whole(gateway.ask(), "fresh")
            until(lambda: all(peer.ended.is_set() for peer in self.only.peers))
        self.assertEqual(len(self.only.requests), 3)

    def test_good_connections_are_kept(self):
        gateway = self.one(None)
        for stream in (False, True, True, False):
            self.assert_whole(gateway.ask(stream=stream), "hello")
        self.assertEqual(len(self.only.peers), 1)

    def test_octets_behind_an_answer_never_reach_another_request(self):
        # R-U6: a second answer that nobody asked for.
        for stream in BOTH:
            with self.case(stream=stream):
                gateway = self.one(lambda peer: (
                    peer.read_request(), peer.send(origin.whole("right") + origin.whole("poison"))))
                for _ in range(3):
                    self.assert_whole(gateway.ask(stream=stream), "right")
                self.assertEqual(len(self.only.peers), 3)

    def test_an_announced_close_is_obeyed(self):
        gateway = self.one(lambda peer: (peer.read_request(), peer.answer("bye", fields="Connection: close\r\n")))
        for _ in range(2):
            self.assert_whole(gateway.ask(), "bye")
        self.assertEqual(len(self.only.peers), 2)

    def test_garbage_then_healing(self):
        for name, octets in [("octets", b"\x16\x03\x01\x00"), ("close", b""), ("half a head", b"HTTP/1.1 200 OK\r\nConte")]:
            with self.case(garbage=name):
                gateway = self.one(origin.in_turn(origin.saying(octets), origin.answering("healed")))
                self.assert_error(gateway.ask(), 502)
                self.assert_whole(gateway.ask(), "healed")

    def test_interim_answers_are_skipped(self):
        early = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
        for count in (1, 5):
            with self.case(count=3 * count):
                gateway = self.one(lambda peer, n=count: (peer.read_request(), peer.send(early * n), peer.answer("final")))
                with gateway.connect() as one:
                    one.ask()
                    self.assert_whole(one.read_answer(), "final")
                    self.assertEqual(one.interim, [])
        with self.case(count=18):
            gateway = self.one(lambda peer: (peer.read_request(), peer.send(early * 6), peer.answer("final"), peer.hold()))
            self.assert_error(gateway.ask(), 502)

    def test_redirects_are_not_followed(self):
        target = self.origin()
        for status in (301, 302, 303, 307, 308):
            with self.case(status=status):
                location = f"Location: http://127.0.0.1:{target.port}/v1/chat/completions\r\n"
                gateway = self.one(lambda peer, s=status: (peer.read_request(), peer.answer("moved", s, location)))
                self.assert_error(gateway.ask(), 502)
        self.assertEqual(target.requests, [])

    def test_an_answer_before_the_body_was_read(self):
        # R-U13: 8 MiB that the origin never reads; it answers from the head alone and closes.
        def script(peer):
            request = peer.read_head()
            peer.origin.note(request)
            peer.answer("too large for us", 413)
            peer.socket.shutdown(socket.SHUT_WR)
            peer.wait_for(self.told)
            peer.close()
        self.told = threading.Event()
        gateway = self.one(script)
        answer = gateway.ask(text="x" * (8 << 20))
        self.told.set()
        self.assert_error(answer, 413)
        self.assertIn("too large for us", answer.error["message"])
        gateway.ask()  # not on that connection
        self.assertEqual(len(self.only.peers), 2)

    def test_an_early_answer_that_is_good_is_relayed(self):
        def script(peer):
            peer.read_head()
            peer.answer("quick")
            peer.hold()
        gateway = self.one(script)
        for _ in range(2):
            self.assert_whole(gateway.ask(text="x" * (8 << 20)), "quick")
        self.assertEqual(len(self.only.peers), 2)

    def test_heads_that_come_octet_by_octet(self):
        octets = origin.whole("slow")

        def script(peer):
            peer.read_request()
            for octet in octets:
                peer.send(bytes([octet]))
        gateway = self.one(script)
        for _ in range(2):
            self.assert_whole(gateway.ask(), "slow")
        self.assertEqual(len(self.only.peers), 1)


class Attempts(case.GatewayCase):
    def broken(self, count, *flags):
        origins = [self.origin(lambda peer: (peer.read_request(), peer.answer("no", 500))) for _ in range(count)]
        accounts = list(itertools.chain.from_iterable(
            provider(f"p{i}", one.port, f"priority={i}") for i, one in enumerate(origins)))
        gateway = self.start(*accounts, *model("m", *(f"p{i}" for i in range(count))), *flags)
        return origins, gateway

    def test_at_most_three(self):
        origins, gateway = self.broken(5)
        answer = gateway.ask()
        self.assert_error(answer, 500)
        self.assertEqual(answer["x-spillway-attempts"], "3")
        self.assertEqual([len(one.requests) for one in origins], [1, 1, 1, 0, 0])

    def test_as_many_as_the_flag_says(self):
        for most in (1, 2, 5):
            with self.case(most=most):
                origins, gateway = self.broken(5, "--max-attempts", str(most))
                self.assert_error(gateway.ask(), 500)
                self.assertEqual(sum(len(one.requests) for one in origins), most)

    def test_an_outage_is_not_multiplied_by_retries(self):
        # R-U9: everything is down; 8 clients ask 50 times each.
        origins, gateway = self.broken(3)
        answers = []

        def ask():
            answers.extend(gateway.ask().status for _ in range(50))
        clients = [threading.Thread(target=ask) for _ in range(8)]
        for one in clients:
            one.start()
        for one in clients:
            one.join()
        self.assertEqual(set(answers), {500})
        self.assertLessEqual(sum(len(one.requests) for one in origins), 1.2 * len(answers))

    def test_five_failures_in_a_row_eject(self):
        gateway = self.two(lambda peer: (peer.read_request(), peer.answer("no", 500)))
        for _ in range(9):
            self.assert_whole(gateway.ask(), "second")
        self.assertEqual(len(self.first.requests), 5)
        self.assertEqual(len(self.second.requests), 9)

    def test_a_target_alone_is_asked_although_ejected(self):
        gateway = self.one(origin.in_turn(*[origin.saying(b"")] * 6, origin.answering("back")))
        for _ in range(6):
            self.assert_error(gateway.ask(), 502)
        self.assert_whole(gateway.ask(), "back")

    def test_a_good_answer_between_keeps_a_target(self):
        failing = lambda peer: (peer.read_request(), peer.answer("no", 500))
        gateway = self.two(origin.in_turn(*[failing] * 4, origin.answering("first"), *[failing] * 4,
                                          origin.answering("first")))
        texts = [gateway.ask().text for _ in range(10)]
        self.assertEqual(texts, ["second"] * 4 + ["first"] + ["second"] * 4 + ["first"])

    def test_a_thousand_bad_requests_leave_the_target_alone(self):
        refuse = lambda peer: (peer.read_request(), peer.answer("bad", 400))
        gateway = self.two(origin.in_turn(*[refuse] * 1000, origin.answering("first")))
        with gateway.connect() as one:
            for _ in range(999):
                one.ask()
                self.assertEqual(one.read_answer().status, 400)
        self.assert_error(gateway.ask(), 400)
        self.assert_whole(gateway.ask(), "first")
        self.assertEqual(self.second.requests, [])

    def test_a_refused_key_benches_that_key_only(self):
        # Two accounts at one origin and one model; the first account's key is wrong.
        def script(peer):
            request = peer.read_request()
            peer.answer("bad key", 401) if request.key == "sk-bad" else peer.answer("good key")
        one = self.origin(script)
        url = f"url=http://127.0.0.1:{one.port}/v1"
        gateway = self.start("--provider", f"lab,protocol=chat,{url},key=env:BAD",
                             "--provider", f"lab/second,protocol=chat,{url},key=env:GOOD,priority=1",
                             *model("m", "lab"), env={"BAD": "sk-bad", "GOOD": "sk-good"})
        for _ in range(4):
            self.assert_whole(gateway.ask(), "good key")
        self.assertEqual(one.keys, ["sk-bad"] + ["sk-good"] * 4)

    def test_with_every_key_refused_the_client_gets_no_401(self):
        gateway = self.one(lambda peer: (peer.read_request(), peer.answer("Incorrect API key: sk-upstream", 401)))
        answer = gateway.ask()
        self.assert_error(answer, 502)
        self.assertNotIn(b"sk-upstream", answer.body)


if __name__ == "__main__":
    case.main("upstream_faults")
