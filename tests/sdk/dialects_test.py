"""Each provider's own Python client through the gateway, towards providers of every protocol: words, streams, calls and
errors arrive as the client's types. run_dialects.py sets the environment; see README.md.
"""
import json
import os
import unittest

import anthropic
import boto3
import botocore.config
import botocore.exceptions
import cohere
import ollama
import openai
from google import genai
from google.genai import errors, types

URL, KEY = os.environ["SPILLWAY_URL"], os.environ["SDK_CLIENT_KEY"]
PROTOCOLS = os.environ["SPILLWAY_PROTOCOLS"].split()
TEXT = "Hello, wörld 漢字 😀"
CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
FUNCTION = {"name": "weather", "description": "the weather", "parameters": CITY}
TURN = [{"role": "user", "content": TEXT}]


class Dialect(unittest.TestCase):
    """One client; a subclass says how it asks."""

    def each(self, word, check):
        for protocol in PROTOCOLS:
            with self.subTest(upstream=protocol):
                check(f"{word}.{protocol}")

    def assert_words(self, words):
        self.assertIn(TEXT, words)

    def assert_calls(self, calls):
        self.assertEqual([name for name, _ in calls], ["weather", "weather"])
        for _, arguments in calls:
            self.assertEqual(arguments, {"city": "value"})


class Anthropic(Dialect):
    def setUp(self):
        self.client = anthropic.Anthropic(base_url=URL, api_key=KEY, max_retries=0, timeout=10)
        self.addCleanup(self.client.close)

    def ask(self, model, **more):
        return {"model": model, "max_tokens": 2000, "messages": TURN, **more}

    def test_words(self):
        self.each("text", lambda model: self.assert_words(self.client.messages.create(**self.ask(model)).content[0].text))

    def test_streams(self):
        def check(model):
            with self.client.messages.stream(**self.ask(model)) as stream:
                self.assert_words("".join(stream.text_stream))
                self.assertEqual(stream.get_final_message().stop_reason, "end_turn")
        self.each("text", check)

    def test_calls_in_streams(self):
        def check(model):
            with self.client.messages.stream(**self.ask(model, tools=[{"name": "weather", "input_schema": CITY}])) as stream:
                final = stream.get_final_message()
            self.assertEqual(final.stop_reason, "tool_use")
            self.assert_calls([(block.name, block.input) for block in final.content if block.type == "tool_use"])
        self.each("calls", check)

    def test_counts_models_and_errors(self):
        self.assertGreater(self.client.messages.count_tokens(model="text.chat", messages=TURN).input_tokens, 3)
        self.assertIn("text.chat", [model.id for model in self.client.models.list()])
        with self.assertRaises(anthropic.NotFoundError):
            self.client.messages.create(**self.ask("none"))


class Google(Dialect):
    def setUp(self):
        self.client = genai.Client(api_key=KEY, http_options=types.HttpOptions(base_url=URL, timeout=10000))

    def test_words(self):
        self.each("text", lambda model: self.assert_words(
            self.client.models.generate_content(model=model, contents=TEXT).text))

    def test_streams(self):
        self.each("text", lambda model: self.assert_words("".join(
            chunk.text or "" for chunk in self.client.models.generate_content_stream(model=model, contents=TEXT))))

    def test_calls(self):
        tool = types.Tool(function_declarations=[types.FunctionDeclaration(
            name="weather", description="the weather", parameters_json_schema=CITY)])
        config = types.GenerateContentConfig(
            tools=[tool], automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True))
        self.each("calls", lambda model: self.assert_calls([(call.name, call.args) for call in self.client.models.generate_content(
            model=model, contents=TEXT, config=config).function_calls]))

    def test_counts_and_errors(self):
        self.assertGreater(self.client.models.count_tokens(model="text.chat", contents=TEXT).total_tokens, 3)
        with self.assertRaises(errors.ClientError):
            self.client.models.generate_content(model="none", contents=TEXT)


