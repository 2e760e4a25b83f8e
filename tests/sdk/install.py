#!/usr/bin/env python3
"""Installs the official clients for the sdk tests into build/sdk: two Python environments and a node_modules
folder.

Versions are those of requirements.txt, requirements-providers.txt and package-lock.json. What is there already is left alone.
"""
import hashlib
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PLACE = HERE.parents[1] / "build" / "sdk"


def digest_of(*names: str) -> str:
    return hashlib.sha256(b"".join((HERE / name).read_bytes() for name in names)).hexdigest()


def install_from(requirements: str):
    def install(folder: pathlib.Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1"]
        subprocess.run([*pip, "-r", HERE / requirements], check=True)
    return install


def install_node(folder: pathlib.Path) -> None:
    folder.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True)


def main() -> int:
    parts = {
        "python": (install_from("requirements.txt"), digest_of("requirements.txt")),
        "providers": (install_from("requirements-providers.txt"), digest_of("requirements-providers.txt")),
        "node": (install_node, digest_of("package.json", "package-lock.json")),
    }
    for name, (install, digest) in parts.items():
        folder, stamp = PLACE / name, PLACE / f"{name}.installed"
        if stamp.exists() and stamp.read_text() == digest:
            continue
        print(f"installing the official clients: {name}", flush=True)
        stamp.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        try:
            install(folder)
        except (subprocess.CalledProcessError, OSError) as error:
            print(f"the official clients ({name}) could not be installed: {error}")
            return 1
        stamp.write_text(digest)
    return 0


if __name__ == "__main__":
    sys.exit(main())
