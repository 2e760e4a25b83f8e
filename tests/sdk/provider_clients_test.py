"""The providers' own Python clients straight against the simulator: it is a faithful stand-in for each of them.

run_direct.py sets the environment; see README.md.
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
from google.oauth2 import service_account

URL = os.environ["SPILLWAY_SIMULATOR_URL"]
KEY = os.environ["SPILLWAY_PROVIDER_KEY"]
AWS_ID, AWS_SECRET = os.environ["SPILLWAY_AWS_KEY"].split(":")
ACCOUNT = os.environ["SPILLWAY_SERVICE_ACCOUNT"]
TEXT, ECHO = "Hello, wörld 漢字 😀", "Echo: Hello, wörld 漢字 😀"
CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
CHAT_TOOL = {"type": "function", "function": {"name": "weather", "description": "the weather", "parameters": CITY}}
TURN = [{"role": "user", "content": TEXT}]


class Anthropic(unittest.TestCase):
    def setUp(self):
        self.client = anthropic.Anthropic(base_url=URL, api_key=KEY, max_retries=0, timeout=10)
        self.addCleanup(self.client.close)

    def ask(self, model="claude-x", **more):
        return {"model": model, "max_tokens": 2000, "messages": TURN, **more}

    def test_whole_and_streamed(self):
        answer = self.client.messages.create(**self.ask())
        self.assertEqual(answer.content[0].text, ECHO)
        with self.client.messages.stream(**self.ask("claude-x+think+utf8")) as stream:
            text = "".join(stream.text_stream)
            final = stream.get_final_message()
        self.assertTrue(text.startswith(ECHO))
        self.assertEqual([block.type for block in final.content], ["thinking", "text"])
        self.assertGreater(final.usage.output_tokens, answer.usage.output_tokens)

    def test_a_tool_loop_with_thinking(self):
        tools = [{"name": "weather", "input_schema": CITY}]
        more = {"tools": tools, "thinking": {"type": "enabled", "budget_tokens": 1024}}
        with self.client.messages.stream(**self.ask("claude-x+tools2", **more)) as stream:
            first = stream.get_final_message()
        calls = [block for block in first.content if block.type == "tool_use"]
        self.assertEqual([call.input for call in calls], [{"city": "value"}] * 2)
        results = [{"type": "tool_result", "tool_use_id": call.id, "content": "sunny"} for call in calls]
        turns = [*TURN, {"role": "assistant", "content": first.content}, {"role": "user", "content": results}]
        self.assertEqual(self.client.messages.create(**self.ask(**more) | {"messages": turns}).stop_reason, "end_turn")

    def test_counting_models_and_errors(self):
        counted = self.client.messages.count_tokens(model="claude-x", messages=TURN)
        self.assertEqual(counted.input_tokens, self.client.messages.create(**self.ask()).usage.input_tokens)
        self.assertIn("sim-echo", [model.id for model in self.client.models.list()])
        for status, kind in [(429, anthropic.RateLimitError), (404, anthropic.NotFoundError),
                             (529, anthropic.InternalServerError)]:
            with self.assertRaises(kind) as caught:
                self.client.messages.create(**self.ask(f"m.fault-{status}"))
            self.assertTrue(caught.exception.request_id.startswith("req_"))
        with self.assertRaises(anthropic.APIStatusError):
            with self.client.messages.stream(**self.ask("m.fault-error-mid-stream=3")) as stream:
                stream.get_final_message()


class Google(unittest.TestCase):
    def setUp(self):
        self.client = genai.Client(api_key=KEY, http_options=types.HttpOptions(base_url=URL, timeout=10000))
        self.addCleanup(self.client.close)

    def generate(self, model="gemini-x", contents=TEXT, **config):
        return self.client.models.generate_content(
            model=model, contents=contents, config=types.GenerateContentConfig(**config) if config else None)

    def test_whole_and_streamed(self):
        answer = self.generate()
        self.assertEqual(answer.text, ECHO)
        chunks = list(self.client.models.generate_content_stream(model="gemini-x", contents=TEXT))
        self.assertEqual("".join(chunk.text or "" for chunk in chunks), ECHO)
        self.assertEqual(chunks[-1].usage_metadata.total_token_count, answer.usage_metadata.total_token_count)

    def test_a_tool_loop_with_signatures(self):
        tools = [types.Tool(function_declarations=[types.FunctionDeclaration(name="weather", parameters_json_schema=CITY)])]
        off = types.AutomaticFunctionCallingConfig(disable=True)
        first = self.generate("gemini-3-x", tools=tools, automatic_function_calling=off)
        call = first.function_calls[0]
        self.assertEqual(call.args, {"city": "value"})
        result = types.Part.from_function_response(name="weather", response={"output": "sunny"})
        turns = [types.Content(role="user", parts=[types.Part(text=TEXT)]), first.candidates[0].content,
                 types.Content(role="user", parts=[result])]
        second = self.generate("gemini-3-x", turns, tools=tools, automatic_function_calling=off)
        self.assertTrue(second.text.startswith("Echo:"))

    def test_thoughts_schemas_vectors_and_errors(self):
        thoughts = self.generate(thinking_config=types.ThinkingConfig(include_thoughts=True)).candidates[0].content.parts
        self.assertTrue(thoughts[0].thought)
        answer = self.generate(response_mime_type="application/json",
                               response_schema=types.Schema(type="OBJECT", properties={"n": types.Schema(type="INTEGER")}))
        self.assertEqual(json.loads(answer.text), {"n": 1})
        self.assertGreater(self.client.models.count_tokens(model="gemini-x", contents=TEXT).total_tokens, 0)
        vectors = self.client.models.embed_content(model="e", contents=["one", "two"]).embeddings
        self.assertEqual([len(one.values) for one in vectors], [256, 256])
        with self.assertRaises(errors.ClientError) as caught:
            self.generate("g.fault-429=7")
        self.assertEqual((caught.exception.code, caught.exception.status), (429, "RESOURCE_EXHAUSTED"))
        with self.assertRaises(errors.ServerError):
            self.generate("g.fault-503")

    def test_vertex_with_a_service_account(self):
        scope = ["https://www.googleapis.com/auth/cloud-platform"]
        credentials = service_account.Credentials.from_service_account_file(ACCOUNT, scopes=scope)
        client = genai.Client(vertexai=True, project="p1", location="europe-west1", credentials=credentials,
                              http_options=types.HttpOptions(base_url=URL, timeout=10000))
        self.addCleanup(client.close)
        self.assertEqual(client.models.generate_content(model="gemini-x", contents=TEXT).text, ECHO)


class Bedrock(unittest.TestCase):
    def setUp(self):
        self.client = boto3.client(
            "bedrock-runtime", region_name="us-east-1", endpoint_url=URL, aws_access_key_id=AWS_ID,
            aws_secret_access_key=AWS_SECRET,
            config=botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=10))
        self.addCleanup(self.client.close)

    def ask(self, model="us.anthropic.claude-x-v1:0", **more):
        return {"modelId": model, "messages": [{"role": "user", "content": [{"text": TEXT}]}], **more}

    def test_whole_and_streamed(self):
        answer = self.client.converse(**self.ask())
        self.assertEqual(answer["output"]["message"]["content"][0]["text"], ECHO)
        events = list(self.client.converse_stream(**self.ask())["stream"])
        text = "".join(event["contentBlockDelta"]["delta"]["text"] for event in events if "contentBlockDelta" in event)
        self.assertEqual(text, ECHO)
        self.assertEqual(events[-1]["metadata"]["usage"], answer["usage"])

    def test_arns_and_tools(self):
        arn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-x-v1:0"
        spec = {"toolSpec": {"name": "weather", "description": "x", "inputSchema": {"json": CITY}}}
        answer = self.client.converse(**self.ask(arn, toolConfig={"tools": [spec]}))
        calls = [block["toolUse"] for block in answer["output"]["message"]["content"] if "toolUse" in block]
        self.assertEqual([call["input"] for call in calls], [{"city": "value"}])
        results = [{"toolResult": {"toolUseId": call["toolUseId"], "content": [{"json": {"sky": "blue"}}]}} for call in calls]
        turns = [*self.ask()["messages"], answer["output"]["message"], {"role": "user", "content": results}]
        second = self.client.converse(modelId=arn, messages=turns, toolConfig={"tools": [spec]})
        self.assertEqual(second["stopReason"], "end_turn")

    def test_invoking_claude(self):
        body = json.dumps({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 100, "messages": TURN})
        answer = json.loads(self.client.invoke_model(modelId="anthropic.claude-x", body=body)["body"].read())
        self.assertEqual(answer["content"][0]["text"], ECHO)
        streamed = self.client.invoke_model_with_response_stream(modelId="anthropic.claude-x", body=body)
        events = [json.loads(event["chunk"]["bytes"]) for event in streamed["body"]]
        self.assertEqual((events[0]["type"], events[-1]["type"]), ("message_start", "message_stop"))

    def test_errors_before_and_amid(self):
        with self.assertRaises(self.client.exceptions.ThrottlingException):
            self.client.converse(**self.ask("m.fault-429"))
        with self.assertRaises(self.client.exceptions.ValidationException):
            self.client.converse(modelId="m", messages=[{"role": "assistant", "content": [{"text": "x"}]}])
        with self.assertRaises(botocore.exceptions.EventStreamError) as caught:
            list(self.client.converse_stream(**self.ask("m.fault-error-mid-stream=2"))["stream"])
        self.assertEqual(caught.exception.response["Error"]["Code"], "internalServerException")


class Cohere(unittest.TestCase):
    def setUp(self):
        self.client = cohere.ClientV2(api_key=KEY, base_url=URL, timeout=10)

    def test_whole_and_streamed(self):
        answer = self.client.chat(model="c+cite", messages=TURN)
        self.assertEqual(answer.message.content[0].text, ECHO)
        self.assertEqual(answer.message.citations[0].text, TEXT)
        events = list(self.client.chat_stream(model="c", messages=TURN))
        text = "".join(event.delta.message.content.text for event in events if event.type == "content-delta")
        self.assertEqual((text, events[-1].type, events[-1].delta.finish_reason), (ECHO, "message-end", "COMPLETE"))

    def test_tools_vectors_rankings_and_errors(self):
        answer = self.client.chat(model="c+preamble+tools2", messages=TURN, tools=[CHAT_TOOL])
        self.assertEqual([call.function.arguments for call in answer.message.tool_calls], ['{"city":"value"}'] * 2)
        vectors = self.client.embed(model="e", texts=["one"], input_type="search_query", embedding_types=["float"])
        self.assertEqual(len(vectors.embeddings.float_[0]), 256)
        self.assertEqual(self.client.rerank(model="r", query="two", documents=["one", "two"]).results[0].index, 1)
        with self.assertRaises(cohere.UnauthorizedError):
            cohere.ClientV2(api_key="other", base_url=URL).chat(model="c", messages=TURN)
        with self.assertRaises(cohere.BadRequestError):
            self.client.chat(model="c", messages=[])


class Ollama(unittest.TestCase):
    def setUp(self):
        self.client = ollama.Client(host=URL, headers={"Authorization": f"Bearer {KEY}"}, timeout=10)

    def test_whole_and_streamed(self):
        answer = self.client.chat(model="o", messages=TURN)
        self.assertEqual(answer.message.content, ECHO)
        lines = list(self.client.chat(model="o", messages=TURN, stream=True, think=True))
        self.assertEqual("".join(line.message.content for line in lines), ECHO)
        self.assertTrue(any(line.message.thinking for line in lines))
        self.assertEqual(lines[-1].prompt_eval_count, answer.prompt_eval_count)

    def test_tools_vectors_and_errors(self):
        calls = self.client.chat(model="o", messages=TURN, tools=[CHAT_TOOL]).message.tool_calls
        self.assertEqual(calls[0].function.arguments, {"city": "value"})
        self.assertEqual(len(self.client.embed(model="e", input=["one", "two"]).embeddings), 2)
        self.assertEqual(self.client.generate(model="o", prompt="hi").response, "Echo: hi")
        self.assertIn("sim-echo", [model.model for model in self.client.list().models])
        for model, stream in (("o.fault-503", False), ("o.fault-error-mid-stream", True)):
            with self.assertRaises(ollama.ResponseError):
                list(self.client.chat(model=model, messages=TURN, stream=stream))


class Responses(unittest.TestCase):
    def setUp(self):
        self.client = openai.OpenAI(base_url=f"{URL}/v1", api_key=KEY, max_retries=0, timeout=10)
        self.addCleanup(self.client.close)

    def test_whole_and_streamed(self):
        answer = self.client.responses.create(model="m", input=TEXT)
        self.assertEqual(answer.output_text, ECHO)
        with self.client.responses.stream(model="m+think", input=TEXT) as stream:
            kinds = [event.type for event in stream]
            final = stream.get_final_response()
        self.assertEqual((kinds[0], kinds[-1]), ("response.created", "response.completed"))
        self.assertEqual(final.output_text, ECHO)
        self.assertEqual([item.type for item in final.output], ["reasoning", "message"])

    def test_tools_and_failures(self):
        tool = {"type": "function", "name": "weather", "parameters": CITY, "strict": False}
        calls = self.client.responses.create(model="m+tools2", input=TEXT, tools=[tool]).output
        self.assertEqual([call.arguments for call in calls], ['{"city":"value"}'] * 2)
        with self.assertRaises(openai.BadRequestError):
            self.client.responses.create(model="m", input=TEXT, previous_response_id="resp_1")
        with self.assertRaises(openai.APIError):
            list(self.client.responses.create(model="m.fault-error-mid-stream=4", input=TEXT, stream=True))


if __name__ == "__main__":
    unittest.main()
