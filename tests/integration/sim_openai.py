"""The simulated provider speaks OpenAI's protocol: whole, streamed, limited, logged.

Usage: sim_openai.py <spillway-sim>. Standard library only; no fixed ports, no sleeps, no assertion about time.
"""

import base64
import json
import os
import re
import struct
import tempfile
import time
import unittest

from simulator import KEY, Simulator, SimulatorCase, chat, chunks_of, main, tool


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

    def test_documents_are_ranked_texts_moderated_and_images_made(self):
        ask = {"model": "r", "query": "one", "documents": ["two", {"text": "one"}, "three"], "top_n": 2}
        ranked = self.answer(ask, path="/v1/rerank")
        self.assertEqual([one["index"] for one in ranked["results"]][0], 1)
        self.assertEqual(ranked["results"][0]["document"], {"text": "one"})
        self.assertEqual(len(ranked["results"]), 2)
        self.assertGreater(ranked["usage"]["total_tokens"], 3)
        plain = self.answer({**ask, "return_documents": False}, path="/v1/rerank")
        self.assertNotIn("document", plain["results"][0])
        verdicts = self.answer({"input": ["kind", "a flag"]}, path="/v1/moderations")["results"]
        self.assertEqual([one["flagged"] for one in verdicts], [False, True])
        images = self.answer({"model": "i", "prompt": "x", "n": 2}, path="/v1/images/generations")
        self.assertTrue(all(base64.b64decode(one["b64_json"]).startswith(b"\x89PNG") for one in images["data"]))
        for path, wrong in (("rerank", {**ask, "documents": []}), ("rerank", {**ask, "top_n": 0}), ("moderations", {}),
                            ("images/generations", {"prompt": "x", "n": 11})):
            self.assertEqual(self.sim.ask(wrong, path="/v1/" + path)[0], 400)

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


if __name__ == "__main__":
    main()
