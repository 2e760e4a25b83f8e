"""The simulated provider acts out every fault it names.

Usage: sim_faults.py <spillway-sim>. Standard library only; no fixed ports, no sleeps, no assertion about time.
"""

import gzip
import http.client
import json
import os
import re
import select
import socket
import subprocess
import time
import unittest

from simulator import KEY, PATIENCE, Simulator, SimulatorCase, chat, events_of, main, program, read_all


class Faults(SimulatorCase):
    def fault(self, name, stream=False):
        return read_all(self.sim.raw(f"m.fault-{name}", stream))

    def test_statuses_come_in_the_envelope(self):
        for status in (400, 401, 403, 404, 408, 413, 500, 502, 503, 529):
            seen, _, text = self.sim.ask(chat(f"m.fault-{status}"))
            self.assertEqual(seen, status)
            self.assertIn("message", json.loads(text)["error"])

    def test_pauses_are_asked_for_in_every_form(self):
        for argument, field, pattern in [
                ("=30", "retry-after", r"30"), ("=0.5", "retry-after", r"0\.5"), ("=-5", "retry-after", r"-5"),
                ("=0", "retry-after", "0"), ("=huge", "retry-after", r"9{20}"), ("=garbage", "retry-after", r"soon.*"),
                ("=500ms", "retry-after-ms", "500"), ("=date30", "retry-after", r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT"),
                ("", "retry-after", "1")]:
            status, fields, _ = self.sim.ask(chat("m.fault-429" + argument))
            self.assertEqual(status, 429)
            self.assertRegex(fields[field], f"^{pattern}$")
        self.assertNotIn("retry-after", self.sim.ask(chat("m.fault-429=absent"))[1])

    def test_special_answers(self):
        self.assertEqual(json.loads(self.sim.ask(chat("m.fault-quota-429"))[2])["error"]["code"], "insufficient_quota")
        self.assertEqual(json.loads(self.sim.ask(chat("m.fault-context-length"))[2])["error"]["code"],
                         "context_length_exceeded")
        status, fields, text = self.sim.ask(chat("m.fault-html-502"))
        self.assertEqual((status, fields["content-type"], text[:6]), (502, "text/html", b"<html>"))
        status, _, text = self.sim.ask(chat("m.fault-error-200"))
        self.assertEqual((status, list(json.loads(text))), (200, ["error"]))
        with self.assertRaises(ValueError):
            json.loads(self.sim.ask(chat("m.fault-bad-json"))[2])
        self.assertEqual(self.sim.ask(chat("m.fault-empty-200"))[2], b"")
        status, fields, _ = self.sim.ask(chat("m.fault-redirect=302"))
        self.assertEqual((status, fields["location"][:7]), (302, "http://"))
        _, fields, text = self.sim.ask(chat("m.fault-gzip-answer"))
        self.assertEqual(json.loads(gzip.decompress(text))["object"], "chat.completion")

    def test_no_answer_at_all(self):
        self.assertEqual(self.fault("reset-before-head"), (b"", "reset"))
        self.assertEqual(self.fault("close-before-head"), (b"", "closed"))

    def test_silence_before_and_amid_the_answer(self):
        for name, start in [("silent", b""), ("stall-mid=2", b"HTTP/1.1 200")]:
            before = self.sim.stats()["in_flight"]
            client = self.sim.raw("m.fault-" + name, stream=True)
            if start:
                received = b""
                while received.count(b"data: ") < 2:
                    received += client.recv(65536)
                self.assertTrue(received.startswith(start))
            self.sim.until(lambda stats, n=before: stats["in_flight"] == n + 1)
            self.assertEqual(select.select([client], [], [], 0)[0], [])
            client.close()
            self.sim.until(lambda stats, n=before: stats["in_flight"] == n)

    def test_comments_keep_a_stalled_stream_alive(self):
        client = self.sim.raw("m.fault-stall-comments=1", stream=True)
        received = b""
        while b": keep-alive" not in received:
            received += client.recv(65536)
        client.close()
        self.assertEqual(received.count(b"data: "), 1)

    def test_cut_answers(self):
        head, _, body = self.fault("cut-length")[0].partition(b"\r\n\r\n")
        self.assertLess(len(body), int(re.search(rb"content-length: (\d+)", head).group(1)))
        self.assertNotIn(b"0\r\n\r\n", self.fault("cut-chunk")[0])
        streamed, end = self.fault("cut-chunk", stream=True)
        self.assertEqual((streamed.endswith(b"\r\n0\r\n\r\n"), end), (False, "closed"))
        cut, end = self.fault("cut-event=2", stream=True)
        self.assertEqual((cut.count(b"data: "), cut.count(b"\n\n\r\n"), end), (3, 2, "closed"))
        self.assertEqual(self.fault("rst-mid=1", stream=True)[1], "reset")

    def test_stream_ends_without_done_or_with_an_error(self):
        events = events_of(self.sim.ask(chat("m.fault-no-done", stream=True))[2])
        self.assertEqual(json.loads(events[-1])["choices"][0]["finish_reason"], "stop")
        events = events_of(self.sim.ask(chat("m.fault-error-first-event", stream=True))[2])
        self.assertEqual([list(json.loads(event)) for event in events], [["error"]])
        events = events_of(self.sim.ask(chat("m.fault-error-mid-stream=2", stream=True))[2])
        self.assertEqual((len(events), "error" in json.loads(events[-1])), (3, True))

    def test_garbage_heads(self):
        for variant, mark in [("", b"\x16\x03"), ("http09", b"<html>"), ("bad-version", b"HTTP/7.3"),
                              ("bad-status", b" 2x0 "), ("no-colon", b"content-length 2"),
                              ("space-in-name", b"content-length :"), ("bare-lf", b"OK\nc"), ("folded", b"\r\n c"),
                              ("nul", b"\0"), ("both-lengths", b"transfer-encoding"),
                              ("two-lengths", b"content-length: 3"), ("bad-length", b"+2")]:
            received, end = self.fault("garbage=" + variant)
            self.assertEqual((mark in received, end), (True, "closed"), variant)

    def test_broken_chunks(self):
        for variant, mark in [("size", b"zz\r\n"), ("huge", b"f" * 18), ("no-crlf", b"5\r\nabcdefgh"),
                              ("cut-size", b"1f")]:
            received, end = self.fault("bad-chunk=" + variant, stream=True)
            self.assertEqual((mark in received, end), (True, "closed"), variant)

    def test_strange_heads(self):
        def first_octets(model):
            with self.sim.raw(model) as client:
                return client.recv(65536)

        self.assertTrue(first_octets("m.fault-interim=2").startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103"))
        self.assertGreaterEqual(first_octets("m.fault-too-many-interim=40").count(b"HTTP/1.1 1"), 40)
        self.assertTrue(first_octets("m.fault-upgrade-101").startswith(b"HTTP/1.1 101"))
        with self.assertRaises(http.client.LineTooLong):
            self.sim.ask(chat("m.fault-huge-head"))
        with self.assertRaises(http.client.HTTPException):
            self.sim.ask(chat("m.fault-many-fields"))
        self.assertEqual(self.sim.ask(chat("m.fault-slow-head=1ms"))[0], 200)

    def test_dripping_answers_are_right_in_the_end(self):
        for name in ("drip", "drip-head"):
            status, _, text = self.sim.ask(chat(f"m.fault-{name}=10us"))
            self.assertEqual((status, json.loads(text)["object"]), (200, "chat.completion"))

    def test_early_answer_comes_before_the_body(self):
        with socket.create_connection(("127.0.0.1", self.sim.port), PATIENCE) as client:
            client.sendall(b"POST /fault-early-answer=413/v1/chat/completions HTTP/1.1\r\nHost: sim\r\n"
                           b"Content-Length: 1000000\r\n\r\n{")
            self.assertTrue(client.recv(65536).startswith(b"HTTP/1.1 413"))

    def test_kept_connection_that_dies(self):
        client = self.sim.connect()

        def send():
            client.request("POST", "/v1/chat/completions", json.dumps(chat("m.fault-reset-on-reuse")),
                           {"Authorization": f"Bearer {KEY}"})

        send()
        self.assertEqual(client.getresponse().read()[:5], b'{"id"')
        client.auto_open = False
        with self.assertRaises(ConnectionResetError):
            send()
            client.getresponse()
        client.close()
        received, end = self.fault("close-after-answer")
        self.assertEqual((b"connection: close" in received, end), (False, "closed"))

    def test_switch_at_run_time_counts_its_uses(self):
        sim = Simulator()
        try:
            rule = {"fault": "503,times=2,every=2,model=a"}
            self.assertEqual(sim.ask(rule, path="/sim/fault")[0], 200)
            self.assertEqual([sim.ask(chat(model))[0] for model in "babaaaa"], [200, 503, 200, 200, 503, 200, 200])
            self.assertEqual(sim.stats()["faults"], 2)
            self.assertEqual(sim.ask({"fault": "no-such"}, path="/sim/fault")[0], 400)
            self.assertEqual(sim.ask({"fault": "none"}, path="/sim/fault")[0], 200)
        finally:
            sim.stop()

    def test_refused_connections_come_back(self):
        sim = Simulator()
        try:
            self.assertEqual(read_all(sim.raw("m.fault-refuse=200ms"))[1], "reset")
            deadline = time.monotonic() + PATIENCE
            while True:
                try:
                    status = sim.ask(chat())[0]
                    break
                except OSError:
                    self.assertLess(time.monotonic(), deadline)
            self.assertEqual(status, 200)
        finally:
            sim.stop()


class Manual(unittest.TestCase):
    def test_every_fault_and_word_is_in_the_manual(self):
        listed = subprocess.run([program(), "--help-faults"], capture_output=True, text=True, check=True).stdout
        names = [re.match(r"[a-z0-9-]+", line).group(0) for line in listed.splitlines()[1:]]
        words = subprocess.run([program(), "--help-words"], capture_output=True, text=True, check=True).stdout
        manual = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "bench", "README.md")
        with open(manual, encoding="utf-8") as file:
            text = file.read()
        self.assertEqual([name for name in names if f"`{name}`" not in text], [])
        self.assertGreater(len(names), 30)
        words = [line.split("  ")[0] for line in words.splitlines()]
        self.assertEqual([word for word in words if f"`{word}" not in text], [])
        self.assertGreater(len(words), 12)


if __name__ == "__main__":
    main()
