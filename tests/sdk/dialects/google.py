"""Google's client, as of the Gemini API."""
import base64

from google import genai
from google.genai import errors, types

from dialects.cases import CITY, PIXEL, Answer, Call

NAME = "google-genai"
CANNOT = {"thoughts that nobody asked for, gemini": "what a provider of its own protocol says is passed as it is"}
FINISHES = {"STOP": "stop", "MAX_TOKENS": "length"}
TOOL = types.Tool(function_declarations=[types.FunctionDeclaration(
    name="weather", description="the weather", parameters_json_schema=CITY)])


def request(question):
    parts = [types.Part(text=question.text)]
    if question.image:
        parts.append(types.Part.from_bytes(data=base64.b64decode(PIXEL), mime_type="image/png"))
    config = types.GenerateContentConfig(automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True))
    if question.tools:
        config.tools = [TOOL]
    if question.thinks:
        config.thinking_config = types.ThinkingConfig(include_thoughts=True, thinking_budget=1024)
    if question.schema:
        config.response_mime_type, config.response_json_schema = "application/json", question.schema
    if question.stop:
        config.stop_sequences = [question.stop]
    config.max_output_tokens = question.limit
    return {"model": question.model, "contents": [types.Content(role="user", parts=parts), *question.loop], "config": config}


def read(parts, finish, usage, pieces=0):
    calls = [Call(part.function_call.id, part.function_call.name, part.function_call.args) for part in parts if part.function_call]
    told = FINISHES.get(finish.value, finish.value)
    return Answer(
        text="".join(part.text or "" for part in parts if not part.thought),
        thoughts="".join(part.text or "" for part in parts if part.thought), calls=calls,
        finish="calls" if calls and told == "stop" else told,
        usage=(usage.prompt_token_count, usage.candidates_token_count),
        turn=types.Content(role="model", parts=[part for part in parts if part.text != "" or part.thought_signature]), pieces=pieces)


class Client:
    asks_for_thoughts = True

    def __init__(self, url, key):
        self.client = genai.Client(api_key=key, http_options=types.HttpOptions(base_url=url, timeout=20000))

    def ask(self, question):
        answer = self.client.models.generate_content(**request(question))
        return read(answer.candidates[0].content.parts, answer.candidates[0].finish_reason, answer.usage_metadata)

    def stream(self, question):
        parts, finish, usage = [], None, None
        for chunk in self.client.models.generate_content_stream(**request(question)):
            usage = chunk.usage_metadata or usage
            for candidate in chunk.candidates or []:
                finish = candidate.finish_reason or finish
                parts += (candidate.content and candidate.content.parts) or []
        return read(parts, finish, usage, len(parts))

    def again(self, turn, calls):
        results = [types.Part(function_response=types.FunctionResponse(id=call.id, name=call.name, response={"output": "sunny"}))
                   for call in calls]
        return [turn, types.Content(role="user", parts=results)]

    def count(self, model):
        return self.client.models.count_tokens(model=model, contents="Hello, wörld").total_tokens

    def models(self):
        return [model.name.removeprefix("models/") for model in self.client.models.list()]

    def is_error(self, error, status):
        if status == "stream":
            return isinstance(error, errors.APIError)
        wanted = {500: (500, 502)}.get(status, (status,))
        return isinstance(error, errors.ServerError if status >= 500 else errors.ClientError) and error.code in wanted


connect = Client
