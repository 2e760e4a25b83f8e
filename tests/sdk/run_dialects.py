#!/usr/bin/env python3
"""Runs the providers' own clients against the gateway, each towards providers of every protocol.

usage: run_dialects.py GATEWAY SIMULATOR        Exit status 77 (skipped) while the clients are not installed.
"""
import os
import pathlib
import secrets
import subprocess
import sys
import tempfile

from run import CLIENTS, SKIPPED, server

HERE = pathlib.Path(__file__).resolve().parent
BASES = {"chat": "/v1", "responses": "/v1", "messages": "/v1", "gemini": "/v1beta", "converse": "", "cohere": "/v2",
         "ollama": ""}
MODELS = {"text": "echo+tools0+utf8", "calls": "echo+tools2"}


def gateway_command(gateway: str, simulator: str) -> list:
    command = [gateway, "--listen", "127.0.0.1:0", "--no-env-providers", "--key", "sdk=env:SDK_CLIENT_KEY"]
    for protocol, base in BASES.items():
        command += ["--provider",
                    f"up-{protocol},protocol={protocol},url=http://{simulator}{base},key=env:SDK_PROVIDER_KEY"]
        for name, upstream in MODELS.items():
            command += ["--model", f"{name}.{protocol}=up-{protocol}:{upstream}"]
    return command


def write_certificate(folder: str) -> list:
    """Amazon's client sends a bearer key over TLS only. Gives the gateway's flags for a certificate of our own."""
    certificate, key = str(pathlib.Path(folder, "cert.pem")), str(pathlib.Path(folder, "key.pem"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    return ["--tls-cert", certificate, "--tls-key", key]


def main() -> int:
    python = CLIENTS / "providers/bin/python"
    if not (CLIENTS / "providers.installed").exists():
        print("skipped: the providers' clients are not installed; run deploy/test (or tests/sdk/install.py)")
        return SKIPPED
    gateway, simulator = (pathlib.Path(path).resolve() for path in sys.argv[1:3])
    os.environ["SDK_CLIENT_KEY"] = secrets.token_hex(16)
    os.environ["SDK_PROVIDER_KEY"] = secrets.token_hex(16)
    with tempfile.TemporaryDirectory() as folder:
        upstream = [simulator, "--listen", "127.0.0.1:0", "--strict", "--key", os.environ["SDK_PROVIDER_KEY"]]
        secure = write_certificate(folder)
        with (server(upstream, folder) as listening, server(gateway_command(gateway, listening), folder) as address,
              server([*gateway_command(gateway, listening), *secure], folder) as secure_address):
            environment = {**os.environ, "SPILLWAY_URL": f"http://{address}", "SPILLWAY_PROTOCOLS": " ".join(BASES),
                           "SPILLWAY_TLS_URL": f"https://{secure_address}", "AWS_CA_BUNDLE": secure[1]}
            suite = [python, "-B", "-W", "ignore", HERE / "dialects_test.py", *sys.argv[3:]]
            return subprocess.run(suite, env=environment, timeout=300).returncode


if __name__ == "__main__":
    sys.exit(main())
