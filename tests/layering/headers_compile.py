#!/usr/bin/env python3
"""Every header of ours compiles alone.

A header that is the first include of its own source is proven by the build, as long as no precompiled header stands
before it; check_includes.py holds sources to that order. The others are given to the compiler here, one at a time
and without precompiled headers. What passed is remembered in the build directory by content (the header, all of ours
that it includes, the compiler, its flags), so that a second run costs nothing.

usage: headers_compile.py SOURCE_ROOT BUILD_DIRECTORY
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

FOLDERS = ("proxy", "adapters", "routing", "bench", "tests")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.MULTILINE)
WITH_VALUE = ("-I", "-isystem", "-D", "-U")


class Compiler:
    """Compiler and flags of the build, without its output, dependency and precompiled-header options."""

    def __init__(self, entry: dict) -> None:
        words = shlex.split(entry["command"])
        start = next(at for at, word in enumerate(words) if re.search(r"\+\+[-\d.]*$", word))
        self.path, self.flags = words[start], []
        for at, word in enumerate(words[start + 1:], start + 1):
            if word in WITH_VALUE:
                self.flags += [word, words[at + 1]]
            elif word.startswith(("-I", "-isystem", "-D", "-std=", "-W", "-march=", "-fsanitize=")):
                self.flags.append(word)
        version = subprocess.run([self.path, "--version"], capture_output=True, text=True, check=True).stdout
        self.identity = version.splitlines()[0] + " ".join(self.flags)

    def accepts(self, root: pathlib.Path, header: str) -> str:
        """What the compiler says; empty when it is content."""
        command = [self.path, *self.flags, "-fsyntax-only", "-x", "c++", "-"]
        answer = subprocess.run(command, input=f'#include "{header}"\n', capture_output=True, text=True, cwd=root)
        return answer.stderr.strip() if answer.returncode else ""


def digest_of(root: pathlib.Path, header: str, identity: str) -> str:
    """Over the header and everything of ours that it reaches."""
    seen, waiting = {}, [header]
    while waiting:
        name = waiting.pop()
        path = root / name
        if name not in seen and path.is_file():
            seen[name] = path.read_text(encoding="utf-8")
            waiting += INCLUDE.findall(seen[name])
    return hashlib.sha256(json.dumps([identity, sorted(seen.items())]).encode()).hexdigest()


def proven_by_build(root: pathlib.Path, entries: list[dict]) -> set[str]:
    proven = set()
    for entry in entries:
        source = pathlib.Path(entry["file"])
        if "cmake_pch" in entry["command"] or not source.is_relative_to(root) or not source.is_file():
            continue
        own = source.relative_to(root).with_suffix(".hpp").as_posix()
        if INCLUDE.findall(source.read_text(encoding="utf-8"))[:1] == [own]:
            proven.add(own)
    return proven


def main() -> int:
    root, build = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    entries = json.loads((build / "compile_commands.json").read_text())
    ours = [entry for entry in entries if pathlib.Path(entry["file"]).is_relative_to(root / "proxy")]
    compiler = Compiler(ours[0])
    headers = {path.relative_to(root).as_posix() for folder in FOLDERS for path in (root / folder).rglob("*.hpp")}
    proven = proven_by_build(root, entries) & headers

    stamp = build / "headers_compile.json"
    passed = set(json.loads(stamp.read_text())) if stamp.exists() else set()
    digests = {header: digest_of(root, header, compiler.identity) for header in sorted(headers - proven)}
    due = [header for header, digest in digests.items() if digest not in passed]

    wrong = 0
    with concurrent.futures.ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        for header, complaint in zip(due, pool.map(lambda name: compiler.accepts(root, name), due)):
            if complaint:
                wrong += 1
                print(f"{header} does not compile alone:\n{complaint}")
                del digests[header]
    stamp.write_text(json.dumps(sorted(digests.values())))
    print(f"{len(headers)} headers: {len(proven)} proven by their own source, {len(due)} compiled now, "
          f"{len(headers) - len(proven) - len(due)} unchanged since they passed, {wrong} wrong")
    return 1 if wrong or not headers else 0


if __name__ == "__main__":
    sys.exit(main())
