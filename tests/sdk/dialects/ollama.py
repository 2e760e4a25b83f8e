"""Ollama's client."""
import ollama

from dialects.cases import FUNCTION, PIXEL, Answer, Call

NAME = "ollama"
CANNOT = {}


def request(question):
    message = {"role": "user", "content": question.text} | ({"images": [PIXEL]} if question.image else {})
    made = {"model": question.model, "messages": [message, *question.loop]}
    if question.tools:
        made["tools"] = [{"type": "function", "function": FUNCTION}]
    if question.thinks:
        made["think"] = True
    if question.schema:
        made["format"] = question.schema
    options = ({"stop": [question.stop]} if question.stop else {}) | ({"num_predict": question.limit} if question.limit else {})
    return made | ({"options": options} if options else {})


def read(lines):
    messages = [line.message for line in lines]
    calls = [call for message in messages for call in message.tool_calls or []]
    text = "".join(message.content or "" for message in messages)
    thoughts = "".join(message.thinking or "" for message in messages)
    turn = {"role": "assistant", "content": text, "thinking": thoughts, "tool_calls": calls}
    finish = "calls" if calls and lines[-1].done_reason == "stop" else lines[-1].done_reason
    return Answer(text=text, thoughts=thoughts, finish=finish, turn=turn, pieces=sum(bool(message.content) for message in messages),
                  calls=[Call(str(at), call.function.name, dict(call.function.arguments)) for at, call in enumerate(calls)],
                  usage=(lines[-1].prompt_eval_count, lines[-1].eval_count))


class Client:
    def __init__(self, url, key):
        self.client = ollama.Client(host=url, headers={"Authorization": f"Bearer {key}"}, timeout=20)

    def ask(self, question):
        return read([self.client.chat(**request(question))])

    def stream(self, question):
        lines = list(self.client.chat(**request(question), stream=True))
        return read(lines)

    def again(self, turn, calls):
        return [turn, *({"role": "tool", "tool_name": call.name, "content": "sunny"} for call in calls)]

    def models(self):
        return [one.model for one in self.client.list().models]

    def is_error(self, error, status):
        if status == "stream":
            return isinstance(error, ollama.ResponseError)
        wanted = {500: (500, 502)}.get(status, (status,))
        return isinstance(error, ollama.ResponseError) and error.status_code in wanted and error.error


connect = Client
