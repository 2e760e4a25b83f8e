"""The simulated provider speaks Cohere's protocol.

Usage: sim_cohere.py <spillway-sim>. Standard library only; no fixed ports, no sleeps, no assertion about time.
"""

import base64
import json
import struct

from simulator import KEY, SimulatorCase, main

FIELDS = {"Authorization": f"Bearer {KEY}"}
WEATHER = {"type": "function", "function": {"name": "weather", "parameters": {
    "type": "object", "properties": {"city": {"type": "string"}}}}}
CLOCK = {"type": "function", "function": {"name": "clock"}}


def ask(model="command-x", text="Hello, wörld", **more):
    return {"model": model, "messages": [{"role": "user", "content": text}], **more}


class CohereCase(SimulatorCase):
    def send(self, body, path="/v2/chat", fields=None):
        return self.sim.post(path, body, FIELDS if fields is None else fields)

    def whole(self, body, path="/v2/chat"):
        status, _, text = self.send(body, path)
        self.assertEqual(status, 200, text)
        return json.loads(text)

    def events(self, body, end="data: [DONE]\n\n"):
        status, fields, text = self.send({**body, "stream": True})
        self.assertEqual((status, fields["content-type"]), (200, "text/event-stream"), text)
        text = text.decode()
        self.assertTrue(text.endswith(end))
        events = []
        for frame in text.removesuffix(end).split("\n\n")[:-1]:
            name, data = frame.split("\n")
            events.append(json.loads(data.removeprefix("data: ")))
            self.assertEqual(name, "event: " + events[-1]["type"])
        return events

    def assert_refused(self, body, words, status=400, **more):
        seen, _, text = self.send(body, **more)
        self.assertEqual(seen, status, text)
        self.assertIn(words, json.loads(text)["message"])


def assemble(events):
    message, end = {"role": "assistant"}, None
    for event in events:
        inner = event.get("delta", {}).get("message", {})
        match event["type"]:
            case "tool-plan-delta":
                message["tool_plan"] = message.get("tool_plan", "") + inner["tool_plan"]
            case "content-start":
                message.setdefault("content", []).append(inner["content"])
            case "content-delta":
                (name, piece), = inner["content"].items()
                message["content"][event["index"]][name] += piece
            case "tool-call-start":
                message.setdefault("tool_calls", []).append(inner["tool_calls"])
            case "tool-call-delta":
                message["tool_calls"][event["index"]]["function"]["arguments"] += inner["tool_calls"]["function"]["arguments"]
            case "citation-start":
                message.setdefault("citations", []).append(inner["citations"])
            case "message-end":
                end = event["delta"]
    for call in message.get("tool_calls", []):
        call["id"] = call["id"][-1]
    return message, end


