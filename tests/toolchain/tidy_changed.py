#!/usr/bin/env python3
"""clang-tidy 14 over the sources that changed since a base: SPILLWAY_TIDY_BASE, else origin/main, else the last commit.

Fails on the findings that .clang-tidy calls errors; the others are printed. A source takes some seconds, so this is not
part of the daily run. Exit status 77 (skipped) where clang-tidy-14 or git is absent.
usage: tidy_changed.py SOURCE_ROOT BUILD_DIRECTORY
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

SKIPPED = 77
PROOFS = "tests/toolchain/gcc12_"
# Of the flags of the build, those that clang-tidy needs; the others may be unknown to clang.
KEPT = re.compile(r"-(I|isystem|D|U)")


def git(root: pathlib.Path, *words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True)
    return done.stdout.split() if done.returncode == 0 else []


def changed_sources(root: pathlib.Path) -> list[str]:
    for base in (os.environ.get("SPILLWAY_TIDY_BASE"), "origin/main", "HEAD~1"):
        if base and (found := git(root, "merge-base", "HEAD", base)):
            names = git(root, "diff", "--name-only", "--diff-filter=d", found[0])
            return [name for name in names if name.endswith(".cpp") and not name.startswith(PROOFS)]
    return []


def flags_of(command: str) -> list[str]:
    words, flags = shlex.split(command), ["-std=c++2b"]
    for at, word in enumerate(words):
        if word in ("-I", "-isystem", "-D", "-U"):
            flags += [word, words[at + 1]]
        elif KEPT.match(word):
            flags.append(word)
    return flags


def main() -> int:
    root, build = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    tool = shutil.which("clang-tidy-14")
    if tool is None or not git(root, "rev-parse", "HEAD"):
        print("skipped: no clang-tidy-14 here (deploy/install_deps.sh full installs it), or no git history")
        return SKIPPED
    entries = {entry["file"]: entry for entry in json.loads((build / "compile_commands.json").read_text())}
    due = [name for name in changed_sources(root) if str(root / name) in entries]

    def check(name: str) -> subprocess.CompletedProcess:
        flags = flags_of(entries[str(root / name)]["command"])
        return subprocess.run([tool, "--quiet", name, "--", *flags], cwd=root, capture_output=True, text=True)

    wrong = 0
    with concurrent.futures.ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        for name, done in zip(due, pool.map(check, due)):
            print(f"{name}: {'wrong' if done.returncode else 'passed'}\n{done.stdout}", flush=True)
            wrong += done.returncode != 0
    print(f"{len(due)} changed sources, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
