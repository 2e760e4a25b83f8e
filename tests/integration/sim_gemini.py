"""The simulated provider speaks Google's protocol, on the Gemini API and on Vertex AI.

Usage: sim_gemini.py <spillway-sim>. Standard library and openssl; no fixed ports, no sleeps, no assertion about time.
"""

import base64
import json
import os
import subprocess
import tempfile
import time
import urllib.parse

from simulator import KEY, Simulator, SimulatorCase, main

FIELDS = {"x-goog-api-key": KEY}
VERTEX = "/v1/projects/p1/locations/europe-west1/publishers/google/models/"
STRING = {"type": "STRING"}
WEATHER = {"name": "weather", "parameters": {"type": "OBJECT", "properties": {"city": STRING}}}
CLOCK = {"name": "clock"}


def ask(text="Hello, wörld", tools=None, **config):
    body = {"contents": [{"role": "user", "parts": [{"text": text}]}]}
    if config:
        body["generationConfig"] = config
    if tools:
        body["tools"] = [{"functionDeclarations": tools}]
    return body


class GeminiCase(SimulatorCase):
    def send(self, body, model="g", verb="generateContent", base="/v1beta/models/", query="", fields=None):
        return self.sim.post(f"{base}{model}:{verb}{query}", body, FIELDS if fields is None else fields)

    def whole(self, body, model="g", **more):
        status, _, text = self.send(body, model, **more)
        self.assertEqual(status, 200, text)
        return json.loads(text)

    def chunks(self, body, model="g"):
        status, fields, text = self.send(body, model, "streamGenerateContent", query="?alt=sse")
        self.assertEqual((status, fields["content-type"]), (200, "text/event-stream"), text)
        frames = text.split(b"\r\n\r\n")
        self.assertEqual(frames.pop(), b"")
        return [json.loads(frame.removeprefix(b"data: ")) for frame in frames]

    def assert_refused(self, body, words, status=400, name="INVALID_ARGUMENT", **more):
        seen, _, text = self.send(body, **more)
        error = json.loads(text)["error"]
        self.assertEqual((seen, error["code"], error["status"]), (status, status, name), text)
        self.assertIn(words, error["message"])
        return error


def parts_of(answer):
    return answer["candidates"][0]["content"].get("parts", [])


def joined(parts):
    """Text by kind, and everything else, of parts that a stream may have cut."""
    texts, others, signatures = {}, [], []
    for part in parts:
        part = dict(part)
        signatures += [part.pop("thoughtSignature")] if "thoughtSignature" in part else []
        if "text" in part:
            kind = "thought" if part.get("thought") else "text"
            texts[kind] = texts.get(kind, "") + part["text"]
        else:
            part.get("functionCall", {}).pop("id", None)
            others.append(part)
    return {kind: text for kind, text in texts.items() if text}, others, signatures


