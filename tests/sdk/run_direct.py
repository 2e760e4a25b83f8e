#!/usr/bin/env python3
"""Runs the providers' own clients against the simulator alone, which speaks each provider's protocol.

usage: run_direct.py SIMULATOR        Exit status 77 (skipped) while the clients are not installed.
"""
import json
import os
import pathlib
import secrets
import socket
import subprocess
import sys
import tempfile

from run import CLIENTS, SKIPPED, server

HERE = pathlib.Path(__file__).resolve().parent


def free_port() -> int:
    """A port for a server whose address must be known before it starts: a key file names its token endpoint."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_account(folder: str, address: str) -> str:
    key = subprocess.run(["openssl", "genrsa", "2048"], check=True, capture_output=True, text=True).stdout
    path = pathlib.Path(folder, "account.json")
    path.write_text(json.dumps({"type": "service_account", "project_id": "p1", "private_key_id": "1", "private_key": key,
                                "client_email": "sim@p1.example.com", "token_uri": f"http://{address}/token"}))
    return str(path)


def main() -> int:
    python = CLIENTS / "providers/bin/python"
    if not (CLIENTS / "providers.installed").exists():
        print("skipped: the providers' clients are not installed; run deploy/test (or tests/sdk/install.py)")
        return SKIPPED
    key, aws_key = secrets.token_hex(16), f"AKID{secrets.token_hex(8).upper()}:{secrets.token_hex(20)}"
    address = f"127.0.0.1:{free_port()}"
    with tempfile.TemporaryDirectory() as folder:
        account = write_account(folder, address)
        command = [pathlib.Path(sys.argv[1]).resolve(), "--listen", address, "--strict", "--key", key, "--aws-key", aws_key,
                   "--service-account", account]
        with server(command, folder) as listening:
            environment = {**os.environ, "SPILLWAY_SIMULATOR_URL": f"http://{listening}", "SPILLWAY_PROVIDER_KEY": key,
                           "SPILLWAY_AWS_KEY": aws_key, "SPILLWAY_SERVICE_ACCOUNT": account}
            suite = [python, "-B", "-W", "ignore", HERE / "provider_clients_test.py", *sys.argv[2:]]
            return subprocess.run(suite, env=environment, timeout=300).returncode


if __name__ == "__main__":
    sys.exit(main())
