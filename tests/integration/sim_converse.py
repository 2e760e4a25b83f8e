"""The simulated provider speaks Bedrock's protocol; signatures and frames are checked by code of their own.

Usage: sim_converse.py <spillway-sim>. Standard library only; no fixed ports, no sleeps, no assertion about time.
"""

import base64
import datetime
import hashlib
import hmac
import json
import struct
import zlib

from simulator import KEY, SimulatorCase, main

BEARER = {"Authorization": f"Bearer {KEY}"}
CLAUDE = "anthropic.claude-x-v1%3A0"
ID, SECRET = "AKIDSIM", "not/a+real=secret"
WEATHER = {"toolSpec": {"name": "weather", "inputSchema": {"json": {
    "type": "object", "properties": {"city": {"type": "string"}}}}}}
CLOCK = {"toolSpec": {"name": "clock", "description": "the time", "inputSchema": {"json": {"type": "object"}}}}


def ask(text="Hello, wörld", tools=None, **more):
    body = {"messages": [{"role": "user", "content": [{"text": text}]}], **more}
    if tools:
        body["toolConfig"] = {"tools": tools}
    return body


def invoke_body(text="Hello, wörld", **more):
    return {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 500,
            "messages": [{"role": "user", "content": text}], **more}


def frames_of(data):
    """The messages of an event stream: (headers, payload), with lengths and both checksums verified."""
    frames = []
    while data:
        total, size, prelude = struct.unpack(">III", data[:12])
        assert zlib.crc32(data[:8]) == prelude, "prelude checksum"
        assert zlib.crc32(data[:total - 4]) == struct.unpack(">I", data[total - 4:total])[0], "message checksum"
        headers, rest = {}, data[12:12 + size]
        while rest:
            length = rest[0]
            kind, value_size = struct.unpack(">BH", rest[1 + length:4 + length])
            assert kind == 7, kind
            headers[rest[1:1 + length].decode()] = rest[4 + length:4 + length + value_size].decode()
            rest = rest[4 + length + value_size:]
        frames.append((headers, json.loads(data[12 + size:total - 4])))
        data = data[total:]
    return frames


def sign(path, body, secret=SECRET, when=None, service="bedrock", extra=None):
    """The fields of a signed request, after the published description of the algorithm."""
    when = when or datetime.datetime.now(datetime.timezone.utc)
    stamp, day = when.strftime("%Y%m%dT%H%M%SZ"), when.strftime("%Y%m%d")
    fields = {"host": "bedrock.test", "x-amz-date": stamp, "content-type": "application/json", **(extra or {})}
    names = ";".join(sorted(fields))
    lines = "".join(f"{name}:{' '.join(fields[name].split())}\n" for name in sorted(fields))
    uri = path.replace("%", "%25")
    canonical = "\n".join(["POST", uri, "", lines, names, hashlib.sha256(body).hexdigest()])
    scope = f"{day}/us-east-1/{service}/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + secret).encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    fields["authorization"] = (f"AWS4-HMAC-SHA256 Credential={ID}/{scope}, SignedHeaders={names}, "
                               f"Signature={signature}")
    return fields


def assemble(frames):
    """Content, stop reason and usage that the frames of a Converse stream add up to."""
    content, stop, usage = [], None, None
    for headers, payload in frames:
        kind = headers[":event-type"]
        index = payload.get("contentBlockIndex")
        if kind in ("contentBlockStart", "contentBlockDelta") and index == len(content):
            content.append({})
        if kind == "contentBlockStart":
            content[index].update(payload["start"])
        elif kind == "contentBlockDelta":
            add_delta(content[index], payload["delta"])
        elif kind == "messageStop":
            stop = payload["stopReason"]
        elif kind == "metadata":
            usage = payload["usage"]
    for block in content:
        if "toolUse" in block:
            block["toolUse"]["input"] = json.loads(block["toolUse"]["input"])
    return content, stop, usage


