"""The gateway as a process: drained, cut, reloaded, out of descriptors, out of memory.

Usage: process.py <spillway> <spillway-sim>. Standard library only; no fixed ports, no sleeps.
"""

import contextlib
import os
import pathlib
import resource
import signal
import socket
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import case
import client
import origin
from gateway import CLIENT_KEY, model, provider, until


class Held:
    """A script whose streams say one event at once and end well when released."""

    def __init__(self):
        self.release = threading.Event()

    def __call__(self, peer):
        request = peer.read_request()
        if b'"stream"' not in request.body:
            return peer.answer("whole")
        peer.start_stream()
        peer.event("one")
        peer.wait_for(self.release)
        peer.event("two")
        peer.finish_stream()


def open_streams(gateway, count):
    """Streams whose first event has come: (client, answer so far)."""
    streams = []
    for _ in range(count):
        one = gateway.connect()
        one.ask(stream=True)
        streams.append((one, one.read_until(one.read_head(), b"one")))
    return streams


def is_refused(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


class Drain(case.GatewayCase):
    def test_under_load(self):
        # R-P1: streams run on, connections that wait are told with their last answer, new ones find nobody.
        held = Held()
        gateway = self.one(held, drain="60s", workers=2)
        streams = open_streams(gateway, 20)
        idle = [gateway.connect() for _ in range(10)]
        for one in idle:
            one.ask()
            answer = one.read_answer()
            self.assert_whole(answer, "whole")
            self.assertEqual(answer["connection"], None)
        self.assertEqual(gateway.get("/readyz").status, 200)
        gateway.signal(signal.SIGTERM)
        gateway.wait_for_log("draining")
        until(lambda: is_refused(gateway.port), "the end of listening")
        for one in idle[:5]:
            one.ask()
            answer = one.read_answer()
            self.assert_whole(answer, "whole")
            self.assertEqual(answer["connection"], "close")
            self.assertTrue(one.is_closed())
        idle[5].send_request("GET", "/readyz")
        self.assertEqual(idle[5].read_answer().status, 503)
        for one in idle[6:]:
            self.assertTrue(one.is_closed())  # after the grace
        self.assertIsNone(gateway.process.poll())
        held.release.set()
        for one, answer in streams:
            self.assert_whole(one.read_body(answer), "onetwo")
            one.close()
        self.assertEqual(gateway.wait(), 0)

    def test_nobody_is_dropped_while_requests_keep_coming(self):
        gateway = self.one(None, drain="60s", workers=2)
        faults, served, stop = [], [], threading.Event()

        def load():
            one = None
            while not stop.is_set():
                try:
                    if one is None:
                        one = gateway.connect()
                except OSError:
                    return  # refused: the process does not listen any more
                try:
                    one.ask()
                    answer = one.read_answer()
                    if answer.status != 200 or not answer.whole:
                        faults.append(answer.status)
                    served.append(1)
                    if answer["connection"] == "close":
                        one.close()
                        one = None
                except (client.Cut, OSError) as error:
                    faults.append(repr(error))
                    return
        threads = [threading.Thread(target=load) for _ in range(8)]
        for one in threads:
            one.start()
        until(lambda: len(served) > 200, "some load")
        gateway.signal(signal.SIGTERM)
        self.assertEqual(gateway.wait(), 0)
        stop.set()
        for one in threads:
            one.join()
        self.assertEqual(faults, [])

    def check_cut(self, streams, how):
        for one, answer in streams:
            one.read_body(answer)
            self.assert_cut(answer)
            self.assertTrue(answer.stream_error, how)
            self.assertEqual(answer.objects[-1]["choices"][0]["finish_reason"], "error")

    def test_the_limit_ends_streams_with_an_error_event(self):
        gateway = self.one(Held(), drain="300ms")
        streams = open_streams(gateway, 5)
        gateway.signal(signal.SIGTERM)
        self.check_cut(streams, "limit")
        self.assertEqual(gateway.wait(), 0)

    def test_a_second_signal_ends_them_as_well(self):
        for second in (signal.SIGTERM, signal.SIGINT):
            with self.case(second=second.name):
                gateway = self.one(Held(), drain="1h")
                streams = open_streams(gateway, 3)
                gateway.signal(signal.SIGTERM)
                gateway.wait_for_log("draining")
                gateway.signal(second)
                self.check_cut(streams, second)
                self.assertEqual(gateway.wait(), 0)

    def test_a_request_whose_answer_has_not_begun_is_told_503(self):
        gateway = self.one(lambda peer: (peer.read_request(), peer.hold()), drain="300ms")
        with gateway.connect() as one:
            one.ask()
            until(lambda: self.only.requests, "the request")
            gateway.signal(signal.SIGTERM)
            self.assert_error(one.read_answer(), 503)
        self.assertEqual(gateway.wait(), 0)

    def test_sigint_drains_too(self):
        gateway = self.one(None, drain="60s")
        gateway.signal(signal.SIGINT)
        self.assertEqual(gateway.wait(), 0)

    def test_an_idle_process_ends_at_once(self):
        gateway = self.one(None, drain="1h")
        gateway.signal(signal.SIGTERM)
        self.assertEqual(gateway.wait(), 0)


class Reload(case.GatewayCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.file = pathlib.Path(self.directory.name, "flags")
        self.held = Held()
        self.one_origin = self.origin(self.held)

    def write(self, *flags):
        pairs = [f"{flags[i]} {flags[i + 1]}" for i in range(0, len(flags), 2)]
        self.file.write_text("\n".join(pairs) + "\n")

    def common(self):
        return [*provider("a", self.one_origin.port), *model("m", "a")]

    def reload(self, gateway, words):
        start = len(gateway.log)
        gateway.signal(signal.SIGHUP)
        gateway.wait_for_log(words, start)

    def started(self, **more):
        self.write(*self.common())
        return self.start("--flagfile", str(self.file), env={"NEW_KEY": "sk-new-9876543210fedcba"}, **more)

    def test_a_change_is_taken_over_and_streams_go_on(self):
        gateway = self.started()
        streams = open_streams(gateway, 3)
        self.assert_error(gateway.ask("shortcut"), 404)
        self.assert_error(gateway.ask(key="sk-new-9876543210fedcba"), 401)
        second = self.origin(origin.answering("elsewhere"))
        self.write(*self.common(), *provider("b", second.port), *model("other", "b"), "--alias", "shortcut=m",
                   "--key", "new=env:NEW_KEY")
        self.reload(gateway, "reloaded")
        self.assert_whole(gateway.ask("shortcut"), "whole")
        self.assert_whole(gateway.ask("other"), "elsewhere")
        self.assert_whole(gateway.ask(key="sk-new-9876543210fedcba"), "whole")
        self.held.release.set()
        for one, answer in streams:
            self.assert_whole(one.read_body(answer), "onetwo")
            one.close()

    def test_what_is_gone_is_gone_also_for_open_connections(self):
        self.write(*self.common(), "--alias", "shortcut=m", "--key", "new=env:NEW_KEY")
        gateway = self.start("--flagfile", str(self.file), env={"NEW_KEY": "sk-new-9876543210fedcba"})
        with gateway.connect() as one:
            one.ask("shortcut", key="sk-new-9876543210fedcba")
            self.assert_whole(one.read_answer(), "whole")
            self.write(*self.common())
            self.reload(gateway, "reloaded")
            one.ask("shortcut", key="sk-new-9876543210fedcba")
            self.assert_error(one.read_answer(), 401)
            one.ask("shortcut")
            self.assert_error(one.read_answer(), 404)

    def test_a_faulty_file_is_refused_whole(self):
        gateway = self.started()
        for name, text in [("unknown flag", "--no-such-flag 1"), ("bad value", "--idle-timeout soon"),
                           ("unknown provider", "--model x=nobody:up"), ("unknown alias target", "--alias s=nothing"),
                           ("missing secret", "--key k=env:NOT_SET")]:
            with self.case(fault=name):
                self.file.write_text(" ".join(self.common()[:2]) + "\n--model fresh=a:up\n" + text + "\n")
                self.reload(gateway, "reload refused")
                self.assert_whole(gateway.ask(), "whole")
                self.assert_error(gateway.ask("fresh"), 404)
        with self.case(fault="no file"):
            self.file.unlink()
            self.reload(gateway, "reload refused")
            self.assert_whole(gateway.ask(), "whole")
        with self.case(then="mended"):
            self.write(*self.common(), *model("fresh", "a"))
            self.reload(gateway, "reloaded")
            self.assert_whole(gateway.ask("fresh"), "whole")

    def test_under_load_nothing_fails(self):
        gateway = self.started(workers=2)
        faults, served, stop = [], [], threading.Event()

        def load():
            while not stop.is_set():
                with gateway.connect() as one:
                    closes = None
                    while not closes and not stop.is_set():
                        one.ask()
                        answer = one.read_answer()
                        closes = answer["connection"]
                        served.append(1)
                        if answer.status != 200 or not answer.whole:
                            faults.append(answer.body)
        threads = [threading.Thread(target=load) for _ in range(4)]
        for one in threads:
            one.start()
        for number in range(20):
            self.write(*self.common(), "--alias", f"name{number}=m")
            self.reload(gateway, "reloaded")
            before = len(served)
            until(lambda: len(served) > before + 20, "requests after a reload")
        stop.set()
        for one in threads:
            one.join()
        self.assertEqual(faults, [])

    def test_the_access_log_is_opened_again(self):
        log = pathlib.Path(self.directory.name, "access")
        self.write(*self.common(), "--access-log", str(log))
        gateway = self.start("--flagfile", str(self.file))
        gateway.ask()
        until(lambda: log.exists() and log.read_text().count("\n") == 1, "the first line")
        log.rename(log.with_suffix(".1"))
        self.reload(gateway, "reloaded")
        gateway.ask()
        until(lambda: log.exists() and log.read_text().count("\n") == 1, "a line in the new file")
        self.assertEqual(log.with_suffix(".1").read_text().count("\n"), 1)


class Descriptors(case.GatewayCase):
    LIMIT = 64

    def test_without_descriptors_streams_go_on_and_accepting_resumes(self):
        limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (self.LIMIT, self.LIMIT))
        held = Held()
        gateway = self.one(held, prepare=limit)
        streams = open_streams(gateway, 5)
        with contextlib.ExitStack() as stack:
            idle = [stack.enter_context(gateway.connect()) for _ in range(2 * self.LIMIT)]
            until(lambda: gateway.descriptors() >= self.LIMIT - 1, "the last descriptor")
            # While it cannot accept it must not spin.
            before, started = gateway.processor_seconds(), time.monotonic()
            self.assertFalse(held.release.wait(1.0))
            share = (gateway.processor_seconds() - before) / (time.monotonic() - started)
            print(f"out of descriptors: {100 * share:.1f} % of a core", flush=True)
            self.assertLess(share, 0.2)
            held.release.set()
            for one, answer in streams:
                self.assert_whole(one.read_body(answer), "onetwo")
                one.close()
            for one in idle:
                one.close()
        freed = time.monotonic()
        self.assertEqual(gateway.get("/healthz").status, 200)
        print(f"accepting again {1000 * (time.monotonic() - freed):.0f} ms after descriptors were free", flush=True)
        self.assert_whole(gateway.ask(), "whole")

    def test_no_descriptor_for_the_upstream_is_no_fault_of_the_upstream(self):
        limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (self.LIMIT, self.LIMIT))
        gateway = self.one(None, prepare=limit)
        with contextlib.ExitStack() as stack:
            asking = stack.enter_context(gateway.connect())
            asking.send_request("GET", "/healthz")
            self.assertEqual(asking.read_answer().status, 200)
            for _ in range(2 * self.LIMIT):
                stack.enter_context(gateway.connect())
            until(lambda: gateway.descriptors() >= self.LIMIT - 1, "the last descriptor")
            for _ in range(6):
                asking.ask()
                answer = asking.read_answer()
                self.assertIn(answer.status, (502, 503), answer.body)
        until(lambda: gateway.descriptors() < self.LIMIT // 2, "free descriptors")
        self.assert_whole(gateway.ask(), "hello")


class Bounds(case.GatewayCase):
    def test_connections(self):
        gateway = self.one(None, "--max-connections", "5")
        with contextlib.ExitStack() as stack:
            kept = [stack.enter_context(gateway.connect()) for _ in range(5)]
            for one in kept:
                one.send_request("GET", "/healthz")
                self.assertEqual(one.read_answer().status, 200)
            for _ in range(3):
                self.assertFalse(self.is_served(gateway))
            kept[0].ask()
            self.assert_whole(kept[0].read_answer(), "hello")
        until(lambda: self.is_served(gateway), "room for a connection")

    def is_served(self, gateway):
        try:
            return gateway.get("/healthz").status == 200
        except (OSError, client.Cut):
            return False

    def hold_bodies(self, gateway, count, size, part, stack):
        """Requests of which only a part was sent; the statuses of those that were answered all the same."""
        held = []
        for _ in range(count):
            one = stack.enter_context(gateway.connect())
            one.send(one.head("POST", "/v1/chat/completions", size, CLIENT_KEY) + b" " * part)
            held.append(one)
        return held

    def test_memory_for_bodies_on_their_way(self):
        gateway = self.one(None, "--max-memory", "64MiB", "--max-body", "2MiB")
        with contextlib.ExitStack() as stack:
            held = self.hold_bodies(gateway, 80, 1 << 20, 600_000, stack)
            body = held[0].chat(text="x" * 1_000_000)
            refusal = until(lambda: self.refused(gateway, body), "a refusal")
            self.assert_error(refusal, 503)
            self.assertTrue(int(refusal["retry-after"]) >= 1)
            self.assertLess(gateway.resident_octets(), 64 << 20)
            self.assertEqual(gateway.get("/healthz").status, 200)
        until(lambda: self.refused(gateway, body) is None, "room for a body")
        self.assert_whole(gateway.ask(text="x" * 1_000_000), "hello")

    def refused(self, gateway, body):
        with gateway.connect() as one:
            one.send_request("POST", "/v1/chat/completions", body, CLIENT_KEY)
            answer = one.read_answer()
            return None if answer.status == 200 else answer

    def test_memory_for_bodies_whose_answer_is_awaited(self):
        hold = threading.Event()

        def script(peer):
            peer.read_request()
            peer.wait_for(hold)
            peer.answer("late")
        gateway = self.one(script, "--max-memory", "64MiB")
        with contextlib.ExitStack() as stack:
            waiting = []
            for _ in range(80):
                one = stack.enter_context(gateway.connect())
                one.ask(text="x" * 1_000_000)
                waiting.append(one)
            refused = [one for one in waiting if self.is_answered(one)]
            self.assertLess(gateway.resident_octets(), 64 << 20)
            self.assertGreater(len(refused), 10)
            for one in refused:
                self.assert_error(one.read_answer(), 503)
            hold.set()
            for one in waiting:
                if one not in refused:
                    self.assert_whole(one.read_answer(), "late")
        self.assert_whole(gateway.ask(text="x" * 1_000_000), "late")

    def is_answered(self, one):
        one.socket.settimeout(0.05)
        try:
            one._more()
            return True
        except TimeoutError:
            return False
        finally:
            one.socket.settimeout(client.PATIENCE)


if __name__ == "__main__":
    case.main("process")
