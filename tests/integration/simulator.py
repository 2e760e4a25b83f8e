"""What the tests of the simulated provider share: the process, requests to it, and its OpenAI face.

Standard library only; no fixed ports, no sleeps, no assertion about time.
"""

import http.client
import json
import re
import socket
import subprocess
import sys
import time
import unittest

KEY = "sk-upstream"
PATIENCE = 20


def program():
    """The simulator's path: the first argument of every test script."""
    return sys.argv[1]


def main():
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])


class Simulator:
    def __init__(self, *flags):
        self.process = subprocess.Popen([program(), "--listen", "127.0.0.1:0", *flags], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.port = int(re.fullmatch(r"listening on 127\.0\.0\.1:(\d+)\n", line).group(1))

    def stop(self):
        self.process.terminate()
        status = self.process.wait()
        self.process.stdout.close()
        assert status == 0, status

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def ask(self, body=None, path="/v1/chat/completions", method=None, key=KEY):
        """One exchange on a connection of its own: (status, fields, body)."""
        client = self.connect()
        try:
            text = json.dumps(body) if isinstance(body, dict) else body
            client.request(method or ("POST" if body is not None else "GET"), path, text,
                           {"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
            answer = client.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            client.close()

    def post(self, path, body, fields=None):
        """One exchange with these fields only: (status, fields, body)."""
        client = self.connect()
        try:
            text = body if isinstance(body, (str, bytes)) else json.dumps(body, ensure_ascii=False).encode()
            named = {"content-type": "application/json", **{name.lower(): value for name, value in (fields or {}).items()}}
            client.request("POST" if body is not None else "GET", path, text if body is not None else None, named)
            answer = client.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            client.close()

    def stats(self):
        return json.loads(self.ask(path="/sim/stats")[2])

    def until(self, condition):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            stats = self.stats()
            if condition(stats):
                return stats
        raise AssertionError(f"never came true; last seen {stats}")

    def raw(self, model, stream=False, path="/v1/chat/completions"):
        """A socket on which the request has been sent and nothing read."""
        client = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        body = json.dumps(chat(model, stream=stream))
        client.sendall(f"POST {path} HTTP/1.1\r\nHost: sim\r\nAuthorization: Bearer {KEY}\r\n"
                       f"Content-Length: {len(body)}\r\n\r\n{body}".encode())
        return client


def chat(model="gpt-x", text="Hello there", **more):
    return {"model": model, "messages": [{"role": "user", "content": text}], **more}


def tool(name, **properties):
    return {"type": "function", "function": {"name": name, "parameters": {
        "type": "object", "properties": properties, "required": list(properties)}}}


def events_of(body):
    return [line[6:] for line in body.decode().split("\n") if line.startswith("data: ")]


def chunks_of(body):
    events = events_of(body)
    assert events[-1] == "[DONE]", events[-1]
    return [json.loads(event) for event in events[:-1]]


def read_all(client):
    """Everything until the end, and how it ended: "closed" or "reset"."""
    received = b""
    with client:
        while True:
            try:
                piece = client.recv(65536)
            except ConnectionResetError:
                return received, "reset"
            if not piece:
                return received, "closed"
            received += piece


class SimulatorCase(unittest.TestCase):
    flags = ("--key", KEY)

    @classmethod
    def setUpClass(cls):
        cls.sim = Simulator(*cls.flags)

    @classmethod
    def tearDownClass(cls):
        cls.sim.stop()

    def answer(self, body, **more):
        status, _, text = self.sim.ask(body, **more)
        self.assertEqual(status, 200, text)
        return json.loads(text)