def add_delta(block, delta):
    (kind, value), = delta.items()
    if kind == "text":
        block["text"] = block.get("text", "") + value
    elif kind == "toolUse":
        block["toolUse"]["input"] = block["toolUse"].get("input", "") + value["input"]
    elif kind == "citation":
        block.setdefault("citations", []).append(value)
    elif kind == "image":
        block["image"].update(value)
    elif "redactedContent" in value:
        block["reasoningContent"] = value
    else:
        thought = block.setdefault("reasoningContent", {"reasoningText": {"text": "", "signature": ""}})["reasoningText"]
        for name, piece in value.items():
            thought[name] += piece


def plain(block):
    """A block of a whole answer in the form that assemble() gives it."""
    if "citationsContent" in block:
        inner = block["citationsContent"]
        return {"text": "".join(part["text"] for part in inner["content"]), "citations": inner["citations"]}
    if "toolUse" in block:
        return {"toolUse": {**block["toolUse"], "toolUseId": block["toolUse"]["toolUseId"][-1]}}
    return block


class ConverseCase(SimulatorCase):
    def send(self, body, model=CLAUDE, verb="converse", fields=None):
        return self.sim.post(f"/model/{model}/{verb}", body, BEARER if fields is None else fields)

    def whole(self, body, model=CLAUDE):
        status, _, text = self.send(body, model)
        self.assertEqual(status, 200, text)
        return json.loads(text)

    def frames(self, body, model=CLAUDE, verb="converse-stream"):
        status, fields, data = self.send(body, model, verb)
        self.assertEqual((status, fields["content-type"]), (200, "application/vnd.amazon.eventstream"), data)
        return frames_of(data)

    def assert_refused(self, body, words, status=400, name="ValidationException", **more):
        seen, fields, text = self.send(body, **more)
        self.assertEqual((seen, fields.get("x-amzn-errortype")), (status, name), text)
        self.assertIn(words, json.loads(text)["message"])


