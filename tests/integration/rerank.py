"""Reranking, moderations and images: what is passed on, what is translated, and who says that there is no such thing.

Usage: rerank.py <spillway> <spillway-sim>. Standard library only; no fixed ports, no sleeps, no assertion about time.
"""

import http.client
import json

import case
import gateway

DOCUMENTS = ["Paris is the capital of France.", "Berlin \u2013 \"capital\" of Germany.", "Cats sleep a lot."]
QUERY = "Which city is the capital of Germany?"


class OtherCase(case.GatewayCase):
    def setUp(self):
        self.sim = self.simulator()
        root = f"http://127.0.0.1:{self.sim.port}"
        urls = {"cohere": f"url={root}/v2", "vllm": f"url={root}/v1", "openai": f"url={root}/v1", "groq": f"url={root}/v1",
                "mistral": f"url={root}/v1", "up-gemini": f"protocol=gemini,url={root}/v1beta",
                "openrouter": f"url={root}/api/v1"}
        flags = []
        for name, more in urls.items():
            flags += ["--provider", f"{name},{more},key=env:UPSTREAM_KEY", "--model", f"m/{name}={name}:model-x,in=1"]
        flags += ["--model", "m/image=up-gemini:gemini-2.5-flash-image+image+tools0"]
        self.gateway = self.start(*flags, key=None, env={})

    def post(self, path, body):
        link = http.client.HTTPConnection("127.0.0.1", self.gateway.port, timeout=gateway.PATIENCE)
        try:
            link.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            answer = link.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            link.close()

    def whole(self, path, body):
        status, fields, text = self.post(path, body)
        self.assertEqual(status, 200, text)
        self.assertEqual(fields["content-type"], "application/json")
        return json.loads(text), fields

    def refused(self, path, body, words, status=400):
        seen, _, text = self.post(path, body)
        self.assertEqual(seen, status, text)
        self.assertIn(words, text.decode())


class Rerank(OtherCase):
    def ranks(self, answer):
        return [(one["index"], one["relevance_score"]) for one in answer["results"]]

    def test_the_order_is_the_providers_in_every_dialect(self):
        seen = set()
        for name in ("cohere", "vllm", "openrouter"):
            for path in ("/v2/rerank", "/v1/rerank", "/api/v1/rerank"):
                with self.case(path=path, upstream=name):
                    ask = {"model": "m/" + name, "query": QUERY, "documents": DOCUMENTS, "top_n": 2}
                    ranks = self.ranks(self.whole(path, ask)[0])
                    self.assertEqual(len(ranks), 2)
                    seen.add(tuple(ranks))
        self.assertEqual(len(seen), 1, seen)

    def test_coheres_clients_get_coheres_answer(self):
        for name in ("cohere", "vllm"):
            with self.case(upstream=name):
                answer, _ = self.whole("/v2/rerank", {"model": "m/" + name, "query": QUERY, "documents": DOCUMENTS})
                self.assertNotIn("document", answer["results"][0])
                if name == "cohere":
                    self.assertEqual(answer["meta"]["billed_units"], {"search_units": 1})
                else:
                    self.assertGreater(answer["meta"]["tokens"]["input_tokens"], 0)

    def test_openrouters_clients_get_documents_units_and_cost(self):
        for name in ("cohere", "vllm", "openrouter"):
            with self.case(upstream=name):
                ask = {"model": "m/" + name, "query": QUERY, "documents": DOCUMENTS}
                answer, fields = self.whole("/api/v1/rerank", ask)
                self.assertEqual((answer["id"], answer["provider"]),
                                 (fields["x-generation-id"], fields["x-provider-name"]))
                for one in answer["results"]:
                    self.assertEqual(one["document"], {"text": DOCUMENTS[one["index"]]})
                self.assertGreater(answer["usage"]["cost"], 0)
                if name == "cohere":
                    self.assertEqual(answer["usage"]["search_units"], 1)

    def test_documents_may_be_objects(self):
        documents = [{"text": text} for text in DOCUMENTS]
        answer, _ = self.whole("/v1/rerank", {"model": "m/cohere", "query": QUERY, "documents": documents})
        self.assertEqual(answer["results"][0]["document"], documents[answer["results"][0]["index"]])
        ask = {"model": "m/cohere", "query": QUERY, "documents": documents, "return_documents": False}
        self.assertNotIn("document", self.whole("/v1/rerank", ask)[0]["results"][0])

    def test_what_cannot_be_ranked_is_refused(self):
        ask = {"model": "m/cohere", "query": QUERY, "documents": DOCUMENTS}
        self.refused("/v1/rerank", {**ask, "documents": []}, "documents")
        self.refused("/v1/rerank", {**ask, "documents": [{"image": "https://x.test/a.png"}]}, "no images")
        self.refused("/v1/rerank", {**ask, "query": 7}, "query")
        self.refused("/v1/rerank", {**ask, "top_n": 0}, "top_n")

    def test_limits_of_a_document_are_coheres(self):
        ask = {"query": QUERY, "documents": DOCUMENTS, "max_tokens_per_doc": 100}
        self.assertIsNone(self.whole("/v2/rerank", {**ask, "model": "m/cohere"})[1]["x-spillway-dropped"])
        self.assertEqual(self.whole("/v2/rerank", {**ask, "model": "m/vllm"})[1]["x-spillway-dropped"],
                         "max_tokens_per_doc")

    def test_who_does_not_rank_names_who_does(self):
        for name in ("openai", "up-gemini"):
            for path in ("/v2/rerank", "/v1/rerank", "/api/v1/rerank"):
                with self.case(path=path, upstream=name):
                    ask = {"model": "m/" + name, "query": QUERY, "documents": DOCUMENTS}
                    self.refused(path, ask, "Cohere, Together", status=404)

    def test_a_providers_refusal_is_told_in_the_clients_words(self):
        self.sim.set_fault("401")
        for name in ("cohere", "vllm"):
            for path in ("/v2/rerank", "/v1/rerank"):
                with self.case(path=path, upstream=name):
                    ask = {"model": "m/" + name, "query": QUERY, "documents": DOCUMENTS}
                    status, _, text = self.post(path, ask)
                    self.assertEqual(status, 502, text)
                    told = json.loads(text)
                    self.assertTrue(told["message"] if path == "/v2/rerank" else told["error"]["message"])


