"""The programs under test as child processes: the gateway and the simulated provider.

A program owns its process and the thread that keeps its standard error. It is started in the constructor, listens on a port
of the kernel's choice, and has to end with status 0 when it is stopped.
"""

import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time

import client

PATIENCE = 20
CLIENT_KEY = "sk-client-0123456789abcdef"
TICKS = os.sysconf("SC_CLK_TCK")


def until(condition, what="the condition", patience=PATIENCE):
    """The first true value of `condition()`; waits for it, but not for ever."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.002)
    raise AssertionError(f"{what} never came true")


class Program:
    executable = None  # set by case.main()
    ready = re.compile(r"listening on 127\.0\.0\.1:(\d+)")

    def __init__(self, *flags, env=None, prepare=None):
        self.log = ""
        self.port = None
        self._changed = threading.Condition()
        self._output = tempfile.TemporaryFile("w+")
        environment = {"PATH": os.environ["PATH"], **(env or {})}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        self.process = subprocess.Popen([self.executable, *flags], env=environment, preexec_fn=prepare,
                                        stdout=self._output, stderr=subprocess.PIPE, text=True)
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        try:
            self.port = int(self.wait_for_log(self.ready).group(1))
        except AssertionError:
            self.end()
            raise

    @property
    def pid(self):
        return self.process.pid

    def _read_log(self):
        for line in self.process.stderr:
            with self._changed:
                self.log += line
                self._changed.notify_all()
        with self._changed:
            self._reader = None
            self._changed.notify_all()

    def wait_for_log(self, pattern, start=0):
        """The match of `pattern` in what the program has logged since `start`."""
        pattern = re.compile(pattern)
        deadline = time.monotonic() + PATIENCE
        with self._changed:
            while not (found := pattern.search(self.log, start)):
                left = deadline - time.monotonic()
                if left <= 0 or self._reader is None:
                    raise AssertionError(f"no '{pattern.pattern}' in the log:\n{self.log}")
                self._changed.wait(left)
            return found

    def output(self):
        """Everything on standard output so far."""
        self._output.seek(0)
        return self._output.read()

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self):
        status = self.process.wait(PATIENCE)
        reader = self._reader
        if reader is not None:
            reader.join(PATIENCE)
        return status

    def stop(self):
        try:
            if self.process.poll() is None:
                self.signal(signal.SIGTERM)
                self.wait()
        finally:
            self.end()
        assert self.process.returncode == 0, f"status {self.process.returncode}\n{self.log}"
        for word in ("internal error", "Sanitizer", "runtime error"):
            assert word not in self.log, self.log

    def end(self):
        """Whatever state it is in."""
        if self.process.poll() is None:
            self.process.kill()
        self.wait()
        self.process.stderr.close()
        self._output.close()

    # What the kernel knows of it.

    def resident_octets(self):
        pages = pathlib.Path(f"/proc/{self.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def most_resident_octets(self):
        """At any time so far."""
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) * 1024

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))


class Gateway(Program):
    """The real program with one worker unless told otherwise, and the key CLIENT_KEY."""

    def __init__(self, *flags, env=None, prepare=None, workers=1, key=CLIENT_KEY, drain="0s"):
        more = ["--key", "app=env:CLIENT_KEY"] if key else []
        super().__init__("--listen", "127.0.0.1:0", "--workers", str(workers), "--no-env-providers", "--log-format",
                         "text", "--drain-timeout", drain, *more, *flags,
                         env={"CLIENT_KEY": key or "", "UPSTREAM_KEY": "sk-upstream", **(env or {})}, prepare=prepare)

    def connect(self, **more):
        return client.Client(self.port, **more)

    def ask(self, model="m", stream=False, key=CLIENT_KEY, path="/v1/chat/completions", fields=None, **more):
        """One exchange on a connection of its own."""
        with self.connect() as one:
            one.ask(model, stream=stream, key=key, path=path, fields=fields, **more)
            return one.read_answer()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def get(self, path, key=None, method="GET"):
        with self.connect() as one:
            one.send_request(method, path, key=key)
            return one.read_answer(method)


class Simulator(Program):
    def __init__(self, *flags):
        self._log_path = None
        super().__init__("--listen", "127.0.0.1:0", *flags)

    def wait_for_log(self, pattern, start=0):
        # It announces itself on standard output.
        return until(lambda: re.search(pattern, self.output()), f"'{pattern}' in the simulator's output")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/v1"

    def stats(self):
        with client.Client(self.port) as one:
            one.send_request("GET", "/sim/stats")
            return json.loads(one.read_answer().body)

    def set_fault(self, fault):
        with client.Client(self.port) as one:
            one.send_request("POST", "/sim/fault", json.dumps({"fault": fault}).encode())
            assert one.read_answer().status == 200


def lines_by_model(access_log):
    """The log's lines in a dictionary by the model that was asked for. The last ones are there once the gateway has ended."""
    lines = [json.loads(line) for line in pathlib.Path(access_log).read_text().splitlines()]
    return {line.get("asked_model", ""): line for line in lines}


def provider(name, port, *more, scheme="http"):
    """--provider with a base URL on loopback."""
    return ["--provider", ",".join([name, "protocol=chat", f"url={scheme}://127.0.0.1:{port}/v1",
                                    "key=env:UPSTREAM_KEY", *more])]


def model(name, *targets):
    """--model once for each target, written provider or provider:model; tried in this order where priorities say so."""
    flags = []
    for target in targets:
        flags += ["--model", f"{name}={target if ':' in target else target + ':up'}"]
    return flags
