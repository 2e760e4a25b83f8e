#!/usr/bin/env python3
"""Gates that do not depend on how busy the machine is: instructions, system calls, page faults per request and event.

The process under test runs twice under callgrind (or strace -c), with a short and a long load; the difference of the
totals divided by the difference of the units is the figure: start, warm-up and end cancel out. Page faults are read
from the system while many connections ask at once, since only waves of requests show memory that comes and goes. Limits are in
gates.json; a figure above limit + tolerance makes the exit status 1. Where the limit is not yet the target, both are shown:
limits only ever come down. nginx and HAProxy can be put in the gateway's
place to check the method itself (they have no /api/v1 and no limits).
"""

import argparse
import json
import pathlib
import re
import sys

import harness

TRACED = ("nginx", "haproxy", "spillway")
PATHS = {"v1": "/v1/chat/completions", "api": "/api/v1/chat/completions"}

# Lengths of the two runs. Requests go one after the other over one connection. The streams' phases are spread over
# the pause between events, so that events come one by one: a wake-up that serves two would look cheaper than it is.
REQUESTS = (400, 2400)
SCENARIOS = {"request": "json600", "request20k": "json20k"}
WAVE = ["--connections", 64, "--requests", 5000]
EVENTS = (100, 500)
STREAMS = 4
PACE = "p10ms"
STAGGER = "2.5ms"

MODELS = {"bench/json": "bench-json", **{f"bench/sse-{count}": f"bench-sse.e{count}.{PACE}" for count in EVENTS}}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("spillway", nargs="?", help="the gateway's binary; default: <build>/bin/spillway")
    parser.add_argument("--build", default="build/bench", help="build directory with bin/spillway-sim and -bench")
    parser.add_argument("--target", choices=TRACED, default="spillway")
    parser.add_argument("--only", help="substring of the gates to measure, e.g. calls or v1_instructions")
    parser.add_argument("--gates", default=str(harness.BENCH / "gates.json"))
    parser.add_argument("--json", help="file for the figures")
    return parser.parse_args()


class Meter:
    """Counts something about a whole run of the process under test."""

    def __init__(self, directory):
        self.output = directory / "counted"

    def count(self):
        text = self.output.read_text()
        found = re.search(self.pattern, text, re.MULTILINE)
        if not found:
            raise harness.HarnessError(f"{self.name}: no total in its output:\n{text[-2000:]}")
        return int(found.group(1))


class Instructions(Meter):
    name = "callgrind"
    pattern = r"^(?:summary|totals): (\d+)"

    def wrapper(self):
        return ["valgrind", "--tool=callgrind", f"--callgrind-out-file={self.output}", "--dump-instr=no"]


class Calls(Meter):
    name = "strace"
    pattern = r"^100\.00\s+\S+\s+(?:\S+\s+)?(\d+)\s+(?:\d+\s+)?total$"

    def wrapper(self):
        return ["strace", "-f", "-c", "-o", str(self.output)]


def minor_faults(pids):
    """Of whole processes so far; proc(5), stat, field 10."""
    return sum(int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[7]) for pid in pids)


class Gatekeeper:
    def __init__(self, setting, target):
        self.setting = setting
        self.target = target
        self.simulator = setting.simulator(*(flag for name in MODELS for flag in ("--client-model", name)))

    def start(self, wrapper):
        if self.target == "nginx":
            return self.setting.nginx(self.simulator.port, wrapper)
        if self.target == "haproxy":
            return self.setting.haproxy(self.simulator.port, wrapper)
        return self.setting.gateway(self.simulator.port, MODELS, wrapper)

    def total(self, meter, path, model, flags):
        name = model if self.target == "spillway" else MODELS[model]
        process = self.start(meter.wrapper())
        with process:
            figures = self.setting.load(process.port, name, flags, path=path)
        if figures["errors"]:
            raise harness.HarnessError(f"{self.target}: {figures['reasons']}")
        return meter.count()

    def per_request(self, meter, path, scenario):
        totals = [self.total(meter, path, "bench/json",
                             ["--scenario", scenario, "--connections", 1, "--requests", count])
                  for count in REQUESTS]
        return (totals[1] - totals[0]) / (REQUESTS[1] - REQUESTS[0])

    def faults_per_request(self, path, scenario):
        """Of the second of two equal loads: the first one finds the memory untouched."""
        flags = ["--scenario", scenario, *WAVE]
        name = "bench/json" if self.target == "spillway" else MODELS["bench/json"]
        with self.start(None) as process:
            self.setting.load(process.port, name, flags, path=path)
            before = minor_faults(process.pids)
            figures = self.setting.load(process.port, name, flags, path=path)
            return (minor_faults(process.pids) - before) / figures["requests"]

    def per_event(self, meter, path):
        totals = [self.total(meter, path, f"bench/sse-{count}",
                             ["--scenario", "sse-paced", "--connections", STREAMS, "--requests", STREAMS,
                              "--stagger", STAGGER])
                  for count in EVENTS]
        return (totals[1] - totals[0]) / ((EVENTS[1] - EVENTS[0]) * STREAMS)

    def figure(self, gate):
        side, what, _, unit = gate.split("_")
        if what == "faults":
            return self.faults_per_request(PATHS[side], SCENARIOS[unit])
        meter = (Instructions if what == "instructions" else Calls)(self.setting.directory)
        if unit == "event":
            return self.per_event(meter, PATHS[side])
        return self.per_request(meter, PATHS[side], SCENARIOS[unit])


def judge(gates, figures, tolerance):
    failed = 0
    print(f"{'figure':58} {'measured':>10} {'limit':>8} {'target':>8}")
    for gate, value in figures.items():
        limit = gates[gate]["limit"]
        passed = value <= limit * (1 + tolerance)
        failed += not passed
        target = gates[gate].get("target", limit)
        verdict = "EXCEEDED" if not passed else "ok" if value <= target * (1 + tolerance) else "ok, target missed"
        print(f"{gates[gate]['meaning']:58} {value:10.2f} {limit:8} {target:8} {verdict}")
    return failed


def main():
    arguments = parse_arguments()
    rules = json.loads(pathlib.Path(arguments.gates).read_text())
    spillway = arguments.spillway or pathlib.Path(arguments.build) / "bin" / "spillway"
    if arguments.target == "spillway" and not pathlib.Path(spillway).exists():
        print(f"{spillway} is missing", file=sys.stderr)
        return 2
    setting = None
    try:
        setting = harness.Setting(arguments.build, spillway)
        keeper = Gatekeeper(setting, arguments.target)
        wanted = [gate for gate in rules["gates"]
                  if (arguments.only or "") in gate and (arguments.target == "spillway" or gate.startswith("v1"))]
        with keeper.simulator:
            figures = {gate: keeper.figure(gate) for gate in wanted}
        failed = judge(rules["gates"], figures, rules["tolerance"])
        if arguments.json:
            pathlib.Path(arguments.json).write_text(json.dumps(figures, indent=1) + "\n")
        return 1 if failed and arguments.target == "spillway" else 0
    except harness.HarnessError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        if setting:
            setting.clean()


if __name__ == "__main__":
    sys.exit(main())