class Answers(CohereCase):
    def test_text_is_echoed_with_usage(self):
        answer = self.whole(ask())
        self.assertEqual(answer["message"]["content"], [{"type": "text", "text": "Echo: Hello, wörld"}])
        self.assertEqual((answer["finish_reason"], answer["usage"]["tokens"]["output_tokens"]), ("COMPLETE", 5))

    def test_a_stream_adds_up_to_the_whole_answer(self):
        bodies = [ask("c" + word) for word in ("", "+think", "+redact", "+cite+utf8", "+refuse", "+length", "+cached=4")]
        bodies += [ask("c" + word, tools=[WEATHER, CLOCK]) for word in ("", "+preamble+tools3", "+think")]
        for body in bodies:
            with self.subTest(model=body["model"]):
                whole = self.whole(body)
                for call in whole["message"].get("tool_calls", []):
                    call["id"] = call["id"][-1]
                message, end = assemble(self.events(body))
                self.assertEqual(message, whole["message"])
                self.assertEqual(end, {"finish_reason": whole["finish_reason"], "usage": whole["usage"]})

    def test_a_text_before_calls_is_a_plan(self):
        message = self.whole(ask("c+preamble", tools=[WEATHER]))["message"]
        self.assertEqual((message["tool_plan"], "content" in message), ("I will use a tool.", False))
        turns = [*ask()["messages"], message, {"role": "tool", "tool_call_id": message["tool_calls"][0]["id"], "content": [
            {"type": "document", "document": {"data": {"content": "sunny"}}}]}]
        self.assertEqual(self.whole(ask(messages=turns, tools=[WEATHER]))["finish_reason"], "COMPLETE")

    def test_a_schema_is_satisfied(self):
        schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
        answer = self.whole(ask(response_format={"type": "json_object", "json_schema": schema}))
        self.assertEqual(json.loads(answer["message"]["content"][0]["text"]), {"n": 1})

    def test_vectors_rankings_and_models(self):
        body = {"model": "e", "texts": ["one", "two"], "input_type": "search_query", "output_dimension": 8,
                "embedding_types": ["float", "base64"]}
        vectors = self.whole(body, "/v2/embed")["embeddings"]
        packed = struct.unpack("<8f", base64.b64decode(vectors["base64"][1]))
        for left, right in zip(vectors["float"][1], packed, strict=True):
            self.assertAlmostEqual(left, right, places=6)
        ranked = self.whole({"model": "r", "query": "two", "documents": ["one", "two"], "top_n": 1}, "/v2/rerank")
        self.assertEqual(ranked["results"][0]["index"], 1)
        self.assertAlmostEqual(ranked["results"][0]["relevance_score"], 1)
        for path, fields in (("/cohere/v1/models", FIELDS), ("/v1/models", {**FIELDS, "X-Fern-SDK-Name": "cohere"})):
            self.assertEqual(json.loads(self.send(None, path, fields)[2])["models"][0]["name"], "sim-echo")


class Refusals(CohereCase):
    def test_requests(self):
        call = {"role": "assistant", "tool_calls": [{"id": "a", "type": "function", "function": {
            "name": "f", "arguments": "{}"}}]}
        hi = {"role": "user", "content": "x"}
        as_json = {"type": "json_object"}
        cases = [
            (ask(messages=[]), "must not be empty"),
            (ask(messages=[{"role": "developer", "content": "x"}]), "no role"),
            (ask(text=""), "non-empty content"),
            (ask(messages=[hi, call, hi]), "missing tool result"),
            (ask(messages=[hi, {"role": "tool", "tool_call_id": "z", "content": "x"}]), "preceding tool call"),
            (ask(messages=[hi, {"role": "assistant", "content": "x"}]), "last message"),
            (ask(temperature=1.5), "temperature"),
            (ask(p=1.0), "p must be between"),
            (ask(stop_sequences=list("abcdef")), "more than 5"),
            (ask(tools=[WEATHER], tool_choice="auto"), "REQUIRED or NONE"),
            (ask(tools=[WEATHER], response_format=as_json), "not supported with tools"),
        ]
        for body, words in cases:
            with self.subTest(words=words):
                self.assert_refused(body, words)
        self.assert_refused(ask(top_p=0.5), "top_p", 422)
        self.assert_refused({"model": "e", "texts": ["x"]}, "input_type", path="/v2/embed")
        self.assert_refused(ask(), "invalid api token", 401, fields={"Authorization": "Bearer other"})
        self.assert_refused(ask(), "no api key", 401, fields={})


class Faults(CohereCase):
    def test_faults_in_coheres_words(self):
        self.assert_refused(ask("c.fault-429"), "calls / minute".replace("calls", "API calls"), 429)
        self.assert_refused(ask("c.fault-quota-429"), "month", 429)
        self.assertEqual(json.loads(self.send(ask("c.fault-context-length"))[2])["error_type"], "TOO_MANY_TOKENS")
        events = self.events(ask("c.fault-error-mid-stream=3"), end="")
        self.assertEqual((len(events), events[-1]["delta"]["finish_reason"]), (4, "ERROR"))
        self.assertEqual(self.events(ask("c.fault-no-done"), end="")[-1]["type"], "content-end")


if __name__ == "__main__":
    main()
