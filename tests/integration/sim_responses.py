"""The simulated provider speaks OpenAI's Responses API.

Usage: sim_responses.py <spillway-sim>. Standard library only; no fixed ports, no sleeps, no assertion about time.
"""

import json

from simulator import SimulatorCase, main

WEATHER = {"type": "function", "name": "weather", "strict": False, "parameters": {
    "type": "object", "properties": {"city": {"type": "string"}}}}
CLOCK = {"type": "function", "name": "clock", "strict": False}


def ask(model="gpt-x", text="Hello, wörld", **more):
    return {"model": model, "input": text, **more}


class ResponsesCase(SimulatorCase):
    def send(self, body, path="/v1/responses"):
        return self.sim.ask(body, path=path)

    def whole(self, body):
        status, _, text = self.send(body)
        self.assertEqual(status, 200, text)
        return json.loads(text)

    def events(self, body):
        status, fields, text = self.send({**body, "stream": True})
        self.assertEqual((status, fields["content-type"]), (200, "text/event-stream; charset=utf-8"), text)
        events = []
        for frame in text.decode().split("\n\n")[:-1]:
            name, data = frame.split("\n")
            events.append(json.loads(data.removeprefix("data: ")))
            self.assertEqual(name, "event: " + events[-1]["type"])
        self.assertEqual([event["sequence_number"] for event in events], list(range(len(events))))
        return events

    def assert_refused(self, body, param, code=None):
        status, _, text = self.send(body)
        error = json.loads(text)["error"]
        self.assertEqual((status, error["param"], error["code"]), (400, param, code), text)


def without_ids(items):
    return [{k: v for k, v in item.items() if k not in ("id", "call_id")} for item in items]


class Answers(ResponsesCase):
    def test_text_is_echoed_with_usage(self):
        answer = self.whole(ask())
        part = answer["output"][0]["content"][0]
        self.assertEqual((part["type"], part["text"]), ("output_text", "Echo: Hello, wörld"))
        usage = answer["usage"]
        self.assertEqual(usage["total_tokens"], usage["input_tokens"] + usage["output_tokens"])
        self.assertEqual((answer["object"], answer["status"]), ("response", "completed"))
        self.assertEqual(answer["temperature"], 1.0)

    def test_a_stream_adds_up_to_the_whole_answer(self):
        bodies = [ask("m" + word) for word in ("", "+think", "+redact", "+cite+utf8", "+refuse", "+image", "+length",
                                               "+filter", "+cached=4")]
        bodies += [ask("m" + word, tools=[WEATHER, CLOCK]) for word in ("", "+tools3+think", "+preamble")]
        for body in bodies:
            with self.subTest(model=body["model"]):
                body["include"] = ["reasoning.encrypted_content"]
                whole, events = self.whole(body), self.events(body)
                last = events[-1]["response"]
                self.assertEqual(without_ids(last["output"]), without_ids(whole["output"]))
                self.assertEqual((last["usage"], last["status"]), (whole["usage"], whole["status"]))
                self.assertEqual(events[-1]["type"], "response." + last["status"])
                self.check_items(events, last["output"])

    def check_items(self, events, output):
        """Every item is opened, filled by its deltas and closed before the next."""
        self.assertEqual([event["type"] for event in events[:2]], ["response.created", "response.in_progress"])
        open_item, text = None, ""
        for event in events[2:-1]:
            kind = event["type"]
            if kind == "response.output_item.added":
                self.assertIsNone(open_item)
                open_item, text = event["item"]["id"], ""
            elif kind == "response.output_item.done":
                self.assertEqual(event["item"], output[event["output_index"]])
                self.assertEqual(event["item"]["id"], open_item)
                open_item = None
            else:
                self.assertEqual(event["item_id"], open_item)
                text += event.get("delta", "")
                if kind.endswith("text.done"):
                    self.assertEqual(event["text"], text)
                if kind == "response.function_call_arguments.done":
                    self.assertEqual(event["arguments"], text)

    def test_reasoning_is_shown_as_a_summary_when_asked_for(self):
        hidden = self.whole(ask(reasoning={"effort": "low"}))
        self.assertEqual(hidden["output"][0]["summary"], [])
        self.assertGreater(hidden["usage"]["output_tokens_details"]["reasoning_tokens"], 0)
        shown = self.whole(ask(reasoning={"effort": "low", "summary": "auto"}))
        self.assertEqual(shown["output"][0]["summary"][0]["type"], "summary_text")
        self.assertEqual(shown["usage"], hidden["usage"])

    def test_calls_come_back_with_their_outputs(self):
        include = ["reasoning.encrypted_content"]
        first = self.whole(ask("m+think", tools=[WEATHER], include=include))["output"]
        self.assertEqual([item["type"] for item in first], ["reasoning", "function_call"])
        items = [{"role": "user", "content": "x"}, *first,
                 {"type": "function_call_output", "call_id": first[1]["call_id"], "output": "sunny"}]
        second = self.whole(ask("m", items, tools=[WEATHER]))["output"]
        self.assertEqual([item["type"] for item in second], ["message"])
        items[1] = {**items[1], "encrypted_content": "broken"}
        self.assert_refused(ask("m", items, tools=[WEATHER]), "input[1]", "invalid_encrypted_content")

    def test_a_schema_is_satisfied(self):
        schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
        answer = self.whole(ask(text="x") | {"text": {"format": {"type": "json_schema", "name": "n", "schema": schema}}})
        self.assertEqual(json.loads(answer["output"][0]["content"][0]["text"]), {"n": 1})

    def test_counting(self):
        counted = json.loads(self.send(ask(), "/v1/responses/input_tokens")[2])["input_tokens"]
        self.assertEqual(counted, self.whole(ask())["usage"]["input_tokens"])


