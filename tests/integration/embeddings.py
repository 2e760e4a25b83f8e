"""Embeddings: every client dialect against every kind of endpoint that makes them, through the real gateway to the
simulated provider. The vectors that arrive are those that were made, and the tokens those that were counted.

Usage: embeddings.py <spillway> <spillway-sim>. Standard library only; no fixed ports, no sleeps, no assertion about time.
"""

import base64
import http.client
import json
import struct

import case
import gateway

TEXTS = ["Hello, w\u00f6rld \"quoted\"\n", "The second text"]
SIZE = 256

# Name of the model -> (provider, upstream's id, most inputs)
TARGETS = {
    "chat": ("up-chat", "text-embedding-3-small", 2048),
    "mistral": ("mistral", "mistral-embed", 2048),
    "responses": ("up-responses", "text-embedding-3-small", 2048),
    "gemini": ("google-ai-studio", "gemini-embedding-001", 100),
    "vertex": ("google-vertex", "text-embedding-005", 250),
    "vertex-first": ("google-vertex", "gemini-embedding-001", 1),
    "vertex-second": ("google-vertex", "gemini-embedding-2", 1),
    "cohere": ("cohere", "embed-v4.0", 96),
    "titan": ("amazon-bedrock", "amazon.titan-embed-text-v2:0", 1),
    "titan-first": ("amazon-bedrock", "amazon.titan-embed-text-v1", 1),
    "bedrock-cohere": ("amazon-bedrock", "eu.cohere.embed-v4:0", 96),
    "ollama": ("ollama-native", "nomic-embed-text", 2048),
}
ONE_SIZE = {"titan-first"}


class Dialect:
    """How the clients of one dialect ask, and where its answers have what."""

    def __init__(self, name, path, body, vectors, tokens, is_single=False):
        self.name, self.path, self.body, self.vectors, self.tokens = name, path, body, vectors, tokens
        self.is_single = is_single


def unpacked(text):
    octets = base64.b64decode(text)
    return list(struct.unpack(f"<{len(octets) // 4}f", octets))


DIALECTS = [
    Dialect("openai", "/v1/embeddings",
            lambda model, texts, size: {"model": model, "input": texts, "dimensions": size},
            lambda answer: [one["embedding"] for one in answer["data"]], lambda answer: answer["usage"]["prompt_tokens"]),
    Dialect("openai in base64", "/v1/embeddings",
            lambda model, texts, size: {"model": model, "input": texts, "dimensions": size, "encoding_format": "base64"},
            lambda answer: [unpacked(one["embedding"]) for one in answer["data"]],
            lambda answer: answer["usage"]["total_tokens"]),
    Dialect("openrouter", "/api/v1/embeddings",
            lambda model, texts, size: {"model": model, "input": texts, "dimensions": size},
            lambda answer: [one["embedding"] for one in answer["data"]], lambda answer: answer["usage"]["prompt_tokens"]),
    Dialect("gemini batch", "/v1beta/models/{model}:batchEmbedContents",
            lambda model, texts, size: {"requests": [
                {"model": "models/" + model, "content": {"parts": [{"text": text}]}, "outputDimensionality": size}
                for text in texts]},
            lambda answer: [one["values"] for one in answer["embeddings"]],
            lambda answer: answer.get("usageMetadata", {}).get("promptTokenCount")),
    Dialect("gemini", "/v1beta/models/{model}:embedContent",
            lambda model, texts, size: {"content": {"parts": [{"text": texts[0]}]}, "outputDimensionality": size},
            lambda answer: [answer["embedding"]["values"]],
            lambda answer: answer.get("usageMetadata", {}).get("promptTokenCount"), is_single=True),
    Dialect("cohere", "/v2/embed",
            lambda model, texts, size: {"model": model, "texts": texts, "input_type": "search_document",
                                        "embedding_types": ["float"], "output_dimension": size},
            lambda answer: answer["embeddings"]["float"], lambda answer: answer["meta"]["billed_units"]["input_tokens"]),
    Dialect("cohere in base64", "/v2/embed",
            lambda model, texts, size: {"model": model, "texts": texts, "input_type": "search_query",
                                        "embedding_types": ["base64"], "output_dimension": size},
            lambda answer: [unpacked(one) for one in answer["embeddings"]["base64"]],
            lambda answer: answer["meta"]["billed_units"]["input_tokens"]),
    Dialect("ollama", "/api/embed",
            lambda model, texts, size: {"model": model, "input": texts, "dimensions": size},
            lambda answer: answer["embeddings"], lambda answer: answer["prompt_eval_count"]),
    Dialect("ollama of old", "/api/embeddings",
            lambda model, texts, size: {"model": model, "prompt": texts[0]},
            lambda answer: [answer["embedding"]], lambda answer: None, is_single=True),
]


