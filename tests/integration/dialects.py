"""Every client dialect against every upstream protocol, 49 pairs, through the real gateway to the simulated provider:
the words, the calls and the usage that arrive are those that were sent.

Usage: dialects.py <spillway> <spillway-sim>. Standard library only; no fixed ports, no sleeps, no assertion about time.
"""

import base64
import http.client
import json
import os
import unittest

import case
import gateway
from sim_coherence import TEXT, requests, usage_of
from sim_converse import frames_of as event_frames

BASES = {"chat": "/v1", "responses": "/v1", "messages": "/v1", "gemini": "/v1beta", "converse": "", "cohere": "/v2",
         "ollama": ""}
WORDS = ("text", "two", "long")
MODELS = {"text": "echo+tools0+utf8", "two": "m+tools2", "long": "m+length+tools0"}


def text_of(name, answer):
    """The words of a whole answer."""
    match name:
        case "openai":
            return answer["choices"][0]["message"]["content"] or ""
        case "responses":
            return "".join(part["text"] for item in answer["output"] if item["type"] == "message" for part in item["content"])
        case "messages":
            return "".join(block["text"] for block in answer["content"] if block["type"] == "text")
        case "gemini":
            return "".join(part.get("text", "") for part in answer["candidates"][0]["content"]["parts"])
        case "converse":
            return "".join(block.get("text", "") for block in answer["output"]["message"]["content"])
        case "cohere":
            return "".join(part["text"] for part in answer["message"].get("content") or [] if part["type"] == "text")
        case "ollama":
            return answer["message"]["content"]


def calls_of(name, answer):
    """(name, arguments) of the calls of a whole answer."""
    match name:
        case "openai":
            return [(call["function"]["name"], json.loads(call["function"]["arguments"]))
                    for call in answer["choices"][0]["message"].get("tool_calls") or []]
        case "responses":
            return [(item["name"], json.loads(item["arguments"])) for item in answer["output"]
                    if item["type"] == "function_call"]
        case "messages":
            return [(block["name"], block["input"]) for block in answer["content"] if block["type"] == "tool_use"]
        case "gemini":
            return [(part["functionCall"]["name"], part["functionCall"].get("args", {}))
                    for part in answer["candidates"][0]["content"]["parts"] if "functionCall" in part]
        case "converse":
            return [(block["toolUse"]["name"], block["toolUse"]["input"])
                    for block in answer["output"]["message"]["content"] if "toolUse" in block]
        case "cohere":
            return [(call["function"]["name"], json.loads(call["function"]["arguments"]))
                    for call in answer["message"].get("tool_calls") or []]
        case "ollama":
            return [(call["function"]["name"], call["function"]["arguments"])
                    for call in answer["message"].get("tool_calls") or []]


FINISH = {
    "openai": lambda answer: answer["choices"][0]["finish_reason"],
    "responses": lambda answer: (answer.get("incomplete_details") or {}).get("reason", answer["status"]),
    "messages": lambda answer: answer["stop_reason"],
    "gemini": lambda answer: answer["candidates"][0]["finishReason"],
    "converse": lambda answer: answer["stopReason"],
    "cohere": lambda answer: answer["finish_reason"],
    "ollama": lambda answer: answer["done_reason"],
}
CUT_SHORT = {"openai": "length", "responses": "max_output_tokens", "messages": "max_tokens", "gemini": "MAX_TOKENS",
             "converse": "max_tokens", "cohere": "MAX_TOKENS", "ollama": "length"}


def events_of(body):
    """The data of server-sent events."""
    return [line[5:].strip() for line in body.decode().replace("\r\n", "\n").split("\n") if line.startswith("data:")]


