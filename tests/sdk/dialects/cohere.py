"""Cohere's client, version 2 of its chat."""
import json

import cohere

from dialects.cases import FUNCTION, Answer, Call, chat_messages, is_cut

NAME = "cohere"
CANNOT = {}
FINISHES = {"COMPLETE": "stop", "STOP_SEQUENCE": "stop", "MAX_TOKENS": "length", "TOOL_CALL": "calls"}
KINDS = {400: cohere.BadRequestError, 401: cohere.UnauthorizedError, 404: cohere.NotFoundError,
         429: cohere.TooManyRequestsError, 500: cohere.InternalServerError, 503: cohere.ServiceUnavailableError}


def request(question):
    made = {"model": question.model, "messages": chat_messages(question)}
    if question.tools:
        made["tools"] = [{"type": "function", "function": FUNCTION}]
    if question.thinks:
        made["thinking"] = {"type": "enabled", "token_budget": 1024}
    if question.schema:
        made["response_format"] = {"type": "json_object", "json_schema": question.schema}
    if question.stop:
        made["stop_sequences"] = [question.stop]
    if question.limit:
        made["max_tokens"] = question.limit
    return made


def answer_of(texts, thoughts, calls, finish, usage, pieces=0):
    """`calls`: id, name and arguments of each."""
    turn = {"role": "assistant"}
    if calls:
        turn["tool_calls"] = [{"id": one, "type": "function", "function": {"name": name, "arguments": text}}
                              for one, name, text in calls]
    if thoughts:
        turn["content"] = [{"type": "thinking", "thinking": "".join(thoughts)}]
    return Answer(text="".join(texts), thoughts="".join(thoughts), finish=FINISHES.get(finish, finish), turn=turn, pieces=pieces,
                  calls=[Call(one, name, json.loads(text)) for one, name, text in calls],
                  usage=(int(usage.tokens.input_tokens), int(usage.tokens.output_tokens)))


class Client:
    def __init__(self, url, key):
        self.client = cohere.ClientV2(api_key=key, base_url=url, timeout=20)

    def ask(self, question):
        answer = self.client.chat(**request(question), request_options={"max_retries": 0})
        content = answer.message.content or []
        return answer_of([part.text for part in content if part.type == "text"],
                         [part.thinking for part in content if part.type == "thinking"],
                         [(call.id, call.function.name, call.function.arguments) for call in answer.message.tool_calls or []],
                         answer.finish_reason, answer.usage)

    def stream(self, question):
        texts, thoughts, calls, last = [], [], [], None
        for event in self.client.chat_stream(**request(question), request_options={"max_retries": 0}):
            if event.type == "content-delta":
                content = event.delta.message.content
                texts += [content.text] if content.text else []
                thoughts += [content.thinking] if content.thinking else []
            elif event.type == "tool-call-start":
                call = event.delta.message.tool_calls
                calls.append([call.id, call.function.name, call.function.arguments or ""])
            elif event.type == "tool-call-delta":
                calls[event.index][2] += event.delta.message.tool_calls.function.arguments
            elif event.type == "message-end":
                last = event.delta
        return answer_of(texts, thoughts, calls, last.finish_reason, last.usage, len(texts))

    def again(self, turn, calls):
        return [turn, *({"role": "tool", "tool_call_id": call.id, "content": "sunny"} for call in calls)]

    def is_error(self, error, status):
        if status == "stream":
            return is_cut(error)  # behind a message-end that says ERROR
        if status == 500:
            return isinstance(error, cohere.core.ApiError) and error.status_code in (500, 502)
        return isinstance(error, KINDS[status]) and error.body["message"]


connect = Client
