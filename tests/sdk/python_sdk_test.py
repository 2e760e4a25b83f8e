"""The official Python client against the gateway. run.py sets the environment; see README.md."""
import json
import os
import time
import unittest
import urllib.request

import openai
from openai import OpenAI

URL = os.environ["SPILLWAY_URL"]
KEY = os.environ["SPILLWAY_CLIENT_KEY"]
SIMULATOR = os.environ["SPILLWAY_SIMULATOR_URL"]
IS_OPENROUTER = URL.endswith("/api/v1")
MODEL = "sim/echo"
ANSWERING = MODEL if IS_OPENROUTER else "sim-echo"  # on /v1 an answer is the provider's, octet by octet
DEADLINE = 10.0

PIXEL = ("data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
         "rkJggg==")
HELLO = [{"role": "user", "content": "Hello, wörld"}]


def function(name, argument):
    parameters = {"type": "object", "properties": {argument: {"type": "string"}}, "required": [argument],
                  "additionalProperties": False}
    return {"type": "function", "function": {"name": name, "parameters": parameters}}


WEATHER, CLOCK = function("weather", "city"), function("clock", "zone")


def client(key=KEY):
    return OpenAI(base_url=URL, api_key=key, max_retries=0, timeout=DEADLINE)


def simulator_stats():
    with urllib.request.urlopen(SIMULATOR + "/sim/stats") as answer:
        return json.load(answer)


class Case(unittest.TestCase):
    def setUp(self):
        self.client = client()
        self.addCleanup(self.client.close)

    def chat(self, **more):
        return self.client.chat.completions.create(**{"model": MODEL, "messages": HELLO, **more})

    def assert_usage(self, usage):
        self.assertGreater(usage.prompt_tokens, 0)
        self.assertGreater(usage.completion_tokens, 0)
        self.assertEqual(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens)
        if IS_OPENROUTER:
            self.assertGreater(usage.cost, 0)


class Chat(Case):
    def test_whole_answer(self):
        answer = self.chat()
        self.assertEqual("Echo: Hello, wörld", answer.choices[0].message.content)
        self.assertEqual("stop", answer.choices[0].finish_reason)
        self.assertEqual("assistant", answer.choices[0].message.role)
        self.assert_usage(answer.usage)

    def test_model_is_the_slug_or_the_name_at_the_provider(self):
        self.assertEqual(ANSWERING, self.chat().model)
        self.assertEqual({ANSWERING}, {chunk.model for chunk in self.chat(stream=True)})

    def test_stream_carries_the_same_text(self):
        text, reasons = "", []
        for chunk in self.chat(stream=True):
            for choice in chunk.choices:
                text += choice.delta.content or ""
                reasons += [choice.finish_reason] if choice.finish_reason else []
        self.assertEqual("Echo: Hello, wörld", text)
        # OpenRouter says it once more in the chunk that carries the usage.
        self.assertEqual(["stop"] * (2 if IS_OPENROUTER else 1), reasons)

    def test_stream_with_usage_ends_with_it(self):
        chunks = list(self.chat(stream=True, stream_options={"include_usage": True}))
        self.assert_usage(chunks[-1].usage)
        self.assertEqual(1, sum(chunk.usage is not None for chunk in chunks))

    def test_stream_without_usage(self):
        chunks = list(self.chat(stream=True))
        if IS_OPENROUTER:
            self.assert_usage(chunks[-1].usage)
        else:
            self.assertTrue(all(chunk.usage is None for chunk in chunks))
            self.assertTrue(all(chunk.choices for chunk in chunks))

    def test_two_choices(self):
        self.assertEqual([0, 1], [choice.index for choice in self.chat(n=2).choices])

    def test_length_limit(self):
        self.assertEqual("length", self.chat(max_tokens=1).choices[0].finish_reason)

    def test_image_by_data_url(self):
        content = [{"type": "text", "text": "Look"}, {"type": "image_url", "image_url": {"url": PIXEL}}]
        answer = self.chat(messages=[{"role": "user", "content": content}])
        self.assertIn("1 image(s) seen", answer.choices[0].message.content)

    def test_logprobs(self):
        content = self.chat(logprobs=True, top_logprobs=2).choices[0].logprobs.content
        self.assertEqual("Echo: Hello, wörld", "".join(entry.token for entry in content))
        self.assertTrue(all(len(entry.top_logprobs) == 2 and entry.logprob <= 0 for entry in content))

    def test_json_schema(self):
        schema = {"type": "object", "properties": {"city": {"type": "string"}, "degrees": {"type": "number"}},
                  "required": ["city", "degrees"], "additionalProperties": False}
        wanted = {"type": "json_schema", "json_schema": {"name": "weather", "strict": True, "schema": schema}}
        said = json.loads(self.chat(response_format=wanted).choices[0].message.content)
        self.assertEqual({"city", "degrees"}, set(said))

    def test_raw_response_names_the_request(self):
        raw = self.client.chat.completions.with_raw_response.create(model=MODEL, messages=HELLO)
        self.assertTrue(raw.headers.get("x-request-id"))
        self.assertEqual("Echo: Hello, wörld", raw.parse().choices[0].message.content)


