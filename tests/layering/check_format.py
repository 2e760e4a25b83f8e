#!/usr/bin/env python3
"""Every source is laid out as clang-format 14 lays it out. Exit status 77 (skipped) where that version is absent.

usage: check_format.py SOURCE_ROOT
"""
import pathlib
import shutil
import subprocess
import sys

FOLDERS = ("proxy", "adapters", "routing", "bench", "tests")
SKIPPED = 77


def main() -> int:
    root = pathlib.Path(sys.argv[1])
    tool = shutil.which("clang-format-14")
    if tool is None:
        print("skipped: clang-format-14 is absent; deploy/install_deps.sh test installs it")
        return SKIPPED
    sources = sorted(str(path.relative_to(root)) for folder in FOLDERS for path in (root / folder).rglob("*.[ch]pp"))
    done = subprocess.run([tool, "--dry-run", "-Werror", *sources], cwd=root, capture_output=True, text=True)
    wrong = sorted({line.split(":", 1)[0] for line in done.stderr.splitlines() if "clang-format-violations" in line})
    for path in wrong:
        print(f"{path}: run clang-format-14 -i on it")
    print(f"{len(sources)} files, {len(wrong)} laid out otherwise")
    if done.returncode != 0 and not wrong:
        print(done.stderr)
    return 1 if done.returncode != 0 or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
