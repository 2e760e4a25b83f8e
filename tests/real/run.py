#!/usr/bin/env python3
"""Runs the official Python client against the gateway with a real inference server behind it, over both base paths.

usage: run.py GATEWAY        Exit status 77 (skipped) while server or client are not installed.
"""
import contextlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parents[1] / "build"
SERVER = BUILD / "real_server"
CLIENT = BUILD / "sdk"
SKIPPED = 77
PATIENCE = 60


@contextlib.contextmanager
def started(command: list, folder: str, pattern: str, name: str):
    """Starts a program whose log names its port in this pattern; yields the port, ends the program."""
    log = pathlib.Path(folder, name)
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd=folder)
    try:
        until = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, log.read_text())):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{command[0]} did not start:\n{log.read_text()[-4000:]}")
            time.sleep(0.05)
        yield int(found[1])
    finally:
        process.kill()
        process.wait(timeout=PATIENCE)


def server_command() -> list:
    return [SERVER / "python/bin/python", "-m", "llama_cpp.server", "--model", SERVER / "tiny.gguf",
            "--model_alias", "tiny", "--host", "127.0.0.1", "--port", "0", "--n_ctx", "16384", "--n_threads", "1",
            "--interrupt_requests", "false"]  # or a second request ends the first


def gateway_command(gateway: str, server: int) -> list:
    return [pathlib.Path(gateway).resolve(), "--listen", "127.0.0.1:0", "--auth", "off", "--no-env-providers",
            "--provider", f"llamacpp,url=http://127.0.0.1:{server}/v1", "--model", "real/tiny=llamacpp:tiny,in=1,out=2"]


def run_suite(gateway: str, base: str) -> bool:
    """Over one base path, with processes of its own. True: something failed."""
    print(f"== {base}", flush=True)
    with (tempfile.TemporaryDirectory() as folder,
          started(server_command(), folder, r"running on http://127\.0\.0\.1:(\d+)", "server.log") as server,
          started(gateway_command(gateway, server), folder, r"listening on 127\.0\.0\.1:(\d+)", "gateway.log") as port):
        environment = {**os.environ, "REAL_URL": f"http://127.0.0.1:{port}{base}",
                       "REAL_SERVER_URL": f"http://127.0.0.1:{server}/v1"}
        suite = [CLIENT / "python/bin/python", HERE / "real_server_test.py"]
        return subprocess.run(suite, env=environment, timeout=300).returncode != 0


def main() -> int:
    if not (SERVER / "installed").exists() or not (CLIENT / "python.installed").exists():
        print("skipped: needs tests/real/install.py and tests/sdk/install.py, which deploy/test --full runs")
        return SKIPPED
    failed = sum(run_suite(sys.argv[1], base) for base in ("/v1", "/api/v1"))
    print(f"{2 - failed} of 2 suites passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
