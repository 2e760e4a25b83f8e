"""Starts and stops what a measurement needs: the simulator, the proxies, the load generator.

Used by rivals/run.py and gates.py. Everything listens on loopback; ports are chosen by the kernel. A proxy is a
context manager with `port`, `pids` (the processes whose cost counts) and a name.
"""

import http.client
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

BENCH = pathlib.Path(__file__).resolve().parent
UPSTREAM_KEY = "sk-upstream"
CLIENT_KEY = "sk-bench-client-key-000000000000"
LISTENING = re.compile(r"listening on (?:\S*?//)?127\.0\.0\.1:(\d+)")
START_PATIENCE = 60


class HarnessError(Exception):
    pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process):
    deadline = time.monotonic() + START_PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise HarnessError(f"{process.args[0]} ended with status {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.002)
    raise HarnessError(f"nothing listens on port {port}")


def pinned(command, cpu):
    return command if cpu is None else ["taskset", "-c", str(cpu)] + command


def ask_once(port, model, path="/v1/chat/completions"):
    """One small request, answered in full."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_PATIENCE)
    body = json.dumps({"model": model, "messages": [{"role": "user", "content": "hello"}]})
    connection.request("POST", path, body,
                       {"Content-Type": "application/json", "Authorization": f"Bearer {CLIENT_KEY}"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise HarnessError(f"the first request was answered with {answer.status}")


def children_of(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in text.split()]


class Process:
    """One started program; its output is kept for error messages and searched for its port."""

    def __init__(self, name, command, cpu=None, environment=None, wrapper=None):
        self.name = name
        self.command = pinned((wrapper or []) + [str(part) for part in command], cpu)
        self.environment = environment
        self.process = None
        self.port = None
        self.output = []
        self.announced = threading.Event()

    def start(self, port=None):
        self.process = subprocess.Popen(
            self.command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, **(self.environment or {})},
        )
        threading.Thread(target=self._read_output, daemon=True).start()
        if port is not None:
            self.port = port
            try:
                wait_for_port(port, self.process)
            except HarnessError as error:
                raise HarnessError(f"{error}\n{''.join(self.output[-20:])}") from None
            return self
        if not self.announced.wait(START_PATIENCE) or self.port is None:
            self.stop()
            raise HarnessError(f"{self.name} does not say where it listens:\n{''.join(self.output[-20:])}")
        return self

    def _read_output(self):
        for line in self.process.stdout:
            self.output = self.output[-200:] + [line]
            found = LISTENING.search(line)
            if found and self.port is None:
                self.port = int(found.group(1))
                self.announced.set()
        self.announced.set()

    @property
    def pids(self):
        return [self.process.pid] + children_of(self.process.pid)

    def stop(self):
        if self.process.poll() is None:
            # A tracer forwards nothing: the traced program has to be asked itself.
            for pid in reversed(self.pids):
                try:
                    os.kill(pid, signal.SIGTERM)
                except ProcessLookupError:
                    pass
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Setting:
    """Where the programs are and what they share: directory for files, certificate, processors."""

    def __init__(self, build, spillway=None, tls=False, proxy_cpu=None, load_cpu=None):
        self.bin = pathlib.Path(build) / "bin"
        self.spillway = spillway
        self.tls = tls
        self.proxy_cpu = proxy_cpu
        self.load_cpu = load_cpu
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="spillway-bench-"))
        self.certificate = self.directory / "certificate.pem"
        self.key = self.directory / "key.pem"
        self._make_certificate()
        for name in ("spillway-sim", "spillway-bench"):
            if not (self.bin / name).exists():
                raise HarnessError(f"{self.bin / name} is missing; build it first")

    def _make_certificate(self):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
             "-keyout", self.key, "-out", self.certificate],
            check=True, capture_output=True)

    def clean(self):
        shutil.rmtree(self.directory, ignore_errors=True)

    def simulator(self, *flags):
        command = [self.bin / "spillway-sim", "--key", UPSTREAM_KEY, "--strict", *flags]
        if self.tls:
            command += ["--tls-cert", self.certificate, "--tls-key", self.key]
        return Process("spillway-sim", command, self.load_cpu).start()

    def fill(self, template, values):
        text = (BENCH / "rivals" / template).read_text()
        for name, value in values.items():
            text = text.replace(f"@{name}@", str(value))
        path = self.directory / f"{values['PORT']}-{template}"
        path.write_text(text)
        return path

    def nginx(self, upstream, wrapper=None):
        port = free_port()
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        config = self.fill("nginx.conf", {
            "DIRECTORY": self.directory,
            "PORT": port,
            "UPSTREAM": upstream,
            "KEY": UPSTREAM_KEY,
            "SCHEME": "https" if self.tls else "http",
            "CERTIFICATE": self.certificate,
            "DESCRIPTORS": min(limit, 20000),
            "MASTER": "off" if wrapper else "on",
        })
        command = ["nginx", "-p", self.directory, "-c", config]
        return Process("nginx", command, self.proxy_cpu, wrapper=wrapper).start(port)

    def haproxy(self, upstream, wrapper=None):
        port = free_port()
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        config = self.fill("haproxy.cfg", {
            "PORT": port,
            "UPSTREAM": upstream,
            "KEY": UPSTREAM_KEY,
            "CONNECTIONS": min(limit, 20000) // 2 - 100,
            "TLS": f"ssl verify required ca-file {self.certificate}" if self.tls else "",
        })
        return Process("haproxy", ["haproxy", "-db", "-f", config], self.proxy_cpu, wrapper=wrapper).start(port)

    def gateway(self, upstream, models, wrapper=None, workers=1):
        """spillway with all features on; `models` maps public names to the simulator's."""
        scheme = "https" if self.tls else "http"
        command = [
            self.spillway, "--listen", "127.0.0.1:0", "--workers", workers, "--no-env-providers",
            "--provider", f"sim,protocol=chat,url={scheme}://127.0.0.1:{upstream}/v1,key=literal:{UPSTREAM_KEY}",
            "--key", f"app=literal:{CLIENT_KEY}",
            "--access-log", self.directory / "access.log",
        ]
        for public, own in models.items():
            command += ["--model", f"{public}=sim:{own}"]
        environment = {"SSL_CERT_FILE": str(self.certificate)} if self.tls else None
        return Process("spillway", command, self.proxy_cpu, environment, wrapper).start()

    def load(self, port, model, flags, pids=(), key=CLIENT_KEY, path="/v1/chat/completions"):
        """Runs the load generator; its figures as a dictionary. Errors of the run are in "errors"."""
        report = self.directory / "figures.json"
        report.unlink(missing_ok=True)
        command = [self.bin / "spillway-bench", "--target", f"http://127.0.0.1:{port}{path}", "--model", model,
                   "--key", key, "--json", report, *flags]
        for pid in pids:
            command += ["--pid", pid]
        done = subprocess.run(pinned([str(part) for part in command], self.load_cpu),
                              capture_output=True, text=True, check=False)
        if not report.exists():
            raise HarnessError(f"spillway-bench: {done.stderr.strip()}")
        return json.loads(report.read_text())