class EmbeddingCase(case.GatewayCase):
    def setUp(self):
        self.sim = self.simulator()
        root = f"http://127.0.0.1:{self.sim.port}"
        urls = {
            "up-chat": f"protocol=chat,url={root}/v1",
            "mistral": f"url={root}/v1",
            "up-responses": f"protocol=responses,url={root}/v1",
            "up-messages": f"protocol=messages,url={root}/v1",
            "google-ai-studio": f"url={root}/v1beta",
            "google-vertex": f"url={root}/v1/projects/p/locations/l",
            "cohere": f"url={root}/v2",
            "amazon-bedrock": f"url={root}",
            "ollama-native": f"url={root}",
        }
        flags = ["--model", "claude=up-messages:claude-x", "--model", "nova=amazon-bedrock:amazon.nova-pro-v1:0"]
        flags += ["--alias", "both=claude,cohere"]
        for name, more in urls.items():
            flags += ["--provider", f"{name},{more},key=env:UPSTREAM_KEY"]
        for name, (provider, upstream, _) in TARGETS.items():
            flags += ["--model", f"{name}={provider}:{upstream},in=1"]
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

    def made(self, text, size=SIZE):
        """The vector the simulator makes of a text, asked for without a gateway."""
        link = http.client.HTTPConnection("127.0.0.1", self.sim.port, timeout=gateway.PATIENCE)
        try:
            link.request("POST", "/v1/embeddings", json.dumps({"model": "m", "input": text, "dimensions": size}),
                         {"Content-Type": "application/json", "Authorization": "Bearer x"})
            answer = json.loads(link.getresponse().read())
            return answer["data"][0]["embedding"], answer["usage"]["prompt_tokens"]
        finally:
            link.close()

    def assert_same(self, vector, expected):
        self.assertEqual(len(vector), len(expected))
        for a, b in zip(vector, expected):
            self.assertAlmostEqual(a, b, places=6)


class Pairs(EmbeddingCase):
    def test_every_dialect_towards_every_endpoint(self):
        expected = [self.made(text) for text in TEXTS]
        for name, (_, _, most) in TARGETS.items():
            for dialect in DIALECTS:
                texts = TEXTS[:1] if dialect.is_single or most == 1 else TEXTS
                with self.case(client=dialect.name, upstream=name):
                    answer, _ = self.whole(dialect.path.format(model=name), dialect.body(name, texts, SIZE))
                    vectors = dialect.vectors(answer)
                    self.assertEqual(len(vectors), len(texts))
                    for vector, (numbers, _) in zip(vectors, expected):
                        self.assert_same(vector, numbers)
                    tokens = dialect.tokens(answer)
                    if tokens is not None:
                        counted = sum(count for _, count in expected[:len(texts)])
                        estimates = name == "gemini"  # tells no tokens
                        self.assertTrue(tokens > 0 if estimates else tokens == counted, (tokens, counted))

    def test_dimensions_reach_every_endpoint(self):
        for name in TARGETS:
            for dialect in DIALECTS:
                if dialect.name == "ollama of old":
                    continue
                with self.case(client=dialect.name, upstream=name):
                    answer, fields = self.whole(dialect.path.format(model=name), dialect.body(name, TEXTS[:1], 512))
                    size = SIZE if name in ONE_SIZE else 512
                    self.assertEqual(len(dialect.vectors(answer)[0]), size)
                    dropped = fields["x-spillway-dropped"] or ""
                    self.assertEqual("dimensions" in dropped, name in ONE_SIZE, dropped)

    def test_the_next_model_of_an_alias_serves_where_the_first_makes_none(self):
        answer, fields = self.whole("/v1/embeddings", {"model": "both", "input": TEXTS})
        self.assertEqual((fields["x-provider-name"], fields["x-spillway-attempts"]), ("Cohere", "2"))
        self.assertEqual(len(answer["data"]), 2)

    def test_purposes_reach_those_who_know_them(self):
        for name in ("gemini", "vertex", "vertex-second", "cohere", "bedrock-cohere"):
            with self.case(upstream=name):
                body = {"model": name, "input": "x", "input_type": "search_query"}
                self.assertIsNone(self.whole("/v1/embeddings", body)[1]["x-spillway-dropped"])
        for name in ("titan", "ollama"):
            with self.case(upstream=name):
                body = {"model": name, "input": "x", "input_type": "search_query"}
                self.assertEqual(self.whole("/v1/embeddings", body)[1]["x-spillway-dropped"], "input_type")
                body["provider"] = {"require_parameters": True}
                self.refused("/api/v1/embeddings", body, "input_type", status=404)


