"""The simulated provider speaks Anthropic's protocol.

Usage: sim_messages.py <spillway-sim>. Standard library only; no fixed ports, no sleeps, no assertion about time.
"""

import json

from simulator import KEY, SimulatorCase, main

FIELDS = {"x-api-key": KEY, "anthropic-version": "2023-06-01"}
WEATHER = {"name": "weather", "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}}}
CLOCK = {"name": "clock", "description": "the time", "input_schema": {"type": "object"}}
PIXEL = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def ask(model="claude-x", text="Hello, wörld", **more):
    return {"model": model, "max_tokens": 1000, "messages": [{"role": "user", "content": text}], **more}


def frames_of(body):
    """The events of a stream, each checked for its form."""
    events = []
    for frame in body.decode().split("\n\n")[:-1]:
        name, data = frame.split("\n")
        event = json.loads(data.removeprefix("data: "))
        assert name == "event: " + event["type"], frame
        events.append(event)
    return events


def assemble(events):
    """The message that the events of a stream add up to."""
    message = None
    for event in events:
        if event["type"] == "message_start":
            message = event["message"]
        elif event["type"] == "content_block_start":
            assert event["index"] == len(message["content"])
            message["content"].append(event["content_block"])
            pieces = []
        elif event["type"] == "content_block_delta":
            block, delta = message["content"][event["index"]], event["delta"]
            kind = delta.pop("type")
            if kind == "input_json_delta":
                pieces.append(delta["partial_json"])
            elif kind == "citations_delta":
                block.setdefault("citations", []).append(delta["citation"])
            else:
                for name, value in delta.items():
                    block[name] += value
        elif event["type"] == "content_block_stop":
            if pieces:
                message["content"][event["index"]]["input"] = json.loads("".join(pieces))
        elif event["type"] == "message_delta":
            message.update(event["delta"])
            message["usage"].update(event["usage"])
    return message


class MessagesCase(SimulatorCase):
    def send(self, body, path="/v1/messages", fields=None):
        return self.sim.post(path, body, FIELDS if fields is None else fields)

    def whole(self, body):
        status, _, text = self.send(body)
        self.assertEqual(status, 200, text)
        return json.loads(text)

    def events(self, body):
        status, fields, text = self.send({**body, "stream": True})
        self.assertEqual((status, fields.get("content-type")), (200, "text/event-stream; charset=utf-8"), text)
        return frames_of(text)

    def assert_refused(self, body, words, status=400, **more):
        seen, fields, text = self.send(body, **more)
        answer = json.loads(text)
        self.assertEqual((seen, answer["type"]), (status, "error"), text)
        self.assertIn(words, answer["error"]["message"])
        self.assertEqual(answer["request_id"], fields["request-id"])
        return answer["error"]["type"]


class Answers(MessagesCase):
    def test_text_is_echoed_with_usage(self):
        answer = self.whole(ask())
        self.assertEqual(answer["content"], [{"type": "text", "text": "Echo: Hello, wörld"}])
        self.assertEqual((answer["type"], answer["role"], answer["stop_reason"]), ("message", "assistant", "end_turn"))
        self.assertRegex(answer["id"], "^msg_[0-9a-f]{24}$")
        self.assertEqual(answer["usage"]["output_tokens"], 5)
        self.assertGreater(answer["usage"]["input_tokens"], 0)

    def test_a_stream_adds_up_to_the_whole_message(self):
        words = ["", "+think", "+think+hide", "+redact", "+cite+utf8", "+refuse", "+filter", "+length", "+cached=5+cachewrite=3"]
        bodies = [ask("claude-x" + word) for word in words]
        bodies += [ask("claude-x" + word, tools=[WEATHER, CLOCK]) for word in ("", "+tools3", "+think+preamble+tools1")]
        for body in bodies:
            with self.subTest(model=body["model"], tools="tools" in body):
                whole, streamed = self.whole(body), assemble(self.events(body))
                self.assertNotEqual(whole.pop("id"), streamed.pop("id"))
                for answer in (whole, streamed):
                    for block in answer["content"]:
                        if "id" in block:
                            block["id"] = block["id"][-1]
                self.assertEqual(whole, streamed)

    def test_the_order_of_events_is_anthropics(self):
        events = self.events(ask("claude-x+think", tools=[WEATHER]))
        kinds = [event["type"] for event in events]
        self.assertEqual((kinds[0], kinds[1], kinds[2]), ("message_start", "content_block_start", "ping"))
        self.assertEqual(kinds[-3:], ["content_block_stop", "message_delta", "message_stop"])
        deltas = [event["delta"] for event in events if event["type"] == "content_block_delta"]
        signed = [i for i, delta in enumerate(deltas) if delta["type"] == "signature_delta"]
        self.assertEqual(len(signed), 1)
        self.assertEqual(deltas[signed[0] + 1], {"type": "input_json_delta", "partial_json": ""})
        opened = [event["content_block"] for event in events if event["type"] == "content_block_start"]
        self.assertEqual(opened[0], {"type": "thinking", "thinking": "", "signature": ""})
        self.assertEqual((opened[1]["type"], opened[1]["input"]), ("tool_use", {}))

    def test_the_request_switches_thinking_on(self):
        budget = {"type": "enabled", "budget_tokens": 1024}
        answer = self.whole(ask(max_tokens=2000, thinking=budget))
        self.assertEqual([block["type"] for block in answer["content"]], ["thinking", "text"])
        self.assertGreater(answer["usage"]["output_tokens_details"]["thinking_tokens"], 0)
        hidden = self.whole(ask(thinking={"type": "adaptive", "display": "omitted"}))
        self.assertEqual(hidden["content"][0]["thinking"], "")
        self.assertEqual(hidden["content"][0]["signature"], answer["content"][0]["signature"])

    def test_tools_follow_the_choice(self):
        tools = [WEATHER, CLOCK]
        called = lambda **more: [block["name"] for block in self.whole(ask(tools=tools, **more))["content"]
                                 if block["type"] == "tool_use"]
        self.assertEqual(called(), ["weather", "clock"])
        self.assertEqual(called(tool_choice={"type": "auto", "disable_parallel_tool_use": True}), ["weather"])
        self.assertEqual(called(tool_choice={"type": "tool", "name": "clock"}), ["clock"])
        self.assertEqual(called(tool_choice={"type": "none"}), [])
        self.assertEqual(called(model="m+tools3"), ["weather", "clock", "weather"])

    def test_a_result_is_answered_in_text(self):
        tools = [WEATHER]
        first = self.whole(ask("m+think", tools=tools))
        turns = [*ask()["messages"], {"role": "assistant", "content": first["content"]},
                 {"role": "user", "content": [{"type": "tool_result", "tool_use_id": first["content"][1]["id"],
                                               "content": "sunny"}]}]
        self.assertEqual(self.whole(ask(tools=tools, messages=turns))["stop_reason"], "end_turn")

    def test_a_schema_is_satisfied(self):
        schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "additionalProperties": False}
        answer = self.whole(ask(output_config={"format": {"type": "json_schema", "schema": schema}}))
        self.assertEqual(json.loads(answer["content"][0]["text"]), {"n": 1})

    def test_stops_and_limits(self):
        answer = self.whole(ask(stop_sequences=["wör"]))
        self.assertEqual((answer["stop_reason"], answer["stop_sequence"]), ("stop_sequence", "wör"))
        self.assertEqual(self.whole(ask(max_tokens=2))["stop_reason"], "max_tokens")

    def test_cache_counts_are_beside_the_input(self):
        plain = self.whole(ask())["usage"]["input_tokens"]
        usage = self.whole(ask("m+cached=5+cachewrite=3"))["usage"]
        self.assertEqual((usage["cache_read_input_tokens"], usage["cache_creation_input_tokens"]), (5, 3))
        self.assertEqual(usage["input_tokens"] + 8, plain)

    def test_counting_and_models(self):
        body = ask()
        del body["max_tokens"]
        counted = json.loads(self.send(body, "/v1/messages/count_tokens")[2])
        self.assertEqual(counted, {"input_tokens": self.whole(ask())["usage"]["input_tokens"]})
        listed = json.loads(self.send(None, "/v1/models")[2])
        self.assertEqual((listed["has_more"], listed["data"][0]["type"]), (False, "model"))
        one = json.loads(self.send(None, "/v1/models/sim-echo")[2])
        self.assertEqual((one["id"], one["type"]), ("sim-echo", "model"))
        self.assertEqual(self.send(None, "/v1/models/none")[0], 404)