class Answers(GeminiCase):
    def test_text_is_echoed_with_usage(self):
        answer = self.whole(ask())
        self.assertEqual(parts_of(answer), [{"text": "Echo: Hello, wörld"}])
        usage = answer["usageMetadata"]
        self.assertEqual(usage["totalTokenCount"], usage["promptTokenCount"] + usage["candidatesTokenCount"])
        self.assertEqual((answer["candidates"][0]["finishReason"], answer["modelVersion"]), ("STOP", "g"))

    def test_a_stream_adds_up_to_the_whole_answer(self):
        models = ["g", "g+think", "g+think+hide", "g+redact", "g+cite+utf8", "g+image", "g+filter", "g+length"]
        cases = [(model, None) for model in models] + [("g+think", [WEATHER, CLOCK]), ("g+tools3+preamble", [WEATHER])]
        for model, tools in cases:
            with self.subTest(model=model):
                whole, chunks = self.whole(ask(tools=tools), model), self.chunks(ask(tools=tools), model)
                self.assertEqual(joined(parts_of(whole)), joined([p for c in chunks for p in parts_of(c)]))
                last = chunks[-1]
                self.assertEqual(last["usageMetadata"], whole["usageMetadata"])
                self.assertEqual(last["candidates"][0]["finishReason"], whole["candidates"][0]["finishReason"])
                self.assertTrue(all("finishReason" not in c["candidates"][0] for c in chunks[:-1]))
                self.assertTrue(all("usageMetadata" in c for c in chunks))

    def test_without_alt_a_stream_is_one_array(self):
        status, fields, text = self.send(ask(), verb="streamGenerateContent")
        self.assertEqual((status, fields["content-type"]), (200, "application/json; charset=UTF-8"))
        self.assertIn(b"\r\n,\r\n", text)
        parts = [part for chunk in json.loads(text) for part in parts_of(chunk)]
        self.assertEqual(joined(parts)[0], {"text": "Echo: Hello, wörld"})

    def test_thoughts_are_counted_beside_the_answer(self):
        usage = self.whole(ask(thinkingConfig={"includeThoughts": True}))["usageMetadata"]
        self.assertEqual(usage["totalTokenCount"], usage["promptTokenCount"] + usage["candidatesTokenCount"]
                         + usage["thoughtsTokenCount"])
        self.assertNotIn("thoughtsTokenCount", self.whole(ask(thinkingConfig={"thinkingBudget": 0}))["usageMetadata"])

    def test_only_the_first_call_is_signed(self):
        parts = parts_of(self.whole(ask(tools=[WEATHER, CLOCK]), "gemini-3-pro"))
        self.assertEqual(["thoughtSignature" in part for part in parts], [True, False])
        self.assertEqual(parts[0]["functionCall"]["args"], {"city": "value"})

    def test_signed_calls_come_back_with_their_results(self):
        parts = parts_of(self.whole(ask(tools=[WEATHER]), "gemini-3-pro"))
        result = {"functionResponse": {"name": "weather", "response": {"output": "sunny"}}}
        body = ask(tools=[WEATHER])
        body["contents"] += [{"role": "model", "parts": parts}, {"role": "user", "parts": [result]}]
        self.assertEqual(joined(parts_of(self.whole(body, "gemini-3-pro")))[1], [])
        del parts[0]["thoughtSignature"]
        self.assert_refused(body, "missing a thought_signature", model="gemini-3-pro")
        parts[0]["thoughtSignature"] = "c29tZXRoaW5n"
        self.assert_refused(body, "Corrupted thought signature", model="gemini-3-pro")

    def test_grounding_counts_octets(self):
        grounding = self.whole(ask(), "g+cite")["candidates"][0]["groundingMetadata"]
        self.assertEqual(grounding["groundingSupports"][0]["segment"],
                         {"startIndex": 6, "endIndex": 19, "text": "Hello, wörld"})

    def test_a_blocked_prompt_has_no_candidate(self):
        answer = self.whole(ask(), "g+refuse")
        self.assertNotIn("candidates", answer)
        self.assertEqual(answer["promptFeedback"], {"blockReason": "PROHIBITED_CONTENT"})

    def test_snake_case_means_the_same(self):
        body = {"contents": ask()["contents"], "system_instruction": {"parts": [{"text": "Be brief."}]},
                "generation_config": {"max_output_tokens": 2, "candidate_count": 2}}
        answer = self.whole(body)
        self.assertEqual([c["finishReason"] for c in answer["candidates"]], ["MAX_TOKENS"] * 2)

    def test_schemas_of_both_kinds_are_satisfied(self):
        for schema in ({"responseSchema": {"type": "OBJECT", "properties": {"n": {"type": "INTEGER"}}}},
                       {"responseJsonSchema": {"type": "object", "properties": {"n": {"type": "integer"}}}}):
            answer = self.whole(ask(responseMimeType="application/json", **schema))
            self.assertEqual(json.loads(parts_of(answer)[0]["text"]), {"n": 1})

    def test_counting_embedding_and_models(self):
        counted = self.whole(ask(), verb="countTokens")["totalTokens"]
        self.assertEqual(counted, self.whole(ask())["usageMetadata"]["promptTokenCount"])
        wrapped = {"generateContentRequest": {"model": "models/g", **ask()}}
        self.assertEqual(self.whole(wrapped, verb="countTokens")["totalTokens"], counted)
        content = {"parts": [{"text": "one"}]}
        single = self.whole({"content": content, "outputDimensionality": 8}, verb="embedContent")["embedding"]["values"]
        batch = {"requests": [{"model": "models/g", "content": content, "outputDimensionality": 8} for _ in range(2)]}
        vectors = self.whole(batch, verb="batchEmbedContents")["embeddings"]
        self.assertEqual([vector["values"] for vector in vectors], [single, single])
        batch["requests"][1]["model"] = "g"
        self.assert_refused(batch, "requests[1].model", verb="batchEmbedContents")
        listed = json.loads(self.sim.post("/v1beta/models", None, FIELDS)[2])
        self.assertEqual(listed["models"][0]["name"], "models/sim-echo")
        self.assertEqual(self.sim.post("/v1beta/models/none", None, FIELDS)[0], 404)