class Tools(Case):
    def call_names(self, message):
        for call in message.tool_calls:
            self.assertIsInstance(json.loads(call.function.arguments), dict)
        self.assertEqual(len(message.tool_calls), len({call.id for call in message.tool_calls}))
        return [call.function.name for call in message.tool_calls]

    def streamed_calls(self, **more):
        calls = {}
        for chunk in self.chat(stream=True, **more):
            for choice in chunk.choices:
                for piece in choice.delta.tool_calls or []:
                    call = calls.setdefault(piece.index, {"id": "", "name": "", "arguments": ""})
                    call["id"] += piece.id or ""
                    call["name"] += piece.function.name or ""
                    call["arguments"] += piece.function.arguments or ""
        for call in calls.values():
            self.assertIsInstance(json.loads(call["arguments"]), dict)
        self.assertEqual(len(calls), len({call["id"] for call in calls.values()}))
        return [calls[index]["name"] for index in sorted(calls)]

    def test_one_call_and_its_result(self):
        first = self.chat(tools=[WEATHER]).choices[0]
        self.assertEqual("tool_calls", first.finish_reason)
        self.assertEqual(["weather"], self.call_names(first.message))
        result = {"role": "tool", "tool_call_id": first.message.tool_calls[0].id, "content": "sunny"}
        after = self.chat(tools=[WEATHER], messages=[*HELLO, first.message, result]).choices[0]
        self.assertEqual("stop", after.finish_reason)

    def test_parallel_calls(self):
        self.assertEqual(["weather", "clock"], self.call_names(self.chat(tools=[WEATHER, CLOCK]).choices[0].message))

    def test_parallel_calls_switched_off(self):
        message = self.chat(tools=[WEATHER, CLOCK], parallel_tool_calls=False).choices[0].message
        self.assertEqual(["weather"], self.call_names(message))

    def test_forced_call(self):
        wanted = {"type": "function", "function": {"name": "clock"}}
        self.assertEqual(["clock"], self.call_names(self.chat(tools=[WEATHER, CLOCK], tool_choice=wanted).choices[0].message))

    def test_streamed_call(self):
        self.assertEqual(["weather"], self.streamed_calls(tools=[WEATHER]))

    def test_streamed_parallel_calls(self):
        self.assertEqual(["weather", "clock"], self.streamed_calls(tools=[WEATHER, CLOCK]))


class OtherOperations(Case):
    def test_models_are_listed(self):
        models = list(self.client.models.list())
        self.assertIn(MODEL, [model.id for model in models])
        self.assertTrue(all(model.id for model in models))

    def test_embeddings_are_the_same_in_both_encodings(self):
        def vectors(**more):
            answer = self.client.embeddings.create(model="sim/embedding", input=["one", "two"], **more)
            self.assertEqual([0, 1], [entry.index for entry in answer.data])
            self.assertGreater(answer.usage.prompt_tokens, 0)
            return [entry.embedding for entry in answer.data]

        packed, plain = vectors(), vectors(encoding_format="float")
        for one, other in zip(packed, plain, strict=True):
            self.assertEqual(len(one), len(other))
            for a, b in zip(one, other):
                self.assertAlmostEqual(a, b, places=5)
        self.assertNotEqual(plain[0], plain[1])

    def test_legacy_completion(self):
        answer = self.client.completions.create(model=MODEL, prompt="Once upon")
        self.assertIn("Once upon", answer.choices[0].text)
        self.assert_usage(answer.usage)

    def test_legacy_completion_streamed(self):
        stream = self.client.completions.create(model=MODEL, prompt="Once upon", stream=True)
        self.assertIn("Once upon", "".join(choice.text for chunk in stream for choice in chunk.choices))


class Faults(Case):
    def assert_refused(self, kind, status, **request):
        with self.assertRaises(kind) as caught:
            self.chat(**request)
        self.assertEqual(status, caught.exception.status_code)
        self.assertTrue(caught.exception.body["message"])

    def test_400_is_a_bad_request(self):
        self.assert_refused(openai.BadRequestError, 400, temperature=9)

    def test_401_is_an_authentication_error(self):
        with client("not-a-key") as stranger, self.assertRaises(openai.AuthenticationError) as caught:
            stranger.chat.completions.create(model=MODEL, messages=HELLO)
        self.assertEqual(401, caught.exception.status_code)

    def test_unknown_model(self):
        if IS_OPENROUTER:
            self.assert_refused(openai.BadRequestError, 400, model="nobody/absent")
        else:
            self.assert_refused(openai.NotFoundError, 404, model="nobody/absent")

    def test_404_is_not_found(self):
        self.assert_refused(openai.NotFoundError, 404, model="sim/fault-404")

    def test_429_is_a_rate_limit(self):
        self.assert_refused(openai.RateLimitError, 429, model="sim/fault-429")

    def test_server_errors(self):
        for status in (500, 502, 503):
            with self.subTest(status):
                self.assert_refused(openai.InternalServerError, status, model=f"sim/fault-{status}")

    def test_a_stream_is_refused_before_it_starts(self):
        self.assert_refused(openai.InternalServerError, 503, model="sim/fault-503", stream=True)

    def test_html_from_a_provider_is_a_server_error(self):
        self.assert_refused(openai.InternalServerError, 502, model="sim/fault-html-502")

    def test_a_broken_stream_never_ends_cleanly(self):
        for fault in ("cut-event", "cut-chunk", "rst-mid", "error-mid-stream"):
            with self.subTest(fault), self.assertRaises(openai.APIError):
                for _ in self.chat(model=f"sim/fault-{fault}", stream=True):
                    pass

    def test_a_cut_answer_is_an_error(self):
        with self.assertRaises(openai.APIError):
            self.chat(model="sim/fault-cut-length")

    def test_leaving_a_stream_ends_the_exchange_with_the_provider(self):
        before = simulator_stats()["aborted"]
        with self.chat(model="sim/fault-stall-mid", stream=True) as stream:
            next(iter(stream))
        until = time.monotonic() + DEADLINE
        while simulator_stats()["aborted"] == before:
            self.assertLess(time.monotonic(), until, "the provider never saw the client leave")


if __name__ == "__main__":
    unittest.main()
