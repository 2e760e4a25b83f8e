"""The simulated provider speaks Ollama's own protocol.

Usage: sim_ollama.py <spillway-sim>. Standard library only; no fixed ports, no sleeps, no assertion about time.
"""

import json

from simulator import KEY, SimulatorCase, main

WEATHER = {"type": "function", "function": {"name": "weather", "parameters": {
    "type": "object", "properties": {"city": {"type": "string"}}}}}
CLOCK = {"type": "function", "function": {"name": "clock"}}


def ask(model="llama", text="Hello, wörld", **more):
    return {"model": model, "messages": [{"role": "user", "content": text}], **more}


class OllamaCase(SimulatorCase):
    flags = ()

    def send(self, body, path="/api/chat"):
        return self.sim.post(path, body)

    def whole(self, body, path="/api/chat"):
        status, _, text = self.send({**body, "stream": False}, path)
        self.assertEqual(status, 200, text)
        return json.loads(text)

    def lines(self, body, path="/api/chat"):
        status, fields, text = self.send(body, path)
        self.assertEqual((status, fields["content-type"]), (200, "application/x-ndjson"), text)
        return [json.loads(line) for line in text.decode().splitlines()]

    def assert_refused(self, body, words, **more):
        status, _, text = self.send(body, **more)
        self.assertEqual(status, 400, text)
        self.assertIn(words, json.loads(text)["error"])


class Answers(OllamaCase):
    def test_streaming_is_the_default_and_adds_up(self):
        bodies = [ask("o" + word) for word in ("", "+think", "+utf8", "+refuse", "+length", "+cached=4")]
        bodies += [ask("o" + word, tools=[WEATHER, CLOCK]) for word in ("", "+preamble+tools3")]
        for body in bodies:
            with self.subTest(model=body["model"]):
                whole, lines = self.whole(body), self.lines(body)
                self.assertEqual([line["done"] for line in lines], [False] * (len(lines) - 1) + [True])
                message = {"role": "assistant", "content": "".join(line["message"]["content"] for line in lines)}
                if thought := "".join(line["message"].get("thinking", "") for line in lines):
                    message["thinking"] = thought
                if calls := [call for line in lines for call in line["message"].get("tool_calls", [])]:
                    message["tool_calls"] = calls
                for call in message.get("tool_calls", []) + whole["message"].get("tool_calls", []):
                    call["id"] = call["id"][-1]
                self.assertEqual(message, whole["message"])
                for name in ("done_reason", "prompt_eval_count", "eval_count", "total_duration"):
                    self.assertEqual(lines[-1][name], whole[name])

    def test_thinking_and_tools_as_asked(self):
        self.assertIn("Hello", self.whole(ask(think=True))["message"]["thinking"])
        calls = self.whole(ask(tools=[WEATHER]))["message"]["tool_calls"]
        self.assertEqual(calls[0]["function"]["arguments"], {"city": "value"})
        turns = [*ask()["messages"], {"role": "assistant", "content": "", "tool_calls": calls},
                 {"role": "tool", "tool_name": "weather", "content": "sunny"}]
        self.assertNotIn("tool_calls", self.whole(ask(messages=turns, tools=[WEATHER]))["message"])

    def test_a_fully_cached_prompt_is_not_counted(self):
        self.assertNotIn("prompt_eval_count", self.whole(ask("o+cached=100000")))

    def test_generation_formats_and_options(self):
        answer = self.whole({"model": "o", "prompt": "hi", "system": "Be brief."}, "/api/generate")
        self.assertEqual((answer["response"], answer["done_reason"]), ("Echo: hi", "stop"))
        streamed = self.lines({"model": "o", "prompt": "hi"}, "/api/generate")
        self.assertEqual("".join(line["response"] for line in streamed), "Echo: hi")
        schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
        self.assertEqual(json.loads(self.whole(ask(format=schema))["message"]["content"]), {"n": 1})
        self.assertEqual(self.whole(ask(options={"num_predict": 2}))["done_reason"], "length")

    def test_vectors_models_and_version(self):
        answer = self.whole({"model": "e", "input": ["one", "two"], "dimensions": 8}, "/api/embed")
        self.assertEqual([len(vector) for vector in answer["embeddings"]], [8, 8])
        self.assertEqual(json.loads(self.send(None, "/api/tags")[2])["models"][0]["name"], "sim-echo")
        self.assertIn("version", json.loads(self.send(None, "/api/version")[2]))
        self.assertIn("tools", self.whole({"model": "m"}, "/api/show")["capabilities"])


class Refusals(OllamaCase):
    def test_requests(self):
        hi = {"role": "user", "content": "x"}
        call = {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]}
        cases = [
            ({"messages": [hi]}, "model is required"),
            (ask(messages=[{"role": "developer", "content": "x"}]), "invalid role"),
            (ask(text=[{"type": "text", "text": "x"}]), "cannot unmarshal array"),
            (ask(messages=[{**hi, "images": ["data:image/png;base64,AAAA"]}]), "illegal base64"),
            (ask(messages=[hi, call]), "cannot unmarshal string"),
            (ask(format="yaml"), "invalid format"),
            (ask(think="maybe"), "invalid think value"),
            (ask(options={"stop": "x"}), "must be of type array"),
        ]
        for body, words in cases:
            with self.subTest(words=words):
                self.assert_refused(body, words)


class Faults(OllamaCase):
    def test_faults_in_ollamas_words(self):
        for status in (404, 500, 503):
            seen, _, text = self.send(ask(f"o.fault-{status}"))
            self.assertEqual((seen, list(json.loads(text))), (status, ["error"]))
        lines = self.lines(ask("o.fault-error-mid-stream=2"))
        self.assertEqual((len(lines), list(lines[-1])), (3, ["error"]))
        self.assertFalse(self.lines(ask("o.fault-no-done"))[-1]["done"])


class Cloud(OllamaCase):
    flags = ("--key", KEY)

    def test_a_key_is_asked_for_when_there_is_one(self):
        self.assertEqual(self.send(ask())[0], 401)
        self.assertEqual(self.sim.ask(ask(), path="/api/chat")[0], 200)


if __name__ == "__main__":
    main()
