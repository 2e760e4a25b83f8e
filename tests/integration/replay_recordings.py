#!/usr/bin/env python3
"""Recorded answers of real providers through the gateway, in awkward pieces: what arrives is what was recorded.

usage: replay_recordings.py GATEWAY [FILTER]       FILTER: only recordings whose name contains it

Runs over the transcripts of this folder, and over ../shared/recordings where that is present. README.md says what is
compared. Exit status 1 when anything differs.
"""

import collections
import pathlib
import queue
import sys
import tempfile
import threading
import time

import recordings
from client import Caller
from exchanges import Difference, Planner
from gateway import Gateway, lines_by_model
from replaying_upstream import ReplayingUpstream

SEED = 20
CLIENTS = 8


def flags_for(exchanges, upstream):
    """Providers with one account for what goes well, and one a fault."""
    flags = []

    def account(provider, name):
        protocol = "" if provider in recordings.DISPLAY_NAMES else "protocol=chat,"
        url = f"http://127.0.0.1:{upstream.port}/{provider}/v1"
        flags.extend(["--provider", f"{name},{protocol}url={url},key=env:UPSTREAM_KEY"])

    for provider in sorted({one.recording.provider for one in exchanges}):
        account(provider, provider)
    for one in exchanges:
        if one.outcome != "whole":
            account(one.recording.provider, f"{one.recording.provider}/{one.name}")
            flags.extend(["--model", f"{one.asked_model}={one.recording.provider}/{one.name}:{one.name}"])
    return flags


def ask_all(exchanges, port):
    """Several clients at once, each on a connection that it keeps."""
    waiting = queue.SimpleQueue()
    for one in exchanges:
        waiting.put(one)

    def work():
        client = Caller(port)
        while True:
            try:
                one = waiting.get_nowait()
            except queue.Empty:
                return client.close()
            try:
                one.reply = client.post(f"{one.face}/chat/completions", one.request_text())
            except (OSError, ValueError, IndexError) as error:
                one.failure = f"the connection failed: {error}"
                client.close()

    clients = [threading.Thread(target=work) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()


def check_usage(one, line):
    """The access log counts what the provider reported."""
    if not one.answer.received:
        return  # refused
    if line is None:
        raise Difference("the access log has no line")
    if one.is_cut or one.outcome != "whole":
        return
    usage = recordings.usage_of(one.recording)
    if usage is None:
        if not line.get("usage_estimated"):
            raise Difference("usage is not marked as estimated")
        return
    wanted = recordings.expected_tokens(usage)
    if one.tokens(line) != wanted:
        raise Difference(f"the access log counts {one.tokens(line)}, recorded are {wanted}")


def judge(exchanges, lines):
    failures = []
    for one in exchanges:
        try:
            if one.reply is None:
                raise Difference(one.failure)
            one.check(lines.get(one.asked_model, {}))
            check_usage(one, lines.get(one.asked_model))
        except Difference as difference:
            failures.append(f"{one.label()}: {difference}")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            failures.append(f"{one.label()}: the answer has another form ({error!r}): {one.reply.body[:200]}")
    return failures


def replay(found):
    planner = Planner(SEED)
    exchanges = [exchange for recording in found for exchange in planner.exchanges(recording)]
    upstream = ReplayingUpstream()
    upstream.answers = {one.name: one.answer for one in exchanges}
    with tempfile.TemporaryDirectory() as folder:
        access_log = pathlib.Path(folder) / "access.log"
        with Gateway(*flags_for(exchanges, upstream), "--access-log", access_log, key=None) as running:
            # Cuts come last: they make providers look ill.
            for is_cut in (False, True):
                ask_all([one for one in exchanges if one.is_cut == is_cut], running.port)
            running.stop()
        lines = lines_by_model(access_log)
    upstream.close()
    return exchanges, judge(exchanges, lines)


def summarise(exchanges):
    counts = collections.defaultdict(collections.Counter)
    for one in exchanges:
        counts[one.recording.provider]["exchanges"] += 1
        counts[one.recording.provider][one.recording.path] = 1
    for provider, count in sorted(counts.items()):
        print(f"  {provider}: {len(count) - 1} recordings in {count['exchanges']} exchanges")


def main():
    Gateway.executable, *wanted = sys.argv[1:]
    started = time.monotonic()
    found = recordings.load(recordings.OWN)
    print(f"{len(found)} transcripts of our own")
    if recordings.SHARED.exists():
        shared = recordings.load(recordings.SHARED)
        print(f"{len(shared)} recordings in ../shared/recordings")
        found += shared
    else:
        print("../shared/recordings is not here: only our own transcripts are replayed")
    found = [one for one in found if not wanted or wanted[0] in one.name]
    exchanges, failures = replay(found)
    summarise(exchanges)
    for failure in failures:
        print(f"FAILED {failure}")
    print(f"replayed {len(found)} recordings in {len(exchanges)} exchanges, {time.monotonic() - started:.0f} s: "
          f"{len(failures)} failed")
    return 1 if failures or not exchanges else 0


if __name__ == "__main__":
    sys.exit(main())