class Answers(ConverseCase):
    def test_text_is_echoed_with_usage(self):
        answer = self.whole(ask())
        self.assertEqual(answer["output"]["message"], {"role": "assistant", "content": [{"text": "Echo: Hello, wörld"}]})
        usage = answer["usage"]
        self.assertEqual(usage["totalTokens"], usage["inputTokens"] + usage["outputTokens"])
        self.assertEqual(answer["stopReason"], "end_turn")

    def test_a_stream_adds_up_to_the_whole_answer(self):
        words = ["", "+think", "+redact", "+cite+utf8", "+image", "+refuse", "+filter", "+length", "+cached=4+cachewrite=2"]
        cases = [(CLAUDE + word, None) for word in words]
        cases += [(CLAUDE + "+think", [WEATHER, CLOCK]), (CLAUDE + "+tools3+preamble", [WEATHER])]
        for model, tools in cases:
            with self.subTest(model=model):
                whole = self.whole(ask(tools=tools), model)
                content, stop, usage = assemble(self.frames(ask(tools=tools), model))
                self.assertEqual([plain(block) for block in content],
                                 [plain(block) for block in whole["output"]["message"]["content"]])
                self.assertEqual((stop, usage), (whole["stopReason"], whole["usage"]))

    def test_frames_are_amazons(self):
        frames = self.frames(ask(tools=[WEATHER]))
        self.assertTrue(all(set(headers) == {":event-type", ":content-type", ":message-type"} for headers, _ in frames))
        self.assertTrue(all("p" in payload for _, payload in frames))
        kinds = [headers[":event-type"] for headers, _ in frames]
        self.assertEqual((kinds[0], kinds[1], kinds[-2:]), ("messageStart", "contentBlockStart", ["messageStop", "metadata"]))

    def test_claude_is_invoked_in_anthropics_form(self):
        status, fields, text = self.send(invoke_body(), verb="invoke")
        answer = json.loads(text)
        self.assertEqual((status, answer["content"][0]["text"]), (200, "Echo: Hello, wörld"))
        self.assertTrue(answer["id"].startswith("msg_bdrk_"))
        self.assertEqual(int(fields["x-amzn-bedrock-output-token-count"]), answer["usage"]["output_tokens"])
        frames = self.frames(invoke_body(), verb="invoke-with-response-stream")
        self.assertEqual({headers[":event-type"] for headers, _ in frames}, {"chunk"})
        events = [json.loads(base64.b64decode(payload["bytes"])) for _, payload in frames]
        self.assertEqual((events[0]["type"], events[-1]["type"]), ("message_start", "message_stop"))
        self.assertEqual(events[-1]["amazon-bedrock-invocationMetrics"]["outputTokenCount"], answer["usage"]["output_tokens"])
        self.assertNotIn("ping", [event["type"] for event in events])
        self.assert_refused(invoke_body(stream=True), "stream: Extra inputs", verb="invoke")
        self.assert_refused(invoke_body(anthropic_version="2023-06-01"), "anthropic_version", verb="invoke")

    def test_titan_and_cohere_embed_in_amazons_form(self):
        titan, cohere = "amazon.titan-embed-text-v2:0", "cohere.embed-v4:0"
        status, fields, text = self.send({"inputText": "Hello", "dimensions": 512}, titan, "invoke")
        made = json.loads(text)
        self.assertEqual((status, len(made["embedding"])), (200, 512))
        self.assertEqual(int(fields["x-amzn-bedrock-input-token-count"]), made["inputTextTokenCount"])
        status, fields, text = self.send({"texts": ["Hello", "you"], "input_type": "search_query"}, cohere, "invoke")
        made = json.loads(text)
        self.assertEqual((status, len(made["embeddings"]), made["response_type"]), (200, 2, "embeddings_floats"))
        self.assertNotIn("meta", made)
        self.assertGreater(int(fields["x-amzn-bedrock-input-token-count"]), 0)
        for body, model, words in (
                ({"inputText": ["a"]}, titan, "inputText"),
                ({"inputText": "a", "dimensions": 300}, titan, "256, 512, 1024"),
                ({"inputText": "a", "dimensions": 256}, "amazon.titan-embed-text-v1", "dimensions"),
                ({"inputText": "a", "input_type": "x"}, titan, "input_type"),
                ({"model": cohere, "texts": ["a"], "input_type": "search_query"}, cohere, "model"),
                ({"texts": ["a"], "input_type": "search_query", "embedding_types": ["base64"]}, cohere, "base64")):
            self.assert_refused(body, words, model=model, verb="invoke")

    def test_counting(self):
        counted = json.loads(self.send({"input": {"converse": ask()}}, verb="count-tokens")[2])["inputTokens"]
        self.assertEqual(counted, self.whole(ask())["usage"]["inputTokens"])


class Refusals(ConverseCase):
    def test_requests(self):
        def turns(*pairs):
            return {"messages": [{"role": role, "content": content} for role, content in pairs]}
        call = {"toolUse": {"toolUseId": "t1", "name": "weather", "input": {}}}
        result = {"toolResult": {"toolUseId": "t1", "content": [{"text": "x"}]}}
        hi = ("user", [{"text": "x"}])
        tools = {"toolConfig": {"tools": [WEATHER]}}
        cases = [
            ({}, "Member must not be null"),
            ({**ask(), "temperature": 1}, "extraneous key [temperature]"),
            (ask(inferenceConfig={"temperature": 1.5}), "inferenceConfig.temperature"),
            (ask(toolConfig={"tools": []}), "toolConfig.tools"),
            (ask(tools=[{"toolSpec": {**WEATHER["toolSpec"], "name": "a b"}}]), "regular expression"),
            (ask(tools=[{"toolSpec": {**WEATHER["toolSpec"], "description": ""}}]), "description"),
            (ask(toolConfig={"tools": [WEATHER], "toolChoice": {"none": {}}}), "toolChoice"),
            (turns(("assistant", [{"text": "x"}])), "must start with a user message"),
            (turns(hi, hi), "must alternate"),
            (turns(("user", [])), "is empty"),
            (turns(("user", [{"text": " "}])), "is blank"),
            (turns(("user", [{"text": "x", "image": {}}])), "exactly one member"),
            ({**turns(hi, ("assistant", [call]), hi), **tools}, "Expected toolResult blocks"),
            ({**turns(hi, ("assistant", [{"text": "y"}]), ("user", [result])), **tools}, "exceeds the number"),
            (turns(hi, ("assistant", [call]), ("user", [result])), "toolConfig field must be defined"),
            ({**turns(hi, ("assistant", [{"toolUse": {**call["toolUse"], "input": "{}"}}])), **tools}, "json object"),
            (turns(hi, ("assistant", [{"reasoningContent": {"reasoningText": {"text": "a", "signature": "b"}}}])),
             "Invalid `signature`"),
        ]
        for body, words in cases:
            with self.subTest(words=words):
                self.assert_refused(body, words)

    def test_operations_and_keys(self):
        self.assertEqual(self.send(ask(), verb="converse_stream")[0], 404)
        self.assert_refused(ask(), "Missing Authentication Token", 403, "MissingAuthenticationTokenException", fields={})
        self.assert_refused(ask(), "API Key", 403, "AccessDeniedException", fields={"Authorization": "Bearer no"})


