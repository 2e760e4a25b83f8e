"""Who may ask, and for what; and nothing secret in anything the gateway says or writes.

Usage: access.py <spillway> <spillway-sim>. Standard library only; no fixed ports, no sleeps.
"""

import base64
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import case
import client
import origin
from gateway import CLIENT_KEY, Gateway, model, provider, until


class Keys(case.GatewayCase):
    def test_no_key_wrong_key_and_expired_key(self):
        gateway = self.one(None, "--key", "old=env:OLD,expires=2020-01-01", env={"OLD": "sk-old-0123456789abcdef"})
        answers = []
        for key in ("sk-unknown-0123456789abcdef", "sk-old-0123456789abcdef", "x", CLIENT_KEY + "x", CLIENT_KEY[:-1],
                    "x" * 3000):
            with self.case(key=key[:30]):
                answer = gateway.ask(key=key)
                self.assert_error(answer, 401)
                self.assertEqual(answer.error["metadata"]["provider_code"], "invalid_api_key")
                self.assertTrue(answer["www-authenticate"].startswith("Bearer"))
                answers.append((answer.body, [field for field in answer.fields if field[0] != "date"]))
        self.assertTrue(all(one == answers[0] for one in answers), answers)  # S-K4
        with self.case(key=None):
            self.assert_error(gateway.ask(key=None), 401)
        self.assertEqual(self.only.requests, [])

    def test_forms_of_the_credential(self):
        gateway = self.one(None)
        for fields, status in [
                ({"Authorization": f"Bearer {CLIENT_KEY}"}, 200), ({"authorization": f"bearer  {CLIENT_KEY}"}, 200),
                ({"X-Api-Key": CLIENT_KEY}, 200), ({"api-key": CLIENT_KEY}, 200),
                ({"Authorization": f"Basic {CLIENT_KEY}"}, 401), ({"Authorization": CLIENT_KEY}, 401),
                ({"Authorization": "Bearer"}, 401), ({"Cookie": f"key={CLIENT_KEY}"}, 401),
                ({"Authorization": f"Bearer {CLIENT_KEY}", "X-Api-Key": CLIENT_KEY}, 401),
                ({"Authorization": f"Bearer {CLIENT_KEY}", "api-key": "other"}, 401),
                ({"Authorization": f"Bearer {CLIENT_KEY}, Bearer x"}, 401)]:
            with self.case(fields=list(fields)):
                self.assertEqual(gateway.ask(key=None, fields=fields).status, status)
        for path in (f"/v1/chat/completions?key={CLIENT_KEY}", f"/v1/chat/completions?api_key={CLIENT_KEY}"):
            with self.case(path=path):
                self.assert_error(gateway.ask(key=None, path=path), 401)

    def test_two_authorization_fields(self):
        gateway = self.one(None)
        with gateway.connect() as one:
            body = one.chat()
            one.send(one.head("POST", "/v1/chat/completions", len(body), CLIENT_KEY).replace(
                b"\r\n\r\n", f"\r\nAuthorization: Bearer {CLIENT_KEY}\r\n\r\n".encode()) + body)
            self.assertIn(one.read_answer().status, (400, 401))
        self.assertEqual(self.only.requests, [])

    def test_an_accepted_connection_is_not_accepted_for_ever(self):
        gateway = self.one(None)
        with gateway.connect() as one:
            one.ask()
            self.assert_whole(one.read_answer(), "hello")
            for key, status in [(None, 401), ("sk-wrong", 401), (CLIENT_KEY, 200)]:
                one.ask(key=key)
                self.assertEqual(one.read_answer().status, status)

    def test_what_a_key_may_ask_for(self):
        first, second = self.origin(origin.answering("a")), self.origin(origin.answering("b"))
        gateway = self.start(
            *provider("a", first.port), *provider("b", second.port, "priority=1"),
            *model("lab/one", "a", "b"), *model("lab/two", "a"), *model("shop/three", "b"),
            "--key", "lab=env:LAB,models=lab/*", "--key", "onlyb=env:ONLYB,providers=b",
            "--key", "both=env:BOTH,models=lab/*+shop/*", env={"LAB": "sk-lab-key", "ONLYB": "sk-b-key", "BOTH": "sk-2-key"})
        for key, name, expected in [
                ("sk-lab-key", "lab/one", "a"), ("sk-lab-key", "lab/two", "a"), ("sk-lab-key", "shop/three", 403),
                ("sk-b-key", "lab/one", "b"), ("sk-b-key", "shop/three", "b"), ("sk-b-key", "lab/two", 403),
                ("sk-2-key", "lab/one", "a"), ("sk-2-key", "shop/three", "b"), (CLIENT_KEY, "shop/three", "b")]:
            with self.case(key=key, model=name):
                answer = gateway.ask(name, key=key)
                if isinstance(expected, str):
                    self.assert_whole(answer, expected)
                else:
                    self.assert_error(answer, expected)

    def test_a_key_has_no_more_requests_in_flight_than_it_may(self):
        def script(peer):
            peer.read_request()
            peer.hold()
        gateway = self.one(script, "--key", "narrow=env:NARROW,concurrency=1", env={"NARROW": "sk-narrow-0123456789ab"})
        with gateway.connect() as first:
            first.ask(key="sk-narrow-0123456789ab")
            until(lambda: self.only.requests, "the request")
            refused = gateway.ask(key="sk-narrow-0123456789ab")
            self.assert_error(refused, 429)
            self.assertEqual(refused["retry-after"], "1")
        self.only.script = origin.answering("room again")
        until(lambda: gateway.ask(key="sk-narrow-0123456789ab").status == 200, "room for the key")

    def test_what_everybody_may_ask_for(self):
        gateway = self.two(origin.in_turn(origin.answering("hello"), origin.saying(b"")), None, *model("secret/x", "a"),
                           "--deny-model", "secret/*", "--deny-provider", "b")
        self.assert_error(gateway.ask("secret/x"), 403)
        self.assert_whole(gateway.ask("m"), "hello")
        self.assert_error(gateway.ask("m"), 502)
        self.assertEqual(self.second.requests, [])

    def test_addresses_and_keys_in_requests_are_never_honoured(self):
        elsewhere = self.origin()
        gateway = self.one(None)
        url = f"http://127.0.0.1:{elsewhere.port}/v1"
        answer = gateway.ask(fields={"X-Base-Url": url, "X-Portkey-Custom-Host": url, "X-Forwarded-Host": url,
                                     "Host2": url, "X-Upstream-Authorization": "Bearer stolen"}, base_url=url, api_base=url,
                             api_key="sk-mine")
        self.assert_whole(answer, "hello")
        self.assertEqual(elsewhere.requests, [])
        request = self.only.requests[0]
        self.assertEqual(request.key, "sk-upstream")
        for name in ("x-base-url", "x-portkey-custom-host", "x-forwarded-host", "x-upstream-authorization"):
            self.assertNotIn(name, request.fields)

    def test_without_keys(self):
        only = self.origin()
        flags = [*provider("a", only.port), *model("m", "a")]
        gateway = self.start(*flags, "--auth", "off", key=None)
        self.assert_whole(gateway.ask(key=None), "hello")
        for listen in ("0.0.0.0:0", "[::]:0"):
            with self.case(listen=listen):
                ended = subprocess.run(
                    [Gateway.executable, "--listen", listen, "--no-env-providers", "--auth", "off", *flags],
                    env={"UPSTREAM_KEY": "k", "PATH": os.environ["PATH"]}, capture_output=True, text=True, timeout=8)
                self.assertEqual(ended.returncode, 1)
                self.assertIn("--auth", ended.stderr)

    def test_the_list_of_models(self):
        gateway = self.one(None)
        self.assert_error(gateway.get("/v1/models"), 401)
        self.assert_error(gateway.get("/v1/models/m"), 401)
        for path, key in [("/v1/models", CLIENT_KEY), ("/api/v1/models", None)]:
            with self.case(path=path):
                answer = gateway.get(path, key)
                self.assertEqual(answer.status, 200)
                self.assertEqual([one["id"] for one in answer.json["data"]], ["m"])
                bare = gateway.get(path, key, "HEAD")
                self.assertEqual((bare.status, bare.body), (200, b""))
                self.assertEqual(bare["content-length"], answer["content-length"])
        self.assert_error(gateway.ask(path="/api/v1/chat/completions", key=None), 401)
        self.assertEqual(gateway.get("/healthz").status, 200)

    def test_methods_and_paths(self):
        gateway = self.one(None)
        for method, path, status in [
                ("GET", "/v1/chat/completions", 405), ("DELETE", "/v1/models", 405), ("TRACE", "/v1/models", 405),
                ("CONNECT", "/v1/models", 405), ("GET", "/", 200), ("GET", "/v1", 404), ("GET", "/v1/../etc/passwd", 400),
                ("GET", "/v1/%2e%2e/%2e%2e/etc/passwd", 400), ("GET", "/admin", 404), ("OPTIONS", "/v1/models", 204)]:
            with self.case(method=method, path=path):
                answer = gateway.get(path, CLIENT_KEY, method)
                if status == 400:
                    self.assertIn(answer.status, (400, 404))
                else:
                    self.assertEqual(answer.status, status)