def streamed_text(name, body):
    """(words, whether the terminal marker came) of a stream."""
    if name == "ollama":
        lines = [json.loads(line) for line in body.splitlines()]
        return "".join(line["message"]["content"] for line in lines), lines[-1]["done"]
    if name == "converse":
        frames = [(headers[":event-type"], payload) for headers, payload in event_frames(body)]
        words = "".join(payload["delta"].get("text", "") for kind, payload in frames if kind == "contentBlockDelta")
        return words, frames[-1][0] == "metadata"
    datas = events_of(body)
    events = [json.loads(data) for data in datas if data != "[DONE]"]
    match name:
        case "openai":
            return ("".join(choice["delta"].get("content") or "" for event in events for choice in event["choices"]),
                    datas[-1] == "[DONE]")
        case "responses":
            return ("".join(event["delta"] for event in events if event["type"] == "response.output_text.delta"),
                    events[-1]["type"] in ("response.completed", "response.incomplete"))
        case "messages":
            return ("".join(event["delta"].get("text", "") for event in events if event["type"] == "content_block_delta"),
                    events[-1]["type"] == "message_stop")
        case "gemini":
            words = "".join(part.get("text", "") for event in events
                            for part in event["candidates"][0].get("content", {}).get("parts", []))
            return words, "finishReason" in events[-1]["candidates"][0]
        case "cohere":
            words = "".join(event["delta"]["message"]["content"]["text"] for event in events
                            if event["type"] == "content-delta")
            return words, events[-1]["type"] == "message-end"


def streamed(name, path, body):
    """The same request for a stream."""
    if name == "gemini":
        return path.replace(":generateContent", ":streamGenerateContent") + "?alt=sse", body
    if name == "converse":
        return path + "-stream", body
    return path, {**body, "stream": True}