class Refusals(ResponsesCase):
    def test_requests(self):
        call = {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"}
        output = {"type": "function_call_output", "call_id": "c2", "output": "x"}
        nested = {"type": "function", "function": {"name": "f"}}
        text = {"type": "text", "text": "x"}
        cases = [
            ({"model": "m"}, "input", "missing_required_parameter"),
            (ask(n=2), "n", "unknown_parameter"),
            (ask(stop=["x"]), "stop", "unknown_parameter"),
            (ask(max_output_tokens=5), "max_output_tokens", "integer_below_min_value"),
            (ask(temperature=2.5), "temperature", "decimal_above_max_value"),
            (ask(tools=[nested]), "tools[0].name", "missing_required_parameter"),
            (ask(tools=[{**WEATHER, "strict": True}]), "tools[0].parameters", "invalid_function_parameters"),
            (ask(previous_response_id="resp_1"), "previous_response_id", "previous_response_not_found"),
            (ask(text=[{"role": "user", "content": [text]}]), "input[0].content[0].type", "invalid_value"),
            (ask(text=[{"role": "tool", "content": "x"}]), "input[0].role", "invalid_value"),
            (ask(text=[call]), "input", None),
            (ask(text=[output]), "input", None),
            (ask(text=[{"type": "reasoning", "id": "rs_1", "summary": []}]), "input", None),
            (ask(stream_options={}), "stream_options", None),
        ]
        for body, param, code in cases:
            with self.subTest(param=param, code=code):
                self.assert_refused(body, param, code)


class Faults(ResponsesCase):
    def test_statuses_are_those_of_chat(self):
        status, fields, text = self.send(ask("m.fault-429=9"))
        self.assertEqual((status, fields["retry-after"], json.loads(text)["error"]["code"]), (429, "9", "rate_limit_exceeded"))

    def test_a_stream_breaks_off_as_failed(self):
        events = self.events(ask("m.fault-error-mid-stream=5"))
        self.assertEqual([event["type"] for event in events[-2:]], ["error", "response.failed"])
        self.assertEqual(events[-1]["response"]["status"], "failed")
        self.assertEqual(events[-1]["response"]["id"], events[0]["response"]["id"])
        self.assertEqual(self.events(ask("m.fault-no-done"))[-1]["type"], "response.output_item.done")


if __name__ == "__main__":
    main()