class Refusals(GeminiCase):
    def test_credentials(self):
        self.assert_refused(ask(), "unregistered callers", 403, "PERMISSION_DENIED", fields={})
        error = self.assert_refused(ask(), "API key not valid", fields={"x-goog-api-key": "AIza-other"})
        self.assertEqual(error["details"][0]["reason"], "API_KEY_INVALID")
        self.assertEqual(self.send(ask(), query=f"?key={KEY}", fields={})[0], 200)
        self.assert_refused(ask(), "missing required authentication", 401, "UNAUTHENTICATED", base=VERTEX)
        self.assertEqual(self.send(ask(), base=VERTEX, fields={"Authorization": f"Bearer {KEY}"})[0], 200)

    def test_requests(self):
        call = {"functionCall": {"name": "f", "args": {}}}
        result = {"functionResponse": {"name": "f", "response": {"output": "x"}}}

        def turns(*contents):
            return {"contents": [{"role": role, "parts": parts} for role, parts in contents]}
        hi = ("user", [{"text": "x"}])
        cases = [
            ({}, "contents is not specified"),
            ({**ask(), "stream": True}, 'Unknown name "stream"'),
            ({**ask(), "labels": {}}, 'Unknown name "labels"'),
            (ask(max_tokens=5), 'Unknown name "maxTokens" at \'generation_config\''),
            (ask(temperature=3), "supported range"),
            (ask(stopSequences=list("abcdef")), "more than 5"),
            (ask(thinkingConfig={"thinkingBudget": 1, "thinkingLevel": "LOW"}), "only set only one"),
            (ask(responseSchema={"type": "OBJECT"}), "only allowed when"),
            (turns(("assistant", [{"text": "x"}])), "valid role"),
            (turns(("user", [])), "must not be empty"),
            (turns(("user", [{}])), "required oneof field"),
            (turns(("user", [{"text": ""}])), "must have a text"),
            (turns(("user", [{"inlineData": {"mimeType": "image/png", "data": "a b"}}])), "Base64"),
            (turns(hi, ("model", [call, call]), ("user", [result])), "number of function response parts"),
            (turns(hi, ("model", [call])), "number of function response parts"),
            (turns(hi, ("model", [call]), ("user", [{"functionResponse": {"name": "f", "response": "x"}}])), "Struct"),
            (turns(hi, ("model", [{"functionCall": {"name": "f", "args": "{}"}}]), ("user", [result])), "Struct"),
            (ask(tools=[{"name": "1f"}]), "Invalid function name"),
            (ask(tools=[CLOCK, CLOCK]), "Duplicate"),
            (ask(tools=[{"name": "f", "parameters": {"type": "OBJECT", "properties": {}}}]), "non-empty for OBJECT"),
            (ask(tools=[{"name": "f", "parameters": {**WEATHER["parameters"], "additionalProperties": False}}]),
             'Unknown name "additionalProperties"'),
            ({**ask(), "toolConfig": {"functionCallingConfig": {"mode": "ANY"}}}, "without function_declarations"),
        ]
        for body, words in cases:
            with self.subTest(words=words):
                self.assert_refused(body, words)