class Amazon(Dialect):
    def setUp(self):
        os.environ["AWS_BEARER_TOKEN_BEDROCK"] = KEY
        config = botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=10)
        self.client = boto3.client("bedrock-runtime", region_name="us-east-1", endpoint_url=os.environ["SPILLWAY_TLS_URL"],
                                   config=config)
        self.turn = [{"role": "user", "content": [{"text": TEXT}]}]

    def test_words(self):
        self.each("text", lambda model: self.assert_words(
            self.client.converse(modelId=model, messages=self.turn)["output"]["message"]["content"][0]["text"]))

    def test_streams(self):
        def check(model):
            events = list(self.client.converse_stream(modelId=model, messages=self.turn)["stream"])
            self.assert_words("".join(event["contentBlockDelta"]["delta"].get("text", "")
                                      for event in events if "contentBlockDelta" in event))
            self.assertIn("metadata", events[-1])
        self.each("text", check)

    def test_calls(self):
        tools = {"tools": [{"toolSpec": {"name": "weather", "description": "the weather", "inputSchema": {"json": CITY}}}]}

        def check(model):
            content = self.client.converse(modelId=model, messages=self.turn, toolConfig=tools)["output"]["message"]["content"]
            self.assert_calls([(block["toolUse"]["name"], block["toolUse"]["input"]) for block in content if "toolUse" in block])
        self.each("calls", check)

    def test_errors(self):
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            self.client.converse(modelId="none", messages=self.turn)
        self.assertEqual(caught.exception.response["Error"]["Code"], "ResourceNotFoundException")


class Cohere(Dialect):
    def setUp(self):
        self.client = cohere.ClientV2(api_key=KEY, base_url=URL, timeout=10)

    def test_words(self):
        self.each("text", lambda model: self.assert_words(
            self.client.chat(model=model, messages=TURN).message.content[0].text))

    def test_streams(self):
        self.each("text", lambda model: self.assert_words("".join(
            event.delta.message.content.text for event in self.client.chat_stream(model=model, messages=TURN)
            if event.type == "content-delta")))

    def test_calls(self):
        tools = [{"type": "function", "function": FUNCTION}]
        self.each("calls", lambda model: self.assert_calls([
            (call.function.name, json.loads(call.function.arguments))
            for call in self.client.chat(model=model, messages=TURN, tools=tools).message.tool_calls]))


class Ollama(Dialect):
    def setUp(self):
        self.client = ollama.Client(host=URL, headers={"Authorization": f"Bearer {KEY}"}, timeout=10)

    def test_words(self):
        self.each("text", lambda model: self.assert_words(self.client.chat(model=model, messages=TURN).message.content))

    def test_streams(self):
        self.each("text", lambda model: self.assert_words("".join(
            line.message.content for line in self.client.chat(model=model, messages=TURN, stream=True))))

    def test_calls(self):
        tools = [{"type": "function", "function": FUNCTION}]
        self.each("calls", lambda model: self.assert_calls([
            (call.function.name, dict(call.function.arguments))
            for call in self.client.chat(model=model, messages=TURN, tools=tools).message.tool_calls]))

    def test_models_and_errors(self):
        self.assertIn("text.chat", [one.model for one in self.client.list().models])
        with self.assertRaises(ollama.ResponseError):
            self.client.chat(model="none", messages=TURN)


class Responses(Dialect):
    def setUp(self):
        self.client = openai.OpenAI(base_url=f"{URL}/v1", api_key=KEY, max_retries=0, timeout=10)
        self.addCleanup(self.client.close)

    def test_words(self):
        self.each("text", lambda model: self.assert_words(
            self.client.responses.create(model=model, input=TEXT).output_text))

    def test_streams(self):
        def check(model):
            with self.client.responses.stream(model=model, input=TEXT) as stream:
                self.assert_words("".join(event.delta for event in stream if event.type == "response.output_text.delta"))
                self.assertEqual(stream.get_final_response().status, "completed")
        self.each("text", check)

    def test_calls(self):
        tools = [{"type": "function", "strict": False, **FUNCTION}]
        self.each("calls", lambda model: self.assert_calls([
            (item.name, json.loads(item.arguments))
            for item in self.client.responses.create(model=model, input=TEXT, tools=tools).output
            if item.type == "function_call"]))


if __name__ == "__main__":
    unittest.main()