class Refusals(MessagesCase):
    def test_credentials_and_version(self):
        both = {**FIELDS, "Authorization": f"Bearer {KEY}"}
        self.assertEqual(self.assert_refused(ask(), "only one", 401, fields=both), "authentication_error")
        self.assert_refused(ask(), "invalid x-api-key", 401, fields={**FIELDS, "x-api-key": "sk-other"})
        self.assert_refused(ask(), "required", 401, fields={"anthropic-version": "2023-06-01"})
        self.assert_refused(ask(), "anthropic-version", fields={"x-api-key": KEY})
        self.assert_refused(ask(), "not a valid version", fields={**FIELDS, "anthropic-version": "2024"})
        self.assert_refused(ask(), "anthropic-beta", fields={**FIELDS, "anthropic-beta": "effort-2025-11-24, no-such"})
        newest = {**FIELDS, "anthropic-version": "2026-10-21"}
        self.assertEqual(self.send(ask(), fields=newest)[0], 200)
        self.assert_refused(ask(temperature=1), "temperature: Extra inputs", fields=newest)
        bearer = {"Authorization": f"Bearer {KEY}", "anthropic-version": "2023-06-01"}
        self.assertEqual(self.send(ask(), fields=bearer)[0], 200)

    def test_paths_are_exact(self):
        self.assertEqual(self.send(ask(), "/v1/v1/messages")[0], 404)
        self.assertEqual(self.send(ask(), "/v1/messages?beta=true")[0], 200)

    def test_requests(self):
        def turns(*contents):
            roles = ("user", "assistant")
            return ask(messages=[{"role": roles[i % 2], "content": c} for i, c in enumerate(contents)])
        call = {"type": "tool_use", "id": "t1", "name": "weather", "input": {}}
        result = {"type": "tool_result", "tool_use_id": "t1", "content": "x"}
        marked = {"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}
        thinking = {"type": "enabled", "budget_tokens": 1024}
        jpeg = {"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": PIXEL}}
        http = {"type": "image", "source": {"type": "url", "url": "http://a/b.png"}}
        cases = [
            ({k: v for k, v in ask().items() if k != "max_tokens"}, "max_tokens: Field required"),
            ({k: v for k, v in ask().items() if k != "model"}, "model: Field required"),
            (ask(messages=[]), "at least one message"),
            (ask(n=2), "n: Extra inputs are not permitted"),
            (ask(temperature=1.5), "temperature: range: 0..1"),
            (ask(stop_sequences=[" \n"]), "non-whitespace"),
            (ask(messages=[{"role": "system", "content": "x"}]), "Unexpected role"),
            (ask(messages=[{"role": "assistant", "content": "x"}]), "first message must use"),
            (ask(messages=[{"role": "user", "content": "x", "name": "bob"}]), "Extra inputs"),
            (turns(""), "non-empty content"),
            (turns([{"type": "text", "text": ""}]), "text content blocks must be non-empty"),
            (turns("x", "prefill "), "trailing whitespace"),
            (turns("x", [call], "y"), "without `tool_result` blocks"),
            (turns("x", [call]), "without `tool_result` blocks"),
            (turns("x", [call], [{"type": "text", "text": "y"}, result]), "must come before"),
            (turns("x", "y", [result]), "unexpected `tool_use_id`"),
            (turns("x", [{**call, "id": "a.b"}], "y"), "tool_use.id"),
            (turns("x", [{**call, "input": "{}"}], "y"), "valid dictionary"),
            (turns([{"type": "image_url"}]), "does not match any of the expected tags"),
            (turns([jpeg]), "image/png"),
            (turns([http]), "HTTPS"),
            (turns([marked] * 5), "maximum of 4 blocks"),
            (turns([{**marked, "cache_control": {"type": "ephemeral", "scope": "org"}}]), "scope: Extra inputs"),
            (turns("x", [{"type": "thinking", "thinking": "changed", "signature": "c2lt"}, call], [result]), "Invalid `signature`"),
            (ask(tools=[{"name": "a b", "input_schema": {"type": "object"}}]), "String should match pattern"),
            (ask(tools=[{"name": "a", "input_schema": {}}]), "input_schema.type"),
            (ask(tool_choice={"type": "any"}), "while providing tools"),
            (ask(thinking={"type": "enabled", "budget_tokens": 5}), "greater than or equal to 1024"),
            (ask(thinking=thinking), "greater than `thinking.budget_tokens`"),
            (ask(thinking=thinking, max_tokens=2000, temperature=0.5), "set to 1"),
            (ask(thinking=thinking, max_tokens=2000, tools=[WEATHER], tool_choice={"type": "any"}), "forces tool use"),
            ({**turns("x", [call], [result]), "thinking": thinking, "max_tokens": 2000}, "Expected `thinking`"),
        ]
        for body, words in cases:
            with self.subTest(words=words):
                self.assertEqual(self.assert_refused(body, words), "invalid_request_error")


