#!/usr/bin/env python3
"""Runs the providers' own clients against the gateway, each towards providers of every protocol.

usage: run_dialects.py GATEWAY SIMULATOR [CLIENT]...      CLIENT: a file of dialects/, as in anthropic.py or vercel.mjs
Exit status 77 (skipped) while the clients are not installed.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import secrets
import subprocess
import sys
import tempfile
import time

from run import CLIENTS, SKIPPED, server

HERE = pathlib.Path(__file__).resolve().parent
BASES = {"chat": "/v1", "responses": "/v1", "messages": "/v1", "gemini": "/v1beta", "converse": "", "cohere": "/v2",
         "ollama": ""}
MODELS = json.loads((HERE / "dialects" / "models.json").read_text())
# The slowest come first.
CLIENT_FILES = ("mistral.py", "google.py", "vercel.mjs", "openai_responses.py", "anthropic.py", "cohere.py", "ollama.py",
                "amazon.py", "anthropic.mjs", "google.mjs", "langchain.mjs", "openai_chat.mjs", "openai_responses.mjs",
                "openrouter.mjs", "openrouter_responses.mjs")
# What a provider's model must be called so that the gateway knows what it takes.
FAMILIES = {"converse": "anthropic.claude-"}


def gateway_command(gateway: str, simulator: str) -> list:
    command = [gateway, "--listen", "127.0.0.1:0", "--no-env-providers", "--key", "sdk=env:SDK_CLIENT_KEY"]
    for protocol, base in BASES.items():
        command += ["--provider",
                    f"up-{protocol},protocol={protocol},url=http://{simulator}{base},key=env:SDK_PROVIDER_KEY"]
        for name, upstream in MODELS.items():
            model = FAMILIES.get(protocol, "") + upstream
            command += ["--model", f"{name}.{protocol}=up-{protocol}:{model},in=1,out=2"]
    return command


def write_certificate(folder: str) -> list:
    """Amazon's client sends a bearer key over TLS only. Gives the gateway's flags for a certificate of our own."""
    certificate, key = str(pathlib.Path(folder, "cert.pem")), str(pathlib.Path(folder, "key.pem"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    return ["--tls-cert", certificate, "--tls-key", key]


def counted_in_python(said: str) -> tuple:
    """(passed, failed, skipped) of unittest's report."""
    ran = int((re.findall(r"^Ran (\d+) tests?", said, re.MULTILINE) or [0])[-1])
    bad = sum(map(int, re.findall(r"(?:failures|errors)=(\d+)", said)))
    skipped = sum(map(int, re.findall(r"skipped=(\d+)", said)))
    return ran - bad - skipped, bad, skipped


def counted_in_node(said: str) -> tuple:
    counts = {name: int(count) for name, count in re.findall(r"^# (pass|fail|cancelled|skipped) (\d+)$", said, re.MULTILINE)}
    return counts.get("pass", 0), counts.get("fail", 0) + counts.get("cancelled", 0), counts.get("skipped", 0)


def passes(client: str, environment: dict) -> bool:
    """Says what the client's run came to in one line, and its report only if a case fails."""
    name, _, language = client.partition(".")
    if language == "py":
        command = [CLIENTS / "providers/bin/python", "-B", "-W", "ignore", HERE / "dialects_test.py"]
    else:
        command = ["node", "--test-reporter=tap", HERE / "node_dialects_test.mjs"]
    started = time.monotonic()
    run = subprocess.run(command, timeout=300, text=True, env={**environment, "SPILLWAY_CLIENT": name}, capture_output=True)
    said = run.stdout + run.stderr
    passed, failed, skipped = counted_in_python(said) if language == "py" else counted_in_node(said)
    report = f"{said}\n" if run.returncode != 0 else ""
    print(f"{report}{client}: {passed} passed, {failed} failed, {skipped} cannot be asked, {time.monotonic() - started:.1f} s",
          flush=True)
    return run.returncode == 0 and passed > 0


def serves_and_passes(client: str, gateway: pathlib.Path, simulator: pathlib.Path) -> bool:
    """The client's run with servers of its own."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as secure_folder:
        upstream = [simulator, "--listen", "127.0.0.1:0", "--strict", "--key", os.environ["SDK_PROVIDER_KEY"]]
        secure = write_certificate(secure_folder) if client == "amazon.py" else []
        with (server(upstream, folder) as listening,
              server([*gateway_command(gateway, listening), *secure], folder) as address):
            environment = {**os.environ, "SPILLWAY_URL": f"http{'s' if secure else ''}://{address}",
                           "SPILLWAY_PROTOCOLS": " ".join(BASES), "SPILLWAY_SIMULATOR_URL": f"http://{listening}",
                           "SPILLWAY_NODE_MODULES": str(CLIENTS / "node"), **({"AWS_CA_BUNDLE": secure[1]} if secure else {})}
            return passes(client, environment)


def main() -> int:
    if not all((CLIENTS / f"{name}.installed").exists() for name in ("providers", "node")):
        print("skipped: the providers' clients are not installed; run deploy/test (or tests/sdk/install.py)")
        return SKIPPED
    gateway, simulator = (pathlib.Path(path).resolve() for path in sys.argv[1:3])
    os.environ["SDK_CLIENT_KEY"] = secrets.token_hex(16)
    os.environ["SDK_PROVIDER_KEY"] = secrets.token_hex(16)
    wanted = sys.argv[3:] or CLIENT_FILES
    with concurrent.futures.ThreadPoolExecutor(2) as two:
        passed = list(two.map(lambda client: serves_and_passes(client, gateway, simulator), wanted))
    print(f"{sum(passed)} of {len(passed)} clients passed")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
