#!/usr/bin/env python3
"""Measures nginx, HAProxy and spillway in the same minutes, in rounds, on the same machine.

One worker each; the proxy on one processor, simulator and load generator on another. Every round runs every scenario
through every target, seconds apart, in an order that rotates. The result of a round is the ratio to nginx of that
round; reported are medians over rounds, with the spread. What the figures mean: bench/README.md.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import harness  # noqa: E402

# name: (flags of spillway-bench, model of the simulator, path of the figure that counts, its unit)
SCENARIOS = {
    "json600": (["--scenario", "json600"], "bench-json", "cpu_us_per_request", "us"),
    "json20k": (["--scenario", "json20k"], "bench-json", "cpu_us_per_request", "us"),
    "r2000": (["--scenario", "json600", "--rate", "2000"], "bench-json", "cpu_us_per_request", "us"),
    "sse100": (["--scenario", "sse-paced", "--connections", "100"], "bench-sse.e250.p20ms", "cpu_us_per_event", "us"),
    "sse200": (["--scenario", "sse-paced", "--connections", "200"], "bench-sse.e500.p10ms", "cpu_us_per_event", "us"),
    "b2b": (["--scenario", "sse-b2b"], "bench-b2b.e1000", "cpu_us_per_event", "us"),
    "hold": (["--scenario", "hold"], "bench-hold.e100000.p5s", "kb_per_stream", "KB"),
    "start": ([], "bench-json", "start_ms", "ms"),
}
TARGETS = ("direct", "nginx", "haproxy", "spillway")


def public_name(model):
    return "bench/" + model.removeprefix("bench-").replace(".", "-")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build/bench", help="build directory with bin/spillway-sim and -bench")
    parser.add_argument("--spillway", help="the gateway's binary; default: <build>/bin/spillway where it exists")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--duration", default="3s", help="of each measurement")
    parser.add_argument("--warm-up", default="1s")
    parser.add_argument("--scenarios", default=",".join(name for name in SCENARIOS if name != "start"))
    parser.add_argument("--targets", default=",".join(TARGETS))
    parser.add_argument("--streams", type=int, default=1000, help="streams of the scenario hold")
    parser.add_argument("--tls", action="store_true", help="TLS between proxy and simulator")
    parser.add_argument("--proxy-cpu", type=int, default=0)
    parser.add_argument("--load-cpu", type=int, default=1)
    parser.add_argument("--name", help="name of the result files; default: local-<host>-<time>")
    parser.add_argument("--results", default=str(harness.BENCH / "results"))
    return parser.parse_args()


class Contest:
    def __init__(self, arguments, setting):
        self.arguments = arguments
        self.setting = setting
        self.scenarios = [name for name in arguments.scenarios.split(",") if name]
        self.targets = [name for name in arguments.targets.split(",") if name]
        unknown = set(self.scenarios) - set(SCENARIOS) | set(self.targets) - set(TARGETS)
        if unknown:
            raise harness.HarnessError("unknown: " + ", ".join(sorted(unknown)))
        if arguments.tls and "direct" in self.targets:
            self.targets.remove("direct")  # the load generator speaks plain HTTP only
        if "spillway" in self.targets and not setting.spillway:
            print("no spillway binary: its column is left out", file=sys.stderr)
            self.targets.remove("spillway")
        self.models = {public_name(SCENARIOS[name][1]): SCENARIOS[name][1] for name in self.scenarios}
        self.simulator = None
        self.running = {}
        self.rounds = []

    def start(self, target):
        upstream = self.simulator.port
        if target == "nginx":
            self.running[target] = self.setting.nginx(upstream)
        elif target == "haproxy":
            self.running[target] = self.setting.haproxy(upstream)
        elif target == "spillway":
            self.running[target] = self.setting.gateway(upstream, self.models)
        else:
            self.running[target] = self.simulator

    def restart(self, target):
        if target == "direct":
            return
        self.running[target].stop()
        self.start(target)

    def run(self):
        clients = [flag for name in self.models for flag in ("--client-model", name)]
        with self.setting.simulator(*clients) as self.simulator:
            try:
                for target in self.targets:
                    self.start(target)
                for number in range(self.arguments.rounds):
                    self.rounds.append(self.one_round(number))
            finally:
                for process in self.running.values():
                    process.stop()

    def one_round(self, number):
        figures = {}
        for scenario in self.scenarios:
            turn = number % len(self.targets)
            for target in self.targets[turn:] + self.targets[:turn]:
                if scenario == "start" and target == "direct":
                    continue
                measured = self.measure(scenario, target)
                figures.setdefault(scenario, {})[target] = measured
                value = measured.get(SCENARIOS[scenario][2], 0)
                print(f"round {number + 1} {scenario:8} {target:9} {value:9.2f} {SCENARIOS[scenario][3]}  "
                      f"errors {measured['errors']} {measured['reasons'] or ''}", flush=True)
        return figures

    def measure_start(self, target):
        """From the start of the process to the last octet of its first answer."""
        self.running[target].stop()
        own = target == "spillway"
        began = time.perf_counter()
        self.start(target)
        harness.ask_once(self.running[target].port, public_name("bench-json") if own else "bench-json")
        return {"start_ms": (time.perf_counter() - began) * 1000, "errors": 0, "reasons": {}}

    def measure(self, scenario, target):
        if scenario == "start":
            return self.measure_start(target)
        flags, model, _, _ = SCENARIOS[scenario]
        if scenario == "hold":
            self.restart(target)  # memory is counted from a fresh process
            flags = flags + ["--connections", self.arguments.streams]
        process = self.running[target]
        own = target == "spillway"
        return self.setting.load(
            process.port,
            public_name(model) if own else model,
            flags + ["--duration", self.arguments.duration, "--warm-up", self.arguments.warm_up, "--label", target],
            process.pids,
            harness.UPSTREAM_KEY if target == "direct" else harness.CLIENT_KEY)


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def dig(figures, path):
    for key in path.split("."):
        figures = figures.get(key, {}) if isinstance(figures, dict) else {}
    return figures if isinstance(figures, (int, float)) else 0


# What a scenario is summed up by, besides its own figure.
COLUMNS = {"rate": "requests_per_second", "p50": "latency_us.p50", "p99": "latency_us.p99", "relay_p50": "relay_us.p50",
           "relay_p99": "relay_us.p99", "first_p50": "first_us.p50", "errors": "errors", "memory": "held_memory"}


def summarize(contest):
    summary = {}
    for scenario in contest.scenarios:
        rows = {}
        for target in contest.targets:
            runs = [one[scenario][target] for one in contest.rounds if target in one[scenario]]
            if not runs:
                continue
            cost = SCENARIOS[scenario][2]
            row = {"cost": spread([dig(run, cost) for run in runs])}
            for column, path in COLUMNS.items():
                row[column] = spread([dig(run, path) for run in runs])
            row["errors"] = sum(run["errors"] for run in runs)
            if "nginx" in contest.targets:
                ratios = [dig(one[scenario][target], cost) / dig(one[scenario]["nginx"], cost)
                          for one in contest.rounds if dig(one[scenario]["nginx"], cost) > 0]
                row["ratio"] = spread(ratios) if ratios else None
            rows[target] = row
        summary[scenario] = rows
    return summary


def print_tables(contest, summary):
    for scenario, rows in summary.items():
        figure, unit = SCENARIOS[scenario][2:]
        print(f"\n{scenario}: {figure} (median, min-max of {len(contest.rounds)} rounds)")
        print(f"{'target':10} {unit:>8} {'min-max':>17} {'x nginx':>8} {'min-max':>12} {'req/s':>9} "
              f"{'p50 us':>9} {'p99 us':>9} {'relay p50':>9} {'p99':>8} {'errors':>6}")
        for target, row in rows.items():
            cost, ratio = row["cost"], row.get("ratio")
            compared = f"{ratio['median']:8.2f} {ratio['min']:5.2f}-{ratio['max']:<6.2f}" if ratio else " " * 21
            print(f"{target:10} {cost['median']:8.2f} {cost['min']:8.2f}-{cost['max']:<8.2f} {compared} "
                  f"{row['rate']['median']:9.0f} {row['p50']['median']:9.1f} {row['p99']['median']:9.1f} "
                  f"{row['relay_p50']['median']:9.1f} {row['relay_p99']['median']:8.1f} {row['errors']:6}")


def version_of(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return "absent"
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[0] if lines else "?"


def processor_name():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def command_line():
    """As it could be given in any checkout."""
    return " ".join(["bench/rivals/run.py", *(f"BUILD/{pathlib.Path(word).name}" if word.startswith("/") else word
                                              for word in sys.argv[1:])])


def describe_machine(contest):
    return {
        "host": platform.node(),
        "processor": processor_name(),
        "processors": os.cpu_count(),
        "kernel": platform.release(),
        "load_average": os.getloadavg(),
        "nginx": version_of(["nginx", "-v"]),
        "haproxy": version_of(["haproxy", "-v"]),
        "spillway": version_of([contest.setting.spillway, "--version"]) if contest.setting.spillway else "absent",
        "command": command_line(),
        "time": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
    }


def draw(contest, summary, path):
    """Cost relative to nginx, one group of bars a scenario, whiskers from the lowest to the highest round."""
    targets = [name for name in contest.targets if name not in ("direct", "nginx")]
    if "nginx" not in contest.targets or not targets:
        return
    table = path.with_suffix(".dat")
    lines = []
    for scenario, rows in summary.items():
        cells = [scenario]
        for target in targets:
            ratio = rows[target].get("ratio") or {"median": 0, "min": 0, "max": 0}
            cells += [f"{ratio[part]:.4f}" for part in ("median", "min", "max")]
        lines.append(" ".join(cells))
    table.write_text("\n".join(lines) + "\n")
    bars = ", ".join(f"'{table}' using {2 + 3 * i}:{3 + 3 * i}:{4 + 3 * i}:xtic(1) title '{target}'"
                     for i, target in enumerate(targets))
    script = f"""set terminal svg size 900,420 font 'sans,13' background 'white'