class Faults(MessagesCase):
    def test_statuses_are_told_in_anthropics_words(self):
        for status, kind in [(401, "authentication_error"), (403, "permission_error"), (404, "not_found_error"),
                             (413, "request_too_large"), (429, "rate_limit_error"), (500, "api_error"),
                             (529, "overloaded_error")]:
            seen, fields, text = self.send(ask(f"m.fault-{status}"))
            self.assertEqual((seen, json.loads(text)["error"]["type"]), (status, kind))
        self.assertEqual(self.send(ask("m.fault-529=7"))[1]["retry-after"], "7")
        self.assert_refused(ask("m.fault-context-length"), "prompt is too long")
        self.assert_refused(ask("m.fault-quota-429"), "credit balance")

    def test_streams_break_off(self):
        events = self.events(ask("m+think.fault-error-mid-stream=3"))
        self.assertEqual([event["type"] for event in events[-2:]], ["content_block_delta", "error"])
        self.assertEqual(events[-1]["error"]["type"], "api_error")
        self.assertEqual([e["type"] for e in self.events(ask("m+fault-error-first-event"))], ["error"])
        self.assertEqual(self.events(ask("m.fault-no-done"))[-1]["type"], "message_delta")

    def test_a_path_may_name_the_fault(self):
        self.assert_refused(ask(), "Overloaded", 529, path="/fault-529/v1/messages")


class Limits(MessagesCase):
    flags = ("--key", KEY, "--rpm", "1")

    def test_limits_are_told_in_anthropics_fields(self):
        status, fields, _ = self.send(ask())
        self.assertEqual((status, fields["anthropic-ratelimit-requests-limit"]), (200, "1"))
        self.assertRegex(fields["anthropic-ratelimit-requests-reset"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        status, fields, text = self.send(ask())
        self.assertEqual((status, json.loads(text)["error"]["type"]), (429, "rate_limit_error"))
        self.assertGreater(int(fields["retry-after"]), 0)


class Strict(MessagesCase):
    flags = ("--key", KEY, "--strict", "--client-model", "vendor/claude")

    def test_names_and_keys_must_have_been_replaced(self):
        self.assert_refused(ask("vendor/claude"), "strict")
        self.assertEqual(self.send(ask())[0], 200)


if __name__ == "__main__":
    main()