class Signed(ConverseCase):
    flags = ("--aws-key", f"{ID}:{SECRET}")
    path = f"/model/{CLAUDE}/converse"
    body = json.dumps(ask()).encode()

    def signed(self, **more):
        return self.send(self.body, fields=sign(self.path, self.body, **more))

    def test_a_good_signature_opens(self):
        self.assertEqual(self.signed()[0], 200)
        self.assertEqual(self.signed(extra={"x-amz-meta": " two  spaces "})[0], 200)

    def test_wrong_signatures_are_refused(self):
        yesterday = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
        other = self.body.replace(b"Hello", b"Jello")
        for name, answer in [("secret", self.signed(secret="x")), ("time", self.signed(when=yesterday)),
                             ("service", self.signed(service="s3")),
                             ("body", self.send(other, fields=sign(self.path, self.body))),
                             ("path", self.send(self.body, model="other", fields=sign(self.path, self.body)))]:
            with self.subTest(wrong=name):
                self.assertEqual((answer[0], answer[1]["x-amzn-errortype"]), (403, "InvalidSignatureException"))
        stranger = {name: value.replace(ID, "AKIDOTHER") for name, value in sign(self.path, self.body).items()}
        self.assert_refused(self.body, "security token", 403, "UnrecognizedClientException", fields=stranger)
        self.assert_refused(self.body, "API Key", 403, "AccessDeniedException", fields=BEARER)


class SessionToken(ConverseCase):
    flags = ("--aws-key", f"{ID}:{SECRET}:session")

    def test_temporary_keys_need_their_token(self):
        body = json.dumps(ask()).encode()
        path = f"/model/{CLAUDE}/converse"
        good = sign(path, body, extra={"x-amz-security-token": "session"})
        self.assertEqual(self.send(body, fields=good)[0], 200)
        self.assert_refused(body, "expired", 403, "ExpiredTokenException", fields=sign(path, body))


class Faults(ConverseCase):
    def test_statuses_have_amazons_names(self):
        for status, name in [(400, "ValidationException"), (403, "AccessDeniedException"), (408, "ModelTimeoutException"),
                             (404, "ResourceNotFoundException"), (424, "ModelErrorException"),
                             (429, "ThrottlingException"), (500, "InternalServerException"),
                             (503, "ServiceUnavailableException")]:
            self.assert_refused(ask(), "", status, name, model=f"m.fault-{status}")
        self.assertNotIn("retry-after", self.send(ask(), "m.fault-429")[1])
        self.assert_refused(ask(), "too long", model="m.fault-context-length")

    def test_streams_break_off_with_an_exception(self):
        frames = self.frames(ask(), "m.fault-error-mid-stream=2")
        headers, payload = frames[-1]
        self.assertEqual((len(frames), headers[":message-type"], headers[":exception-type"], list(payload)),
                         (3, "exception", "internalServerException", ["message"]))
        self.assertEqual(self.frames(ask(), "m.fault-no-done")[-1][0][":event-type"], "messageStop")

    def test_a_bench_model_keeps_its_checksums(self):
        frames = self.frames(ask(), "bench-sse.e5")
        self.assertEqual(len(frames), 9)


if __name__ == "__main__":
    main()
