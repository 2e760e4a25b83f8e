"""One conversation costs the same and is answered by the same words in every dialect of the simulated provider.

Usage: sim_coherence.py <spillway-sim>. Standard library only; no fixed ports, no sleeps, no assertion about time.
"""

import json

from simulator import Simulator, SimulatorCase, main

SYSTEM, TEXT = "Be brief, please.", "Hello, wörld 漢字 😀"
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}


def requests(model):
    """(name, path, fields, body) of the same request in each dialect: a system text, a user text, one tool."""
    turns = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": TEXT}]
    function = {"name": "weather", "description": "the weather", "parameters": SCHEMA}
    nested = [{"type": "function", "function": function}]
    bearer = {"Authorization": "Bearer k"}
    yield "openai", "/v1/chat/completions", bearer, {"model": model, "messages": turns, "tools": nested}
    yield "responses", "/v1/responses", bearer, {
        "model": model, "instructions": SYSTEM, "input": TEXT, "tools": [{"type": "function", "strict": False, **function}]}
    yield "messages", "/v1/messages", {"x-api-key": "k", "anthropic-version": "2023-06-01"}, {
        "model": model, "max_tokens": 1000, "system": SYSTEM, "messages": turns[1:],
        "tools": [{"name": "weather", "description": "the weather", "input_schema": SCHEMA}]}
    yield "gemini", f"/v1beta/models/{model}:generateContent", {"x-goog-api-key": "k"}, {
        "systemInstruction": {"parts": [{"text": SYSTEM}]}, "contents": [{"role": "user", "parts": [{"text": TEXT}]}],
        "tools": [{"functionDeclarations": [function]}]}
    yield "converse", f"/model/{model}/converse", bearer, {
        "system": [{"text": SYSTEM}], "messages": [{"role": "user", "content": [{"text": TEXT}]}],
        "toolConfig": {"tools": [{"toolSpec": {"name": "weather", "description": "the weather",
                                               "inputSchema": {"json": SCHEMA}}}]}}
    yield "cohere", "/v2/chat", bearer, {"model": model, "messages": turns, "tools": nested}
    yield "ollama", "/api/chat", {}, {"model": model, "messages": turns, "tools": nested, "stream": False}


def usage_of(name, answer):
    """(prompt with all cached tokens, cached, completion with reasoning, reasoning); None where it is not told."""
    usage = answer.get("usage") or answer.get("usageMetadata") or answer
    match name:
        case "openai":
            return (usage["prompt_tokens"], usage["prompt_tokens_details"]["cached_tokens"], usage["completion_tokens"],
                    usage["completion_tokens_details"]["reasoning_tokens"])
        case "responses":
            return (usage["input_tokens"], usage["input_tokens_details"]["cached_tokens"], usage["output_tokens"],
                    usage["output_tokens_details"]["reasoning_tokens"])
        case "messages":
            cached, written = usage["cache_read_input_tokens"], usage["cache_creation_input_tokens"]
            thought = usage.get("output_tokens_details", {}).get("thinking_tokens", 0)
            return usage["input_tokens"] + cached + written, cached, usage["output_tokens"], thought
        case "gemini":
            thought = usage.get("thoughtsTokenCount", 0)
            return (usage["promptTokenCount"], usage.get("cachedContentTokenCount", 0),
                    usage.get("candidatesTokenCount", 0) + thought, thought)
        case "converse":
            cached, written = usage.get("cacheReadInputTokens", 0), usage.get("cacheWriteInputTokens", 0)
            return usage["inputTokens"] + cached + written, cached, usage["outputTokens"], None
        case "cohere":
            tokens = usage["tokens"]
            return (tokens["input_tokens"], usage["cached_tokens"], tokens["output_tokens"],
                    tokens.get("reasoning_tokens", 0))
        case "ollama":
            return usage["prompt_eval_count"], None, usage["eval_count"], None


class Coherence(SimulatorCase):
    flags = ()

    def test_usage_is_the_same_in_every_dialect(self):
        for model in ("m", "m+tools0", "m+think", "m+think+tools2", "m+cached=7+cachewrite=3+tools0", "m+length+tools0"):
            told = {}
            for name, path, fields, body in requests(model):
                status, _, text = self.sim.post(path, body, fields)
                self.assertEqual(status, 200, (name, text))
                told[name] = usage_of(name, json.loads(text))
            for name, numbers in told.items():
                with self.subTest(model=model, dialect=name):
                    for mine, reference in zip(numbers, told["openai"], strict=True):
                        self.assertIn(mine, (None, reference))

    def test_dialects_can_be_chosen(self):
        sim = Simulator("--dialect", "ollama", "--dialect", "openai")
        try:
            statuses = {name: sim.post(path, body, fields)[0] for name, path, fields, body in requests("m")}
        finally:
            sim.stop()
        self.assertEqual({name for name, status in statuses.items() if status == 200}, {"ollama", "openai"})


if __name__ == "__main__":
    main()
