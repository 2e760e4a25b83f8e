"""Mistral's client."""
import json

from mistralai.client import Mistral
from mistralai.client.errors import MistralError

from dialects.cases import FUNCTION, Answer, Call, chat_messages, is_cut

NAME = "mistralai"
WHOLE = "it wants the name of a call with every piece of its arguments, as if none came in pieces"
CANNOT = {"a loop of tools with reasoning": "it has no form for thoughts beside the content of an answer",
          "parallel calls in a stream": WHOLE, "a loop of tools": WHOLE,
          "the list of models": "it reads lists in Mistral's own form alone"}
FINISHES = {"tool_calls": "calls"}


def request(question):
    made = {"model": question.model, "messages": chat_messages(question)}
    if question.tools:
        made["tools"] = [{"type": "function", "function": FUNCTION}]
    if question.schema:
        made["response_format"] = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": question.schema}}
    if question.stop:
        made["stop"] = [question.stop]
    if question.limit:
        made["max_tokens"] = question.limit
    return made


def answer_of(text, calls, finish, usage, pieces=0):
    """`calls`: id, name and arguments of each."""
    turn = {"role": "assistant", "content": text}
    if calls:
        turn["tool_calls"] = [{"id": one, "function": {"name": name, "arguments": arguments}} for one, name, arguments in calls]
    return Answer(text=text, finish=FINISHES.get(finish, finish), turn=turn, pieces=pieces,
                  calls=[Call(one, name, json.loads(arguments)) for one, name, arguments in calls],
                  usage=(usage.prompt_tokens, usage.completion_tokens))


class Client:
    def __init__(self, url, key):
        self.client = Mistral(api_key=key, server_url=f"{url}/api", timeout_ms=20000)

    def ask(self, question):
        answer = self.client.chat.complete(**request(question))
        message = answer.choices[0].message
        calls = [(call.id, call.function.name, call.function.arguments) for call in message.tool_calls or []]
        return answer_of(message.content or "", calls, answer.choices[0].finish_reason, answer.usage)

    def stream(self, question):
        texts, calls, finish, usage = [], {}, None, None
        with self.client.chat.stream(**request(question)) as stream:
            for event in stream:
                usage = event.data.usage or usage
                for choice in event.data.choices:
                    finish = choice.finish_reason or finish
                    texts += [choice.delta.content] if choice.delta.content else []
                    for call in choice.delta.tool_calls or []:
                        told = calls.setdefault(call.index, [call.id, "", ""])
                        told[1] += call.function.name or ""
                        told[2] += call.function.arguments or ""
        return answer_of("".join(texts), list(calls.values()), finish, usage, len(texts))

    def again(self, turn, calls):
        return [turn, *({"role": "tool", "tool_call_id": call.id, "content": "sunny"} for call in calls)]

    def models(self):
        return [one.id for one in self.client.models.list().data]

    def is_error(self, error, status):
        if status == "stream":
            return is_cut(error)
        wanted = {404: (404, 400), 500: (500, 502)}.get(status, (status,))  # OpenRouter's face says 400
        return isinstance(error, MistralError) and error.status_code in wanted and "message" in error.body


connect = Client
