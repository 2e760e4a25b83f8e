#!/usr/bin/env python3
"""Builds a real inference server into build/real_server: llama-cpp-python from its source, and a tiny model with random weights.

Takes about ten minutes on two cores, once; what is there already is left alone. Versions are those of requirements.txt.
"""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PLACE = HERE.parents[1] / "build" / "real_server"
# One build for every processor, without what the server does not need.
OPTIONS = ["-DLLAVA_BUILD=OFF", "-DGGML_NATIVE=OFF", "-DGGML_OPENMP=OFF"]


def digest_of(*names: str) -> str:
    return hashlib.sha256(b"".join((HERE / name).read_bytes() for name in names)).hexdigest()


def install() -> None:
    folder = PLACE / "python"
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    options = list(OPTIONS)
    if shutil.which("ccache"):
        options += ["-DCMAKE_C_COMPILER_LAUNCHER=ccache", "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"]
    environment = {**os.environ, "CMAKE_ARGS": " ".join(options), "CMAKE_BUILD_PARALLEL_LEVEL": str(os.cpu_count())}
    pip = [folder / "bin/pip", "install", "--disable-pip-version-check", "--retries", "1", "--progress-bar", "off"]
    subprocess.run([*pip, "-r", HERE / "requirements.txt"], check=True, env=environment)
    subprocess.run([folder / "bin/python", HERE / "make_model.py", PLACE / "tiny.gguf"], check=True)


def main() -> int:
    stamp, digest = PLACE / "installed", digest_of("requirements.txt", "make_model.py", "install.py")
    if stamp.exists() and stamp.read_text() == digest:
        return 0
    print("building the real inference server; this takes about ten minutes", flush=True)
    PLACE.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    try:
        install()
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"the real inference server could not be built: {error}")
        return 1
    stamp.write_text(digest)
    return 0


if __name__ == "__main__":
    sys.exit(main())
