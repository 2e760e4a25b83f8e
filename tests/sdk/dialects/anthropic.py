"""Anthropic's client."""
import anthropic

from dialects.cases import CITY, PIXEL, Answer, Call

NAME = "anthropic"
CANNOT = {"thoughts that nobody asked for, messages": "what a provider of its own protocol says is passed as it is"}
FINISHES = {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length", "tool_use": "calls"}
KINDS = {400: anthropic.BadRequestError, 401: anthropic.AuthenticationError, 404: anthropic.NotFoundError,
         429: anthropic.RateLimitError, 500: anthropic.InternalServerError, 503: anthropic.InternalServerError}


def request(question):
    content = [{"type": "text", "text": question.text}]
    if question.image:
        content.append({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}})
    made = {"model": question.model, "max_tokens": question.limit or 20000,
            "messages": [{"role": "user", "content": content}, *question.loop]}
    if question.tools:
        made["tools"] = [{"name": "weather", "description": "the weather", "input_schema": CITY}]
    if question.thinks:
        made["thinking"] = {"type": "enabled", "budget_tokens": 1024}
    if question.schema:
        made["output_config"] = {"format": {"type": "json_schema", "schema": question.schema}}
    if question.stop:
        made["stop_sequences"] = [question.stop]
    return made


def read(message, pieces=0):
    return Answer(
        text="".join(block.text for block in message.content if block.type == "text"),
        thoughts="".join(block.thinking for block in message.content if block.type == "thinking"),
        calls=[Call(block.id, block.name, block.input) for block in message.content if block.type == "tool_use"],
        finish=FINISHES.get(message.stop_reason, message.stop_reason),
        usage=(message.usage.input_tokens, message.usage.output_tokens), turn=message.content, pieces=pieces)


class Client:
    asks_for_thoughts = True

    def __init__(self, url, key):
        self.client = anthropic.Anthropic(base_url=url, api_key=key, max_retries=0, timeout=20)

    def ask(self, question):
        return read(self.client.messages.create(**request(question)))

    def stream(self, question):
        with self.client.messages.stream(**request(question)) as stream:
            pieces = sum(1 for _ in stream.text_stream)
            return read(stream.get_final_message(), pieces)

    def again(self, turn, calls):
        results = [{"type": "tool_result", "tool_use_id": call.id, "content": "sunny"} for call in calls]
        return [{"role": "assistant", "content": turn}, {"role": "user", "content": results}]

    def count(self, model):
        return self.client.messages.count_tokens(model=model, messages=[{"role": "user", "content": "Hello, wörld"}]).input_tokens

    def models(self):
        return [model.id for model in self.client.models.list()]

    def is_error(self, error, status):
        if status == "stream":
            return isinstance(error, anthropic.APIStatusError) and error.body["type"] == "error"
        return isinstance(error, KINDS[status]) and error.request_id == error.body["request_id"]


connect = Client