class Moderations(OtherCase):
    def test_they_pass_to_who_has_them(self):
        for name in ("openai", "mistral"):
            for face in ("/v1", "/api/v1"):
                with self.case(upstream=name, face=face):
                    answer, _ = self.whole(face + "/moderations", {"model": "m/" + name, "input": ["kind", "words"]})
                    self.assertEqual([one["flagged"] for one in answer["results"]], [False, False])
                    self.assertEqual(answer["model"], "model-x")

    def test_others_name_who_has_them(self):
        for name in ("groq", "cohere", "up-gemini"):
            with self.case(upstream=name):
                self.refused("/v1/moderations", {"model": "m/" + name, "input": "x"}, "OpenAI and Mistral have one",
                             status=404)


class Images(OtherCase):
    ASK = {"prompt": "a cat", "n": 2, "size": "1024x1024"}

    def test_they_pass_to_who_has_them(self):
        answer, _ = self.whole("/v1/images/generations", {"model": "m/openai", **self.ASK})
        self.assertEqual(len(answer["data"]), 2)
        self.assertTrue(answer["data"][0]["b64_json"])

    def test_geminis_chats_make_them_too(self):
        answer, fields = self.whole("/v1/images/generations",
                                    {"model": "m/image", "prompt": "a cat", "size": "1536x1024", "quality": "high"})
        self.assertTrue(answer["data"][0]["b64_json"])
        self.assertGreater(answer["created"], 0)
        usage = answer["usage"]
        self.assertEqual(usage["total_tokens"], usage["input_tokens"] + usage["output_tokens"])
        self.assertEqual(fields["x-spillway-dropped"], "quality")
        self.refused("/v1/images/generations", {"model": "m/image", **self.ASK}, "one image")
        self.refused("/v1/images/generations", {"model": "m/image", "prompt": "a", "response_format": "url"}, "b64_json")
        self.refused("/v1/images/generations", {"model": "m/up-gemini", "prompt": "a cat"}, "made no image", status=403)

    def test_others_name_who_has_them(self):
        for name in ("groq", "cohere"):
            with self.case(upstream=name):
                self.refused("/v1/images/generations", {"model": "m/" + name, **self.ASK}, "OpenAI, Azure", status=404)

    def test_they_come_whole(self):
        self.refused("/v1/images/generations", {"model": "m/openai", **self.ASK, "stream": True}, "whole")


if __name__ == "__main__":
    case.main("rerank")
