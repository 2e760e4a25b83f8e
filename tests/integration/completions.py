"""Legacy completions, whole and streamed, towards every protocol: a provider that has them gets the request as it is,
for all others the prompt becomes a chat of one message and the answer a completion.

Usage: completions.py <spillway> <spillway-sim>. Standard library only; no fixed ports, no sleeps, no assertion about time.
"""

import http.client
import json

import case
import gateway
from dialects import BASES, events_of

TEXT = "Hello, w\u00f6rld \"quoted\"\n"


class CompletionCase(case.GatewayCase):
    def setUp(self):
        self.sim = self.simulator()
        flags = []
        for protocol, base in BASES.items():
            flags += ["--provider", f"up-{protocol},protocol={protocol},url=http://127.0.0.1:{self.sim.port}{base},"
                                    f"key=env:UPSTREAM_KEY"]
            for name, model in (("text", "echo+tools0"), ("long", "m+length+tools0")):
                flags += ["--model", f"{name}/{protocol}=up-{protocol}:{model}"]
        # A provider that speaks Chat Completions and has none of the older kind.
        flags += ["--provider", f"groq,url=http://127.0.0.1:{self.sim.port}/v1,key=env:UPSTREAM_KEY",
                  "--model", "text/groq=groq:echo+tools0,in=1,out=2", "--model", "long/groq=groq:m+length+tools0"]
        self.gateway = self.start(*flags, key=None, env={})

    targets = [*BASES, "groq"]
    chats = [name for name in targets if name != "chat"]

    def post(self, body, face="/v1"):
        link = http.client.HTTPConnection("127.0.0.1", self.gateway.port, timeout=gateway.PATIENCE)
        try:
            link.request("POST", face + "/completions", json.dumps(body), {"Content-Type": "application/json"})
            answer = link.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            link.close()

    def whole(self, body, face="/v1"):
        status, fields, text = self.post(body, face)
        self.assertEqual(status, 200, text)
        self.assertEqual(fields["content-type"], "application/json")
        return json.loads(text), fields

    def refused(self, body, param):
        status, _, text = self.post(body)
        self.assertEqual(status, 400, text)
        self.assertEqual(json.loads(text)["error"]["param"], param)


class Pairs(CompletionCase):
    def test_whole(self):
        for name in self.targets:
            with self.case(upstream=name):
                answer, _ = self.whole({"model": "text/" + name, "prompt": TEXT, "max_tokens": 100})
                self.assertEqual(answer["object"], "text_completion")
                (choice,) = answer["choices"]
                self.assertIn(TEXT, choice["text"])
                self.assertEqual((choice["index"], choice["finish_reason"], choice["logprobs"]), (0, "stop", None))
                usage = answer["usage"]
                self.assertEqual(usage["total_tokens"], usage["prompt_tokens"] + usage["completion_tokens"])
                self.assertGreater(usage["completion_tokens"], 0)

    def test_streamed(self):
        for name in self.targets:
            for asked in (False, True):
                with self.case(upstream=name, usage=asked):
                    body = {"model": "text/" + name, "prompt": [TEXT], "max_tokens": 100, "stream": True}
                    if asked:
                        body["stream_options"] = {"include_usage": True}
                    status, fields, octets = self.post(body)
                    self.assertEqual(status, 200, octets)
                    self.assertTrue(fields["content-type"].startswith("text/event-stream"))
                    datas = events_of(octets)
                    self.assertEqual(datas[-1], "[DONE]")
                    chunks = [json.loads(data) for data in datas[:-1]]
                    self.assertEqual({chunk["object"] for chunk in chunks}, {"text_completion"})
                    choices = [choice for chunk in chunks for choice in chunk["choices"]]
                    self.assertIn(TEXT, "".join(choice["text"] for choice in choices))
                    self.assertEqual([choice["finish_reason"] for choice in choices if choice["finish_reason"]], ["stop"])
                    counted = [chunk["usage"] for chunk in chunks if chunk.get("usage")]
                    self.assertEqual(len(counted), asked)

    def test_openrouter_adds_its_members(self):
        answer, fields = self.whole({"model": "text/groq", "prompt": TEXT}, face="/api/v1")
        self.assertEqual((answer["object"], answer["id"]), ("text_completion", fields["x-generation-id"]))
        self.assertEqual(answer["provider"], "Groq")
        self.assertIn("native_finish_reason", answer["choices"][0])
        usage = answer["usage"]
        self.assertAlmostEqual(usage["cost"], (usage["prompt_tokens"] + 2 * usage["completion_tokens"]) / 1e6)


class Rules(CompletionCase):
    def test_the_limit_is_openais_when_none_is_named(self):
        for name in self.chats:
            with self.case(upstream=name):
                answer, _ = self.whole({"model": "long/" + name, "prompt": "Go on"})
                self.assertEqual(answer["choices"][0]["finish_reason"], "length")
                self.assertLessEqual(answer["usage"]["completion_tokens"], 16)

    def test_what_a_chat_cannot_do_is_refused(self):
        for name in self.chats:
            with self.case(upstream=name):
                ask = {"model": "text/" + name, "prompt": "x"}
                self.refused({**ask, "prompt": ["x", "y"]}, "prompt")
                self.refused({**ask, "prompt": [1, 2]}, "prompt")
                self.refused({**ask, "prompt": [[1, 2]]}, "prompt")
                self.refused({**ask, "prompt": None}, "prompt")
                self.refused({**ask, "suffix": "y"}, "suffix")
                self.refused({**ask, "echo": True}, "echo")
        self.assertEqual(self.sim.stats()["requests"], 0)

    def test_what_changes_little_is_left_out_and_reported(self):
        for name in self.chats:
            with self.case(upstream=name):
                _, fields = self.whole({"model": "text/" + name, "prompt": "x", "best_of": 2, "logprobs": 3})
                self.assertLessEqual({"best_of", "logprobs"}, set(fields["x-spillway-dropped"].split(", ")))

    def test_a_provider_that_has_completions_gets_the_request_as_it_is(self):
        body = {"model": "text/chat", "prompt": ["x", "y"], "echo": True, "best_of": 1, "logprobs": 2}
        answer, fields = self.whole(body)
        self.assertEqual(answer["object"], "text_completion")
        self.assertIsNone(fields["x-spillway-dropped"])


if __name__ == "__main__":
    case.main("completions")
