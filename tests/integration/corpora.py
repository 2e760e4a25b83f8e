#!/usr/bin/env python3
"""Requests and streams that somebody has judged, through the gateway: what is refused, what passes, what reaches the provider.

usage: corpora.py GATEWAY

Runs over the tables of corpus_cases.py, and over ../shared/corpora (json, sse and, by ../shared/tools/http1_probe.py, http1) where
they are present. Exit status 1 when a verdict differs.
"""

import csv
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import corpus_cases
from client import Caller
from gateway import Gateway, lines_by_model
from json_text import is_same_text, parse
from recordings import SHARED, events_of, is_error
from replaying_upstream import Answer, ReplayingUpstream

CORPORA = SHARED.parent / "corpora"
PROBE = SHARED.parent / "tools" / "http1_probe.py"
PROBE_KEY = "sk-probe-0000000000000000"
MODEL, UPSTREAM_MODEL = "probe/echo", "echo-1"
GOOD_ANSWER = json.dumps({"id": "c", "object": "chat.completion", "created": 1, "model": UPSTREAM_MODEL, "choices": [
    {"index": 0, "message": {"role": "assistant", "content": "ok"}, "finish_reason": "stop"}]}).encode()


def rows_of(name):
    with (CORPORA / name / "index.tsv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE))


def request_cases():
    """(name, expectation, body, wanted upstream or None)"""
    yield from ((f"own {name}", verdict, body, wanted) for name, verdict, body, wanted in corpus_cases.REQUESTS)
    if CORPORA.exists():
        for row in rows_of("json"):
            if row["kind"] not in ("request", "rewrite"):
                continue
            body = (CORPORA / "json" / row["file"]).read_bytes()
            wanted = (CORPORA / "json" / row["want"]).read_bytes() if row["kind"] == "rewrite" else None
            yield f"json/{row['file']}", row["expectation"], body, wanted


def stream_cases():
    """(name, stream, what is wanted of it)"""
    yield from ((f"own {name}", stream, wanted) for name, stream, wanted in corpus_cases.STREAMS)
    if CORPORA.exists():
        for row in rows_of("sse"):
            if row["category"] == "llm" and not re.match(r"llm_(anthropic|gemini)-", row["file"]):
                wanted = json.loads((CORPORA / "sse" / row["want"]).read_text())
                yield f"sse/{row['file']}", (CORPORA / "sse" / row["file"]).read_bytes(), wanted


def judge_request(client, answer, expectation, body, wanted):
    answer.received.clear()
    reply = client.post("/v1/chat/completions", body)
    if not reply.whole:
        return "the answer is incomplete"
    if expectation == "reject" or (expectation == "either" and reply.status != 200):
        if not 400 <= reply.status < 500:
            return f"accepted with {reply.status}"
        if answer.received:
            return "refused, but the provider was asked"
        return None if reply.json["error"]["message"] else "refused without a message"
    if reply.status != 200:
        return f"refused with {reply.status}: {reply.body[:200]}"
    if len(answer.received) != 1:
        return f"the provider was asked {len(answer.received)} times"
    if wanted is not None and not is_same_text(answer.received[0], wanted):
        return f"the provider got {answer.received[0][:300]}"
    return None


def check_requests(port, upstream):
    answer = upstream.answers[UPSTREAM_MODEL] = Answer(GOOD_ANSWER, "length", fields=[("Content-Type", "application/json")])
    client = Caller(port)
    failures, count = [], 0
    for name, expectation, body, wanted in request_cases():
        count += 1
        try:
            complaint = judge_request(client, answer, expectation, body, wanted)
        except (OSError, ValueError, KeyError) as error:
            client.close()
            complaint = repr(error)
        if complaint:
            failures.append(f"{name}: {complaint}")
    client.close()
    return count, failures


def text_of(body):
    trees = [event.tree() for event in events_of(body)]
    choices = [choice for tree in trees if tree is not None for choice in tree.get("choices") or []]
    return "".join(choice.get("delta").get("content") or "" for choice in choices if choice.has("delta"))


def seen_outcome(reply):
    if reply.status != 200:
        return {"error", "incomplete"}
    if reply.whole:
        return {"complete"}
    told = any(is_error(event.tree()) for event in events_of(reply.body) if event.data.startswith("{"))
    return {"error", "incomplete"} if told else {"incomplete"}


def judge_stream(reply, line, wanted):
    outcome = wanted["outcome"]
    if outcome == "either":
        return None
    if outcome not in seen_outcome(reply):
        return f"wanted {outcome}, seen {sorted(seen_outcome(reply))} with status {reply.status}"
    if outcome != "complete":
        return "ends in [DONE]" if b"data: [DONE]" in reply.body else None
    if not reply.body.rstrip().endswith(b"[DONE]"):
        return "does not end in [DONE]"
    if wanted.get("text") is not None and text_of(reply.body) != wanted["text"]:
        return f"the text is {text_of(reply.body)[:200]}"
    usage = wanted.get("usage")
    if usage and (line["prompt_tokens"], line["completion_tokens"]) != (usage["prompt_tokens"], usage["completion_tokens"]):
        return f"counted {line['prompt_tokens']} and {line['completion_tokens']}"
    return None


def planned_streams(upstream):
    """Each on both faces, whole and in pieces of one octet where it is short; with flags that give each an account of its
    own, since a provider that answers with errors is given rest."""
    planned, accounts = [], []
    for name, stream, wanted in stream_cases():
        for face in ("/v1", "/api/v1"):
            for pieces in ([len(stream)], [1] * len(stream) if len(stream) < 4000 else None):
                model = f"s{len(planned)}"
                upstream.answers[model] = Answer(stream, pieces=pieces, fields=[("Content-Type", "text/event-stream")])
                accounts += ["--provider", f"lab/{model},protocol=chat,url=http://127.0.0.1:{upstream.port}/v1",
                             "--model", f"streams/{model}=lab/{model}:{model}"]
                planned.append((f"{name} [{face}]", face, f"streams/{model}", wanted))
    return planned, accounts


def ask_streams(port, planned):
    asked = []
    for name, face, model, wanted in planned:
        body = {"model": model, "stream": True, "messages": [{"role": "user", "content": "Hi"}]}
        client = Caller(port)
        asked.append((name, model, wanted, client.post(f"{face}/chat/completions", json.dumps(body).encode())))
        client.close()
    return asked


def check_streams(asked, lines):
    failures = []
    for name, model, wanted, reply in asked:
        if complaint := judge_stream(reply, lines.get(model), wanted):
            failures.append(f"{name}: {complaint}")
    return len(asked), failures


def check_wire(upstream):
    """The http1 corpus, by the probe that comes with it."""
    if not PROBE.exists():
        print("../shared/tools/http1_probe.py is not here: tests/conformance has our own cases")
        return []
    with Gateway(*flags(upstream), key=PROBE_KEY) as running:
        command = [sys.executable, PROBE, f"127.0.0.1:{running.port}", CORPORA / "http1", "--kind", "request", "--scope", "all",
                   "--key", PROBE_KEY, "--fail-only"]
        output = subprocess.run(command, capture_output=True, text=True, timeout=240).stdout.splitlines()
    print(f"http1: {output[-1] if output else 'the probe said nothing'}")
    return [] if output and re.fullmatch(r"passed [1-9]\d* failed 0.*", output[-1]) else output[-30:] or ["no output"]


def flags(upstream):
    return ["--provider", f"lab,protocol=chat,url=http://127.0.0.1:{upstream.port}/v1",
            "--model", f"{MODEL}=lab:{UPSTREAM_MODEL}"]


def main():
    Gateway.executable = sys.argv[1]
    if not CORPORA.exists():
        print("../shared/corpora is not here: only our own cases are run")
    upstream = ReplayingUpstream()
    with tempfile.TemporaryDirectory() as folder:
        planned, accounts = planned_streams(upstream)
        access_log = pathlib.Path(folder) / "access.log"
        with Gateway(*flags(upstream), *accounts, "--access-log", access_log, key=None) as running:
            requests, failures = check_requests(running.port, upstream)
            asked = ask_streams(running.port, planned)
            running.stop()
            lines = lines_by_model(access_log)
        streams, more = check_streams(asked, lines)
        failures += more + check_wire(upstream)
    for failure in failures:
        print(f"FAILED {failure}")
    print(f"{requests} requests and {streams} streams: {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