class Secrets(case.GatewayCase):
    """S-K3. Every secret and every prompt is a canary; errors of all kinds are provoked; then everything is searched."""

    CANARIES = {
        "client key": "sk-canaryCLIENT7f3a91c05d2e", "other key": "sk-canaryOTHER81b6e4a7c930",
        "wrong key": "sk-canaryWRONG5520fe1d86b3", "provider key": "sk-canaryPROVIDER3c9d7e12ab",
        "field": "canaryFIELD6e0a4b97d1f8", "cookie": "canaryCOOKIE92d7c3510ea6", "prompt": "canaryPROMPT48fa0b6c21d9",
        "query": "canaryQUERY0c81e7f25a3d", "path": "canaryPATHb7a25093ce4f", "user": "canaryUSERd1940c7be825",
    }
    ALLOWED = {"path"}  # a client may see its own path; logs may not

    def forms(self, secret):
        octets = secret.encode()
        return [secret, octets.hex(), base64.b64encode(octets).decode().rstrip("=")[:-2],
                urllib.parse.quote(secret, safe=""), secret[8:20]]

    def hits(self, text, but=()):
        text = text if isinstance(text, str) else text.decode("utf-8", "replace")
        return [name for name, secret in self.CANARIES.items() if name not in but
                for form in self.forms(secret) if form in text]

    def echoing(self, peer):
        """A provider that answers what it is told to, with the key it was shown in the text of its error."""
        request = peer.read_request()
        name = request.json["model"]
        words = f"Incorrect API key provided: {request.key}. See https://provider.example/keys"
        if name.isdigit():
            peer.answer(words, int(name), f"X-Debug: {request.key}\r\nSet-Cookie: k={request.key}\r\n")
        elif name == "garbage":
            peer.send(f"{request.key} nonsense\r\n\r\n".encode())
            peer.close()
        elif name == "bad-json":
            octets = ('{"id": "' + request.key).encode()
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(octets) + octets)
        elif name == "error-200":
            octets = json.dumps({"error": {"message": words}}).encode()
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(octets) + octets)
        elif name == "cut":
            peer.start_stream()
            peer.event("one")
            peer.close()
        elif name == "error-event":
            peer.start_stream()
            peer.event("one")
            # Behind the first event a provider's own words pass as they are; it refuses keys before that.
            peer.send(origin.chunk(b'data: {"error": {"message": "overloaded"}}\n\n'))
            peer.close()
        elif name == "silent":
            peer.hold()
        else:
            peer.answer("fine")

    def test_no_canary_anywhere(self):
        names = ["400", "401", "402", "403", "404", "408", "413", "422", "429", "500", "502", "503", "529", "302", "garbage",
                 "bad-json", "error-200", "cut", "error-event", "silent", "good"]
        c = self.CANARIES
        lab = self.origin(self.echoing)
        flags = []
        for name in names:  # an account each: a refused key shall not put the others last
            flags += ["--provider", f"p{name},protocol=chat,url=http://127.0.0.1:{lab.port}/v1,key=env:PROVIDER"]
            flags += model(name, f"p{name}:{name}")
        with tempfile.TemporaryDirectory() as directory:
            log = pathlib.Path(directory, "access")
            env = {"PROVIDER": c["provider key"], "OTHER": c["other key"]}
            flags += ["--access-log", str(log), "--log-level", "trace", "--key", "other=env:OTHER,models=none/*",
                      "--first-byte-timeout", "300ms", "--max-attempts", "2"]
            gateway = self.start(*flags, key=c["client key"], env=env)
            answers = self.provoke(gateway, names)
            gateway.signal(signal.SIGHUP)
            gateway.wait_for_log("reloaded")
            gateway.stop()
            printed = [subprocess.run(
                [Gateway.executable, "--no-env-providers", "--key", "app=env:CLIENT_KEY", *flags, *more],
                env={"CLIENT_KEY": c["client key"], "PATH": os.environ["PATH"], **env}, capture_output=True, timeout=8)
                for more in (["--print-config"], ["--check"], ["--print-routes", "good"], ["--bad-flag"])]
            with self.case(searched="process log"):
                self.assertEqual(self.hits(gateway.log), [])
            with self.case(searched="access log"):
                lines = log.read_text().splitlines()
                self.assertGreater(len(lines), len(names))
                self.assertEqual(self.hits("\n".join(lines)), [])
                for line in lines:
                    json.loads(line)
            for name, answer in answers:
                with self.case(searched="answer", to=name):
                    self.assertEqual(self.hits(answer.body, self.ALLOWED), [])
                    self.assertEqual(self.hits(json.dumps(answer.fields), self.ALLOWED), [])
            for one in printed:
                with self.case(searched="printed", arguments=one.args[-1]):
                    self.assertEqual(self.hits(one.stdout + one.stderr), [])
        # Upstream: nothing but the prompt, the user and its own key.
        for request in lab.requests:
            self.assertEqual(self.hits(request.head, {"provider key"}), [])
            self.assertEqual(self.hits(request.body, {"prompt", "user"}), [])

    def provoke(self, gateway, names):
        c = self.CANARIES
        fields = {"X-Custom": c["field"], "Cookie": f"session={c['cookie']}", "X-Forwarded-For": c["field"],
                  "User-Agent": c["field"]}
        more = {"text": c["prompt"], "user": c["user"], "fields": fields}
        answers = []
        for name in names:
            for stream in (False, True):
                for path in ("/v1/chat/completions", "/api/v1/chat/completions"):
                    answers.append((name, gateway.ask(name, stream, c["client key"], path, **more)))
        for key in (c["wrong key"], c["other key"]):
            answers.append(("refused key", gateway.ask("good", key=key, **more)))
        answers.append(("query", gateway.ask("good", key=c["client key"], path="/v1/chat/completions?key=" + c["query"], **more)))
        answers.append(("path", gateway.get("/v1/" + c["path"], c["client key"])))
        for octets in (b"{", b'{"model": "good", "messages": "' + c["prompt"].encode() + b'"}', c["prompt"].encode(),
                       b'{"messages": [{"role": "' + c["prompt"].encode() + b'"}]}'):
            with gateway.connect() as one:
                one.send_request("POST", "/v1/chat/completions", octets, c["client key"], fields)
                answers.append(("bad body", one.read_answer()))
        with gateway.connect() as one:
            one.send(f"POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nBad Field {c['field']}: x\r\n"
                     f"Authorization: Bearer {c['client key']}\r\n\r\n".encode())
            answers.append(("bad head", one.read_answer()))
        return answers


class Lines(case.GatewayCase):
    def test_user_data_cannot_start_a_new_line_or_member(self):
        # S-A5
        with tempfile.TemporaryDirectory() as directory:
            log = pathlib.Path(directory, "access")
            gateway = self.one(None, "--access-log", str(log))
            names = ['m"},{"key":"x', "m\nforged", "m\r\n{}", 'a\\', "\u2028x", "m\u0000", "\x1b[31m", "x" * 5000, "é" * 300]
            for name in names:
                gateway.ask(name)
            gateway.ask("m")
            text = until(lambda: log.read_text() if log.read_text().count('"status":200') else None, "the last line")
            gateway.stop()
            lines = log.read_bytes().split(b"\n")[:-1]
            self.assertEqual(len(lines), len(names) + 1, text[:2000])
            for line in lines:
                with self.case(line=line[:80]):
                    one = json.loads(line)
                    self.assertEqual(one["key"], "app")
                    self.assertNotIn(b"\x1b", line)


if __name__ == "__main__":
    case.main("access")