class OpenRouter(EmbeddingCase):
    def test_cost_provider_and_id_are_added_whoever_answers(self):
        for name in ("chat", "gemini", "cohere", "titan", "ollama"):
            with self.case(upstream=name):
                answer, fields = self.whole("/api/v1/embeddings", {"model": name, "input": "Hello there"})
                self.assertEqual(answer["object"], "list")
                self.assertEqual(answer["id"], fields["x-generation-id"])
                self.assertEqual(answer["provider"], fields["x-provider-name"])
                usage = answer["usage"]
                self.assertAlmostEqual(usage["cost"], usage["prompt_tokens"] / 1e6)
                self.assertEqual(usage["total_tokens"], usage["prompt_tokens"])


class Images(EmbeddingCase):
    PIXEL = "data:image/png;base64,iVBORw0KGgo="

    def test_images_are_refused_where_only_texts_are_embedded(self):
        body = {"input": [{"content": [{"type": "image_url", "image_url": {"url": self.PIXEL}}]}]}
        for name in ("titan", "ollama", "vertex"):
            with self.case(upstream=name):
                self.refused("/v1/embeddings", {"model": name, **body}, "no images")

    def test_an_image_goes_to_cohere_beside_its_text(self):
        parts = [{"type": "text", "text": "a pixel"}, {"type": "image_url", "image_url": {"url": self.PIXEL}}]
        answer, _ = self.whole("/v1/embeddings", {"model": "cohere", "input": [{"content": parts}]})
        self.assertEqual(len(answer["data"]), 1)


class Refusals(EmbeddingCase):
    def test_what_no_provider_of_another_protocol_can_do(self):
        for name in ("gemini", "cohere", "titan", "ollama"):
            with self.case(upstream=name):
                self.refused("/v1/embeddings", {"model": name, "input": [1, 2, 3]}, "tokens")
                self.refused("/v1/embeddings", {"model": name, "input": [[1, 2], [3]]}, "tokens")
                self.refused("/v1/embeddings", {"model": name, "input": []}, "nothing to embed")
                self.refused("/v1/embeddings", {"model": name, "input": "x", "encoding_format": "hex"}, "encoding_format")
                self.refused("/v1/embeddings", {"model": name, "input": "x", "dimensions": "many"}, "dimensions")
        self.assertEqual(self.sim.stats()["requests"], 0)

    def test_more_inputs_than_an_endpoint_takes(self):
        for name, (_, _, most) in TARGETS.items():
            if most > 300:
                continue
            with self.case(upstream=name):
                self.refused("/v1/embeddings", {"model": name, "input": ["x"] * (most + 1)}, f"{most + 1} were sent")

    def test_small_numbers_come_from_cohere_alone(self):
        body = {"texts": ["x"], "input_type": "search_query", "embedding_types": ["int8"]}
        for name in ("chat", "gemini", "titan", "ollama"):
            with self.case(upstream=name):
                self.refused("/v2/embed", {"model": name, **body}, "floats")

    def test_who_makes_no_embeddings_says_so_in_the_clients_words(self):
        for name in ("claude", "nova"):
            for dialect in DIALECTS:
                with self.case(client=dialect.name, upstream=name):
                    path, body = dialect.path.format(model=name), dialect.body(name, TEXTS, SIZE)
                    self.refused(path, body, "makes no embeddings", status=404)

    def test_a_providers_refusal_is_told_in_the_clients_words(self):
        self.sim.set_fault("429")
        for name in TARGETS:
            for dialect in DIALECTS:
                with self.case(client=dialect.name, upstream=name):
                    status, fields, text = self.post(dialect.path.format(model=name), dialect.body(name, TEXTS[:1], SIZE))
                    self.assertIn(status, (429, 503), text)
                    told = json.loads(text)
                    nested = dialect.name.startswith(("openai", "openrouter", "gemini"))
                    words = told["error"]["message"] if nested else told.get("message") or told["error"]
                    self.assertTrue(words)


if __name__ == "__main__":
    case.main("embeddings")
