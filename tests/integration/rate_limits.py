"""A provider that says 429 is left alone for as long as it asks, and its traffic goes elsewhere at once.

Usage: rate_limits.py <spillway> <spillway-sim>. Standard library only; no fixed ports, no sleeps.
"""

import email.utils
import os
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import case
import origin
from gateway import model, provider, until

# Field of the refusal, and the rest in seconds that must follow, least and most.
FORMS = [
    ("Retry-After: 30\r\n", 29, 30), ("Retry-After: 7.5\r\n", 6, 8), ("retry-after-ms: 20000\r\n", 19, 20),
    ("Retry-After: 100000\r\n", 599, 600), ("Retry-After: 99999999999999999999\r\n", 4, 600),
    ("", 4, 5), ("Retry-After: soon\r\n", 4, 5), ("Retry-After: -5\r\n", 4, 5), ("Retry-After: \r\n", 4, 5),
    ("Retry-After: nan\r\n", 4, 5), ("Retry-After: 1e3\r\n", 4, 600),
    ("retry-after-ms: 20000\r\nRetry-After: 60\r\n", 19, 20),
]


def refusing(fields, status=429):
    return lambda peer: (peer.read_request(), peer.answer("Rate limit reached", status, fields))


class Spill(case.GatewayCase):
    def test_every_form_of_retry_after(self):
        date = lambda seconds: f"Retry-After: {email.utils.formatdate(time.time() + seconds, usegmt=True)}\r\n"
        for fields, least, most in FORMS + [(date(60), 50, 60), (date(-3600), 4, 5)]:
            with self.case(fields=fields):
                gateway = self.two(refusing(fields))
                for _ in range(3):
                    answer = gateway.ask()
                    self.assert_whole(answer, "second")
                self.assertEqual(len(self.first.requests), 1)
                refusal = gateway.ask("one")
                self.assert_error(refusal, 429)
                self.assertTrue(least <= int(refusal["retry-after"]) <= most, refusal["retry-after"])
                self.assertLessEqual(int(refusal["retry-after-ms"]), 1000 * int(refusal["retry-after"]))
                self.assertEqual(len(self.first.requests), 1)

    def test_zero_is_a_rest_for_an_instant(self):
        gateway = self.two(origin.in_turn(refusing("Retry-After: 0\r\n"), origin.answering("first")))
        self.assert_whole(gateway.ask(), "second")
        until(lambda: gateway.ask().text == "first", "the return of the first")

    def test_529_rests_as_well(self):
        gateway = self.two(refusing("Retry-After: 30\r\n", 529))
        for _ in range(3):
            self.assert_whole(gateway.ask(), "second")
        self.assertEqual(len(self.first.requests), 1)

    def test_503_is_a_failure_and_no_rest(self):
        gateway = self.two(refusing("Retry-After: 30\r\n", 503))
        for _ in range(3):
            self.assert_whole(gateway.ask(), "second")
        self.assertEqual(len(self.first.requests), 3)

    def test_other_models_of_the_account_go_on(self):
        def script(peer):
            request = peer.read_request()
            peer.answer("no", 429, "Retry-After: 30\r\n") if request.json["model"] == "busy" else peer.answer("first")
        first = self.origin(script)
        gateway = self.start(*provider("a", first.port), *model("busy", "a:busy"), *model("idle", "a:idle"))
        for _ in range(2):
            self.assert_error(gateway.ask("busy"), 429)
            self.assert_whole(gateway.ask("idle"), "first")
        self.assertEqual(len(first.requests), 3)

    def test_other_accounts_of_the_provider_go_on(self):
        def script(peer):
            request = peer.read_request()
            peer.answer("no", 429, "Retry-After: 30\r\n") if request.key == "sk-1" else peer.answer(request.key)
        lab = self.origin(script)
        url = f"url=http://127.0.0.1:{lab.port}/v1"
        gateway = self.start("--provider", f"lab,protocol=chat,{url},key=env:ONE",
                             "--provider", "lab/second,key=env:TWO,priority=1", *model("m", "lab"),
                             env={"ONE": "sk-1", "TWO": "sk-2"})
        for _ in range(3):
            self.assert_whole(gateway.ask(), "sk-2")
        self.assertEqual(lab.keys, ["sk-1"] + ["sk-2"] * 3)

    def test_when_all_rest_the_smallest_wait_is_told(self):
        waits = (40, 20, 30)
        origins = [self.origin(refusing(f"Retry-After: {wait}\r\n")) for wait in waits]
        flags = []
        for i, one in enumerate(origins):
            flags += provider(f"p{i}", one.port, f"priority={i}")
        gateway = self.start(*flags, *model("m", "p0", "p1", "p2"))
        for _ in range(3):
            answer = gateway.ask()
            self.assert_error(answer, 429)
            self.assertTrue(19 <= int(answer["retry-after"]) <= 20, answer["retry-after"])
        self.assertEqual([len(one.requests) for one in origins], [1, 1, 1])

    def test_after_the_rest_it_is_used_again(self):
        gateway = self.two(origin.in_turn(refusing("retry-after-ms: 300\r\n"), origin.answering("first")))
        self.assert_whole(gateway.ask(), "second")
        asked = time.monotonic()
        until(lambda: gateway.ask().text == "first", "the return of the first")
        self.assertGreater(time.monotonic() - asked, 0.2)

    def test_during_the_rest_many_clients_make_no_trial(self):
        gateway = self.two(refusing("Retry-After: 30\r\n"))
        self.assert_whole(gateway.ask(), "second")
        faults = []

        def client():
            for _ in range(20):
                if gateway.ask().text != "second":
                    faults.append(1)
        threads = [threading.Thread(target=client) for _ in range(8)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        self.assertEqual(faults, [])
        self.assertEqual(len(self.first.requests), 1)

    def test_the_client_is_not_kept_waiting(self):
        # Nobody sleeps through Retry-After: the refusal comes at once although the rest is long.
        gateway = self.one(refusing("Retry-After: 600\r\n"))
        started = time.monotonic()
        self.assert_error(gateway.ask(), 429)
        self.assertLess(time.monotonic() - started, 5)


class Places(case.GatewayCase):
    def test_a_full_account_spills_and_none_left_is_429(self):
        hold = threading.Event()
        first = self.origin(lambda peer: (peer.read_request(), peer.wait_for(hold), peer.answer("first")))
        second = self.origin(origin.answering("second"))
        gateway = self.start(*provider("a", first.port, "concurrency=1"), *provider("b", second.port, "priority=1"),
                             *model("m", "a", "b"), *model("one", "a"))
        with gateway.connect() as one:
            one.ask()
            until(lambda: first.requests, "the first request")
            self.assert_whole(gateway.ask(), "second")
            refusal = gateway.ask("one")
            self.assert_error(refusal, 429)
            self.assertTrue(int(refusal["retry-after"]) >= 1)
            hold.set()
            self.assert_whole(one.read_answer(), "first")
        self.assert_whole(gateway.ask("one"), "first")


if __name__ == "__main__":
    case.main("rate_limits")
