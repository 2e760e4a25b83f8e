"""Every member that the simulated provider writes is one that the real provider writes, by recorded answers.

Usage: sim_shapes.py <spillway-sim>. Runs over ../shared/recordings where that is; no fixed ports, no sleeps.
"""

import json
import pathlib
import struct
import unittest

import sim_cohere
import sim_converse
import sim_gemini
import sim_messages
import sim_responses
from simulator import KEY, SimulatorCase, main

RECORDINGS = pathlib.Path(__file__).resolve().parents[2].parent / "shared" / "recordings"
WORDS = ("", "+think", "+redact", "+cite+utf8", "+length", "+filter", "+cached=5+cachewrite=2", "+tools2", "+preamble")
CALLERS_OWN = {"input", "args", "metadata", "parameters", "tools"}
BEARER = {"Authorization": f"Bearer {KEY}"}
# Documented, but by chance in no recording of that kind.
UNRECORDED = {
    "gemini whole": set(),
    "gemini stream": {".candidates[].groundingMetadata.groundingChunks[].web.domain", ".usageMetadata.cachedContentTokenCount",
                      ".usageMetadata.cacheTokensDetails", ".usageMetadata.cacheTokensDetails[].modality",
                      ".usageMetadata.cacheTokensDetails[].tokenCount"},
    "messages whole": {".stop_details." + name for name in ("type", "category", "explanation")},
    "converse stream": {"metadata.usage.cache" + name for name in (
        "ReadInputTokens", "ReadInputTokenCount", "WriteInputTokens", "WriteInputTokenCount")},
    "cohere whole": {".message.citations[].sources[].document.url"},
    "cohere stream": {"citation-start.delta.message.citations.sources[].document.url"},
}


def members(value, place=""):
    """The places of all members of a value, list positions left out."""
    found = set()
    if isinstance(value, dict):
        for name, inner in value.items():
            found.add(f"{place}.{name}")
            if name not in CALLERS_OWN:
                found |= members(inner, f"{place}.{name}")
    elif isinstance(value, list):
        for inner in value:
            found |= members(inner, place + "[]")
    return found


def of_whole(data):
    return members(json.loads(data))


def of_events(data):
    found = set()
    for line in data.decode().splitlines():
        if line.startswith("data: {"):
            event = json.loads(line[6:])
            found |= members(event, str(event.get("type", "")))
    return found


def of_frames(data):
    found = set()
    while data:
        total, size = struct.unpack(">II", data[:8])
        headers = data[12:12 + size]
        start = headers.index(b":event-type\x07") + 14
        kind = headers[start:start + headers[start - 1]].decode()
        found |= members(json.loads(data[12 + size:total - 4]), kind)
        data = data[total:]
    return found


def recorded(read, *patterns):
    """What all recordings have that can be read at all: some are broken on purpose. And how many those are."""
    found, count = set(), 0
    for pattern in patterns:
        for file in sorted(RECORDINGS.glob(pattern)):
            if ".req" in file.name:
                continue
            try:
                found |= read(file.read_bytes())
                count += 1
            except (ValueError, struct.error, IndexError):
                continue
    return found, count


@unittest.skipUnless(RECORDINGS.is_dir(), "no ../shared/recordings: nothing to compare with")
class Shapes(SimulatorCase):
    def compare(self, name, read, send, *patterns):
        real, count = recorded(read, *patterns)
        self.assertGreater(count, 10, name)
        for word in WORDS:
            with self.subTest(answer=name, word=word):
                status, _, data = send(word)
                self.assertEqual(status, 200, data)
                self.assertEqual(read(data) - real - UNRECORDED.get(name, set()), set())
        print(f"{name}: {len(WORDS)} answers against {count} recordings", flush=True)

    def with_tools(self, ask, model, word, tool):
        return ask(model + word, tools=[tool]) if word in ("+tools2", "+preamble") else ask(model + word)

    def test_messages(self):
        def send(word, **more):
            body = self.with_tools(sim_messages.ask, "c", word, sim_messages.WEATHER)
            return self.sim.post("/v1/messages", {**body, **more}, sim_messages.FIELDS)
        self.compare("messages whole", of_whole, send, "anthropic/*.json")
        self.compare("messages stream", of_events, lambda word: send(word, stream=True), "anthropic/*.sse")

    def test_gemini(self):
        def send(word, verb="generateContent"):
            tools = [sim_gemini.WEATHER] if word in ("+tools2", "+preamble") else None
            return self.sim.post(f"/v1beta/models/g{word}:{verb}", sim_gemini.ask(tools=tools), sim_gemini.FIELDS)
        self.compare("gemini whole", of_whole, send, "gemini/*.json", "vertex/*.json")
        self.compare("gemini stream", of_events, lambda word: send(word, "streamGenerateContent?alt=sse"),
                     "gemini/*.sse", "vertex/*.sse")

    def test_converse(self):
        def send(word, verb="converse"):
            tools = [sim_converse.WEATHER] if word in ("+tools2", "+preamble") else None
            return self.sim.post(f"/model/{sim_converse.CLAUDE}{word}/{verb}", sim_converse.ask(tools=tools), BEARER)
        self.compare("converse whole", of_whole, send, "bedrock/converse*.json")
        self.compare("converse stream", of_frames, lambda word: send(word, "converse-stream"), "bedrock/converse-*.bin")

    def test_responses(self):
        def send(word, **more):
            body = self.with_tools(sim_responses.ask, "m", word, sim_responses.WEATHER)
            return self.sim.post("/v1/responses", {**body, **more}, BEARER)
        self.compare("responses whole", of_whole, send, "openai/responses*.json")
        self.compare("responses stream", of_events, lambda word: send(word, stream=True), "openai/responses*.sse", "azure/*.sse")

    def test_cohere(self):
        def send(word, **more):
            body = self.with_tools(sim_cohere.ask, "c", word, sim_cohere.WEATHER)
            return self.sim.post("/v2/chat", {**body, **more}, BEARER)
        self.compare("cohere whole", of_whole, send, "cohere/*.json")
        self.compare("cohere stream", of_events, lambda word: send(word, stream=True), "cohere/*.sse")


if __name__ == "__main__":
    if not RECORDINGS.is_dir():
        print("no ../shared/recordings: nothing to compare with")
    main()
