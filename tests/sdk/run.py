#!/usr/bin/env python3
"""Runs the official clients against the gateway, over both base paths, with a strict simulator behind it.

usage: run.py GATEWAY SIMULATOR        Exit status 77 (skipped) while the clients are not installed.
"""
import contextlib
import os
import pathlib
import re
import secrets
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
CLIENTS = HERE.parents[1] / "build" / "sdk"
SKIPPED = 77

FAULTS = ("404", "429", "500", "502", "503", "html-502", "cut-event", "cut-chunk", "cut-length", "rst-mid",
          "error-mid-stream", "stall-mid")
MODELS = {"sim/echo": "sim-echo", "sim/embedding": "sim-embedding",
          **{f"sim/fault-{fault}": f"sim-echo.fault-{fault}" for fault in FAULTS}}


@contextlib.contextmanager
def server(command: list, folder: str):
    """Starts a program that says `listening on ADDRESS`; yields the address, ends the program, shows what went wrong."""
    log = pathlib.Path(folder, pathlib.Path(command[0]).name + ".log")
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd=folder)
    try:
        yield address_in(log, process)
    except Exception:
        print(log.read_text()[-4000:])
        raise
    finally:
        process.terminate()
        process.wait(timeout=30)


def address_in(log: pathlib.Path, process: subprocess.Popen) -> str:
    until = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < until:
        if found := re.search(r"listening on (\d[\d.]*:\d+)", log.read_text()):
            return found[1]
        time.sleep(0.02)
    raise RuntimeError(f"{process.args[0]} did not listen")


def gateway_command(gateway: str, simulator: str) -> list:
    command = [gateway, "--listen", "127.0.0.1:0", "--no-env-providers", "--key", "sdk=env:SDK_CLIENT_KEY",
               "--provider", f"sim,protocol=chat,url=http://{simulator}/v1,key=env:SDK_PROVIDER_KEY"]
    for name, upstream in MODELS.items():
        command += ["--model", f"{name}=sim:{upstream},in=1,out=2"]
    return command


def simulator_command(simulator: str, provider_key: str) -> list:
    command = [simulator, "--listen", "127.0.0.1:0", "--strict", "--key", provider_key]
    for name in MODELS:
        command += ["--client-model", name]
    return command


def run_suites(gateway: str, simulator: str, client_key: str) -> int:
    suites = {
        "Python": [CLIENTS / "python/bin/python", HERE / "python_sdk_test.py"],
        "Node": ["node", "--test", HERE / "node_sdk_test.mjs"],
    }
    failed = 0
    for base in ("/v1", "/api/v1"):
        for name, command in suites.items():
            print(f"== {name} client, {base}", flush=True)
            environment = {**os.environ, "SPILLWAY_URL": f"http://{gateway}{base}", "SPILLWAY_CLIENT_KEY": client_key,
                           "SPILLWAY_SIMULATOR_URL": f"http://{simulator}",
                           "SPILLWAY_NODE_MODULES": str(CLIENTS / "node")}
            failed += subprocess.run(command, env=environment, timeout=300).returncode != 0
    return failed


def main() -> int:
    if not all((CLIENTS / f"{name}.installed").exists() for name in ("python", "node")):
        print("skipped: the official clients are not installed; run deploy/test (or tests/sdk/install.py)")
        return SKIPPED
    gateway, simulator = sys.argv[1:]
    provider_key, client_key = secrets.token_hex(16), secrets.token_hex(16)
    os.environ |= {"SDK_PROVIDER_KEY": provider_key, "SDK_CLIENT_KEY": client_key}
    with (tempfile.TemporaryDirectory() as folder,
          server(simulator_command(simulator, provider_key), folder) as upstream,
          server(gateway_command(gateway, upstream), folder) as address):
        failed = run_suites(address, upstream, client_key)
    print(f"{4 - failed} of 4 suites passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
