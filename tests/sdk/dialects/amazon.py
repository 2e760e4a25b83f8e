"""Amazon's client, Converse. It sends a bearer key over TLS only."""
import base64
import json
import os

import boto3
import botocore.config
import botocore.exceptions

from dialects.cases import CITY, PIXEL, Answer, Call

NAME = "boto3"
CANNOT = {"structured output": "this client's Converse has no form for it", "counting tokens": "the gateway counts for chats only"}
FINISHES = {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length", "tool_use": "calls"}
CODES = {400: "ValidationException", 401: "UnrecognizedClientException", 404: "ResourceNotFoundException",
         429: "ThrottlingException", 500: "ModelErrorException", 503: "ServiceUnavailableException"}


def request(question):
    content = [{"text": question.text}]
    if question.image:
        content.append({"image": {"format": "png", "source": {"bytes": base64.b64decode(PIXEL)}}})
    limits = {"maxTokens": question.limit or 20000} | ({"stopSequences": [question.stop]} if question.stop else {})
    made = {"modelId": question.model, "messages": [{"role": "user", "content": content}, *question.loop], "inferenceConfig": limits}
    if question.tools:
        spec = {"name": "weather", "description": "the weather", "inputSchema": {"json": CITY}}
        made["toolConfig"] = {"tools": [{"toolSpec": spec}]}
    if question.thinks:
        made["additionalModelRequestFields"] = {"thinking": {"type": "enabled", "budget_tokens": 1024}}
    return made


def read(content, finish, usage, pieces=0):
    thoughts = [block["reasoningContent"]["reasoningText"]["text"] for block in content
                if "reasoningText" in block.get("reasoningContent", {})]
    calls = [Call(block["toolUse"]["toolUseId"], block["toolUse"]["name"], block["toolUse"]["input"])
             for block in content if "toolUse" in block]
    return Answer(text="".join(block.get("text", "") for block in content), thoughts="".join(thoughts), calls=calls,
                  finish=FINISHES.get(finish, finish), usage=(usage["inputTokens"], usage["outputTokens"]), turn=content,
                  pieces=pieces)


def add_delta(block, delta):
    """A block of the stream as it stands in a whole answer, one piece longer."""
    if "text" in delta:
        block["text"] = block.get("text", "") + delta["text"]
    if "toolUse" in delta:
        block["toolUse"]["input"] += delta["toolUse"]["input"]
    thought = delta.get("reasoningContent", {})
    if "redactedContent" in thought:
        block["reasoningContent"] = thought
    for name, text in thought.items() if "redactedContent" not in thought else ():
        told = block.setdefault("reasoningContent", {}).setdefault("reasoningText", {"text": ""})
        told[name] = told.get(name, "") + text


class Client:
    def __init__(self, url, key):
        os.environ["AWS_BEARER_TOKEN_BEDROCK"] = key
        config = botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=20)
        self.client = boto3.client("bedrock-runtime", region_name="us-east-1", config=config,
                                   endpoint_url=url)

    def ask(self, question):
        answer = self.client.converse(**request(question))
        return read(answer["output"]["message"]["content"], answer["stopReason"], answer["usage"])

    def stream(self, question):
        blocks, finish, usage, pieces = {}, None, None, 0
        for event in self.client.converse_stream(**request(question))["stream"]:
            if "contentBlockStart" in event:
                start = event["contentBlockStart"]
                blocks[start["contentBlockIndex"]] = {"toolUse": {**start["start"]["toolUse"], "input": ""}}
            elif "contentBlockDelta" in event:
                part = event["contentBlockDelta"]
                add_delta(blocks.setdefault(part["contentBlockIndex"], {}), part["delta"])
                pieces += "text" in part["delta"]
            elif "messageStop" in event:
                finish = event["messageStop"]["stopReason"]
            elif "metadata" in event:
                usage = event["metadata"]["usage"]
        content = [blocks[index] for index in sorted(blocks)]
        for block in content:
            if "toolUse" in block:
                block["toolUse"]["input"] = json.loads(block["toolUse"]["input"] or "{}")
        return read(content, finish, usage, pieces)

    def again(self, turn, calls):
        results = [{"toolResult": {"toolUseId": call.id, "content": [{"text": "sunny"}]}} for call in calls]
        return [{"role": "assistant", "content": turn}, {"role": "user", "content": results}]

    def is_error(self, error, status):
        if status == "stream":
            return isinstance(error, botocore.exceptions.EventStreamError)
        return isinstance(error, botocore.exceptions.ClientError) and error.response["Error"]["Code"] == CODES[status]


connect = Client