set output '{path}'
set style data histograms
set style histogram errorbars gap 1 lw 1
set style fill solid 0.7 border -1
set yrange [0:*]
set ylabel 'cost, nginx = 1 (lower is better)'
set grid y
set key top right
plot 1 with lines lc 'black' dt 2 title 'nginx', {bars}
"""
    try:
        subprocess.run(["gnuplot"], input=script, text=True, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"no plot: {error}", file=sys.stderr)
    table.unlink()


def main():
    arguments = parse_arguments()
    spillway = arguments.spillway or pathlib.Path(arguments.build) / "bin" / "spillway"
    setting = harness.Setting(arguments.build, spillway if pathlib.Path(spillway).exists() else None, arguments.tls,
                              arguments.proxy_cpu, arguments.load_cpu)
    try:
        contest = Contest(arguments, setting)
        contest.run()
        summary = summarize(contest)
        print_tables(contest, summary)
        stamp = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
        name = arguments.name or f"local-{platform.node()}-{stamp}"
        results = pathlib.Path(arguments.results)
        results.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"machine": describe_machine(contest), "tls": arguments.tls, "summary": summary,
                           "rounds": contest.rounds}, indent=1)
        (results / f"{name}.json").write_text(text + "\n")
        draw(contest, summary, results / f"{name}.svg")
        print(f"\nwritten: {results / name}.json")
        failed = sum(row["errors"] for rows in summary.values() for row in rows.values())
        return 1 if failed else 0
    except harness.HarnessError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        setting.clean()


if __name__ == "__main__":
    sys.exit(main())