class Pairs(case.GatewayCase):
    def setUp(self):
        self.sim = self.simulator()
        flags = []
        for protocol, base in BASES.items():
            flags += ["--provider", f"up-{protocol},protocol={protocol},url=http://127.0.0.1:{self.sim.port}{base},"
                                    f"key=env:UPSTREAM_KEY"]
            for word in WORDS:
                flags += ["--model", f"{word}/{protocol}=up-{protocol}:{MODELS[word]}"]
        self.gateway = self.start(*flags, key=None, env={})

    def post(self, path, body, fields):
        link = http.client.HTTPConnection("127.0.0.1", self.gateway.port, timeout=gateway.PATIENCE)
        try:
            link.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **fields})
            answer = link.getresponse()
            return answer.status, answer.getheader("Content-Type"), answer.read()
        finally:
            link.close()

    def for_all_pairs(self, word, check):
        """check(client's name, path, fields, body of the request) for each, as a case of its own."""
        for protocol in BASES:
            for name, path, fields, body in requests(f"{word}/{protocol}"):
                with self.case(client=name, upstream=protocol):
                    check(name, path, fields, body)

    def whole(self, path, fields, body):
        status, kind, text = self.post(path, body, fields)
        self.assertEqual(status, 200, text)
        self.assertTrue(kind.startswith("application/json"), kind)
        return json.loads(text)

    def test_words_and_usage_of_whole_answers(self):
        told = set()

        def check(name, path, fields, body):
            answer = self.whole(path, fields, body)
            self.assertIn(TEXT, text_of(name, answer))
            prompt, _, completion, _ = usage_of(name, answer)
            told.add((prompt, completion))

        self.for_all_pairs("text", check)
        self.assertEqual(len(told), 1, told)

    def test_words_of_streams(self):
        def check(name, path, fields, body):
            status, _, octets = self.post(*streamed(name, path, body), fields)
            self.assertEqual(status, 200, octets)
            words, is_complete = streamed_text(name, octets)
            self.assertIn(TEXT, words)
            self.assertTrue(is_complete, octets[-300:])

        self.for_all_pairs("text", check)

    def test_tokens_are_counted_for_every_provider(self):
        for protocol in BASES:
            for path, counted in (("/v1/messages/count_tokens", "input_tokens"),
                                  (f"/v1beta/models/text/{protocol}:countTokens", "totalTokens")):
                with self.case(path=path, upstream=protocol):
                    parts = {"contents": [{"role": "user", "parts": [{"text": TEXT}]}]}
                    turns = {"model": f"text/{protocol}", "messages": [{"role": "user", "content": TEXT}]}
                    answer = self.whole(path, {}, parts if counted == "totalTokens" else turns)
                    self.assertGreater(answer[counted], 3)

    def test_each_client_lists_models_in_its_own_form(self):
        forms = [("/v1/models", {}, "object"), ("/v1/models", {"anthropic-version": "2023-06-01"}, "first_id"),
                 ("/v1/models", {"x-goog-api-key": "k"}, "models"), ("/v1beta/models", {}, "models"),
                 ("/api/v1/models", {}, "total_count"), ("/api/tags", {}, "models")]
        for path, fields, member in forms:
            with self.case(path=path, fields=fields):
                link = http.client.HTTPConnection("127.0.0.1", self.gateway.port, timeout=gateway.PATIENCE)
                self.addCleanup(link.close)
                link.request("GET", path, headers=fields)
                self.assertIn(member, json.loads(link.getresponse().read()))

    def test_a_missing_model_is_told_in_the_clients_words(self):
        nested = ("openai", "responses", "messages", "gemini")
        for name, path, fields, body in requests("no-such-model"):
            with self.case(client=name):
                status, _, text = self.post(path, body, fields)
                self.assertEqual(status, 404, text)
                told = json.loads(text)
                words = told["error"]["message"] if name in nested else told.get("message") or told["error"]
                self.assertIn("no-such-model", words)

    def test_generate_is_a_chat_for_every_provider(self):
        for protocol in BASES:
            with self.case(upstream=protocol):
                body = {"model": f"text/{protocol}", "prompt": TEXT}
                self.assertIn(TEXT, self.whole("/api/generate", {}, {**body, "stream": False})["response"])
                status, _, octets = self.post("/api/generate", body, {})
                lines = [json.loads(line) for line in octets.splitlines()]
                self.assertEqual((status, lines[-1]["done"]), (200, True))
                self.assertIn(TEXT, "".join(line["response"] for line in lines))

    @unittest.skipIf("ASAN_OPTIONS" in os.environ, "a sanitizer keeps memory of its own")
    def test_a_large_image_costs_at_most_twice_its_size(self):
        image = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(12 << 20)).decode()
        parts = [{"type": "text", "text": TEXT},
                 {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{image}"}}]
        for protocol in BASES:
            with self.case(upstream=protocol):
                if protocol != "chat":  # memory that one used before another hides what it costs
                    self.setUp()
                before = self.gateway.most_resident_octets()
                body = {"model": f"text/{protocol}", "max_tokens": 99, "messages": [{"role": "user", "content": parts}]}
                self.assertIn(TEXT, text_of("openai", self.whole("/v1/chat/completions", {}, body)))
                self.assertLess(self.gateway.most_resident_octets() - before, 2 * len(image))

    def test_parallel_calls(self):
        def check(name, path, fields, body):
            calls = calls_of(name, self.whole(path, fields, body))
            self.assertEqual([called for called, _ in calls], ["weather", "weather"])
            for _, arguments in calls:
                self.assertIsInstance(arguments, dict)

        self.for_all_pairs("two", check)

    def test_an_answer_cut_short_by_its_limit_says_so(self):
        self.for_all_pairs("long", lambda name, path, fields, body: self.assertEqual(
            FINISH[name](self.whole(path, fields, body)), CUT_SHORT[name]))


class Signed(case.GatewayCase):
    """Requests to Amazon are signed; the simulator verifies."""

    def ask(self, secret):
        sim = self.simulator("--aws-key", "AKIDGATEWAY:wJalrGatewaySecret")
        made = self.start(
            "--provider", f"aws,protocol=converse,url=http://127.0.0.1:{sim.port},region=eu-west-1,"
                          "access-key-id=env:AWS_ID,secret-access-key=env:AWS_SECRET",
            "--model", "claude=aws:anthropic.claude-v1:0+tools0", key=None,
            env={"AWS_ID": "AKIDGATEWAY", "AWS_SECRET": secret})
        return made.ask("claude")

    def test_a_good_signature_opens(self):
        self.assertEqual(self.ask("wJalrGatewaySecret").status, 200)

    def test_a_wrong_secret_is_told_and_not_shown(self):
        answer = self.ask("wJalrOtherSecret")
        self.assertEqual(answer.status, 502, answer.body)
        self.assertNotIn(b"wJalrOtherSecret", answer.body)


if __name__ == "__main__":
    case.main("dialects")
