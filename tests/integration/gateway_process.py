"""The gateway as a process on a port of the kernel's choice, for the tests of this folder."""

import json
import pathlib
import re
import subprocess
import time

PATIENCE = 30


class Gateway:
    """Runs from construction to close(); the folder receives its log, access log and flag file."""

    def __init__(self, program, folder, flags):
        folder = pathlib.Path(folder)
        self.log = folder / "gateway.log"
        self.access_log = folder / "access.log"
        if not any(flag.startswith("--key ") for flag in flags):
            flags = [*flags, "--auth off"]
        flagfile = folder / "flags"
        flagfile.write_text("".join(f"{flag}\n" for flag in flags))
        command = [pathlib.Path(program).resolve(), "--listen", "127.0.0.1:0", "--no-env-providers",
                   "--access-log", self.access_log, "--flagfile", flagfile]
        with self.log.open("w") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder)
        self.port = self._port()

    def _port(self):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            if found := re.search(r"listening on 127\.0\.0\.1:(\d+)", self.log.read_text()):
                return int(found[1])
            time.sleep(0.01)
        self.process.kill()
        raise RuntimeError(f"the gateway did not start:\n{self.log.read_text()[-4000:]}")

    def close(self):
        """Ends the process in good order; its exit status."""
        self.process.terminate()
        return self.process.wait(timeout=PATIENCE)

    def access_lines(self):
        """All requests, in a dictionary by the model that was asked for. The last lines are there after close()."""
        lines = [json.loads(line) for line in self.access_log.read_text().splitlines()]
        return {line.get("asked_model", ""): line for line in lines}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.close()
