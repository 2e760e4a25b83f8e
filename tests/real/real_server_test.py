"""The official Python client against the gateway and against the server behind it: both must say the same. See README.md."""
import concurrent.futures
import os
import pathlib
import time
import unittest
import urllib.parse

import openai
from openai import OpenAI

URL = os.environ["REAL_URL"]
SERVER = os.environ["REAL_SERVER_URL"]
IS_OPENROUTER = URL.endswith("/api/v1")
DEADLINE = 60.0
HELLO = [{"role": "user", "content": "Hello, wörld"}]


def client(url):
    return OpenAI(base_url=url, api_key="none", max_retries=0, timeout=DEADLINE)


def connections_to_server():
    """Established connections from the gateway's process to the server: one's own are on the gateway's port."""
    port = f"{urllib.parse.urlsplit(SERVER).port:04X}"
    rows = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[2].endswith(":" + port) and row[3] == "01" for row in rows)


class Case(unittest.TestCase):
    def setUp(self):
        self.ours, self.theirs = client(URL), client(SERVER)
        self.addCleanup(self.ours.close)
        self.addCleanup(self.theirs.close)

    # The most likely token each time, so that the same prompt has the same answer.
    def ask(self, of, **more):
        request = {"messages": HELLO, "max_tokens": 12, "temperature": 0, **more}
        return of.chat.completions.create(model="real/tiny" if of is self.ours else "tiny", **request)

    def both(self, **more):
        return self.ask(self.ours, **more), self.ask(self.theirs, **more)


def text_of(chunks):
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)


class RealServer(Case):
    def test_a_whole_answer_is_the_servers(self):
        ours, theirs = self.both()
        self.assertTrue(theirs.choices[0].message.content)
        self.assertEqual(theirs.choices[0].message.content, ours.choices[0].message.content)
        self.assertEqual("length", ours.choices[0].finish_reason)
        self.assertEqual("real/tiny" if IS_OPENROUTER else "tiny", ours.model)

    def test_usage_is_the_servers(self):
        ours, theirs = self.both()
        for name in ("prompt_tokens", "completion_tokens", "total_tokens"):
            self.assertEqual(getattr(theirs.usage, name), getattr(ours.usage, name))
        if IS_OPENROUTER:
            self.assertAlmostEqual((theirs.usage.prompt_tokens + 2 * theirs.usage.completion_tokens) / 1e6, ours.usage.cost)

    def test_a_stream_says_what_the_whole_answer_says(self):
        whole = self.ask(self.theirs)
        chunks = list(self.ask(self.ours, stream=True))
        self.assertEqual(whole.choices[0].message.content, text_of(chunks))
        reasons = [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason]
        self.assertEqual(["length"] * (2 if IS_OPENROUTER else 1), reasons)

    def test_a_stream_is_chunk_for_chunk_the_servers(self):
        ours, theirs = self.both(stream=True)
        own = {"id", "created", *({"model", "provider"} if IS_OPENROUTER else ())}
        ours, theirs = ([chunk.model_dump(exclude=own) for chunk in chunks] for chunks in (ours, theirs))
        if not IS_OPENROUTER:
            self.assertEqual(theirs, ours)
        else:
            self.assertEqual(len(theirs) + 1, len(ours))  # and the chunk with the usage

    def test_usage_at_the_end_of_a_stream(self):
        chunks = list(self.ask(self.ours, stream=True, stream_options={"include_usage": True}))
        if IS_OPENROUTER:
            # This server reports none in streams: counted by rule of thumb.
            self.assertGreater(chunks[-1].usage.completion_tokens, 0)
            self.assertGreater(chunks[-1].usage.cost, 0)
        else:
            self.assertEqual("length", chunks[-1].choices[0].finish_reason)

    def test_a_stop_text_ends_the_answer(self):
        whole = self.ask(self.theirs).choices[0].message.content
        ours = self.ask(self.ours, stop=[whole[5:7]])
        self.assertEqual("stop", ours.choices[0].finish_reason)
        self.assertTrue(whole.startswith(ours.choices[0].message.content))

    def test_a_legacy_completion(self):
        request = {"prompt": "Once upon", "max_tokens": 8, "temperature": 0}
        ours = self.ours.completions.create(model="real/tiny", **request)
        self.assertEqual(self.theirs.completions.create(model="tiny", **request).choices[0].text, ours.choices[0].text)

    def test_a_prompt_that_does_not_fit_is_refused(self):
        with self.assertRaises(openai.BadRequestError) as caught:
            self.ask(self.ours, messages=[{"role": "user", "content": "long " * 5000}])
        self.assertIn("context length", caught.exception.body["message"])

    def test_many_at_once_do_not_mix(self):
        texts = [f"Number {number}" for number in range(8)]
        alone = [self.ask(self.theirs, messages=[{"role": "user", "content": text}]).choices[0].message.content for text in texts]

        def streamed(text):
            return text_of(self.ask(self.ours, messages=[{"role": "user", "content": text}], stream=True))

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            self.assertEqual(alone, list(pool.map(streamed, texts)))


# Last in the alphabet: this server does not recover from a client that leaves in the middle of a stream.
class WhenTheClientLeaves(Case):
    def test_the_exchange_with_the_server_ends(self):
        with self.ask(self.ours, stream=True, max_tokens=15000) as stream:
            next(iter(stream))
            during = connections_to_server()
        self.assertGreater(during, 0)
        until = time.monotonic() + DEADLINE
        while connections_to_server() >= during:
            self.assertLess(time.monotonic(), until, "the connection to the server stays open")


if __name__ == "__main__":
    unittest.main()