class Faults(GeminiCase):
    def test_statuses_have_googles_names(self):
        for status, name in [(400, "INVALID_ARGUMENT"), (403, "PERMISSION_DENIED"), (404, "NOT_FOUND"),
                             (500, "INTERNAL"), (503, "UNAVAILABLE"), (504, "DEADLINE_EXCEEDED")]:
            self.assert_refused(ask(), "", status, name, model=f"g.fault-{status}")

    def test_a_pause_is_told_in_the_details(self):
        error = self.assert_refused(ask(), "", 429, "RESOURCE_EXHAUSTED", model="g.fault-429=30")
        kinds = {one["@type"].rsplit(".", 1)[1]: one for one in error["details"]}
        self.assertEqual(kinds["RetryInfo"]["retryDelay"], "30s")
        self.assertIn("PerMinute", kinds["QuotaFailure"]["violations"][0]["quotaId"])
        error = self.assert_refused(ask(), "", 429, "RESOURCE_EXHAUSTED", model="g.fault-quota-429")
        self.assertIn("PerDay", error["details"][0]["violations"][0]["quotaId"])

    def test_streams_break_off(self):
        chunks = self.chunks(ask(), "g.fault-error-mid-stream=2")
        self.assertEqual((len(chunks), chunks[-1]["error"]["status"]), (3, "INTERNAL"))
        self.assertNotIn("finishReason", self.chunks(ask(), "g.fault-no-done")[-1]["candidates"][0])
        text = self.send(ask(), "g.fault-error-mid-stream", "streamGenerateContent")[2]
        self.assertEqual([list(chunk)[0] for chunk in json.loads(text)], ["candidates", "error"])


class ServiceAccount(GeminiCase):
    """Access tokens for a key made here; the grant is signed by the openssl program, not by the simulator's code."""

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.key = os.path.join(cls.directory.name, "key.pem")
        subprocess.run(["openssl", "genrsa", "-out", cls.key, "2048"], check=True, capture_output=True)
        with open(cls.key, encoding="ascii") as file:
            account = {"type": "service_account", "client_email": "a@p1.example.com", "private_key": file.read(),
                       "token_uri": "http://127.0.0.1/token"}
        path = os.path.join(cls.directory.name, "account.json")
        with open(path, "w", encoding="ascii") as file:
            json.dump(account, file)
        cls.flags = ("--service-account", path)
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.directory.cleanup()

    def grant(self, **changed):
        now = int(time.time())
        claims = {"iss": "a@p1.example.com", "aud": "http://127.0.0.1/token", "iat": now, "exp": now + 3600,
                  "scope": "https://www.googleapis.com/auth/cloud-platform", **changed}
        parts = [{"alg": "RS256", "typ": "JWT"}, claims]
        text = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
        signed = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], input=text, check=True,
                                capture_output=True).stdout
        assertion = (text + b"." + base64.urlsafe_b64encode(signed).rstrip(b"=")).decode()
        form = urllib.parse.urlencode({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
                                       "assertion": assertion})
        status, _, body = self.sim.post("/token", form, {"Content-Type": "application/x-www-form-urlencoded"})
        return status, json.loads(body)

    def test_a_granted_token_opens_vertex(self):
        status, granted = self.grant()
        self.assertEqual((status, granted["token_type"], granted["expires_in"]), (200, "Bearer", 3600))
        bearer = {"Authorization": "Bearer " + granted["access_token"]}
        answer = self.whole(ask(), base=VERTEX, fields=bearer)
        self.assertEqual(answer["usageMetadata"]["trafficType"], "ON_DEMAND")
        bearer["Authorization"] += "0"
        self.assert_refused(ask(), "invalid authentication", 401, "UNAUTHENTICATED", base=VERTEX, fields=bearer)

    def test_wrong_grants_are_refused(self):
        now = int(time.time())
        for changed in ({"iss": "b@p1.example.com"}, {"aud": "http://other/token"}, {"exp": now - 1},
                        {"exp": now + 7200}, {"scope": ""}):
            with self.subTest(**changed):
                status, answer = self.grant(**changed)
                self.assertEqual((status, answer["error"]), (400, "invalid_grant"))


class Expiry(ServiceAccount):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sim.stop()
        cls.sim = Simulator(*cls.flags, "--token-life", "0s")

    def test_a_granted_token_opens_vertex(self):
        bearer = {"Authorization": "Bearer " + self.grant()[1]["access_token"]}
        self.assert_refused(ask(), "invalid authentication", 401, "UNAUTHENTICATED", base=VERTEX, fields=bearer)


if __name__ == "__main__":
    main()
