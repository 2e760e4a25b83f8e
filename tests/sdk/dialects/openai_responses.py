"""OpenAI's client, Responses."""
import json

import openai

from dialects.cases import FUNCTION, PIXEL, Answer, Call

NAME = "openai, responses"
CANNOT = {"a stop sequence": "Responses has none"}
KINDS = {400: openai.BadRequestError, 401: openai.AuthenticationError, 404: openai.NotFoundError, 429: openai.RateLimitError,
         500: openai.InternalServerError, 503: openai.InternalServerError}


def request(question):
    content = [{"type": "input_text", "text": question.text}]
    if question.image:
        content.append({"type": "input_image", "image_url": f"data:image/png;base64,{PIXEL}", "detail": "auto"})
    made = {"model": question.model, "input": [{"role": "user", "content": content}, *question.loop]}
    if question.tools:
        made["tools"] = [{"type": "function", "strict": True, **FUNCTION}]
    if question.thinks:
        made |= {"reasoning": {"effort": "low", "summary": "auto"}, "include": ["reasoning.encrypted_content"], "store": False}
    if question.schema:
        made["text"] = {"format": {"type": "json_schema", "name": "answer", "strict": True, "schema": question.schema}}
    if question.limit:
        made["max_output_tokens"] = question.limit
    return made


def finish_of(response):
    if response.status == "incomplete":
        return {"max_output_tokens": "length"}.get(response.incomplete_details.reason)
    is_calling = any(item.type == "function_call" for item in response.output)
    return "calls" if is_calling else "stop" if response.status == "completed" else response.status


def read(response, pieces=0):
    thoughts = [part.text for item in response.output if item.type == "reasoning" for part in [*item.summary, *(item.content or [])]]
    return Answer(
        text=response.output_text, thoughts="".join(thoughts), finish=finish_of(response), pieces=pieces,
        calls=[Call(item.call_id, item.name, json.loads(item.arguments)) for item in response.output if item.type == "function_call"],
        usage=(response.usage.input_tokens, response.usage.output_tokens), turn=response.output)


class Client:
    def __init__(self, url, key):
        self.client = openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0, timeout=20)

    def ask(self, question):
        return read(self.client.responses.create(**request(question)))

    def stream(self, question):
        with self.client.responses.stream(**request(question)) as stream:
            pieces = 0
            for event in stream:
                if event.type == "error":
                    raise RuntimeError(event.message)
                if event.type in ("response.completed", "response.incomplete"):  # its get_final_response() takes no incomplete one
                    final = event.response
                pieces += event.type == "response.output_text.delta"
            return read(final, pieces)

    def again(self, turn, calls):
        return [*turn, *({"type": "function_call_output", "call_id": call.id, "output": "sunny"} for call in calls)]

    def is_error(self, error, status):
        if status == "stream":
            return isinstance(error, (openai.APIError, RuntimeError))
        return isinstance(error, KINDS[status]) and error.body["message"]


connect = Client
