#!/usr/bin/env python3
"""Rule 5 of our coroutines: GCC 12 does not compile an initializer list of class type in a co_await expression.

Gives gcc12_initializer_list.cpp to the compiler of the build, once in the bad and once in the good form.
usage: rule_5.py COMPILER SOURCE_ROOT
"""
import pathlib
import subprocess
import sys


def compile_form(compiler: str, root: pathlib.Path, *options: str) -> subprocess.CompletedProcess:
    source = root / "tests/toolchain/gcc12_initializer_list.cpp"
    command = [compiler, "-std=c++2b", "-fsyntax-only", f"-I{root}", *options, str(source)]
    return subprocess.run(command, capture_output=True, text=True)


def main() -> int:
    compiler, root = sys.argv[1], pathlib.Path(sys.argv[2])
    version = subprocess.run([compiler, "-dM", "-E", "-x", "c++", "/dev/null"], capture_output=True, text=True).stdout
    is_gcc_12 = "#define __GNUC__ 12\n" in version and "__clang__" not in version

    good = compile_form(compiler, root, "-DNAMED_FIRST")
    if good.returncode != 0:
        print(f"the good form of rule 5 is refused:\n{good.stderr}")
        return 1
    bad = compile_form(compiler, root)
    if bad.returncode == 0:
        print("rule 5 is not needed with this compiler")
        return 1 if is_gcc_12 else 0
    if "array used as initializer" not in bad.stderr:
        print(f"the bad form of rule 5 is refused for another reason:\n{bad.stderr}")
        return 1
    print("rule 5 is still needed: array used as initializer")
    return 0


if __name__ == "__main__":
    sys.exit(main())
