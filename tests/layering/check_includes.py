#!/usr/bin/env python3
"""Holds every #include of the project against include_rules.py, and wants each source's own header first.

usage: check_includes.py SOURCE_ROOT
"""
import pathlib
import re
import sys
from fnmatch import fnmatchcase

from include_rules import BANNED_STANDARD, LIBRARIES, ROOMS, SYSTEM_PLACES

FOLDERS = ("proxy", "adapters", "routing", "bench", "tests")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^">]+)[">]', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def room_of(path: str) -> str | None:
    """The longest room whose folder holds the path, or whose name begins the file beside the rooms of proxy/."""
    found = None
    for room in ROOMS:
        inside = path.startswith(room + "/")
        beside = path.startswith(room) and room.count("/") == path.count("/") == 1
        if (inside or beside) and (found is None or len(room) > len(found)):
            found = room
    return found


def is_at(path: str, places: list[str]) -> bool:
    return any(fnmatchcase(path, place if "*" in place else place + "*") for place in places)


def check_own(path: str, header: str) -> str | None:
    room, wanted = room_of(path), room_of(header)
    if wanted is None:
        return f'"{header}" names no file from the source root'
    if wanted == room or wanted in ROOMS[room]:
        return None
    if any(wanted.startswith(allowed + "/") for allowed in ROOMS[room] if "/" not in allowed):
        return None
    return f'{room} may not include {wanted} ("{header}")'


def check_foreign(path: str, header: str) -> str | None:
    library = max((prefix for prefix in LIBRARIES if header.startswith(prefix)), key=len, default=None)
    if library is not None:
        places = LIBRARIES[library]
    elif "/" not in header and "." not in header:
        places = BANNED_STANDARD.get(header, [""])
    elif header.startswith(("boost/", "absl/")):
        return f"<{header}> is of a library that no room may use yet"
    else:
        places = SYSTEM_PLACES
    return None if is_at(path, places) else f"<{header}> may not be included here"


def check_first(path: str, headers: list[tuple[int, str]], files: set[str]) -> list[tuple[int, str]]:
    own = path.removesuffix(".cpp") + ".hpp"
    if not path.endswith(".cpp") or own not in files:
        return []
    if headers and headers[0][1] == own:
        return []
    return [(headers[0][0] if headers else 1, f'"{own}" must be the first include: it proves that it compiles alone')]


def check_file(path: str, text: str, files: set[str]) -> list[tuple[int, str]]:
    if room_of(path) is None:
        return [(1, "this folder is no room of include_rules.py")]
    text = COMMENT.sub(lambda match: "\n" * match.group().count("\n"), text)
    found, headers = [], []
    for match in INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        quote, header = match.groups()
        headers.append((line, header))
        if quote == '"' and header not in files:
            found.append((line, f'"{header}" names no file from the source root'))
            continue
        if quote == "<" and header in files:
            found.append((line, f"<{header}> is ours: include it with quotes"))
            continue
        complaint = check_own(path, header) if quote == '"' else check_foreign(path, header)
        if complaint:
            found.append((line, complaint))
    if path.endswith(".hpp") and "#pragma once" not in text:
        found.append((1, "no #pragma once"))
    return found + check_first(path, headers, files)


def check_tree(texts: dict[str, str]) -> list[str]:
    files = set(texts)
    return [f"{path}:{line}: {complaint}"
            for path, text in sorted(texts.items())
            for line, complaint in check_file(path, text, files)]


def read_tree(root: pathlib.Path) -> dict[str, str]:
    paths = (path for folder in FOLDERS for path in (root / folder).rglob("*.[ch]pp"))
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def main() -> int:
    texts = read_tree(pathlib.Path(sys.argv[1]))
    complaints = check_tree(texts)
    print(*complaints, f"{len(texts)} files, {len(complaints)} complaints", sep="\n")
    return 1 if complaints or not texts else 0


if __name__ == "__main__":
    sys.exit(main())
