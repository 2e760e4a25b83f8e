"""The simulated provider answers as documented: whole, streamed, limited, and with every fault it names.

Usage: sim_smoke.py <spillway-sim>. Standard library only; no fixed ports, no sleeps, no assertion about time.
"""

import base64
import gzip
import http.client
import json
import os
import re
import select
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import time
import unittest

SIM = None
KEY = "sk-upstream"
PATIENCE = 20


class Simulator:
    def __init__(self, *flags):
        self.process = subprocess.Popen([SIM, "--listen", "127.0.0.1:0", *flags], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.port = int(re.fullmatch(r"listening on 127\.0\.0\.1:(\d+)\n", line).group(1))

    def stop(self):
        self.process.terminate()
        status = self.process.wait()
        self.process.stdout.close()
        assert status == 0, status

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def ask(self, body=None, path="/v1/chat/completions", method=None, key=KEY):
        """One exchange on a connection of its own: (status, fields, body)."""
        client = self.connect()
        try:
            text = json.dumps(body) if isinstance(body, dict) else body
            client.request(method or ("POST" if body is not None else "GET"), path, text,
                           {"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
            answer = client.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            client.close()

    def stats(self):
        return json.loads(self.ask(path="/sim/stats")[2])

    def until(self, condition):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            stats = self.stats()
            if condition(stats):
                return stats
        raise AssertionError(f"never came true; last seen {stats}")

    def raw(self, model, stream=False, path="/v1/chat/completions"):
        """A socket on which the request has been sent and nothing read."""
        client = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        body = json.dumps(chat(model, stream=stream))
        client.sendall(f"POST {path} HTTP/1.1\r\nHost: sim\r\nAuthorization: Bearer {KEY}\r\n"
                       f"Content-Length: {len(body)}\r\n\r\n{body}".encode())
        return client


def chat(model="gpt-x", text="Hello there", **more):
    return {"model": model, "messages": [{"role": "user", "content": text}], **more}


def tool(name, **properties):
    return {"type": "function", "function": {"name": name, "parameters": {
        "type": "object", "properties": properties, "required": list(properties)}}}


def events_of(body):
    return [line[6:] for line in body.decode().split("\n") if line.startswith("data: ")]


def chunks_of(body):
    events = events_of(body)
    assert events[-1] == "[DONE]", events[-1]
    return [json.loads(event) for event in events[:-1]]


def read_all(client):
    """Everything until the end, and how it ended: "closed" or "reset"."""
    received = b""
    with client:
        while True:
            try:
                piece = client.recv(65536)
            except ConnectionResetError:
                return received, "reset"
            if not piece:
                return received, "closed"
            received += piece


class SimulatorCase(unittest.TestCase):
    flags = ("--key", KEY)

    @classmethod
    def setUpClass(cls):
        cls.sim = Simulator(*cls.flags)

    @classmethod
    def tearDownClass(cls):
        cls.sim.stop()

    def answer(self, body, **more):
        status, _, text = self.sim.ask(body, **more)
        self.assertEqual(status, 200, text)
        return json.loads(text)


class Answers(SimulatorCase):
    def test_text_echoes_the_last_user_message_with_consistent_usage(self):
        answer = self.answer(chat(text="How are you?"))
        self.assertEqual(answer["choices"][0]["message"]["content"], "Echo: How are you?")
        self.assertEqual(answer["choices"][0]["finish_reason"], "stop")
        usage = answer["usage"]
        self.assertEqual(usage["total_tokens"], usage["prompt_tokens"] + usage["completion_tokens"])
        self.assertEqual(usage["completion_tokens"], 5)  # 18 octets in pieces of four

    def test_stream_says_the_same_as_the_whole_answer(self):
        whole = self.answer(chat())
        status, fields, body = self.sim.ask(chat(stream=True, stream_options={"include_usage": True}))
        chunks = chunks_of(body)
        self.assertEqual((status, fields["content-type"]), (200, "text/event-stream; charset=utf-8"))
        text = "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in chunks if chunk["choices"])
        self.assertEqual(text, whole["choices"][0]["message"]["content"])
        self.assertEqual(chunks[-1]["choices"], [])
        self.assertEqual(chunks[-1]["usage"], whole["usage"])
        self.assertTrue(all(chunk["usage"] is None for chunk in chunks[:-1]))

    def test_stream_has_no_usage_unless_asked(self):
        chunks = chunks_of(self.sim.ask(chat(stream=True))[2])
        self.assertTrue(all("usage" not in chunk for chunk in chunks))
        self.assertEqual(chunks[-1]["choices"][0], {"index": 0, "delta": {}, "logprobs": None, "finish_reason": "stop"})

    def test_two_tools_are_called_in_parallel_with_arguments_of_their_schema(self):
        tools = [tool("add", a={"type": "integer"}, b={"type": "number"}), tool("say", what={"enum": ["hi", "ho"]})]
        choice = self.answer(chat(tools=tools))["choices"][0]
        calls = choice["message"]["tool_calls"]
        self.assertEqual([call["function"]["name"] for call in calls], ["add", "say"])
        self.assertEqual(json.loads(calls[0]["function"]["arguments"]), {"a": 1, "b": 1})
        self.assertEqual(json.loads(calls[1]["function"]["arguments"]), {"what": "hi"})
        self.assertEqual((choice["finish_reason"], choice["message"]["content"]), ("tool_calls", None))

    def test_tool_choice_and_parallel_switch_are_obeyed(self):
        tools = [tool("add"), tool("say")]
        named = self.answer(chat(tools=tools, tool_choice={"type": "function", "function": {"name": "say"}}))
        self.assertEqual([c["function"]["name"] for c in named["choices"][0]["message"]["tool_calls"]], ["say"])
        single = self.answer(chat(tools=tools, parallel_tool_calls=False))
        self.assertEqual(len(single["choices"][0]["message"]["tool_calls"]), 1)
        none = self.answer(chat(tools=tools, tool_choice="none"))
        self.assertNotIn("tool_calls", none["choices"][0]["message"])

    def test_streamed_tool_call_fragments_add_up(self):
        chunks = chunks_of(self.sim.ask(chat(stream=True, tools=[tool("add", a={"type": "integer"}), tool("b")]))[2])
        calls = {}
        for chunk in chunks:
            for part in chunk["choices"][0]["delta"].get("tool_calls", []):
                call = calls.setdefault(part["index"], {"name": "", "arguments": ""})
                for field, value in part["function"].items():
                    call[field] += value
        self.assertEqual(calls, {0: {"name": "add", "arguments": '{"a":1}'}, 1: {"name": "b", "arguments": "{}"}})

    def test_json_schema_answer_satisfies_the_schema(self):
        schema = {"type": "object", "properties": {"name": {"type": "string"}, "tags": {
            "type": "array", "items": {"$ref": "#/$defs/tag"}, "minItems": 2}},
            "$defs": {"tag": {"type": "string", "minLength": 9}}}
        answer = self.answer(chat(response_format={"type": "json_schema", "json_schema": {
            "name": "x", "schema": schema}}))
        said = json.loads(answer["choices"][0]["message"]["content"])
        self.assertIsInstance(said["name"], str)
        self.assertEqual([len(tag) for tag in said["tags"]], [9, 9])

    def test_images_are_acknowledged(self):
        parts = [{"type": "text", "text": "see"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,"}}]
        answer = self.answer({"model": "m", "messages": [{"role": "user", "content": parts}]})
        self.assertIn("1 image(s)", answer["choices"][0]["message"]["content"])

    def test_limits_and_stops_end_the_text(self):
        short = self.answer(chat(max_completion_tokens=2))["choices"][0]
        self.assertEqual((short["message"]["content"], short["finish_reason"]), ("Echo: He", "length"))
        stopped = self.answer(chat(stop=["there"]))["choices"][0]
        self.assertEqual((stopped["message"]["content"], stopped["finish_reason"]), ("Echo: Hello ", "stop"))

    def test_choices_and_logprobs_come_as_asked(self):
        answer = self.answer(chat(n=3, logprobs=True, top_logprobs=2))
        self.assertEqual([choice["index"] for choice in answer["choices"]], [0, 1, 2])
        tokens = answer["choices"][0]["logprobs"]["content"]
        self.assertEqual("".join(entry["token"] for entry in tokens), "Echo: Hello there")
        self.assertEqual(len(tokens[0]["top_logprobs"]), 2)

    def test_embeddings_are_the_same_numbers_in_both_encodings(self):
        ask = {"model": "e", "input": ["one", "two"], "dimensions": 8}
        plain = self.answer(ask, path="/v1/embeddings")
        packed = self.answer({**ask, "encoding_format": "base64"}, path="/v1/embeddings")
        for left, right in zip(plain["data"], packed["data"], strict=True):
            numbers = struct.unpack("<8f", base64.b64decode(right["embedding"]))
            for a, b in zip(left["embedding"], numbers, strict=True):
                self.assertAlmostEqual(a, b, places=6)
        self.assertNotEqual(plain["data"][0]["embedding"], plain["data"][1]["embedding"])

    def test_other_endpoints_and_prefixes_answer(self):
        self.assertEqual(self.answer(chat(), path="/openai/v1/chat/completions")["object"], "chat.completion")
        azure = {"messages": chat()["messages"]}
        answer = self.answer(azure, path="/openai/deployments/dep-1/chat/completions?api-version=2024-10-21")
        self.assertEqual(answer["model"], "dep-1")
        legacy = self.answer({"model": "m", "prompt": "hi"}, path="/v1/completions")
        self.assertEqual(legacy["choices"][0]["text"], "Echo: hi")
        self.assertEqual(self.answer(None, path="/v1/models")["object"], "list")
        self.assertEqual(self.sim.ask(path="/healthz")[2], b"ok\n")
        self.assertEqual(self.sim.ask(chat(), path="/v1/unknown")[0], 404)

    def test_wrong_requests_are_refused_like_the_original(self):
        cases = [
            ("{", None, None),
            ({"model": "m"}, "messages", "missing_required_parameter"),
            ({"model": "m", "messages": []}, "messages", "empty_array"),
            ({"model": "m", "messages": [{"role": "cat", "content": "x"}]}, "messages[0].role", "invalid_value"),
            (chat(temperature=3), "temperature", "integer_above_max_value"),
            (chat(stream_options={"include_usage": True}), "stream_options", None),
            (chat(tool_choice="required"), "tool_choice", None),
        ]
        for body, param, code in cases:
            status, _, text = self.sim.ask(body)
            error = json.loads(text)["error"]
            self.assertEqual((status, error["param"], error["code"]), (400, param, code), body)

    def test_unknown_key_is_401(self):
        status, _, text = self.sim.ask(chat(), key="sk-wrong-wrong-wrong")
        self.assertEqual((status, json.loads(text)["error"]["code"]), (401, "invalid_api_key"))

    def test_bench_stream_carries_the_monotonic_clock(self):
        before = time.monotonic_ns()
        chunks = chunks_of(self.sim.ask(chat("bench-sse.e5.p1ms", stream=True))[2])
        stamps = [int(re.match(r"t=(\d{20})", chunk["choices"][0]["delta"]["content"]).group(1))
                  for chunk in chunks[:-1]]
        self.assertEqual(len(stamps), 5)
        self.assertEqual(stamps, sorted(stamps))
        self.assertTrue(before <= stamps[0] and stamps[-1] <= time.monotonic_ns())

    def test_chunked_request_body_is_read(self):
        client = self.sim.connect()
        text = json.dumps(chat()).encode()
        client.request("POST", "/v1/chat/completions", iter([text[:20], text[20:]]),
                       {"Authorization": f"Bearer {KEY}"}, encode_chunked=True)
        self.assertEqual(client.getresponse().status, 200)
        client.close()

    def test_a_client_that_leaves_a_silent_stream_is_noticed(self):
        before = self.sim.stats()["aborted"]
        client = self.sim.raw("bench-sse.e9.p1h", stream=True)
        self.assertTrue(client.recv(15).startswith(b"HTTP/1.1 200"))
        client.close()
        self.sim.until(lambda stats: stats["aborted"] == before + 1 and stats["open_connections"] == 1)


class Strict(SimulatorCase):
    flags = ("--key", KEY, "--strict", "--client-model", "bench/json")

    def test_only_replaced_names_and_keys_pass(self):
        self.assertEqual(self.sim.ask(chat("bench-json"))[0], 200)
        self.assertEqual(self.sim.ask(chat("other"))[0], 200)
        self.assertEqual(self.sim.ask(chat("bench/json"))[0], 400)
        self.assertEqual(self.sim.ask(chat("bench-json"), key="sk-client")[0], 400)


class Limits(SimulatorCase):
    flags = ("--key", KEY, "--rpm", "2")

    def test_the_third_request_is_refused_with_a_pause(self):
        first = self.sim.ask(chat())
        self.assertEqual((first[0], first[1]["x-ratelimit-limit-requests"]), (200, "2"))
        self.assertEqual(first[1]["x-ratelimit-remaining-requests"], "1")
        self.assertEqual(self.sim.ask(chat())[0], 200)
        status, fields, text = self.sim.ask(chat())
        self.assertEqual((status, json.loads(text)["error"]["type"]), (429, "requests"))
        self.assertRegex(fields["x-ratelimit-reset-requests"], r"^(\d+m)?[\d.]+s$")
        self.assertLessEqual(int(fields["retry-after-ms"]), 1000 * int(fields["retry-after"]))


class Log(unittest.TestCase):
    def test_every_request_is_told_with_its_tokens(self):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "log")
            sim = Simulator("--log", path, "--record-bodies", directory)
            try:
                answer = json.loads(sim.ask(chat())[2])
                sim.ask(chat("m.fault-503"))
            finally:
                sim.stop()
            with open(path, encoding="utf-8") as file:
                first, second = (json.loads(line) for line in file)
            self.assertEqual(first["completion_tokens"], answer["usage"]["completion_tokens"])
            self.assertEqual((first["status"], first["model"], first["aborted"]), (200, "gpt-x", False))
            self.assertEqual((second["status"], second["fault"], second["completion_tokens"]), (503, "503", 0))
            with open(os.path.join(directory, first["request_id"][4:] + ".json"), encoding="utf-8") as file:
                self.assertEqual(json.load(file), chat())


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
    def test_every_fault_is_in_the_manual(self):
        listed = subprocess.run([SIM, "--help-faults"], capture_output=True, text=True, check=True).stdout
        names = [re.match(r"[a-z0-9-]+", line).group(0) for line in listed.splitlines()[1:]]
        manual = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "bench", "README.md")
        with open(manual, encoding="utf-8") as file:
            text = file.read()
        self.assertEqual([name for name in names if f"`{name}`" not in text], [])
        self.assertGreater(len(names), 30)


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.files = [os.path.join(cls.directory.name, name) for name in ("cert.pem", "key.pem")]
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                        "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-out", cls.files[0], "-keyout", cls.files[1]], check=True, capture_output=True)

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def with_sim(self, *more):
        sim = Simulator("--tls-cert", self.files[0], "--tls-key", self.files[1], *more)
        self.addCleanup(sim.stop)
        return sim

    def context(self):
        return ssl.create_default_context(cafile=self.files[0])

    def test_answers_over_tls(self):
        client = http.client.HTTPSConnection("127.0.0.1", self.with_sim().port, timeout=PATIENCE,
                                             context=self.context())
        client.request("POST", "/v1/chat/completions", json.dumps(chat("bench-sse.e3.p1ms", stream=True)))
        self.assertEqual(len(events_of(client.getresponse().read())), 5)
        client.close()

    def test_broken_handshakes(self):
        for fault in ("plain", "alert"):
            sim = self.with_sim("--tls-fault", fault)
            with socket.create_connection(("127.0.0.1", sim.port), PATIENCE) as plain, self.assertRaises(OSError):
                self.context().wrap_socket(plain, server_hostname="127.0.0.1")


if __name__ == "__main__":
    SIM = sys.argv.pop(1)
    unittest.main()
